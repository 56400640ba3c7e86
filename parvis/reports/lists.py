"""Loads this room's lists; `parvis load_lists` calls it. Running it again changes nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from parvis.reports.categories import tree
from parvis.reports.models import Category

_UPDATED = [
    "label",
    "hint",
    "icon",
    "theme_code",
    "questions",
    "delay_days",
    "may_be_public",
    "stop",
    "inside_only",
    "in_dwelling",
    "wreck",
    "position",
    "active",
]


@transaction.atomic
def load() -> str:
    """Put the categories in the database. What left the file is no longer offered, and its
    reports keep it."""
    rows = tree()
    families = [row for row in rows if row["parent"] is None]
    leaves = [row for row in rows if row["parent"] is not None]
    _put([_category(row) for row in families])
    ids = dict(Category.objects.filter(parent=None).values_list("code", "pk"))
    _put([_category(row, ids[row["parent"]]) for row in leaves])
    codes = [row["code"] for row in rows]
    Category.objects.filter(active=True).exclude(code__in=codes).update(active=False)
    return f"{len(families)} familles et {len(leaves)} catégories de signalement"


def _category(row: dict[str, Any], parent_id: int | None = None) -> Category:
    fields = {name: value for name, value in row.items() if name != "parent"}
    return Category(**fields, parent_id=parent_id, active=True)


def _put(categories: list[Category]) -> None:
    Category.objects.bulk_create(
        categories,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*_UPDATED, "parent"],
    )
