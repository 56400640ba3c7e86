"""Propositions for who reviews, carries and answers them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import proposition_acts as acts
from parvis.councils.models import Proposition
from parvis.councils.proposition_events import PROPOSITION, TOLD
from parvis.councils.proposition_forms import (
    REFUSE,
    AnswerForm,
    PaperForm,
    ReviewForm,
    initial_of,
)
from parvis.councils.proposition_listing import ROWS
from parvis.councils.proposition_things import REVIEW_WITHIN
from parvis.councils.proposition_views import fetch_proposition, note_author, trail
from parvis.councils.workflow import PropositionState
from parvis.notices.phones import spoken
from parvis.partners.actors import Actor, actor_of
from parvis.thread.edges import Node
from parvis.thread.finding import find_things, shown, thing_of
from parvis.thread.models import Link
from parvis.thread.reading import rows_of
from parvis.thread.register import Where
from parvis.ui.unkept import unkept

both = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 50


@require_safe
def propositions_to_review(request: HttpRequest) -> HttpResponse:
    """What awaits a review, the oldest first; and who is to be told by telephone."""
    return _queue(request)


@require_POST
def author_number(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with the number of one author; it is logged."""
    found = fetch_proposition(request, pk, "reach")
    note_author(request, found)
    return unkept(_queue(request, shown=found.pk))


def _queue(request: HttpRequest, *, shown: int | None = None) -> HttpResponse:
    actor = actor_of(request)
    rows = Proposition.objects.allowed(actor, "review")
    waiting = ROWS.filter(pk__in=rows.values("pk"), state=PropositionState.TO_REVIEW)
    found = list(waiting.order_by("at", "pk")[: SHOWN + 1])
    reached = Proposition.objects.allowed(actor, "reach").exclude(contact__to_tell="")
    calls = ROWS.filter(pk__in=reached.filter(contact__isnull=False).values("pk"))
    late = timezone.now() - timedelta(days=REVIEW_WITHIN.days)
    return render(
        request,
        "councils/proposition_queue.html",
        {
            "rows": [{"one": one, "late": one.at < late} for one in found[:SHOWN]],
            "more": len(found) > SHOWN,
            "calls": [
                {
                    "one": one,
                    "contact": one.contact,
                    "phone": one.contact.phone if one.pk == shown else "",
                    "spoken": spoken(one.contact.phone) if one.pk == shown else "",
                    "id": f"appel-{one.pk}",
                    "hidden": f" : {one.title}",
                    "told": TOLD[one.contact.to_tell],
                }
                for one in calls.select_related("contact").order_by("contact__told_at", "pk")[
                    :SHOWN
                ]
                if one.contact.to_tell in TOLD
            ],
            "crumbs": trail(("À relire", "")),
        },
    )


@both
def review_proposition(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it again: take out what tells of somebody, then publish it or say why not."""
    actor, found = actor_of(request), fetch_proposition(request, pk, "review")
    form = ReviewForm(request.POST or None, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["decision"] == REFUSE:
                acts.refuse_proposition(found, actor=actor, reason=data["reason"])
                messages.success(request, "Elle n’est pas publiée, son auteur sait pourquoi.")
            else:
                words = {name: data[name] for name in ("title", "text", "theme_code")}
                acts.publish_proposition(found, actor=actor, **words)
                messages.success(request, "Proposition publiée : chacun peut la soutenir.")
            return redirect("councils:propositions_to_review")
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(
        request,
        "councils/proposition_review.html",
        {
            "proposition": found,
            "form": form,
            "waiting": found.state == PropositionState.TO_REVIEW,
            "contact": getattr(found, "contact", None),
            "crumbs": trail(
                ("À relire", reverse("councils:propositions_to_review")), ("Relire", "")
            ),
        },
    )


@require_POST
def told_proposition(request: HttpRequest, pk: int) -> HttpResponse:
    """Its author was called."""
    acts.told_by_phone(fetch_proposition(request, pk, "reach"))
    messages.success(request, "C’est noté.")
    return redirect("councils:propositions_to_review")


@require_POST
def take_up_proposition(request: HttpRequest, pk: int) -> HttpResponse:
    """The body makes it its own."""
    found = fetch_proposition(request, pk, "adopt")
    return _do(
        request,
        pk,
        lambda actor: acts.take_up(found, actor=actor),
        "Votre instance porte cette proposition.",
    )


@require_POST
def count_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Signatures gathered on paper."""
    found, form = fetch_proposition(request, pk, "carry"), PaperForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Donnez le nombre de signatures, en chiffres.")
        return redirect("councils:proposition", pk)
    number = form.cleaned_data["number"]
    return _do(
        request,
        pk,
        lambda actor: acts.count_paper(found, actor=actor, number=number),
        "Signatures notées.",
    )


def _do(request: HttpRequest, pk: int, act: Callable[[Actor], Any], done: str) -> HttpResponse:
    try:
        act(actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, done)
    return redirect("councils:proposition", pk)


@both
def answer_proposition(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer it, for everybody to read."""
    found = fetch_proposition(request, pk, "answer")
    form = AnswerForm(request.POST or None, initial={"answer": found.answer})
    if request.method == "POST" and form.is_valid():
        try:
            acts.answer_proposition(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Réponse publiée ; son auteur est prévenu.")
            return redirect("councils:proposition", pk)
    return render(
        request,
        "councils/proposition_form.html",
        {
            "form": form,
            "heading": "Répondre",
            "lead": found.title,
            "action": "Publier la réponse",
            "back": reverse("councils:proposition", args=[pk]),
            "crumbs": trail(
                (found.title, reverse("councils:proposition", args=[pk])), ("Répondre", "")
            ),
        },
    )


@both
def link_proposition(request: HttpRequest, pk: int) -> HttpResponse:
    """What led to it and what it led to, and the search for more (`?mot=`)."""
    actor, found = actor_of(request), fetch_proposition(request, pk, "link")
    if request.method == "POST":
        return _link(request, found)
    here: Node = (PROPOSITION, pk)
    known = _linked(here)
    word = request.GET.get("mot", "").strip()[:200]
    where = Where(quartiers=frozenset({found.quartier_id}))
    hits = find_things(actor, word, where, without={*known, here})
    return render(
        request,
        "councils/proposition_links.html",
        {
            "proposition": found,
            "linked": [shown(row) for row in rows_of(actor, known).values()],
            "word": word,
            "found": [one for one in hits if thing_of(one.value)],
            "crumbs": trail(
                (found.title, reverse("councils:proposition", args=[pk])), ("Liens", "")
            ),
        },
    )


def _link(request: HttpRequest, found: Proposition) -> HttpResponse:
    actor = actor_of(request)
    asked = {thing for value in request.POST.getlist("things") if (thing := thing_of(value))}
    things = list(rows_of(actor, asked)) if asked else []  # those that the actor sees
    do = request.POST.get("do")
    try:
        if do == "remove":
            acts.unlink_things(found, things, actor=actor)
            messages.success(request, "Lien retiré.")
        elif acts.link_things(found, things, actor=actor, before=do == "before"):
            messages.success(request, "C’est lié : le fil le montre des deux côtés.")
        else:
            messages.error(request, "Cochez au moins un élément.")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("councils:link_proposition", found.pk)


def _linked(here: Node) -> set[Node]:
    kind, pk = here
    rows = Link.objects.filter(
        Q(source_kind=kind, source_id=pk) | Q(target_kind=kind, target_id=pk)
    )
    found: set[Node] = set()
    for one in rows[:200]:
        found |= {(one.source_kind, one.source_id), (one.target_kind, one.target_id)}
    return found - {here}
