import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0008_add_unique_canonical_url"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="snapshot",
            name="one_snapshot_per_text_of_a_source",
        ),
        migrations.AddField(
            model_name="snapshot",
            name="content_type",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=100,
                verbose_name="content type",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="file",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The WARC file with what was received, named by its SHA-256. Empty when the text was typed in.",
                max_length=80,
                verbose_name="file",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="final_url",
            field=models.URLField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The address that answered, after redirects. Empty for an upload.",
                max_length=2000,
                verbose_name="from",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="payload_sha256",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="Of the document itself, as it was received or uploaded.",
                max_length=64,
                verbose_name="SHA-256 of the document",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="status",
            field=models.PositiveSmallIntegerField(
                editable=False, null=True, verbose_name="answer"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(
                fields=("source", "sha256", "payload_sha256"),
                name="one_snapshot_per_text_and_document_of_a_source",
                violation_error_message="This text of the source is kept already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file", ""), ("payload_sha256", "")),
                    models.Q(
                        models.Q(("file", ""), _negated=True),
                        django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("payload_sha256"), 64
                        ),
                    ),
                    _connector="OR",
                ),
                name="snapshot_with_a_file_has_the_sha256_of_its_document",
            ),
        ),
    ]
