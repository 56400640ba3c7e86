"""Writing down a body and keeping it up: what it says, its regime, its seats, its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from parvis.councils import body_changes
from parvis.councils.answers import crumbs, fetch_body
from parvis.councils.body_access import may_create
from parvis.councils.body_acts import open_seats, publish_body
from parvis.councils.body_forms import (
    CreateForm,
    DissolveForm,
    EditForm,
    RecognitionForm,
    RegimeForm,
    SeatsForm,
    tell,
)
from parvis.councils.body_models import Body, CouncilSeat
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation


def form_page(
    request: HttpRequest, body: Body | None, form: BaseForm, heading: str, **words: Any
) -> HttpResponse:
    """The page of one form; `words`: its button, an introduction, where to go back to."""
    there = reverse("councils:body", args=[body.pk]) if body else reverse("councils:bodies")
    context = {
        "body": body,
        "form": form,
        "heading": heading,
        "back": there,
        "action": "Enregistrer",
        "crumbs": crumbs(body, (heading, "")),
        **words,
    }
    return render(request, "councils/body_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Write down a body; nobody else sees it until it is published."""
    actor = actor_of(request)
    if not may_create(actor):
        raise PermissionDenied
    form = CreateForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        coordinator = Organisation.objects.get(pk=actor.organisation_id or 0)
        try:
            made = body_changes.found_body(
                actor=actor, coordinator=coordinator, **form.cleaned_data
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "C’est créé. Ouvrez maintenant ses sièges.")
            return redirect("councils:composition", made.pk)
    return form_page(
        request,
        None,
        form,
        "Créer une instance",
        action="Créer l’instance",
        intro="Elle ne sera visible du public qu’une fois publiée.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a body says of itself and its means."""
    found = fetch_body(request, pk, "edit")
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EditForm(*data, actor=actor_of(request), body=found)
    if request.method == "POST" and form.is_valid():
        try:
            body_changes.edit_body(found, **form.fields_of_body(timezone.localdate()))
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("councils:body", pk)
    return form_page(request, found, form, "Modifier la présentation")


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a body to everybody."""
    publish_body(fetch_body(request, pk, "edit"), actor=actor_of(request))
    messages.success(request, "L’instance est publiée : tout le monde peut la lire.")
    return redirect("councils:body", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """End a body, and the terms that run in it."""
    found = fetch_body(request, pk, "edit")
    form = DissolveForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            body_changes.dissolve_body(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "L’instance est dissoute. Sa page reste lisible.")
            return redirect("councils:body", pk)
    return form_page(
        request,
        found,
        form,
        "Dissoudre l’instance",
        action="Dissoudre l’instance",
        intro="C’est définitif : tous les mandats se terminent. Ce qu’elle a fait reste lisible.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def regime(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a body go by other rules from a day on."""
    found = fetch_body(request, pk, "edit")
    form = RegimeForm(request.POST or None, body=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            body_changes.change_regime(
                found, given["regime"], actor=actor_of(request), since=given["since"]
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Le régime est changé.")
            return redirect("councils:body", pk)
    return form_page(request, found, form, "Changer de régime", action="Changer de régime")


@require_http_methods(["GET", "HEAD", "POST"])
def recognise_body(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an act that recognises the body."""
    found = fetch_body(request, pk, "edit")
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RecognitionForm(*data)
    if request.method == "POST" and form.is_valid():
        try:
            body_changes.recognise(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "L’arrêté est noté.")
            return redirect("councils:body", pk)
    return form_page(
        request,
        found,
        form,
        "Noter un arrêté de reconnaissance",
        intro="L’arrêté se lira sur la page publique : vérifiez qu’il n’y figure pas de nom "
        "qu’un membre ne montre pas.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seats(request: HttpRequest, pk: int) -> HttpResponse:
    """Open seats in a college."""
    found = fetch_body(request, pk, "compose")
    form = SeatsForm(request.POST or None, body=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            open_seats(
                given["college"], given["kind"], given["how_many"], quartier=given["quartier"]
            )
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Les sièges sont ouverts.")
            return redirect("councils:composition", pk)
    return form_page(
        request,
        found,
        form,
        "Ouvrir des sièges",
        action="Ouvrir ces sièges",
        back=reverse("councils:composition", args=[pk]),
    )


def seat_of(body: Body, seat: int) -> CouncilSeat:
    """A seat of that body; Http404 when it has no such seat."""
    rows = CouncilSeat.objects.select_related("college__body", "quartier")
    found = rows.defer("quartier__outline").filter(college__body=body, pk=seat).first()
    if found is None:
        raise Http404
    return found


@require_POST
def remove_seat(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Close a seat that nobody holds, from today on."""
    found = fetch_body(request, pk, "compose")
    try:
        body_changes.close_seat(seat_of(found, seat), on=timezone.localdate())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, "Le siège est supprimé.")
    return redirect("councils:composition", pk)
