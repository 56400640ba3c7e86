"""What may be followed from « À ma porte », and what is proposed to who follows already."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from parvis.notices.subscribing import Topic, offer, propose_with
from parvis.places import topics as places
from parvis.places.models import Entrance, Quartier, Residence
from parvis.portal.doorstep import Doorstep
from parvis.reports.followers import every_report, themes_offered

HERE = gettext_noop("Ce qui s’y passe, les travaux, et les rendez-vous du quartier")
WHOLE = gettext_noop("Chaque signalement rendu public, les travaux et les rendez-vous")


@dataclass(frozen=True)
class Choice:
    """A box of the form: what is followed when it stays ticked."""

    label: str
    hint: str
    signed: str
    ticked: bool = False


@dataclass(frozen=True)
class DoorChoices:
    """The boxes of a door, and the themes of its quartier."""

    boxes: list[Choice]
    themes: list[tuple[str, str]]  # the signed offer, the name


def choices_at(door: Doorstep) -> DoorChoices:
    """This place first; the whole residence around a door; each quartier; its themes. One query
    at most."""
    here = door.followed
    whole = here.key.startswith(("residence:", "quartier:"))
    boxes = [Choice(door.label, WHOLE if whole else HERE, offer(here), ticked=True)]
    if door.residence is not None and not whole:
        boxes += [
            Choice(topic.label, WHOLE, offer(topic)) for topic in _residences([door.residence])
        ]
    known = dict(door.named)
    boxes += [
        Choice(topic.label, WHOLE, offer(topic))
        for topic in _quartiers(known)
        if topic.key != here.key
    ]
    themes = [
        (offer(topic), topic.label)
        for pk, name in known.items()
        for topic in themes_offered(pk, name)
    ]
    return DoorChoices(boxes, themes)


def entrances_of(residence: int) -> list[Entrance]:
    """The entrances of a residence, by building."""
    rows = Entrance.objects.filter(building__residence=residence).select_related("building")
    return list(rows.order_by("building__name", "name", "pk"))


def wider(heard: set[str]) -> list[Topic]:
    """The whole quartiers and residences of what somebody hears of."""
    return [
        *_residences(sorted(_numbers(heard, "residence"))),
        *_quartiers(_named(_numbers(heard, "quartier"))),
    ]


def _numbers(heard: set[str], kind: str) -> set[int]:
    found = (topic.partition(":") for topic in heard)
    return {int(number) for name, _, number in found if name == kind and number.isdigit()}


def _named(wanted: set[int]) -> dict[int, str]:
    if not wanted:
        return {}
    rows = Quartier.objects.filter(pk__in=wanted).order_by("name", "pk")
    return dict(rows.values_list("pk", "name"))


def _quartiers(named: dict[int, str]) -> list[Topic]:
    found = []
    for pk, name in named.items():
        key = places.of_quartier(pk)
        found.append(Topic(key, f"Tout le quartier : {name}", (every_report(key),)))
    return found


def _residences(wanted: list[int]) -> list[Topic]:
    """Whole residences: what is told of each, and its reports; news of the quartier come with what
    is followed already."""
    if not wanted:
        return []
    rows = Residence.objects.filter(pk__in=wanted).order_by("name", "pk").values_list("pk", "name")
    found = []
    for pk, name in rows:
        key = places.of_residence(pk)
        found.append(Topic(key, f"Toute la résidence : {name}", (every_report(key),)))
    return found


propose_with(wider)
