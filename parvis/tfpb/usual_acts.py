"""Writing a landlord's table of droit commun, one row at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.tfpb.axes import usual_domains
from parvis.tfpb.programme_merging import Record, figure_of, merged, plain
from parvis.tfpb.programme_models import Line, Programme, UsualMeans

WORDS = {
    "domain": "Domaine",
    "indicator": "Indicateur",
    "outside": "Valeur hors QPV",
    "inside": "Valeur en QPV",
    "outside_cost": "Coût hors QPV",
    "inside_cost": "Coût en QPV",
    "note": "Remarque",
}
FIELDS = tuple(WORDS)
_FIGURES = ("outside", "inside", "outside_cost", "inside_cost")


def usual_record(row: UsualMeans) -> Record:
    """A row as a record."""
    return {name: plain(getattr(row, name)) for name in FIELDS}


def put_usual(row: UsualMeans, record: Record) -> UsualMeans:
    """Write these fields on a row, new or known. ValidationError, by field."""
    for name, value in record.items():
        setattr(row, name, figure_of(value) if name in _FIGURES else value)
    if row.domain not in usual_domains():
        raise ValidationError({"domain": "Choisissez un domaine de la liste."})
    with transaction.atomic():
        row.full_clean()
        row.save()
    return row


def write_usual(row: UsualMeans, record: Record, *, read: Record | None = None) -> UsualMeans:
    """Write these fields over a row that one has read; Overtaken when both wrote on one."""
    with transaction.atomic():
        # Not its key: who writes a line holds its programme, then points to the row.
        rows = UsualMeans.objects.select_for_update(of=("self",), no_key=True)
        fresh = rows.filter(pk=row.pk).first()
        if fresh is None:
            raise Refused("Cette ligne a été retirée entre-temps : écrivez-la comme nouvelle.")
        now = usual_record(fresh)
        wanted = merged(fresh, now, record, read=read if read else now)
        if wanted:
            refuse_joined([fresh.pk])
        return put_usual(fresh, wanted)


def remove_usual(row: UsualMeans) -> None:
    """Take a row away; Refused while a line of a programme reinforces it."""
    with transaction.atomic():
        _refuse_reinforced(row.lines.all(), "il reste.")
        row.delete()


def refuse_joined(rows: Iterable[int]) -> None:
    """Refused when a line of a programme that was sent reinforces one of these rows: parties read
    both together. Programmes that are still written are held, so that none is sent meanwhile."""
    lines = Line.objects.filter(usual_means__in=list(rows))
    theirs = Programme.objects.filter(pk__in=lines.values("programme")).order_by("pk")
    sent = [one.pk for one in theirs.select_for_update(of=("self",)) if not one.written]
    words = "son programme est transmis, il ne change plus. Rien n’a été enregistré."
    _refuse_reinforced(lines.filter(programme__in=sent), words)


def _refuse_reinforced(lines: Any, so: str) -> None:
    line = lines.select_related("usual_means").first()
    if line is not None:
        raise Refused(f"La ligne « {line.title} » renforce « {line.usual_means} » : {so}")


def copy_last_year(landlord: Organisation, year: int) -> int:
    """Copy the rows of the year before that are not here yet; how many."""
    mine = Q(landlord=landlord) | Q(landlord__successor=landlord)
    with transaction.atomic():
        here = UsualMeans.objects.filter(landlord=landlord, year=year)
        known = set(here.values_list("domain", "indicator"))
        copies: dict[tuple[str, str], UsualMeans] = {}
        for row in UsualMeans.objects.filter(mine, year=year - 1).order_by("domain", "pk"):
            if (row.domain, row.indicator) not in known:
                row.pk, row.landlord, row.year = None, landlord, year
                copies.setdefault((row.domain, row.indicator), row)
        UsualMeans.objects.bulk_create(copies.values())
    return len(copies)
