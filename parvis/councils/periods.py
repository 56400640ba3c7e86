"""Periods that never overlap, held by the database itself: an exclusion constraint on PostgreSQL,
triggers on SQLite, which has none (docs/decisions/0011)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Q

FOREVER = "9999-12-31"


class NoOverlap(BaseConstraint):
    """Two rows alike in `fields` never share a day; `starts` and `ends` are days, both included,
    and a row without end lasts. Rows with an empty field among `fields` are left alone.

    IntegrityError from the database, ValidationError from `full_clean`.
    """

    def __init__(
        self,
        *,
        name: str,
        fields: tuple[str, ...],
        starts: str = "starts_on",
        ends: str = "ends_on",
        violation_error_message: str | None = None,
    ) -> None:
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.fields, self.starts, self.ends = tuple(fields), starts, ends

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "starts": self.starts, "ends": self.ends}
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        if isinstance(other, NoOverlap):
            return bool(self.deconstruct() == other.deconstruct())
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """The clause inside CREATE TABLE; on SQLite none, and triggers once the table stands."""
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.deferred_sql += self._triggers(model, schema_editor)
            return None
        return f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._exclusion(model)}"

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Added to a table that stands. SQLite makes the table anew instead, triggers included."""
        if schema_editor.connection.vendor == "sqlite":
            return None
        return Statement(
            f"ALTER TABLE %(table)s ADD CONSTRAINT %(name)s {self._exclusion(model)}",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Taken from a table that stands. SQLite makes the table anew instead."""
        if schema_editor.connection.vendor == "sqlite":
            return None
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(
        self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        """ValidationError when a row in the database shares a day with this one."""
        same = {name: getattr(instance, name) for name in self.fields}
        start, end = getattr(instance, self.starts), getattr(instance, self.ends)
        named = {*self.fields, self.starts, self.ends}
        if start is None or None in same.values() or named & set(exclude or ()):
            return
        rows: Any = model._default_manager.using(using).filter(**same).exclude(pk=instance.pk)
        until: Any = Q(**{self.ends: None}) | Q(**{f"{self.ends}__gte": start})
        if end is not None:
            until &= Q(**{f"{self.starts}__lte": end})
        if rows.filter(until).exists():
            raise ValidationError(
                self.get_violation_error_message(), code=self.violation_error_code
            )

    def _columns(self, model: Any) -> tuple[list[Any], str, str]:
        named = [model._meta.get_field(name) for name in self.fields]
        start, end = (model._meta.get_field(name).column for name in (self.starts, self.ends))
        return named, start, end

    def _exclusion(self, model: Any) -> str:
        # A range of one number stands for the number: GiST compares ranges without an extension.
        fields, start, end = self._columns(model)
        parts = []
        for field in fields:
            column = f'"{field.column}"'
            number = f"{column}::int" if field.get_internal_type() == "BooleanField" else column
            parts.append(f"int8range({number}, {number}, '[]') WITH &&")
        parts.append(f"""daterange("{start}", "{end}", '[]') WITH &&""")
        empty = " OR ".join(f'"{field.column}" IS NULL' for field in fields)
        return f"EXCLUDE USING gist ({', '.join(parts)}) WHERE (NOT ({empty}))"

    def _triggers(self, model: Any, schema_editor: Any) -> list[Statement]:
        fields, start, end = self._columns(model)
        alike = " AND ".join(f'"{one.column}" = NEW."{one.column}"' for one in fields)
        return [
            Statement(
                f"CREATE TRIGGER %(name)s BEFORE {moment} ON %(table)s "  # noqa: S608 - our own names
                f"WHEN EXISTS (SELECT 1 FROM %(table)s WHERE {alike}{other} "
                f'AND "{start}" <= COALESCE(NEW."{end}", \'{FOREVER}\') '
                f'AND COALESCE("{end}", \'{FOREVER}\') >= NEW."{start}") '
                f"BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {self.name}'); END",
                table=Table(model._meta.db_table, schema_editor.quote_name),
                name=schema_editor.quote_name(f"{self.name}_{moment.lower()}"),
            )
            for moment, other in (("INSERT", ""), ("UPDATE", ' AND "id" <> NEW."id"'))
        ]
