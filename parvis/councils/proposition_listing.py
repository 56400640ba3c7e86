"""The list of propositions that everybody reads: filtered, sorted, cut in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from parvis.councils.answers import page_of as page_number
from parvis.councils.models import Proposition
from parvis.councils.proposition_access import HIDDEN
from parvis.councils.proposition_events import PROPOSITION
from parvis.councils.proposition_forms import FilterForm
from parvis.councils.workflow import PropositionState
from parvis.partners.actors import Actor
from parvis.search import index
from parvis.upkeep.themes import themes

SHOWN = 20
EXPORTED = 5000  # rows of a table at most
STATES = [(code, label) for code, label in PropositionState.choices if code not in HIDDEN]
ROWS = Proposition.objects.select_related("quartier", "body__organisation").defer(
    "quartier__outline"
)
HEADINGS = (
    *("Proposition", "Texte", "Quartier", "Thème", "État", "Déposée le", "Suivie par"),
    *("Soutiens confirmés", "Signatures sur papier", "Réponse"),
)


@dataclass
class Page:
    """One page of the list, and where the next one is."""

    form: FilterForm
    rows: list[Proposition]
    next_url: str
    first_url: str
    filtered: bool


def chosen(actor: Actor, form: FilterForm) -> Any:
    """What was reviewed, as the filters cut and sort it. Whoever asks, nothing unreviewed is in."""
    rows = ROWS.visible_to(actor).exclude(state__in=HIDDEN)
    data = form.cleaned_data if form.is_valid() else {}
    if data.get("quartier"):
        rows = rows.filter(quartier=data["quartier"])
    if data.get("theme"):
        rows = rows.filter(theme_code=data["theme"])
    if data.get("etat"):
        rows = rows.filter(state=data["etat"])
    found = index.matching(PROPOSITION, data.get("q", ""))
    if found is not None:
        rows = rows.filter(pk__in=found)
    if data.get("tri") == "recentes":
        return rows.order_by("-reviewed_at", "-pk")
    return rows.order_by("-supporters", "-on_paper", "-reviewed_at", "-pk")


def page_of(request: HttpRequest, actor: Actor) -> Page:
    """The page that the address asks for."""
    form = FilterForm(request.GET, states=STATES)
    cut = cut_of(request, chosen(actor, form))
    kept = [name for name, value in request.GET.items() if value]
    filtered = any(name in form.fields and name != "tri" for name in kept)
    return Page(form=form, filtered=filtered, **cut)


def cut_of(request: HttpRequest, rows: Any) -> dict[str, Any]:
    """The rows of the page that the address asks for (`?page=`), and where the next ones are, as
    the pager reads it; one query."""
    number = page_number(request)
    start = (number - 1) * SHOWN
    found = list(rows[start : start + SHOWN + 1])
    kept = {name: value for name, value in request.GET.items() if value and name != "page"}
    more = urlencode({**kept, "page": number + 1})
    return {
        "rows": found[:SHOWN],
        "next_url": f"{request.path}?{more}" if len(found) > SHOWN else "",
        "first_url": f"{request.path}?{urlencode(kept)}" if start else "",
    }


def theme_label(code: str) -> str:
    """What a theme is called; nothing without one."""
    theme = themes().get(code)
    return theme.label if theme else code


def table_of(rows: Any) -> list[list[Any]]:
    """The rows of the list as a table has them, under HEADINGS."""
    return [
        [
            one.title,
            one.text,
            one.quartier.name,
            theme_label(one.theme_code),
            one.get_state_display(),
            one.at.date(),
            one.body.organisation.name if one.body else "",
            one.supporters,
            one.on_paper,
            one.answer,
        ]
        for one in rows[:EXPORTED]
    ]
