"""The register of opinions, the page of one, and what became of what was asked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.opinion_access import REQUEST
from parvis.councils.opinion_answers import (
    fetch_opinion,
    opinion_crumbs,
    paged,
)
from parvis.councils.opinion_events import OPINION, acts_here
from parvis.councils.opinion_forms import RegisterFilters
from parvis.councils.opinion_models import Asking, Opinion, OpinionRequest
from parvis.councils.opinion_papers import opinion_paper
from parvis.councils.opinion_reading import (
    EXPORTED,
    OPINIONS,
    REQUESTS,
    STATES,
    counts,
    exported,
    granted,
    in_order,
    informed,
    kept,
    outcome_rows,
    sent_opinions,
    state_of,
    subject_of,
)
from parvis.councils.tabs import tabs_of
from parvis.councils.workflow import Level, OpinionState, Outcome
from parvis.documents.tables import csv_response, ods_response, xlsx_response
from parvis.partners.actors import actor_of
from parvis.thread.reading import events_of, thread_of

FORMATS = {"csv": csv_response, "xlsx": xlsx_response, "ods": ods_response}
ASKINGS_SHOWN = 60


def _lines(rows: list[Opinion]) -> list[dict[str, Any]]:
    today = timezone.localdate()
    return [
        {"opinion": one, "tone": tone, "state": words}
        for one in rows
        for tone, words in [state_of(one, today)]
    ]


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every opinion that one may read, those that wait for their reply on top."""
    actor, today = actor_of(request), timezone.localdate()
    rows = sent_opinions(actor)
    filters = RegisterFilters(request.GET or None, rows=rows, states=STATES)
    asked = filters.asked()
    rows = kept(rows, asked, today)
    shown, pages = paged(request, in_order(rows))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "councils/opinion_register.html",
        {
            "lines": _lines(shown),
            "counts": counts(rows, today),
            "informed": informed(actor, asked),
            "filters": filters,
            "filtered": bool(asked),
            "partner": actor.is_partner,
            "query": f"?{query.urlencode()}" if query else "",
            "formats": list(FORMATS),
            "crumbs": crumbs(None, ("Avis", "")),
            **pages,
        },
    )


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The register as it is shown, for a spreadsheet program."""
    if form not in FORMATS:
        raise Http404
    today = timezone.localdate()
    rows = sent_opinions(actor_of(request))
    asked = RegisterFilters(request.GET or None, rows=rows, states=STATES).asked()

    def address(pk: int) -> str:
        return settings.SITE_URL + reverse("councils:opinion", args=[pk])

    found = in_order(kept(rows, asked, today))
    return FORMATS[form]("avis", EXPORTED, exported(found, today, address))


@require_safe
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """One opinion: what it says and asks, what was replied, and what one may do there."""
    actor, found = actor_of(request), fetch_opinion(request, pk)
    may = granted(actor, found, "debate", "write", "decide", "reply", "enter_reply")
    tone, state = state_of(found, timezone.localdate())
    asked = None
    if found.request_id:
        asked = REQUESTS.visible_to(actor).filter(pk=found.request_id).first()
    waiting = found.state in (OpinionState.SENT, OpinionState.ANSWERED)
    enters = may["enter_reply"] and waiting and not may["reply"]
    return render(
        request,
        "councils/opinion.html",
        {
            "opinion": found,
            "asked": asked,
            "subject": subject_of(actor, found.subject),
            "tone": tone,
            "state": state,
            "rows": outcome_rows(found.askings.all()),
            "views": list(found.divergent_views.all()),
            "additions": list(found.additions.all()) if found.replied_at else [],
            "reminders": list(found.reminders.all()) if found.sent_at else [],
            "may": may,
            "enters": bool(enters and found.replier and not acts_here(found.replier)),
            "waiting": waiting,
            "draft": found.state == OpinionState.DRAFT,
            "adopted": found.state == OpinionState.ADOPTED,
            "dropped": found.state == OpinionState.DROPPED,
            "thread": thread_of(actor, OPINION, pk, seen=True) if found.sent_at else [],
            "events": events_of(actor, OPINION, pk, seen=True),
            "crumbs": opinion_crumbs(found),
        },
    )


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinion on paper, under the same rights; before it is sent, a working document."""
    found = fetch_opinion(request, pk)
    asked = None
    if found.request_id:
        rows = OpinionRequest.objects.visible_to(actor_of(request)).select_related("asker")
        asked = rows.filter(pk=found.request_id).first()
    return opinion_paper(found, asked)


@require_safe
def opinion_outcomes(request: HttpRequest, pk: int) -> HttpResponse:
    """What one opinion asked, what was decided and why, side by side."""
    found = fetch_opinion(request, pk)
    return render(
        request,
        "councils/opinion_outcomes.html",
        {
            "opinion": found,
            "rows": outcome_rows(found.askings.all()),
            "additions": list(found.additions.all()),
            "crumbs": opinion_crumbs(found, ("Suites données", "")),
        },
    )


@require_safe
def outcomes(request: HttpRequest, pk: int) -> HttpResponse:
    """What a body asked over time, what was decided and why, side by side."""
    actor, body = actor_of(request), fetch_body(request, pk)
    sent = Opinion.objects.visible_to(actor).filter(body=body, sent_at__isnull=False)
    rows = Asking.objects.filter(opinion__in=sent.values("pk"))
    totals = dict(rows.order_by().values_list("outcome").annotate(Count("pk")))
    ordered = rows.select_related("opinion__replier")
    shown, pages = paged(
        request, ordered.order_by("-opinion__sent_at", "-opinion", "position"), ASKINGS_SHOWN
    )
    figures = [("réponse attendue", totals.get("", 0))]
    figures += [(str(label), totals.get(code, 0)) for code, label in Outcome.choices]
    return render(
        request,
        "councils/opinion_outcomes_of.html",
        {
            "body": body,
            "rows": outcome_rows(shown),
            "figures": figures,
            "informed": informed(actor, {"instance": body.pk}),
            "tabs": tabs_of(actor, body, "councils:outcomes"),
            "crumbs": crumbs(body, ("Suites données", "")),
            **pages,
        },
    )


@require_safe
def opinions_of(request: HttpRequest, pk: int) -> HttpResponse:
    """What a body works on: requests received, opinions in debate, adopted, and all of them."""
    actor, body = actor_of(request), fetch_body(request, pk, "enter")
    rows = OPINIONS.allowed(actor, "debate").filter(body=body)
    shown, pages = paged(request, in_order(rows.filter(sent_at__isnull=False)))
    drafts = list(rows.filter(sent_at=None).order_by("state", "-written_at", "-pk")[:100])
    received = REQUESTS.filter(REQUEST.condition(actor, "take"), body=body, withdrawn_at=None)
    waiting = received.filter(opinion=None).exclude(level=Level.INFORM)
    return render(
        request,
        "councils/opinion_of_body.html",
        {
            "body": body,
            "drafts": [one for one in drafts if one.state != OpinionState.DROPPED],
            "dropped": [one for one in drafts if one.state == OpinionState.DROPPED],
            "requests": list(waiting.order_by("wanted_on", "pk")[:100]),
            "informed": list(received.filter(level=Level.INFORM).order_by("-sent_at", "-pk")[:20]),
            "lines": _lines(shown),
            "tabs": tabs_of(actor, body, "councils:opinions_of"),
            "crumbs": crumbs(body, ("Nos avis", "")),
            **pages,
        },
    )
