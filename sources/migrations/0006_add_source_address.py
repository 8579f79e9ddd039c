import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0005_add_keys_to_compare_sources_by")]

    operations = [
        migrations.CreateModel(
            name="SourceAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "canonical_url",
                    models.CharField(max_length=2000, verbose_name="canonical address"),
                ),
                ("found_at", models.DateTimeField(auto_now_add=True, verbose_name="found")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_addresses",
                        to="sources.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "other address of a source",
                "verbose_name_plural": "other addresses of sources",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("canonical_url",), name="one_source_per_other_address"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("canonical_url", ""), _negated=True),
                        name="other_address_of_a_source_is_not_empty",
                    ),
                ],
            },
        ),
    ]
