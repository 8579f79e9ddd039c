from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0007_fill_keys_to_compare_sources_by")]

    operations = [
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                fields=("canonical_url",),
                name="one_source_per_canonical_address",
                violation_error_message="A source with this address, written in another way, exists already. Use that one.",
            ),
        ),
    ]
