"""The index: a full-text table on SQLite, a tsvector under GIN on PostgreSQL."""

from django.db import migrations, models

import parvis.search.models

MAKE = {
    # `ascii` leaves every other letter alone: words arrive folded, no second opinion is wanted.
    "sqlite": ["CREATE VIRTUAL TABLE search_entry USING fts5(words, tokenize='ascii', detail=column, prefix='3')"],
    "postgresql": [
        "CREATE TABLE search_entry (rowid bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX search_entry_words ON search_entry USING gin (words)",
    ],
}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    schema_editor.execute("DROP TABLE search_entry")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make, remove)],
            state_operations=[
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        ("number", models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False)),
                        ("words", parvis.search.models.LexemesField()),
                    ],
                )
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=24)),
                ("folded", models.CharField(max_length=60)),
                ("spelt", models.CharField(max_length=80)),
            ],
            options={
                "verbose_name": "mot",
                "constraints": [models.UniqueConstraint(fields=("kind", "folded", "spelt"), name="a_kind_knows_a_spelling_once")],
            },
        ),
    ]
