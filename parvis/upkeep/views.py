"""Who keeps up what: pages of partners, written by the coordination."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.places.outlines import quartier_outlines
from parvis.upkeep import acts, listing, themes
from parvis.upkeep.forms import AreaForm, EndForm, FilterForm, HoldingForm
from parvis.upkeep.models import ManagedArea


@require_GET
def areas(request: HttpRequest) -> HttpResponse:
    """Managed areas that I may see, by commune, filtered."""
    form = FilterForm(request.GET or None, actor=actor_of(request))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    today = timezone.localdate()
    after = _key(request)
    page = listing.areas_page(actor_of(request), wanted=wanted, after=after, today=today)
    drawn = [_feature(area) for area in page.rows if area.outline]
    return render(
        request,
        "upkeep/areas.html",
        {
            "form": form,
            "areas": page.rows,
            "today": today,
            "filtered": any(wanted.values()),
            "features": {"type": "FeatureCollection", "features": drawn} if drawn else None,
            "may_write": actor_of(request).role == "coordination",
            **_pager(request, page.after),
        },
    )


@require_GET
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """One managed area, what it replaced and what replaced it."""
    found = rights.fetch(
        ManagedArea.objects.select_related(
            "commune", "quartier", "residence__commune", "manager", "owner"
        ).defer("quartier__outline", "commune__outline", "residence__commune__outline"),
        actor_of(request),
        pk=pk,
    )
    may_edit = ManagedArea.objects.allowed(actor_of(request), "edit").filter(pk=pk).exists()
    around = list(
        ManagedArea.objects.visible_to(actor_of(request))
        .filter(Q(pk=found.replaces_id) | Q(replaces=found))
        .select_related("manager")
        .defer("outline")
        .order_by("pk")
    )
    today = timezone.localdate()
    outlines = {"type": "FeatureCollection", "features": [_feature(found)]}
    return render(
        request,
        "upkeep/area.html",
        {
            "area": found,
            "themes": themes.labels(found.theme_codes),
            "before": [other for other in around if other.pk == found.replaces_id],
            "following": [other for other in around if other.pk != found.replaces_id],
            "features": outlines if found.outline else None,
            "ended": bool(found.ends_on and found.ends_on < today),
            "to_come": bool(found.starts_on and found.starts_on > today),
            "may_edit": may_edit,
            "end_form": EndForm(initial={"last_day": today}),
            "crumbs": _crumbs(found.name),
        },
    )


@require_http_methods(["GET", "POST"])
def new_area(request: HttpRequest) -> HttpResponse:
    """Write a new managed area."""
    form = AreaForm(
        request.POST or None,
        request.FILES or None,
        actor=actor_of(request),
        initial={"starts_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.write_area(actor_of(request), **form.fields_of_area())
        except acts.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"L’espace « {made.name} » est enregistré.")
            return redirect("upkeep:area", made.pk)
    return _area_page(request, form, "Nouvel espace géré", "Enregistrer l’espace")


@require_http_methods(["GET", "POST"])
def change_area(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an area from a day on; what it was until then stays readable."""
    found = rights.fetch(ManagedArea.objects.all(), actor_of(request), "edit", pk=pk)
    form = AreaForm(
        request.POST or None,
        request.FILES or None,
        actor=actor_of(request),
        area=found,
        initial=AreaForm.initial_of(found),
    )
    if request.method == "POST" and form.is_valid():
        fields = form.fields_of_area()
        from_day = fields.pop("starts_on")
        try:
            made = acts.change_area(actor_of(request), found, from_day=from_day, **fields)
        except acts.Refused as refused:
            form.add_error("starts_on", str(refused))
        else:
            messages.success(request, f"L’espace « {made.name} » est modifié.")
            return redirect("upkeep:area", made.pk)
    heading = f"Modifier « {found.name} »"
    return _area_page(request, form, heading, "Enregistrer le changement", found.outline)


def _area_page(
    request: HttpRequest, form: AreaForm, title: str, action: str, present: Any = None
) -> HttpResponse:
    """The form; the map on which one draws lies over the quartiers that it offers."""
    context = {
        "form": form,
        "heading": title,
        "action": action,
        "crumbs": _crumbs(title),
        "present": present,
        "outlines": quartier_outlines(form.offered_quartiers()),
        "frames": form.frames(),
    }
    return render(request, "upkeep/area_form.html", context)


@require_POST
def end_area(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the last day of an area."""
    found = rights.fetch(ManagedArea.objects.all(), actor_of(request), "edit", pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez le dernier jour de l’espace.")
        return redirect("upkeep:area", pk)
    try:
        acts.end_area(found, last_day=form.cleaned_data["last_day"])
    except acts.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"La fin de « {found.name} » est enregistrée.")
    return redirect("upkeep:area", pk)


@require_GET
def holdings(request: HttpRequest) -> HttpResponse:
    """Residences, who holds them, and those that nobody holds."""
    today = timezone.localdate()
    page = listing.holdings_page(actor_of(request), after=_key(request), today=today)
    return render(
        request,
        "upkeep/holdings.html",
        {
            "holdings": page.rows,
            "orphans": listing.without_holder(actor_of(request), today),
            "today": today,
            "may_write": actor_of(request).role == "coordination",
            "crumbs": _crumbs("Résidences et bailleurs"),
            **_pager(request, page.after),
        },
    )


@require_http_methods(["GET", "POST"])
def new_holding(request: HttpRequest) -> HttpResponse:
    """A landlord takes over a residence from a day on."""
    initial = {"residence": request.GET.get("residence"), "from_day": timezone.localdate()}
    form = HoldingForm(request.POST or None, actor=actor_of(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            acts.hand_over(
                actor_of(request),
                data["residence"],
                data["organisation"],
                from_day=data["from_day"],
            )
        except acts.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Le bailleur de « {data['residence']} » est enregistré.")
            return redirect("upkeep:holdings")
    crumbs = [
        *_crumbs("")[:1],
        {"label": "Résidences et bailleurs", "url": reverse("upkeep:holdings")},
        {"label": "Nouveau bailleur", "url": ""},
    ]
    return render(request, "upkeep/holding_form.html", {"form": form, "crumbs": crumbs})


def _crumbs(last: str) -> list[dict[str, str]]:
    return [
        {"label": "Qui gère quoi", "url": reverse("upkeep:areas")},
        {"label": last, "url": ""},
    ]


def _key(request: HttpRequest) -> int | None:
    """The key after which the page starts; anything else than a number starts it over."""
    given = request.GET.get("apres", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _pager(request: HttpRequest, after: int | None) -> dict[str, str]:
    query = request.GET.copy()
    here = query.pop("apres", None)
    first = f"{request.path}?{query.urlencode()}" if here else ""
    if after is None:
        return {"next_url": "", "first_url": first}
    query["apres"] = str(after)
    return {"next_url": f"{request.path}?{query.urlencode()}", "first_url": first}


def _feature(area: ManagedArea) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": area.outline,
        "properties": {
            "id": area.pk,
            "title": f"{area.name} : {area.manager}",
            "url": reverse("upkeep:area", args=[area.pk]),
            "tone": "mine",
            "kind": "outline",
        },
    }
