"""Reading an orientation: only in the answer to a post, which nothing keeps, and logged."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from parvis.partners.actors import ActorRequest
from parvis.ui.unkept import unkept
from parvis.vigilance.models import Entry, Orientation, OrientationSecret
from parvis.vigilance.orientation_forms import GlassForm
from parvis.vigilance.orientation_reading import open_secret
from parvis.vigilance.sealing import LostKeyError
from parvis.vigilance.views.orientations import fetch, page_of, trail


@require_POST
def read(request: ActorRequest, pk: int) -> HttpResponse:
    """The content, to who was named to open it."""
    found = fetch(request, pk, "read")
    # The second lock: the right to the content itself, asked of its own policy.
    if not OrientationSecret.objects.visible_to(request.actor).filter(pk=pk).exists():
        return _erased(request, pk)
    return _open(request, found, Entry.Code.READ)


@require_POST
def break_glass(request: ActorRequest, pk: int) -> HttpResponse:
    """The content, to a responsable of the service who was not named, with a written reason."""
    found = fetch(request, pk, "break")
    form = GlassForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, act="break", form=form)
    return _open(request, found, Entry.Code.GLASS_BROKEN, form.cleaned_data["reason"])


@sensitive_variables()
def _open(request: ActorRequest, found: Orientation, code: str, reason: str = "") -> HttpResponse:
    try:
        secret = open_secret(found, code, actor=request.actor, reason=reason)
    except LostKeyError:
        return lost(request, found)
    except OrientationSecret.DoesNotExist:
        return _erased(request, found.pk)
    page = reverse("vigilance:orientation", args=[found.pk])
    context = {
        "one": found,
        "secret": secret,
        "dial": re.sub(r"[^\d+]", "", secret.get("phone", "")),
        "broken": code == Entry.Code.GLASS_BROKEN,
        "crumbs": trail((f"Orientation {found.code}", page), ("Lecture", "")),
    }
    return unkept(render(request, "vigilance/orientation_read.html", context))


def lost(request: ActorRequest, found: Orientation) -> HttpResponse:
    """The key that sealed it is not here: nobody can read it, and what to do."""
    page = reverse("vigilance:orientation", args=[found.pk])
    crumbs = trail((f"Orientation {found.code}", page), ("Lecture", ""))
    context = {"one": found, "crumbs": crumbs}
    return unkept(render(request, "vigilance/orientation_lost.html", context))


def _erased(request: ActorRequest, pk: int) -> HttpResponse:
    messages.info(
        request, "Le contenu de cette orientation est effacé : il n’y a plus rien à lire."
    )
    return redirect("vigilance:orientation", pk)
