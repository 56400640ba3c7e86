"""Putting words into columns, through the models: what a page would show of them is then looked at.

What the code itself reads (codes, states, keys, digests) is left alone: nobody types it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

# Columns that code reads, whatever their kind: their words come from lists of ours.
READ_BY_CODE = re.compile(
    r"(code|codes|kind|state|key|digest|hash|token|nonce|topic|slug|reference|siren|status|role"
    r"|moment|form|domain|axis|level|path|file|thumbnail|password|seal|sealed|scope|origin|unit"
    r"|code_insee|locale|format|version|via|event|channel|family|icon|colour|theme|themes|name_key"
    r"|url|website|link|source|regime|answer_kind|phase|sex|age_band|what|action|model|size|licence"
    r"|language|series|school|generation|inside|subject|seed|step|counted|quantity|method|side|part|old|new)$"
)
LEFT_ALONE = {
    "search",  # the index: words of ours, folded
    "thread",
}


def text_columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column of our tables in which somebody may have typed words."""
    for model in apps.get_models():
        if not model.__module__.startswith("parvis.") or model._meta.app_label in LEFT_ALONE:
            continue
        for field in model._meta.local_concrete_fields:
            typed = type(field) in (models.CharField, models.TextField)
            if not typed or field.primary_key or field.choices:
                continue
            if not READ_BY_CODE.search(field.name):
                yield model, field


def plant(model: type[models.Model], field: models.Field, word: Callable[[int], str]) -> int:
    """Give each row of a column a word by its rank, the same on each database; how many took it."""
    rows = model._base_manager
    taken = 0
    for rank, pk in enumerate(list(rows.order_by("pk").values_list("pk", flat=True))):
        value: Any = word(rank)
        if field.max_length:
            value = value[: field.max_length]
        try:
            with transaction.atomic():
                rows.filter(pk=pk).update(**{field.name: value})
            taken += 1
        except (DatabaseError, ValueError):  # a constraint that holds: it was not to be
            return taken
    return taken
