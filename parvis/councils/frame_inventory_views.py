"""The inventory of the participation that exists: read by everybody, written by coordinations."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.councils import frame_inventory as acts
from parvis.councils.answers import crumbs, page_of
from parvis.councils.frame_access import writes_frames
from parvis.councils.frame_forms import ParticipationForm
from parvis.councils.frame_models import Participation
from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.partners.models import Organisation
from parvis.places.models import Commune

both = require_http_methods(["GET", "HEAD", "POST"])
LABEL = "Participation existante"


def coordinator_of(request: HttpRequest) -> Organisation:
    """The agglomération for which the actor coordinates; PermissionDenied for anybody else."""
    actor = actor_of(request)
    if not writes_frames(actor) or actor.organisation_id is None:
        raise PermissionDenied
    return Organisation.objects.select_related("commune").get(pk=actor.organisation_id)


def _cut(request: HttpRequest) -> tuple[str, bool]:
    return request.GET.get("commune", "")[:8], request.GET.get("voir") == "rien"


@require_safe
def inventory(request: HttpRequest) -> HttpResponse:
    """Quartier by quartier, what exists, and where nothing does."""
    actor = actor_of(request)
    commune, bare = _cut(request)
    page = page_of(request)
    first = (page - 1) * acts.BY_PAGE
    rows = acts.quartiers_listed(commune, bare=bare)
    some = list(rows.prefetch_related("communes")[first : first + acts.BY_PAGE + 1])
    kept = {**({"commune": commune} if commune else {}), **({"voir": "rien"} if bare else {})}
    query = urlencode(kept)
    communes = Commune.objects.filter(quartiers__isnull=False).distinct().order_by("name")
    return render(
        request,
        "councils/frame_inventory.html",
        {
            "groups": acts.groups_of(actor, some[: acts.BY_PAGE]),
            "communes": list(communes.values_list("code", "name")),
            "commune": commune,
            "bare": bare,
            "writes": writes_frames(actor),
            "exports": [
                {
                    "label": ending,
                    "url": reverse("councils:inventory_export", args=[ending])
                    + (f"?{query}" if query else ""),
                }
                for ending in acts.ENDINGS
            ],
            "next_url": f"?{urlencode({**kept, 'page': page + 1})}"
            if len(some) > acts.BY_PAGE
            else "",
            "first_url": f"?{query}" if first else "",
            "crumbs": crumbs(None, (LABEL, "")),
        },
    )


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same as a table."""
    if form not in acts.ENDINGS:
        raise Http404
    commune, bare = _cut(request)
    return acts.inventory_table(form, commune, bare=bare)


@both
def new_participation(request: HttpRequest) -> HttpResponse:
    """Add what was found in a quartier."""
    return _write(request, coordinator_of(request), None, {})


def _fetch(request: HttpRequest, pk: int) -> Participation:
    rows = Participation.objects.select_related("coordinator__commune", "quartier")
    found: Participation = rights.fetch(rows, actor_of(request), "edit", pk=pk)
    return found


@both
def edit_participation(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct it, or say that it ended."""
    found = _fetch(request, pk)
    names = ("form", "name", "run_by", "audience", "rhythm", "since", "until", "note")
    initial = {name: getattr(found, name) for name in names}
    initial |= {"quartier": found.quartier_id, "body": found.body_id}
    return _write(request, found.coordinator, found, initial)


def _write(
    request: HttpRequest,
    coordinator: Organisation,
    found: Participation | None,
    initial: dict[str, Any],
) -> HttpResponse:
    form = ParticipationForm(request.POST or None, initial=initial, coordinator=coordinator)
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_participation(found, coordinator=coordinator, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "C’est dans l’inventaire.")
            return redirect("councils:inventory")
    heading = f"Modifier « {found.name} »" if found else "Ajouter à l’inventaire"
    there = reverse("councils:inventory")
    return render(
        request,
        "councils/frame_form.html",
        {
            "form": form,
            "heading": heading,
            "lead": "Qui l’anime, pour qui, depuis quand : tout le monde pourra le lire.",
            "action": "Enregistrer",
            "back": there,
            "removing": reverse("councils:remove_participation", args=[found.pk]) if found else "",
            "removing_label": "Retirer de l’inventaire",
            "crumbs": crumbs(None, (LABEL, there), (heading, "")),
        },
    )


@require_POST
def remove_participation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out what was written by mistake."""
    found = _fetch(request, pk)
    acts.remove_participation(found)
    messages.success(request, f"« {found.name} » n’est plus dans l’inventaire.")
    return redirect("councils:inventory")
