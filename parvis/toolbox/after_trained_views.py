"""What each organisation has trained: the page, its exports, and the people one has sent."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from parvis.documents.tables import csv_response, ods_response, xlsx_response
from parvis.partners.actors import Actor, actor_of
from parvis.toolbox import after_tokens, after_trained
from parvis.toolbox.after_certifying import hours_in_words
from parvis.toolbox.after_trained_forms import TrainedForm
from parvis.toolbox.course_answers import crumbs
from parvis.toolbox.course_reading import paged
from parvis.toolbox.models import Certificate
from parvis.toolbox.scopes import HEADS, reads

FORMATS: dict[str, Any] = {"csv": csv_response, "xlsx": xlsx_response, "ods": ods_response}
BY_PAGE = 50


def _form(request: HttpRequest) -> tuple[TrainedForm, list[after_trained.Came]]:
    actor = actor_of(request)
    came = after_trained.everybody_who_came(actor)
    first = "organisation" if reads(actor) else "annee"
    form = TrainedForm(request.GET or None, came=came, first=first)
    return form, after_trained.kept(came, **form.asked())


@require_safe
def trained(request: HttpRequest) -> HttpResponse:
    """People, hours and courses: of one's organisation, or of those that a coordination follows."""
    actor = actor_of(request)
    form, came = _form(request)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return render(
        request,
        "toolbox/after_trained.html",
        {
            "form": form,
            "cut": after_trained.CUTS[form.cut],
            "lines": [_shown(line) for line in after_trained.lines(came, form.cut)],
            "total": _shown(after_trained.total(came)),
            "filtered": any(form.asked().values()),
            "follows": reads(actor),
            "sends": _sends(actor),
            "exports": [
                (ending, reverse("toolbox:after_trained_table", args=[ending]) + query)
                for ending in FORMATS
            ],
            "crumbs": crumbs(("Formations suivies", "")),
        },
    )


def _shown(line: after_trained.Line) -> dict[str, Any]:
    return {"line": line, "hours": hours_in_words(line.hours), "courses": len(line.courses)}


def _sends(actor: Actor) -> bool:
    return actor.role in HEADS


@require_safe
def trained_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Exactly what the page shows, for a spreadsheet program."""
    if form not in FORMATS:
        raise Http404
    chosen, came = _form(request)
    header = (after_trained.CUTS[chosen.cut], *after_trained.HEADER)
    rows = after_trained.table(came, chosen.cut)
    response: HttpResponseBase = FORMATS[form]("formations-suivies", header, rows)
    return response


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The people whom one's organisation sent, with their certificates, for who answers for
    them."""
    actor = actor_of(request)
    rows = (
        after_tokens.ENROLMENTS.visible_to(actor)
        .standing()
        .filter(organisation_id=actor.organisation_id)
        .order_by("-course__starts_at", "-course_id", "rank")
    )
    shown, pages = paged(request, rows, BY_PAGE)
    papers = {
        one.enrolment_id: one
        for one in Certificate.objects.standing().filter(enrolment__in=[row.pk for row in shown])
    }
    return render(
        request,
        "toolbox/after_sent.html",
        {
            "lines": [{"one": one, "paper": papers.get(one.pk)} for one in shown],
            "crumbs": crumbs(
                ("Formations suivies", reverse("toolbox:after_trained")), ("Nos équipes", "")
            ),
            **pages,
        },
    )
