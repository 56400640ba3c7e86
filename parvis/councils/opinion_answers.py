"""What the pages of opinions have in common: fetched with a right, a trail, one form, a subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from parvis.councils.answers import crumbs, page_of
from parvis.councils.body_models import Body
from parvis.councils.opinion_models import Opinion, OpinionRequest
from parvis.councils.opinion_reading import OPINIONS, REQUESTS, subject_of
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.thread.edges import Node
from parvis.thread.finding import find_things, thing_of
from parvis.thread.register import Where

PAGE = 40


def fetch_opinion(request: HttpRequest, pk: int, action: str = "see") -> Opinion:
    """The opinion, with the right to do that on it."""
    found: Opinion = rights.fetch(OPINIONS.all(), actor_of(request), action, pk=pk)
    return found


def fetch_request(request: HttpRequest, pk: int, action: str = "see") -> OpinionRequest:
    """The request, with the right to do that on it."""
    found: OpinionRequest = rights.fetch(REQUESTS.all(), actor_of(request), action, pk=pk)
    return found


def opinion_crumbs(opinion: Opinion, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of an opinion: the body, the register, the opinion."""
    here = reverse("councils:opinion", args=[opinion.pk]) if pairs else ""
    named = f"Avis n° {opinion.number}" if opinion.number else "Avis en débat"
    register = ("Avis", reverse("councils:opinions"))
    return crumbs(opinion.body, register, (named, here), *pairs)


def request_crumbs(found: OpinionRequest, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a request."""
    here = reverse("councils:opinion_request", args=[found.pk]) if pairs else ""
    return crumbs(found.body, ("Demande d’avis", here), *pairs)


def paged(request: HttpRequest, rows: Any, size: int = PAGE) -> tuple[list[Any], dict[str, str]]:
    """The rows of a page of a list, and the addresses of the pages around it. One query."""
    number = page_of(request)
    first = (number - 1) * size
    found = list(rows[first : first + size + 1])
    kept = request.GET.copy()
    kept.pop("page", None)
    query = kept.urlencode()
    following = f"?{query}{'&' if query else ''}page={number + 1}"
    return found[:size], {
        "next_url": following if len(found) > size else "",
        "first_url": f"?{query}" if first else "",
    }


def ask(
    request: HttpRequest,
    form: Any,
    act: Callable[..., Any],
    *,
    back: str,
    done: str,
    heading: str,
    action: str,
    trail: list[dict[str, str]],
    **words: Any,
) -> HttpResponse:
    """A form, or a question without one, that calls one act and comes back; a refusal is told on
    the same page and nothing that was typed is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            act(**form.cleaned_data)
        except ValidationError as refused:
            tell_refused(form, refused)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        "form": form,
        "heading": heading,
        "action": action,
        "back": back,
        "crumbs": trail,
        "lead": "",
        "why": "",
        **words,
    }
    return render(request, "councils/opinion_form.html", context)


def tell_refused(form: Any, refused: ValidationError) -> None:
    """Why an act refused, beside its field when the form has it."""
    if hasattr(refused, "error_dict"):
        for name, errors in refused.message_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refused.messages)


def choose(
    request: HttpRequest,
    thing: Opinion | OpinionRequest,
    body: Body,
    act: Callable[..., Any],
    *,
    back: str,
    trail: list[dict[str, str]],
) -> HttpResponse:
    """Say what an opinion or a request is about, found by words, by address or by reference."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            act(thing, actor=actor, subject=thing_of(request.POST.get("sujet", "")))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, "Sujet enregistré.")
        return redirect(back)
    word = request.GET.get("mot", "").strip()[:200]
    where = Where(quartiers=frozenset(body.quartiers.values_list("pk", flat=True)))
    without: set[Node] = {thing.subject} if thing.subject else set()
    return render(
        request,
        "councils/opinion_subject.html",
        {
            "thing": thing,
            "subject": subject_of(actor, thing.subject),
            "word": word,
            "found": find_things(actor, word, where, without=without),
            "back": back,
            "crumbs": trail,
        },
    )


def asked_subject(request: HttpRequest) -> tuple[Node | None, str]:
    """What a page was asked to be about (?sujet=report:12, kept by the form), and its words."""
    given = request.POST.get("sujet") or request.GET.get("sujet", "")
    return thing_of(given), given
