"""What the pages of programmes and lines have in common: who asks, the trail, and the answers to
two people who write at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.rights import Refused
from parvis.tfpb.holding import refuse_sent
from parvis.tfpb.programme_merging import Overtaken, written_out
from parvis.tfpb.programme_models import Line, Programme

PROGRAMMES = Programme.objects.select_related(
    "landlord", "commune", "quartier", "convention__agreement"
).defer("commune__outline", "quartier__outline")
LINES = Line.objects.select_related(
    "programme__landlord",
    "programme__commune",
    "programme__quartier",
    "programme__convention",
    "usual_means",
    "action",
    "split__pilot",
).defer("programme__commune__outline", "programme__quartier__outline")


def fetch_programme(request: HttpRequest, pk: int, action: str = "see") -> Programme:
    """The programme, with the right to do that on it."""
    found: Programme = rights.fetch(PROGRAMMES.all(), actor_of(request), action, pk=pk)
    return found


def fetch_line(request: HttpRequest, pk: int, action: str = "see") -> Line:
    """The line, with the right to do that on it."""
    found: Line = rights.fetch(LINES.all(), actor_of(request), action, pk=pk)
    return found


def url_of(programme: Programme) -> str:
    """The page of a programme."""
    return reverse("tfpb:programme", args=[programme.pk])


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of programmes down."""
    trail = [("Programmes TFPB", reverse("tfpb:programmes")), *pairs]
    return [{"label": label, "url": url} for label, url in trail]


def programme_crumb(programme: Programme) -> tuple[str, str]:
    """A programme in the trail of its pages."""
    words = f"{programme.landlord}, {programme.quartier}, {programme.year}"
    return words, url_of(programme)


def line_crumb(line: Line) -> tuple[str, str]:
    """A line in the trail of its pages."""
    return line.title, reverse("tfpb:line", args=[line.pk])


def sent_already(request: HttpRequest, programme: Programme) -> HttpResponse | None:
    """For who opens a writing page too late: back to the programme, with a word."""
    try:
        refuse_sent(programme)
    except Refused:
        state = programme.get_state_display()
        messages.error(request, f"Ce programme est {state} : il ne change plus.")
        return redirect(url_of(programme))
    return None


def write(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    words: dict[str, str],
    in_words: Callable[[str, Any], str],
    there: str,
    trail: list[dict[str, str]],
) -> HttpResponse | None:
    """Run an act that writes what a form holds, and go on. Who wrote over somebody else's words is
    shown both; what is refused is said on the form, which keeps all that was typed (then None)."""
    try:
        act()
    except Overtaken as overtaken:
        return _difference(request, overtaken, words, in_words, there, trail)
    except ValidationError as refused:
        tell(form, refused)
        return None
    messages.success(request, "Enregistré.")
    return redirect(there)


def _difference(
    request: HttpRequest,
    overtaken: Overtaken,
    words: dict[str, str],
    in_words: Callable[[str, Any], str],
    there: str,
    trail: list[dict[str, str]],
) -> HttpResponse:
    context = {
        "thing": overtaken.thing,
        "read": written_out(overtaken.again),
        "fields": [
            {
                "label": words[name],
                "theirs": in_words(name, overtaken.theirs[name]),
                "mine": in_words(name, overtaken.mine[name]),
            }
            for name in overtaken.theirs
        ],
        "posted": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "version", "read")
            for value in values
        ],
        "there": there,
        "crumbs": trail,
    }
    return render(request, "tfpb/programme_difference.html", context, status=409)


def tell(form: forms.Form, refused: ValidationError) -> None:
    """Words of the act on the form, on the field when the form has it."""
    if isinstance(refused, Refused):
        form.add_error(None, ValidationError(" ".join(refused.messages), code="late"))
        return
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, wrong in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, wrong)


def status_of(form: forms.Form) -> int:
    """409 when what was written came too late, once the programme was sent; else 200."""
    return 409 if form.is_bound and form.has_error(NON_FIELD_ERRORS, "late") else 200


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    back: str,
    trail: list[dict[str, str]],
    lead: str = "",
) -> HttpResponse:
    """A page with one form."""
    context = {
        "form": form,
        "heading": heading,
        "lead": lead,
        "button": button,
        "back": back,
        "crumbs": trail,
    }
    return render(request, "tfpb/programme_form.html", context, status=status_of(form))
