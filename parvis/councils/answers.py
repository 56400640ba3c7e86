"""What the pages of this room have in common: who asks, what is refused, the trail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from parvis.councils.body_models import Body
from parvis.partners import rights
from parvis.partners.actors import actor_of

BODIES = Body.objects.select_related("organisation", "coordinator", "carrier")


def fetch_body(request: HttpRequest, pk: int, action: str = "see") -> Body:
    """The body, with the right to do that on it."""
    found: Body = rights.fetch(BODIES.all(), actor_of(request), action, pk=pk)
    return found


def number_in(text: str | None) -> int | None:
    """A number that an address or a form holds; None for anything else, or for one so long that no
    database keeps it."""
    wanted = text or ""
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None


def page_of(request: HttpRequest) -> int:
    """The page of a list that is asked for, from 1; the first one when it makes no sense."""
    return min(number_in(request.GET.get("page")) or 1, 10_000)


def crumbs(body: Body | None, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page: from the list of bodies down; the last one is where the reader is."""
    trail = [("Participation", reverse("councils:bodies"))]
    if body is not None:
        here = reverse("councils:body", args=[body.pk]) if pairs else ""
        trail.append((body.organisation.name, here))
    return [{"label": label, "url": url} for label, url in [*trail, *pairs]]


def words_field(
    label: str, *, length: int, required: bool = True, help_text: str = "", rows: int = 4
) -> forms.CharField:
    """Some sentences, of so many characters at most."""
    more: dict[str, Any] = {"attrs": {"rows": rows}}
    return forms.CharField(
        label=label,
        required=required,
        max_length=length,
        help_text=help_text,
        widget=forms.Textarea(**more),
    )
