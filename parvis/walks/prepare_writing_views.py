"""Writing a walk down: its date and place, calling it off, who does what."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.gatherings.acts import cancel_gathering
from parvis.gatherings.forms import CancelForm
from parvis.gatherings.models import Guest, Registration
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.walks import planning
from parvis.walks.answers import crumbs, fetch_walk
from parvis.walks.models import Walk
from parvis.walks.prepare_forms import RoleForm, WalkForm
from parvis.walks.prepare_people import guests_of, may_name, people_of, roles_held, who_holds


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a walk for one's organisation."""
    actor = actor_of(request)
    form = WalkForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        organiser = get_object_or_404(Organisation, pk=actor.organisation_id or 0)
        try:
            made = planning.plan_walk(actor=actor, organiser=organiser, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Diagnostic enregistré. Posez maintenant ses arrêts.")
            return redirect("walks:route", made.pk)
    return _form(request, None, form, "Préparer un diagnostic", "Enregistrer et tracer le parcours")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a walk is for, its date or its place."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    if not planning.is_open(found):
        return redirect("walks:walk", pk)
    form = WalkForm(request.POST or None, actor=actor, walk=found)
    if request.method == "POST" and form.is_valid():
        try:
            planning.change_walk(found, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Diagnostic modifié.")
            return redirect("walks:walk", pk)
    return _form(request, found, form, "Modifier le diagnostic", "Enregistrer")


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a walk off, with a reason that everybody who was to come reads."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    if not planning.is_open(found):
        return redirect("walks:walk", pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_gathering(found.gathering, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Diagnostic annulé : chacun est prévenu.")
            return redirect("walks:walk", pk)
    return _form(request, found, form, "Annuler le diagnostic", "Annuler ce diagnostic")


def _form(
    request: HttpRequest, found: Walk | None, form: Any, heading: str, action: str
) -> HttpResponse:
    back = reverse("walks:walk", args=[found.pk]) if found else reverse("walks:walks")
    context = {
        "form": form,
        "heading": heading,
        "action": action,
        "back": back,
        "told": bool(found and found.convened_at and isinstance(form, WalkForm)),
        "crumbs": crumbs(found, (heading, "")),
    }
    return render(request, "walks/walk_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Who does what on the way; a POST gives a role."""
    actor, found = actor_of(request), fetch_walk(request, pk, "edit")
    if not planning.is_open(found):
        return redirect("walks:walk", pk)
    named = may_name(actor, found)
    guests, people = guests_of(found), people_of(found) if named else {}
    form = RoleForm(request.POST or None, guests=guests, people=people)
    if request.method == "POST" and form.is_valid():
        chosen = who_holds(form.cleaned_data["who"], guests, people)
        given: dict[str, Any] = {}
        if "guest" in chosen:
            given["guest"] = Guest.objects.get(pk=chosen["guest"])
        elif "person" in chosen:
            given["registration"] = Registration.objects.get(pk=chosen["person"])
        try:
            planning.give_role(found, form.cleaned_data["code"], **given)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Rôle donné.")
            return redirect("walks:roles", pk)
    return render(
        request,
        "walks/roles.html",
        {
            "walk": found,
            "held": roles_held(found, named=named),
            "form": form if guests or people else None,
            "named": named,
            "crumbs": crumbs(found, ("Qui fait quoi", "")),
        },
    )


@require_POST
def take_role_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody in particular holds that role any more."""
    found = fetch_walk(request, pk, "edit")
    role = {str(one.pk): one for one in found.roles.all()}.get(request.POST.get("role", ""))
    if role is not None:
        planning.take_role_back(role)
        messages.success(request, "Rôle repris.")
    return redirect("walks:roles", pk)
