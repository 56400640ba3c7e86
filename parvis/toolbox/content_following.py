"""Saying that something follows a sheet: an action, a walk, a line of a programme.

The thread then shows the sheet on their pages, and them on the sheet's. It is no cause: what calls
for an action is linked otherwise, so this link has a kind of its own.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect

from parvis.partners.actors import Actor, ActorRequest
from parvis.thread import acts
from parvis.toolbox.models import Sheet
from parvis.toolbox.publishing import KIND

FOLLOWS = "follows"


def follow_sheet(actor: Actor, given: str, thing: acts.Thing) -> Sheet:
    """Link a published sheet to what follows it; the caller asked for the right on that thing.

    ValidationError with words for people when there is no such sheet.
    """
    digits = given if given.isascii() and given.isdigit() and len(given) < 15 else "0"
    sheet: Sheet | None = Sheet.objects.visible_to(actor).filter(pk=int(digits), live=True).first()
    if sheet is None:
        raise ValidationError("Choisissez une fiche publiée de la boîte à outils.")
    acts.link(actor, (KIND, sheet.pk), thing, kind=FOLLOWS)
    return sheet


def say_it_follows(request: ActorRequest, thing: acts.Thing, back: str) -> HttpResponse:
    """What a page of an upper room does with the sheet chosen there."""
    try:
        sheet = follow_sheet(request.actor, request.POST.get("sheet", ""), thing)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, f"C’est noté : le fil montre « {sheet.title} ».")
    return redirect(back)
