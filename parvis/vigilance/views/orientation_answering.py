"""What a service answers to an orientation, and a person's word taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from parvis.partners.actors import ActorRequest
from parvis.partners.rights import Refused
from parvis.vigilance import orientation_acts as acts
from parvis.vigilance.models import Orientation
from parvis.vigilance.views.orientations import FORMS, elsewhere, fetch, page_of

ACTS: dict[str, Any] = {
    "accept": (
        acts.accept,
        "Vous prenez en charge cette orientation. La personne attend un appel.",
    ),
    "refuse": (acts.refuse, "Refus enregistré : la personne qui a orienté est prévenue."),
    "redirect": (acts.redirect, "Orientation transmise à l’autre service."),
    "contact": (acts.note_contact, "Contact noté."),
    "close": (acts.close, "Orientation terminée : la personne qui a orienté sait ce qu’il en est."),
}


@require_POST
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """Take it over, refuse it, pass it on, note a contact, or say what came of it."""
    found = fetch(request, pk, "answer")
    do = request.POST.get("do", "")
    if do not in ACTS:
        messages.error(request, "Choisissez une réponse.")
        return redirect("vigilance:orientation", pk)
    given = {"doors": elsewhere(found)} if do == "redirect" else {}
    form = FORMS[do](request.POST, **given)
    if not form.is_valid():
        return page_of(request, found, act=do, form=form)
    act, said = ACTS[do]
    try:
        act(found, actor=request.actor, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, said)
    return _back(request, pk)


@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """The person does not want it any more: the content is erased at once."""
    found = fetch(request, pk, "withdraw")
    try:
        acts.withdraw(found, actor=request.actor)
    except Refused as refused:
        messages.info(request, " ".join(refused.messages))
    else:
        messages.success(request, f"Le contenu de l’orientation {found.code} est effacé.")
    return _back(request, pk)


def _back(request: ActorRequest, pk: int) -> HttpResponse:
    """Its page, or the list for who passed it on and sees it no more."""
    if Orientation.objects.visible_to(request.actor).filter(pk=pk).exists():
        return redirect("vigilance:orientation", pk)
    return redirect("vigilance:received")
