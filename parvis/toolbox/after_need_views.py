"""Needs: what the network asks to be trained in, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.reading import events_of, thread_of
from parvis.toolbox import after_need_acts as acts
from parvis.toolbox.after_need_forms import (
    AnswerNeedForm,
    CloseNeedForm,
    JoinForm,
    NeedFilters,
    NeedForm,
    publics,
)
from parvis.toolbox.course_answers import crumbs
from parvis.toolbox.course_reading import paged
from parvis.toolbox.models import Need, NeedVoice
from parvis.toolbox.scopes import WRITERS, reads

NEEDS = Need.objects.select_related("theme", "organisation", "coordination")
BY_PAGE = 20
LINES = 12  # of each table of the demand


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """What is asked in the network, what is wanted most on top; the coordination reads the demand
    by theme and by organisation besides."""
    actor = actor_of(request)
    filters = NeedFilters(request.GET or None)
    asked = filters.asked()
    rows = NEEDS.visible_to(actor).filter(**asked)
    counted = rows.annotate(people=Sum("voices__people"), voices_count=Count("voices"))
    shown, pages = paged(request, counted.order_by("-at", "-pk"), BY_PAGE)
    return render(
        request,
        "toolbox/need_list.html",
        {
            "rows": shown,
            "filters": filters,
            "filtered": bool(asked),
            "may_ask": actor.role in WRITERS,
            "demand": _demand(actor) if reads(actor) else None,
            "crumbs": crumbs(("Besoins de formation", "")),
            **pages,
        },
    )


def _demand(actor: Any) -> dict[str, Any]:
    """What waits for an answer, by theme and by organisation, in two queries."""
    waiting = Need.objects.allowed(actor, "answer").filter(state=Need.State.OPEN)
    voices = NeedVoice.objects.filter(need__in=waiting.values("pk"))

    def by(name: str) -> list[dict[str, Any]]:
        rows = voices.values(name).annotate(
            people=Sum("people"), needs=Count("need", distinct=True)
        )
        return [
            {"label": row[name], "people": row["people"], "needs": row["needs"]}
            for row in rows.order_by("-people", name)[:LINES]
        ]

    return {"themes": by("need__theme__label"), "organisations": by("organisation__name")}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a course."""
    form = NeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.ask_need(actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Votre demande est envoyée à la coordination et au réseau.")
            return redirect("toolbox:need", made.pk)
    trail = crumbs(("Besoins de formation", reverse("toolbox:needs")), ("Demander", ""))
    return render(request, "toolbox/need_form.html", {"form": form, "crumbs": trail})


@require_safe
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """One need: who asks for it, and what became of it."""
    return _page(request, rights.fetch(NEEDS.all(), actor_of(request), pk=pk))


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """We need it too."""
    actor = actor_of(request)
    found: Need = rights.fetch(NEEDS.all(), actor, "join", pk=pk)
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            acts.join_need(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Votre organisation est comptée.")
            return redirect("toolbox:need", pk)
    return _page(request, found, join_form=form)


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """We need it no more."""
    actor = actor_of(request)
    found: Need = rights.fetch(NEEDS.all(), actor, "join", pk=pk)
    acts.leave_need(found, actor=actor)
    messages.success(request, "Votre organisation n’est plus comptée.")
    return redirect("toolbox:need", pk)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A course answers it."""
    actor = actor_of(request)
    found: Need = rights.fetch(NEEDS.all(), actor, "answer", pk=pk)
    form = AnswerNeedForm(request.POST, actor=actor)
    if form.is_valid():
        try:
            acts.answer_need(found, actor=actor, course=form.cleaned_data["course"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(
                request,
                "La formation est liée à ce besoin. Ceux qui l’ont demandée sont prévenus quand "
                "elle est publiée.",
            )
            return redirect("toolbox:need", pk)
    return _page(request, found, answer_form=form)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """No course will come of it."""
    actor = actor_of(request)
    found: Need = rights.fetch(NEEDS.all(), actor, "answer", pk=pk)
    form = CloseNeedForm(request.POST)
    if form.is_valid():
        try:
            acts.close_need(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Demande close : ceux qui l’ont faite liront pourquoi.")
            return redirect("toolbox:need", pk)
    return _page(request, found, close_form=form)


def _page(
    request: HttpRequest,
    found: Need,
    *,
    join_form: JoinForm | None = None,
    answer_form: AnswerNeedForm | None = None,
    close_form: CloseNeedForm | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    voices = list(found.voices.select_related("organisation"))
    mine = next((one for one in voices if one.organisation_id == actor.organisation_id), None)
    own = Need.objects.filter(pk=found.pk)
    may_join = actor.role in WRITERS and found.state != Need.State.CLOSED
    may_answer = found.state != Need.State.CLOSED and own.allowed(actor, "answer").exists()
    said = {"people": mine.people, "words": mine.words} if mine else {}
    return render(
        request,
        "toolbox/need.html",
        {
            "need": found,
            "public": dict(publics()).get(found.public, ""),
            "voices": voices,
            "people": sum(one.people for one in voices),
            "mine": mine,
            "join_form": (join_form or JoinForm(initial=said)) if may_join else None,
            "answer_form": (answer_form or AnswerNeedForm(actor=actor)) if may_answer else None,
            "close_form": (close_form or CloseNeedForm()) if may_answer else None,
            "steps": thread_of(actor, acts.KIND, found.pk, seen=True),
            "events": events_of(actor, acts.KIND, found.pk, seen=True),
            "crumbs": crumbs(("Besoins de formation", reverse("toolbox:needs")), (found.title, "")),
        },
    )
