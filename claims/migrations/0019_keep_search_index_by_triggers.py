"""The full-text index of each database, which triggers keep up with the rows of the entries.

A later migration that makes Django rewrite one of these tables on SQLite has to make its triggers
again: SQLite drops them with the table.
"""

from django.db import migrations

SQLITE = [
    # Nothing that it holds is its own: what an undone migration left is made anew.
    "DROP TABLE IF EXISTS {table}_words",
    """
    CREATE VIRTUAL TABLE {table}_words USING fts5(
        head, body, content='{table}', content_rowid='id', tokenize='ascii', columnsize=0
    )
    """,
    """
    CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN
        INSERT INTO {table}_words(rowid, head, body)
        VALUES (new.id, new.head, new.body);
    END
    """,
    """
    CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN
        INSERT INTO {table}_words({table}_words, rowid, head, body)
        VALUES ('delete', old.id, old.head, old.body);
    END
    """,
    """
    CREATE TRIGGER {table}_changed AFTER UPDATE OF id, head, body ON {table}
    BEGIN
        INSERT INTO {table}_words({table}_words, rowid, head, body)
        VALUES ('delete', old.id, old.head, old.body);
        INSERT INTO {table}_words(rowid, head, body)
        VALUES (new.id, new.head, new.body);
    END
    """,
]
SQLITE_UNDO = [
    "DROP TRIGGER IF EXISTS {table}_changed",
    "DROP TRIGGER IF EXISTS {table}_removed",
    "DROP TRIGGER IF EXISTS {table}_added",
    "DROP TABLE IF EXISTS {table}_words",
]
# The vector is made of the words as they are, without a parser, which would know the server’s
# locale: 'tax':1,7 'rise':2. Of a word the first 255 places count, as PostgreSQL keeps them.
# The vector is made of the words as they are, without a parser, which would know the server’s
# locale: 'tax':1,7 'rise':2. The first 16,383 places count, as PostgreSQL keeps them.
POSTGRESQL_FUNCTIONS = [
    """
    CREATE OR REPLACE FUNCTION claims_words_vector(words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(string_agg('''' || word || ''':' || places, ' '), '')::tsvector
        FROM (
            SELECT word, string_agg(least(place, 16383)::text, ',') AS places
            FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS each(word, place)
            WHERE word <> ''
            GROUP BY word
        ) AS placed
    $$
    """,
    """
    CREATE OR REPLACE FUNCTION claims_entry_set_vector() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.vector := claims_words_vector(NEW.head || ' § ' || NEW.body);
        RETURN NEW;
    END
    $$
    """,
]
POSTGRESQL = [
    "ALTER TABLE {table} ADD COLUMN vector tsvector",
    """
    CREATE TRIGGER {table}_vector BEFORE INSERT OR UPDATE OF head, body
    ON {table} FOR EACH ROW EXECUTE FUNCTION claims_entry_set_vector()
    """,
    "CREATE INDEX {table}_vector_gin ON {table} USING gin (vector)",
]
POSTGRESQL_UNDO = [
    "DROP INDEX IF EXISTS {table}_vector_gin",
    "DROP TRIGGER IF EXISTS {table}_vector ON {table}",
    "ALTER TABLE {table} DROP COLUMN IF EXISTS vector",
]
POSTGRESQL_FUNCTIONS_UNDO = [
    "DROP FUNCTION IF EXISTS claims_entry_set_vector()",
    "DROP FUNCTION IF EXISTS claims_words_vector(text)",
]
TABLES = ("claims_claimentry", "claims_sourceentry")


def make_index(apps, schema_editor):
    """Make the full-text index of the database that this is."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if not is_sqlite:
        run(schema_editor, POSTGRESQL_FUNCTIONS)
    for table in TABLES:
        statements = SQLITE if is_sqlite else POSTGRESQL
        run(schema_editor, [statement.format(table=table) for statement in statements])


def drop_index(apps, schema_editor):
    """Drop it again."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        statements = SQLITE_UNDO if is_sqlite else POSTGRESQL_UNDO
        run(schema_editor, [statement.format(table=table) for statement in statements])
    if not is_sqlite:
        run(schema_editor, POSTGRESQL_FUNCTIONS_UNDO)


def run(schema_editor, statements):
    """Run SQL that holds no parameters."""
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0018_add_search_index"),
    ]

    operations = [migrations.RunPython(make_index, drop_index)]
