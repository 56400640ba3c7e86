"""What the walk book says, as far as who prints it may see."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst

from parvis.gatherings.models import Gathering, Guest, Registration
from parvis.partners.actors import Actor
from parvis.thread.reading import rows_of
from parvis.thread.register import kind_of
from parvis.ui.words import counted, span_in_words
from parvis.upkeep.themes import themes
from parvis.walks.links import address_of
from parvis.walks.models import Stop, Walk
from parvis.walks.plan import Plan
from parvis.walks.practice import checklist, roles, severities
from parvis.walks.workflow import Result


def may_note(actor: Actor, walk: Walk) -> bool:
    """Whether the link for telephones may stand on what this actor prints."""
    return any(
        Walk.objects.allowed(actor, right).filter(pk=walk.pk).exists()
        for right in ("observe", "edit")
    )


def book_of(walk: Walk, actor: Actor, stops: list[Stop], plan: Plan | None) -> dict[str, Any]:
    """The book as plain data: its head, who comes, each stop with its grid and what is checked.

    `stops` come with their residence and checks. A fixed number of queries.
    """
    gathering = walk.gathering
    checks = [check for stop in stops for check in stop.checks.all()]
    rows = rows_of(actor, {check.thing for check in checks})
    return {
        "when": span_in_words(gathering.starts_at, gathering.ends_at),
        "place": gathering.place_label,
        "organiser": gathering.organiser.name,
        "contact": gathering.contact or gathering.organiser.phone,
        "purpose": walk.purpose,
        "guests": _guests(walk),
        "registered": _registered(walk),
        "roles": _roles(walk, actor),
        "plan": plan.text if plan else "",
        "stops": [_stop(number, stop, rows) for number, stop in enumerate(stops, 1)],
        "severities": [{"value": str(value), "label": one} for value, one in severities().items()],
        "checklist": [
            {"label": label, "ready": code in walk.ready} for code, label in checklist().items()
        ],
        "address": address_of(walk) if may_note(actor, walk) else "",
    }


def _guests(walk: Walk) -> list[dict[str, str]]:
    called = Guest.objects.filter(gathering=walk.gathering_id, invited_at__isnull=False)
    return [
        {"name": one.organisation.name, "answer": one.get_answer_display()}
        for one in called.select_related("organisation")
    ]


def _registered(walk: Walk) -> str:
    count = walk.gathering.registrations.filter(state=Registration.State.SEATED).count()
    return counted(count, "personne inscrite", "personnes inscrites") if count else ""


def _roles(walk: Walk, actor: Actor) -> list[dict[str, str]]:
    """Every role, with who holds it; people by name for who keeps the attendance alone."""
    attends = Gathering.objects.allowed(actor, "attend").filter(pk=walk.gathering_id).exists()
    held: dict[str, list[str]] = {}
    rows = walk.roles.select_related("guest__organisation", "registration__contact")
    for one in rows:
        if one.guest is not None:
            name = one.guest.organisation.name
        else:
            contact = getattr(one.registration, "contact", None) if attends else None
            name = contact.name if contact else "une personne inscrite"
        held.setdefault(one.code, []).append(name)
    return [
        {"label": label, "who": ", ".join(held.get(code, []))} for code, label in roles().items()
    ]


def _stop(number: int, stop: Stop, rows: Any) -> dict[str, Any]:
    known = themes()
    looks = []
    for line in stop.looks:
        theme, label = known.get(line["theme"]), line["label"]
        looks.append({"label": label, "theme": theme.label if theme else line["theme"]})
    checks = []
    for check in stop.checks.all():
        row = rows.get(check.thing)
        if row is None:
            continue  # not for these eyes
        kind = kind_of(row.kind)
        words = kind.checking.words if kind.checking else {}
        labels = [capfirst(words.get(code, label)) for code, label in Result.choices]
        checks.append({"kind": capfirst(kind.label), "title": row.title, "words": labels})
    return {
        "number": str(number),
        "title": stop.title,
        "nature": stop.nature.label,
        "note": stop.note,
        "residence": stop.residence.name if stop.residence else "",
        "looks": looks,
        "checks": checks,
    }
