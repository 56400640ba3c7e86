"""Puts the actor on the request and holds every door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from parvis.partners import lodges, rights, second_factor
from parvis.partners.actors import Actor, actors_of, chosen_actor


class ActorMiddleware:
    """`request.actor`, read when first asked; a URL without a declared door stays shut.

    `request.actors` lists every actor this person may be ("Agir pour"), from the same query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.doors = rights.doors()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actors = SimpleLazyObject(lambda: mandates_of(request))  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: acting(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.session.accessed and lodges.is_shift(request):
            # The telephone passes from hand to hand: « Back » must not show what was on it.
            response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        door = self.doors.get(name)
        if door is None:
            raise PermissionDenied(f"no door is declared for {name}")
        if door.opens_to == rights.NOBODY_AT_ALL:
            raise PermissionDenied("Cette page ne sert pas ici.")
        if door.opens_to == rights.EVERYONE:
            return None
        if not request.user.is_authenticated and lodges.COOKIE in request.COOKIES:
            return redirect("partners:lodge")  # a lodge's telephone, whose session has ended
        if not request.user.is_authenticated:
            # A form cannot be sent again after signing in: that leads to the first page instead.
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "")
        actor = request.actor  # type: ignore[attr-defined]
        if lodges.is_shift(request):
            if not actor.is_partner:
                lodges.end_shift(request)
                return redirect("partners:lodge")
            if door.opens_to == rights.SIGNED_IN:
                raise PermissionDenied("Le téléphone de la loge n’ouvre pas votre compte.")
        if door.opens_to == rights.PARTNERS and actor.held_back:
            asked = request.get_full_path() if request.method == "GET" else ""
            return redirect(f"{reverse('mfa_index')}?{urlencode({'next': asked})}")
        if door.opens_to == rights.PARTNERS and not actor.is_partner:
            return render(request, "partners/no_mandate.html", status=403)
        if door.roles and actor.role not in door.roles:
            raise PermissionDenied("Votre rôle n’ouvre pas cette page.")
        return None


def acting(request: HttpRequest) -> Actor:
    """Who asks; without any right as long as a second factor is due, public pages excepted."""
    actor = chosen_actor(request)
    if second_factor.is_asked_of(actor) and not second_factor.is_proved(request):
        return Actor(user_id=actor.user_id, user_name=actor.user_name, held_back=True)
    return actor


def mandates_of(request: HttpRequest) -> list[Actor]:
    """Every actor that whoever asks may be today; nobody is none."""
    user = request.user
    if not user.is_authenticated:
        return []
    return lodges.actors_on_shift(request) if lodges.is_shift(request) else actors_of(user)
