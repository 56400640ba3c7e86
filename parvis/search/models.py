"""The index: one row per thing; on SQLite a full-text table, on PostgreSQL a tsvector under GIN.

Both hold the same lexemes, made in Python, so that a search gives the same answers on both.
"""

from __future__ import annotations

from typing import Any

from django.db import models


class LexemesField(models.TextField):
    """Words of a thing as the database's own index holds them."""

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


@LexemesField.register_lookup
class HoldsAll(models.Lookup):
    """`words__holds_all=[(word, stem), ...]`: each word, as a beginning or by its stem."""

    lookup_name = "holds_all"
    prepare_rhs = False
    sqlite_end, postgresql_end = "*", ":*"

    @classmethod
    def for_sqlite(cls, pairs: Any) -> tuple[str, str]:
        """The operator with its place, and what it is given."""
        return "MATCH %s", " AND ".join(
            f'("{word}"{cls.sqlite_end} OR "{stem}")' for word, stem in pairs
        )

    @classmethod
    def for_postgresql(cls, pairs: Any) -> tuple[str, str]:
        """The operator with its place, and what it is given."""
        return "@@ %s::tsquery", " & ".join(
            f"('{word}'{cls.postgresql_end} | '{stem}')" for word, stem in pairs
        )

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        operator, query = self.for_sqlite(self.rhs)
        return f"{left} {operator}", [*params, query]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        operator, query = self.for_postgresql(self.rhs)
        return f"{left} {operator}", [*params, query]


@LexemesField.register_lookup
class HoldsWhole(HoldsAll):
    """`words__holds_whole=[(word, stem), ...]`: each word itself, or its stem."""

    lookup_name = "holds_whole"
    sqlite_end = postgresql_end = ""


class Entry(models.Model):
    """One indexed thing. `number` says both its kind and its id; its rights are its room's."""

    number = models.BigIntegerField(primary_key=True, db_column="rowid")
    words = LexemesField()

    def __str__(self) -> str:
        return str(self.number)


class Word(models.Model):
    """A word that everybody may read in things of a kind: misspelt ones are held against it."""

    kind = models.CharField(max_length=24)
    folded = models.CharField(max_length=60)
    spelt = models.CharField(max_length=80)  # as it was written, with or without its accents

    class Meta:
        verbose_name = "mot"
        constraints = [
            models.UniqueConstraint(
                name="a_kind_knows_a_spelling_once", fields=["kind", "folded", "spelt"]
            )
        ]

    def __str__(self) -> str:
        return self.spelt
