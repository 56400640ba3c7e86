"""The space of a member: their own, or opened by the animator for somebody without an account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.councils import space_acts as acts
from parvis.councils.answers import crumbs
from parvis.councils.body_access import MEMBER
from parvis.councils.models import Member
from parvis.councils.space_access import is_in_network
from parvis.councils.space_reading import MEMBERS, PRESENCES, member_of, space_content
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.ui.words import of


def fetch_member(request: HttpRequest, pk: int, action: str = "act") -> Member:
    """The member, with the right to do that for them."""
    found: Member = rights.fetch(MEMBERS.all(), actor_of(request), action, pk=pk)
    return found


def space_url(request: HttpRequest, member: Member) -> str:
    """Where this reader finds the space of a member: their own, or the one opened for them."""
    if member.user_id is not None and member.user_id == actor_of(request).user_id:
        return reverse("councils:space")
    return reverse("councils:space_of", args=[member.pk])


def space_crumbs(
    request: HttpRequest, member: Member, *pairs: tuple[str, str]
) -> list[dict[str, str]]:
    """The trail from a body to the space of one of its members."""
    mine = member.user_id is not None and member.user_id == actor_of(request).user_id
    label = "Mon espace" if mine else f"Espace {of(member.name)}"
    return crumbs(member.body, (label, space_url(request, member) if pairs else ""), *pairs)


@require_safe
def space(request: HttpRequest) -> HttpResponse:
    """My space; who animates a body also finds its members, to act for them."""
    actor = actor_of(request)
    member = member_of(actor)
    others = []
    if actor.role == "responsable":
        others = list(MEMBERS.filter(MEMBER.condition(actor, "act")).order_by("body", "number"))
    others = [one for one in others if one.user_id != actor.user_id]
    if member is None:
        return render(
            request,
            "councils/space_none.html",
            {"others": others, "crumbs": crumbs(None, ("Mon espace", ""))},
        )
    return _space(request, member, {"others": others})


@require_safe
def space_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page, opened by the animator for a member."""
    return _space(request, fetch_member(request, pk), {})


def _space(request: HttpRequest, member: Member, more: dict[str, Any]) -> HttpResponse:
    actor = actor_of(request)
    content = space_content(member, actor, timezone.now())
    content |= {"network": is_in_network(actor), "crumbs": space_crumbs(request, member)}
    return render(request, "councils/space.html", {**content, **more})


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """« Je viens » or « je suis excusé », in one click."""
    presence = rights.fetch(PRESENCES, actor_of(request), "answer", pk=pk)
    try:
        acts.answer_presence(presence, request.POST.get("answer", ""))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Réponse enregistrée. Vous pouvez la changer jusqu’à la séance.")
    return redirect(space_url(request, presence.member))
