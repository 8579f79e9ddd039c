from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0009_add_blind_rating"),
    ]

    # The column keeps its name, so that the code of before goes on working beside this.
    operations = [
        migrations.AlterField(
            model_name="claim",
            name="notes",
            field=models.TextField(
                blank=True,
                db_column="notes",
                help_text="For colleagues. Readers never see this.",
                verbose_name="internal notes",
            ),
        ),
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
                db_column="notes",
                help_text="What every colleague who checks it should know. Readers never see this. What you want to say to somebody is a note.",
                verbose_name="background",
            ),
        ),
    ]
