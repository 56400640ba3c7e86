"""What the pages of draws have in common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from parvis.councils.answers import crumbs
from parvis.councils.draw_models import Draw, DrawnPerson
from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of

DRAWS = Draw.objects.select_related("body__organisation", "body__coordinator", "runner")
PEOPLE = DrawnPerson.objects.select_related("draw__body__organisation", "draw__runner", "contact")


def fetch_draw(request: HttpRequest, pk: int, action: str = "see") -> Draw:
    """The draw, with the right to do that on it."""
    found: Draw = rights.fetch(DRAWS.all(), actor_of(request), action, pk=pk)
    return found


def fetch_person(request: HttpRequest, pk: int) -> DrawnPerson:
    """Somebody whom a draw of ours named, with the right to call them."""
    found: DrawnPerson = rights.fetch(PEOPLE.all(), actor_of(request), "call", pk=pk)
    return found


def may_run(actor: Actor, draw: Draw) -> bool:
    """Whether this actor runs that draw."""
    return bool(Draw.objects.allowed(actor, "run").filter(pk=draw.pk).exists())


def trail(draw: Draw, *pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The trail of a page of a draw."""
    listing = reverse("councils:draws", args=[draw.body_id])
    here = reverse("councils:draw", args=[draw.pk]) if pairs else ""
    return crumbs(draw.body, ("Tirages au sort", listing), (draw.title, here), *pairs)


def words_of(wrong: ValidationError) -> str:
    """What an act refused, on one line."""
    return " ".join(wrong.messages)


def put_errors(form: Any, wrong: ValidationError) -> None:
    """Show what an act refused beside its field, or above the form."""
    if not hasattr(wrong, "error_dict"):
        form.add_error(None, wrong.messages)
        return
    for name, words in wrong.message_dict.items():
        form.add_error(name if name in form.fields else None, words)
