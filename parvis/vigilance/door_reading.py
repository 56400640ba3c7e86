"""Doors as pages read them: those of a commune for everybody, the directory for partners."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from parvis.gatherings.kinds import kinds
from parvis.gatherings.models import Gathering
from parvis.partners.actors import NOBODY
from parvis.places.models import Commune
from parvis.toolbox.models import Label, Sheet
from parvis.toolbox.sheet_suggesting import suggest
from parvis.vigilance.catalogue import Need, door_kinds, needs
from parvis.vigilance.models import SupportDoor

CHECKED_FOR = timedelta(days=183)  # after which what is told of a door may be wrong
# What the sheets suggested to residents are about, and the gatherings told to them.
THEMES = ("chauffage_eau_ventilation", "insertion")
MEETINGS = ("atelier", "permanence", "cours_atelier")
COMING = timedelta(days=60)


def communes_with_doors(today: date) -> Any:
    """The communes whose people have somewhere to turn to."""
    served = SupportDoor.communes.through.objects.filter(
        commune_id=OuterRef("pk"), supportdoor__in=SupportDoor.objects.open_on(today)
    )
    return Commune.objects.filter(Exists(served)).defer("outline").order_by("name", "code")


def public_doors(commune: Commune, today: date) -> list[SupportDoor]:
    """The doors open to those who live in this commune: first the nearest kind, in the order of
    the list of kinds, then by name. One query."""
    rank = {code: place for place, code in enumerate(door_kinds())}
    rows = SupportDoor.objects.visible_to(NOBODY).open_on(today).serving(commune.pk)
    return sorted(rows, key=lambda door: (rank.get(door.kind, 99), door.name, door.pk))


def needs_of(doors: list[SupportDoor]) -> list[Need]:
    """The needs that at least one of these doors takes, in the order of the list."""
    taken = {code for door in doors for code in door.takes}
    return [need for code, need in needs().items() if code in taken]


def cards(doors: list[SupportDoor]) -> list[dict[str, Any]]:
    """Each door with what a page says of it besides its own columns, in the reader’s
    language."""
    listed = needs()
    return [
        {
            "door": door,
            "kind": gettext(kind.short) if kind else "",
            "does": gettext(kind.does) if kind and not door.what else "",
            "takes": [gettext(listed[code].label) for code in door.takes if code in listed],
            "dialled": dialled(door.phone),
        }
        for door, kind in ((door, door_kinds().get(door.kind)) for door in doors)
    ]


def dialled(phone: str) -> str:
    """A telephone number as a `tel:` link wants it, or nothing when it is not one."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    plus = "+" if phone.strip().startswith("+") else ""
    return f"{plus}{digits}" if len(digits) >= 3 else ""


def sheets_for_residents() -> list[Any]:
    """Published sheets written for residents about energy and making ends meet: the same for
    everybody. Two queries."""
    near = suggest(NOBODY, themes=THEMES, limit=24)
    wanted = Label.objects.filter(group="public", code="habitants")
    theirs = set(
        Sheet.labels.through.objects.filter(
            sheet_id__in=[one.pk for one in near], label_id__in=wanted.values("pk")
        ).values_list("sheet_id", flat=True)
    )
    return [one for one in near if one.pk in theirs][:3]


def workshops_in(commune: Commune, now: datetime) -> list[Gathering]:
    """Workshops and hours of advice in this commune in the two months to come."""
    rows = Gathering.objects.visible_to(NOBODY).filter(
        commune=commune,
        published_at__isnull=False,
        cancelled_at=None,
        kind__in=[code for code in MEETINGS if code in kinds()],
        ends_at__gte=now,
        starts_at__lt=now + COMING,
    )
    return list(rows.order_by("starts_at", "pk")[:3])


def unchecked(today: date) -> Q:
    """Doors about which nobody has said for six months that everything is right."""
    return Q(checked_on=None) | Q(checked_on__lt=today - CHECKED_FOR)


def directory(today: date) -> Any:
    """Every door, each with whether somebody opens what is sent there; its communes and its
    organisation are at hand."""
    opened = SupportDoor.objects.receiving(today).filter(pk=OuterRef("pk"))
    return (
        SupportDoor.objects.select_related("organisation")
        .prefetch_related("communes")
        .annotate(receives=Exists(opened))
        .order_by("name", "pk")
    )


def filtered(rows: Any, asked: dict[str, Any], today: date) -> Any:
    """The directory cut down to what a reader asks for; closed doors only on demand."""
    closed = Q(closes_on__lt=today)
    state = asked.get("etat")
    rows = rows.filter(closed) if state == "fermees" else rows.exclude(closed)
    if state == "a-verifier":
        rows = rows.filter(unchecked(today))
    if state == "sans-personne":
        rows = rows.filter(organisation__isnull=False, receives=False)
    if asked.get("commune"):
        rows = rows.serving(asked["commune"].pk)
    if asked.get("besoin"):
        # A list in JSON: neither database has the operator of the other.
        wanted = asked["besoin"]
        having = [pk for pk, takes in rows.values_list("pk", "takes") if wanted in takes]
        rows = rows.filter(pk__in=having)
    return rows
