from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_default_the_columns_of_the_gate"),
    ]

    operations = [
        migrations.RenameField(
            model_name="claim",
            old_name="notes",
            new_name="background",
        ),
        migrations.AlterField(
            model_name="claim",
            name="background",
            field=models.TextField(
                blank=True,
                help_text="What every colleague who checks it should know. Readers never see this. What you want to say to somebody is a note.",
                verbose_name="background",
            ),
        ),
    ]
