"""Writing many rows fast: what Django would check is left to the constraints of the database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault

Row = tuple[Any, ...]


class Table:
    """The table of a model, with the fields that are given for each row.

    The other fields get their defaults, so that a model may grow without a change here.
    """

    def __init__(self, model: type[models.Model], *fields: str) -> None:
        given: list[Any] = [model._meta.get_field(name) for name in fields]
        others: list[Any] = [field for field in model._meta.concrete_fields if field not in given]
        defaults = [(field, _default(field)) for field in others]
        kept = [(field, value) for field, value in defaults if value is not DatabaseDefault]
        self.model = model
        self.columns = [field.column for field in given] + [field.column for field, _ in kept]
        self.rest = tuple(value for _, value in kept)
        self.rows: list[Row] = []

    def add(self, *values: Any) -> None:
        """Keep a row until `write`."""
        self.rows.append(values + self.rest)

    def write(self) -> None:
        """Store the rows that were added."""
        writer = _copy if connection.vendor == "postgresql" else _execute_many
        writer(self)
        self.rows = []


def _default(field: Any) -> Any:
    """Return what stands in a row that says nothing of the field, or that the database decides."""
    value = field.get_default()
    if field.primary_key or isinstance(value, DatabaseDefault):
        return DatabaseDefault
    if isinstance(field, models.JSONField) and value is not None:
        return json.dumps(value)
    return int(value) if isinstance(value, bool) else value


def _execute_many(table: Table) -> None:
    name = connection.ops.quote_name(table.model._meta.db_table)
    columns = ", ".join(map(connection.ops.quote_name, table.columns))
    marks = ", ".join("?" * len(table.columns))
    with connection.cursor() as cursor:
        raw = cursor.connection
        raw.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", table.rows)


def _copy(table: Table) -> None:
    name = connection.ops.quote_name(table.model._meta.db_table)
    columns = ", ".join(map(connection.ops.quote_name, table.columns))
    with connection.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
        for row in table.rows:
            copy.write_row(row)


@contextmanager
def fast_writing() -> Iterator[None]:
    """Write without waiting for the disk; afterwards let the database learn what it holds."""
    if connection.vendor == "postgresql":
        again = [*_taken_off("CONSTRAINTS"), *_taken_off("INDEXES")]
        yield
        # What was written is checked whole when the constraints are put on again.
        _execute(*reversed(again), "VACUUM ANALYZE")
    else:
        _execute("PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000")
        yield
        _execute("PRAGMA wal_checkpoint(TRUNCATE)")


TAKING_OFF = {
    "CONSTRAINTS": """
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
            format('ALTER TABLE %s ADD CONSTRAINT %I %s',
                conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace""",
    "INDEXES": """
        SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE NOT indisunique AND relnamespace = 'public'::regnamespace""",
}
"""How foreign keys and indexes come off a PostgreSQL database, and how they are put on again."""


def _taken_off(what: str) -> list[str]:
    """Take all of a kind off, and return the statements that put them on again."""
    with connection.cursor() as cursor:
        cursor.execute(TAKING_OFF[what].replace("%", "%%"), [])
        pairs = cursor.fetchall()
    _execute(*(off for off, _ in pairs))
    return [on for _, on in pairs]


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def write_all(tables: list[Table]) -> None:
    """Store what was added to the tables, in their order, whole or not at all."""
    with transaction.atomic():
        for table in tables:
            table.write()


def number_on(tables: list[Table]) -> None:
    """Let the database give the next rows the numbers that follow."""
    statements = connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
