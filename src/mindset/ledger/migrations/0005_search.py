from typing import Any

from django.db import migrations, models

SQLITE = """
CREATE VIRTUAL TABLE ledger_searchable_index USING fts5(
    title, words, content='ledger_searchable', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER ledger_searchable_made AFTER INSERT ON ledger_searchable BEGIN
    INSERT INTO ledger_searchable_index(rowid, title, words) VALUES (new.id, new.title, new.words);
END;
CREATE TRIGGER ledger_searchable_gone AFTER DELETE ON ledger_searchable BEGIN
    INSERT INTO ledger_searchable_index(ledger_searchable_index, rowid, title, words)
    VALUES ('delete', old.id, old.title, old.words);
END;
CREATE TRIGGER ledger_searchable_changed AFTER UPDATE ON ledger_searchable BEGIN
    INSERT INTO ledger_searchable_index(ledger_searchable_index, rowid, title, words)
    VALUES ('delete', old.id, old.title, old.words);
    INSERT INTO ledger_searchable_index(rowid, title, words) VALUES (new.id, new.title, new.words);
END;
"""
POSTGRESQL = """
CREATE INDEX ledger_searchable_index ON ledger_searchable USING gin (to_tsvector('simple', title || ' ' || words));
"""


def make_index(_apps: Any, editor: Any) -> None:
    """FTS5 reads the words where they are kept; PostgreSQL indexes them in place."""
    if editor.connection.vendor != "sqlite":
        editor.execute(POSTGRESQL)
        return
    # One statement at a time; those of triggers hold semicolons of their own.
    table, *triggers = SQLITE.strip().split("CREATE TRIGGER")
    editor.execute(table)
    for trigger in triggers:
        editor.execute(f"CREATE TRIGGER{trigger}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_job_attempts")]

    operations = [
        migrations.CreateModel(
            name="Searchable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=12)),
                ("title", models.TextField()),
                ("words", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="searchable_once")],
            },
        ),
        migrations.RunPython(make_index, migrations.RunPython.noop),
    ]
