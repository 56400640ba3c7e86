"""Caretakers' lodges, as their responsable keeps them: residences, telephones, codes."""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.documents.codes import qr_code
from parvis.partners import lodges as acts
from parvis.partners.actors import ActorRequest
from parvis.partners.models import Lodge
from parvis.partners.rights import fetch
from parvis.upkeep.lodge_forms import CaretakerForm, LodgeForm, PhoneForm


@require_GET
def lodges(request: ActorRequest) -> HttpResponse:
    """The lodges of my organisation."""
    rows = Lodge.objects.visible_to(request.actor).annotate(
        residence_count=Count("residences", distinct=True),
        caretaker_count=Count("caretakers", distinct=True),
    )
    return render(request, "upkeep/lodges.html", {"lodges": rows.order_by("name", "pk")})


@require_GET
def lodge(request: ActorRequest, pk: int) -> HttpResponse:
    """One lodge: its residences, its telephones, who takes them."""
    found = fetch(Lodge.objects.all(), request.actor, pk=pk)
    return _page(request, found)


def _page(request: ActorRequest, found: Lodge, **more: object) -> HttpResponse:
    present = {one.pk for one in acts.caretakers_of(found)}
    caretakers = found.caretakers.select_related("person").order_by("person__name", "pk")
    context = {
        "lodge": found,
        "residences": list(found.residences.order_by("name", "pk")),
        "phones": list(found.phones.filter(revoked_at=None)),
        "caretakers": [(one, one.pk in present) for one in caretakers],
        "wrong_codes": acts.WRONG_CODES,
        "phone_form": PhoneForm(),
        "caretaker_form": CaretakerForm(found),
        **more,
    }
    return render(request, "upkeep/lodge.html", context)


@require_http_methods(["GET", "POST"])
def new_lodge(request: ActorRequest) -> HttpResponse:
    """A lodge of my organisation, over residences that it holds."""
    own: Any = request.actor.organisation_id  # the door let in partners alone
    made = Lodge(organisation_id=own)
    form = LodgeForm(request.POST or None, instance=made, organisation_id=own)
    return _written(request, form) or render(request, "upkeep/lodge_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def change_lodge(request: ActorRequest, pk: int) -> HttpResponse:
    """Its name and residences."""
    found = fetch(Lodge.objects.all(), request.actor, "edit", pk=pk)
    form = LodgeForm(request.POST or None, instance=found, organisation_id=found.organisation_id)
    page = {"form": form, "lodge": found}
    return _written(request, form) or render(request, "upkeep/lodge_form.html", page)


def _written(request: ActorRequest, form: LodgeForm) -> HttpResponse | None:
    if request.method != "POST" or not form.is_valid():
        return None
    with transaction.atomic():
        saved = form.save()
    messages.success(request, "La loge est enregistrée.")
    return redirect("upkeep:lodge", pk=saved.pk)


@never_cache
@require_POST
def new_phone(request: ActorRequest, pk: int) -> HttpResponse:
    """A link that enrols one telephone, shown once."""
    found = fetch(Lodge.objects.all(), request.actor, "edit", pk=pk)
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, found, phone_form=form)
    phone, token = acts.new_phone(found, form.cleaned_data["label"])
    link = f"{settings.SITE_URL}{reverse('partners:enrol_phone', args=[token])}"
    context = {"lodge": found, "phone": phone, "link": link, "square": _square(link)}
    return render(request, "upkeep/lodge_phone.html", context)


def _square(link: str) -> str:
    """The link as a QR code, for an `img`."""
    return f"data:image/svg+xml;base64,{base64.b64encode(qr_code(link)).decode()}"


@require_POST
def revoke_phone(request: ActorRequest, pk: int, phone: int) -> HttpResponse:
    """A telephone lost or replaced."""
    found = fetch(Lodge.objects.all(), request.actor, "edit", pk=pk)
    revoked = get_object_or_404(found.phones, pk=phone)
    acts.revoke_phone(revoked)
    messages.success(request, f"« {revoked.label} » n’ouvre plus rien.")
    return redirect("upkeep:lodge", pk=found.pk)


@never_cache
@require_POST
def give_code(request: ActorRequest, pk: int) -> HttpResponse:
    """A code for a caretaker, new or not, shown once."""
    found = fetch(Lodge.objects.all(), request.actor, "edit", pk=pk)
    form = CaretakerForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, caretaker_form=form)
    person = form.cleaned_data["person"]
    code = acts.give_code(found, person)
    return render(
        request, "upkeep/lodge_code.html", {"lodge": found, "person": person, "code": code}
    )


@require_POST
def remove_caretaker(request: ActorRequest, pk: int, caretaker: int) -> HttpResponse:
    """Somebody who takes this lodge's telephones no more."""
    found = fetch(Lodge.objects.all(), request.actor, "edit", pk=pk)
    removed = get_object_or_404(found.caretakers.select_related("person"), pk=caretaker)
    removed.delete()
    messages.success(request, f"{removed.person} ne prend plus le téléphone de cette loge.")
    return redirect("upkeep:lodge", pk=found.pk)
