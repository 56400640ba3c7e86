"""How residents make a delivered place their own: workshops, guides, visits at home."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.documents.files import file_response
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.works.acts import appropriation as acts
from parvis.works.handover_forms import AttachForm, GuideForm, VisitsForm, WorkshopForm
from parvis.works.views.deliveries import METHODS, add_errors, fetch_delivery, form_page


@require_http_methods(METHODS)
def new_guide(request: HttpRequest, pk: int) -> HttpResponse:
    """Give residents how to use what is new."""
    found = fetch_delivery(request, pk, "edit")
    form = GuideForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.give_guide(found, **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Mode d’emploi ajouté.")
            return redirect("works:delivery", pk)
    return form_page(request, found, form, "Ajouter un mode d’emploi", "Ajouter")


@require_safe
def guide(request: HttpRequest, pk: int, guide: int) -> FileResponse:
    """The file of a guide, for who sees the place."""
    found = get_object_or_404(fetch_delivery(request, pk).guides, pk=guide)
    if not found.file:
        raise Http404
    return file_response(found.file, found.title)


@require_POST
def remove_guide(request: HttpRequest, pk: int, guide: int) -> HttpResponse:
    """Take a guide away."""
    found = get_object_or_404(fetch_delivery(request, pk, "edit").guides, pk=guide)
    acts.remove_guide(found)
    messages.success(request, "Mode d’emploi retiré.")
    return redirect("works:delivery", pk)


@require_http_methods(METHODS)
def new_visits(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a round of visits at home."""
    found = fetch_delivery(request, pk, "edit")
    form = VisitsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.note_visits(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            messages.success(request, "Visites notées.")
            return redirect("works:delivery", pk)
    lead = "Des nombres seulement : Parvis ne garde aucun nom, ni aucun logement."
    return form_page(request, found, form, "Noter des visites à domicile", "Noter", lead=lead)


@require_POST
def remove_visits(request: HttpRequest, pk: int, visits: int) -> HttpResponse:
    """Take back a round that was written by mistake."""
    get_object_or_404(fetch_delivery(request, pk, "edit").home_visits, pk=visits).delete()
    messages.success(request, "Visites retirées.")
    return redirect("works:delivery", pk)


@require_http_methods(METHODS)
def new_workshop(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a workshop and attach it, in one step."""
    actor, found = actor_of(request), fetch_delivery(request, pk, "edit")
    place = found.residence.name if found.residence else ""
    form = WorkshopForm(request.POST or None, initial={"place_label": place, "published": True})
    if request.method == "POST" and form.is_valid():
        organiser = Organisation.objects.get(pk=actor.organisation_id or 0)
        try:
            made = acts.plan_workshop(found, actor=actor, organiser=organiser, **form.cleaned_data)
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            words = "publié : chacun peut s’y inscrire ou y venir" if made.published_at else "prévu"
            messages.success(request, f"Atelier {words}.")
            return redirect("works:delivery", pk)
    other = reverse("works:attach_gathering", args=[pk])
    return form_page(
        request,
        found,
        form,
        "Prévoir un atelier",
        "Prévoir l’atelier",
        beside={"url": other, "label": "Rattacher un rendez-vous déjà prévu"},
    )


@require_http_methods(METHODS)
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a date of one's organisation that is planned already."""
    actor, found = actor_of(request), fetch_delivery(request, pk, "edit")
    form = AttachForm(request.POST or None, actor=actor, delivery=found)
    if request.method == "POST" and form.is_valid():
        acts.attach_gathering(found, form.cleaned_data["gathering"], actor=actor)
        messages.success(request, "Rendez-vous rattaché.")
        return redirect("works:delivery", pk)
    other = reverse("works:new_workshop", args=[pk])
    return form_page(
        request,
        found,
        form,
        "Rattacher un rendez-vous",
        "Rattacher",
        lead="Les rendez-vous de votre organisation, passés ou à venir.",
        beside={"url": other, "label": "Prévoir un nouvel atelier"},
    )


@require_POST
def detach(request: HttpRequest, pk: int, gathering: int) -> HttpResponse:
    """A date has nothing to do with this place; it stays planned."""
    found = fetch_delivery(request, pk, "edit")
    acts.detach_gathering(found, get_object_or_404(found.gatherings, pk=gathering))
    messages.success(request, "Rendez-vous détaché : il reste prévu.")
    return redirect("works:delivery", pk)
