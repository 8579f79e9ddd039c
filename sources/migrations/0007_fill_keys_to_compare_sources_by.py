import logging

from django.db import migrations

from sources.filling import fill_keys

logger = logging.getLogger(__name__)


def fill(apps, schema_editor):
    source = apps.get_model("sources", "Source")
    for second, first in fill_keys(source, schema_editor.connection.alias):
        logger.warning(
            "Source %s is the same document as source %s, by its address. It keeps its row, "
            "without a canonical address.",
            second,
            first,
        )


class Migration(migrations.Migration):
    # Batch by batch, so that nobody who saves a source meanwhile waits for all of them.
    atomic = False

    dependencies = [("sources", "0006_add_source_address")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
