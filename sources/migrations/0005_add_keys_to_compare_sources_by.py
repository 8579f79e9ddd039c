from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0004_add_history_of_edits")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="canonical_url",
            field=models.CharField(
                editable=False,
                help_text="The one address of the document, however it was copied, to compare by.",
                max_length=2000,
                null=True,
                verbose_name="canonical address",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="title_key",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The first words of the title, by which titles much like it are found.",
                max_length=60,
                verbose_name="title to compare by",
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["title_key", "-id"], name="source_by_title_key"),
        ),
    ]
