"""Pages of conventions of abatement: the list with what is to watch, one convention, its papers."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from parvis.documents.files import file_response
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.partners.models import Signature
from parvis.tfpb import convention_access as access
from parvis.tfpb.alerts import programme_year
from parvis.tfpb.convention_acts import KIND
from parvis.tfpb.convention_models import Convention, ConventionPaper
from parvis.tfpb.convention_reading import (
    PAGE,
    by_epci,
    cautions_of,
    choices_of,
    chosen,
    limits_of,
    shown,
    valuation_of,
    versions_of,
    with_all,
)
from parvis.tfpb.convention_state import COUNCILS
from parvis.tfpb.programme_models import Programme
from parvis.thread.reading import events_of, thread_of

FILTERS = ("etat", "bailleur", "commune", "alerte", "apres")
RIGHTS = ("edit", "sign", "file", "declare", "caution")


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of conventions down."""
    trail = [("Conventions d’abattement", reverse("tfpb:conventions")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


def may_open(actor: Actor) -> bool:
    """Whether this actor may write a new convention."""
    return any(row.grants(actor, "edit") for row in access.CONVENTION.rows)


@require_safe
def conventions(request: HttpRequest) -> HttpResponse:
    """The conventions that one may see, the newest first, and what is to watch in each EPCI."""
    actor, today = actor_of(request), timezone.localdate()
    wanted = {name: request.GET.get(name, "").replace("\0", "")[:40] for name in FILTERS}
    rows = chosen(with_all(Convention.objects.visible_to(actor), today), wanted).order_by("-pk")
    page = list(rows[: PAGE + 1])
    kept = {name: value for name, value in wanted.items() if value and name != "apres"}
    here = reverse("tfpb:conventions")
    following = urlencode({**kept, "apres": page[PAGE - 1].pk}) if len(page) > PAGE else ""
    context = {
        "rows": shown(page[:PAGE], today),
        "wanted": wanted,
        "filtered": bool(kept),
        "choices": choices_of(actor),
        "next_url": f"?{following}" if following else "",
        "first_url": f"{here}?{urlencode(kept)}" if wanted["apres"] else "",
        # Filters and the next pages are read for themselves.
        "epcis": [] if kept or wanted["apres"] else by_epci(actor, today),
        "year": programme_year(today),
        "may_open": may_open(actor),
    }
    return render(request, "tfpb/conventions.html", context)


@require_safe
def convention(request: HttpRequest, pk: int) -> HttpResponse:
    """One convention: its parties and their answers, the first tax year and why, its rules of
    valuation, its programmes, what is said against it, its papers, its avenants."""
    actor, today = actor_of(request), timezone.localdate()
    rows = with_all(Convention.objects.all(), today).select_related("agreement__amends")
    found = rights.fetch(rows, actor, pk=pk)
    (one,) = shown([found], today)
    may = {
        right: Convention.objects.allowed(actor, right).filter(pk=pk).exists() for right in RIGHTS
    }
    agreement = found.agreement
    context = {
        "convention": found,
        "agreement": agreement,
        "one": one,
        "may": may,
        "councils": COUNCILS,
        "signatures": _signatures(actor, found, may["edit"]),
        "frozen": any(row.signed_on for row in agreement.signatures.all()),
        "whole": found.parties > 0 and found.signed == found.parties,
        "limits": limits_of(found, today),
        "valuation": valuation_of(found),
        "programmes": _programmes(actor, found),
        "quartiers": list(agreement.quartiers.defer("outline")),
        "cautions": cautions_of(found),
        "papers": _papers(actor, found),
        "versions": versions_of(actor, found),
        "events": events_of(actor, KIND, pk, seen=True),
        "steps": thread_of(actor, KIND, pk, seen=True),
        "today": today,
        "crumbs": crumbs((agreement.title, "")),
    }
    return render(request, "tfpb/convention.html", context)


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A document of a convention, to be kept."""
    found: ConventionPaper = rights.fetch(ConventionPaper.objects.all(), actor_of(request), pk=pk)
    return file_response(found.file, found.title)


def _signatures(actor: Actor, found: Convention, edits: bool) -> list[Any]:
    """Each party, under the name that it bore when it signed; `mine`: this actor answers for it."""
    mine = Signature.objects.filter(access.answered_by(actor), pk=OuterRef("pk"))
    rows = (
        Signature.objects.filter(agreement=found.agreement_id)
        .select_related("organisation")
        .prefetch_related("organisation__past_names")
        .annotate(mine=Exists(mine))
        .order_by("pk")
    )
    for row in rows:
        row.answerable = edits or row.mine  # type: ignore[attr-defined]
    return list(rows)


def _programmes(actor: Actor, found: Convention) -> list[tuple[int, list[Programme]]]:
    """Its programmes that this actor sees, by year, the newest first; `reads`: its amounts too."""
    reads = Programme.objects.allowed(actor, "read")
    rows = (
        Programme.objects.visible_to(actor)
        .filter(convention=found)
        .select_related("commune", "quartier")
        .defer("commune__outline", "quartier__outline")
        .order_by("-year", "commune__name", "quartier__name", "pk")
    )
    rows = rows.annotate(reads=Exists(reads.filter(pk=OuterRef("pk"))))
    return [(year, list(some)) for year, some in groupby(rows, lambda row: row.year)]


def _papers(actor: Actor, found: Convention) -> list[ConventionPaper]:
    rows = ConventionPaper.objects.visible_to(actor).filter(convention=found)
    return list(rows.select_related("organisation"))
