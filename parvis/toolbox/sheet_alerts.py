"""Hearing of new sheets: what may be followed, and the word that goes out when one is published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from parvis.notices import publishing
from parvis.notices.digests import Line
from parvis.notices.publishing import publish
from parvis.notices.subscribing import Topic, offer
from parvis.thread.models import Event
from parvis.upkeep.themes import themes

EVERY = "sheets"


def topic_of(code: str) -> Topic:
    """The new sheets on a theme; of every theme without one."""
    theme = themes().get(code)
    if theme is None:
        return Topic(EVERY, "Nouvelles fiches de la boîte à outils")
    return Topic(f"{EVERY}:{theme.code}", f"Nouvelles fiches : {theme.label}")


def offers(codes: Iterable[str]) -> list[tuple[str, str]]:
    """(name of the theme, address where it is followed) for these codes of themes."""
    known = [(themes()[code].label, code) for code in codes if code in themes()]
    return [(label, address_of(code)) for label, code in known]


def address_of(code: str = "") -> str:
    """Where the new sheets on a theme are followed; on every theme without one."""
    return f"{reverse('notices:subscribe')}?sujet={offer(topic_of(code))}"


def tell_published(sheet: Any) -> int:
    """Tell those who follow the themes of a sheet, once, when it is published for the first time,
    or again after it was taken back; how many people that is."""
    if not sheet.live or (sheet.version > 1 and not _was_taken_back(sheet.pk)):
        return 0
    topics = [EVERY, *(f"{EVERY}:{one.code}" for one in sheet.themes.all())]
    line = Line(
        f"Nouvelle fiche : {sheet.title}"[:200],
        sheet.summary,
        settings.SITE_URL + reverse("toolbox:sheet", args=[sheet.pk]),
    )
    return publish(topics, _event(sheet.pk), line)


def take_back(pk: int) -> int:
    """A sheet taken back before the word of it left is told to nobody; how many words that was."""
    return publishing.take_back(_event(pk))


def _event(pk: int) -> str:
    return f"sheet.new:{pk}"  # authors are told of a version by another name


def _was_taken_back(pk: int) -> bool:
    """Whether its last publication came after it had been taken back."""
    rows = Event.objects.filter(thing_kind="sheet", thing_id=pk).order_by("-pk")
    return list(rows.values_list("code", flat=True)[:2]) == ["updated", "withdrawn"]
