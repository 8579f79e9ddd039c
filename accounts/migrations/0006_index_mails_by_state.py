from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_add_unique_email_and_username"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["state", "id"], name="mail_by_state"),
        ),
    ]
