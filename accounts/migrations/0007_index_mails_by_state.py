from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_add_mail_of_withdrawn_and_stopped_work"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(fields=["state", "id"], name="mail_by_state"),
        ),
    ]
