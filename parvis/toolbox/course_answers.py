"""What the pages of courses have in common: who asks, the trail, a form that calls one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.toolbox import course_events as events
from parvis.toolbox.course_reading import ROWS
from parvis.toolbox.models import Course, Enrolment
from parvis.ui.unkept import unkept


def fetch_course(request: HttpRequest, pk: int, action: str = "see") -> Course:
    """The course, with the right to do that on it."""
    found: Course = rights.fetch(ROWS.all(), actor_of(request), action, pk=pk)
    return found


def url_of(course: Course) -> str:
    """The page of a course."""
    return reverse("toolbox:course", args=[course.pk])


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the toolbox and its list of courses down."""
    trail = [
        ("Boîte à outils", reverse("toolbox:sheets")),
        ("Formations et ateliers", reverse("toolbox:courses") if pairs else ""),
        *pairs,
    ]
    return [{"label": label, "url": url} for label, url in trail]


def ask(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], str],
    *,
    done: str,
    heading: str,
    action: str,
    back: str,
    trail: list[dict[str, str]],
    **words: Any,
) -> HttpResponse:
    """A form that calls one act, which gives the address to go to; a refusal is told on the same
    page and nothing that was typed is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            there = act(form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, done)
            return redirect(there)
    context = {
        "form": form,
        "heading": heading,
        "action": action,
        "back": back,
        "crumbs": trail,
        **words,
    }
    return render(request, "toolbox/course_form.html", context)


def tell(form: Any, refused: ValidationError) -> None:
    """Put a refusal on the form, beside its field where the form has it."""
    for name, words in getattr(refused, "message_dict", {None: refused.messages}).items():
        form.add_error(name if name in form.fields else None, words)


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that an enrolled person's own link opens: never kept, never indexed."""

    def wrapped(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        found = events.enrolment_from_token(token)
        if found is None:
            raise Http404
        bearer = actor_of(request).bearing("enrolment", found.pk)
        rights.fetch(Enrolment.objects.all(), bearer, pk=found.pk)
        return unkept(view(request, token, found, **more))

    return wrapped
