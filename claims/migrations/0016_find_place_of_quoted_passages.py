from itertools import groupby

from django.db import migrations

CONTEXT_LENGTH = 32


def find_places(apps, schema_editor):
    """Say where the passages stand that were quoted before their place was kept."""
    database = schema_editor.connection.alias
    Evidence = apps.get_model("claims", "Evidence")
    Snapshot = apps.get_model("sources", "Snapshot")
    rows = (
        Evidence.objects.using(database)
        .filter(snapshot__isnull=False, start=None)
        .exclude(passage="")
        .order_by("snapshot", "pk")
        .only("pk", "snapshot_id", "passage")
    )
    for snapshot, quoting in groupby(rows.iterator(), key=lambda row: row.snapshot_id):
        text = Snapshot.objects.using(database).values_list("text", flat=True).get(pk=snapshot)
        found = [row for row in quoting if _place(row, text)]
        Evidence.objects.using(database).bulk_update(
            found, ["start", "end", "prefix", "suffix"], 100
        )


def _place(row, text):
    start = text.find(row.passage)
    if start < 0:
        return False
    row.start, row.end = start, start + len(row.passage)
    row.prefix = text[max(0, start - CONTEXT_LENGTH) : start]
    row.suffix = text[row.end : row.end + CONTEXT_LENGTH]
    return True


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0015_add_place_of_quoted_passages"),
    ]

    operations = [migrations.RunPython(find_places, migrations.RunPython.noop, elidable=True)]
