"""The full-text index of each database, which triggers keep up with the rows of the entries.

A later migration that makes Django rewrite `claims_claimentry` on SQLite has to make these triggers
again: SQLite drops them with the table.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE claims_claimentry_words USING fts5(
        head, body, content='claims_claimentry', content_rowid='id', tokenize='ascii', columnsize=0
    )
    """,
    """
    CREATE TRIGGER claims_claimentry_added AFTER INSERT ON claims_claimentry BEGIN
        INSERT INTO claims_claimentry_words(rowid, head, body)
        VALUES (new.id, new.head, new.body);
    END
    """,
    """
    CREATE TRIGGER claims_claimentry_removed AFTER DELETE ON claims_claimentry BEGIN
        INSERT INTO claims_claimentry_words(claims_claimentry_words, rowid, head, body)
        VALUES ('delete', old.id, old.head, old.body);
    END
    """,
    """
    CREATE TRIGGER claims_claimentry_changed AFTER UPDATE OF id, head, body ON claims_claimentry
    BEGIN
        INSERT INTO claims_claimentry_words(claims_claimentry_words, rowid, head, body)
        VALUES ('delete', old.id, old.head, old.body);
        INSERT INTO claims_claimentry_words(rowid, head, body)
        VALUES (new.id, new.head, new.body);
    END
    """,
]
SQLITE_UNDO = [
    "DROP TRIGGER IF EXISTS claims_claimentry_changed",
    "DROP TRIGGER IF EXISTS claims_claimentry_removed",
    "DROP TRIGGER IF EXISTS claims_claimentry_added",
    "DROP TABLE IF EXISTS claims_claimentry_words",
]
# The vector is made of the words as they are, without a parser, which would know the server’s
# locale: 'tax':1,7 'rise':2. Of a word the first 255 places count, as PostgreSQL keeps them.
POSTGRESQL = [
    """
    CREATE FUNCTION claims_words_vector(words text) RETURNS tsvector
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
    CREATE FUNCTION claims_claimentry_set_vector() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.vector := claims_words_vector(NEW.head || ' § ' || NEW.body);
        RETURN NEW;
    END
    $$
    """,
    "ALTER TABLE claims_claimentry ADD COLUMN vector tsvector",
    """
    CREATE TRIGGER claims_claimentry_vector BEFORE INSERT OR UPDATE OF head, body
    ON claims_claimentry FOR EACH ROW EXECUTE FUNCTION claims_claimentry_set_vector()
    """,
    "CREATE INDEX claims_claimentry_vector_gin ON claims_claimentry USING gin (vector)",
]
POSTGRESQL_UNDO = [
    "DROP INDEX IF EXISTS claims_claimentry_vector_gin",
    "DROP TRIGGER IF EXISTS claims_claimentry_vector ON claims_claimentry",
    "ALTER TABLE claims_claimentry DROP COLUMN IF EXISTS vector",
    "DROP FUNCTION IF EXISTS claims_claimentry_set_vector()",
    "DROP FUNCTION IF EXISTS claims_words_vector(text)",
]


def make_index(apps, schema_editor):
    """Make the full-text index of the database that this is."""
    run(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop_index(apps, schema_editor):
    """Drop it again."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    run(schema_editor, SQLITE_UNDO if is_sqlite else POSTGRESQL_UNDO)


def run(schema_editor, statements):
    """Run SQL that holds no parameters."""
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0018_add_search_index"),
    ]

    operations = [migrations.RunPython(make_index, drop_index)]
