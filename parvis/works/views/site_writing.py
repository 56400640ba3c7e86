"""Writing a worksite, each part on its own page; who comes second is told and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.places.outlines import quartier_outlines
from parvis.works.acts import sites as acts
from parvis.works.models import Worksite
from parvis.works.site_forms import (
    DropForm,
    NewWorksiteForm,
    NuisanceForm,
    PerimeterForm,
    PhaseForm,
    TimesForm,
    WorksiteForm,
)
from parvis.works.views.sites import ROWS, crumbs

_NOT_COMPARED = ("reason", "outline_file", "outline_text", "keep_outline")
both = require_http_methods(["GET", "HEAD", "POST"])
Act = Callable[[int], Any]
_SAID = (
    *("title", "kind", "owner", "manager", "commune", "operation", "summary", "place_label"),
    *("hours", "contact", "firms"),
)


def to_write(request: HttpRequest, pk: int) -> Worksite:
    """The worksite, with the right to write it."""
    found: Worksite = rights.fetch(ROWS.all(), actor_of(request), "edit", pk=pk)
    return found


def page_of(worksite: Worksite) -> str:
    """The address of its page."""
    return reverse("works:worksite", args=[worksite.pk])


def write(
    request: HttpRequest,
    worksite: Worksite,
    form: forms.Form,
    act: Act,
    *,
    heading: str,
    done: str,
    action: str = "Enregistrer",
    back: str = "",
    **more: Any,
) -> HttpResponse:
    """Show a form of a part of a worksite; once it is right, do `act` (which gets the version that
    the writer has read) and go back. Of two who write at once, the second sees what the first
    wrote beside her own words, which stay in the form."""
    back = back or page_of(worksite)
    version, theirs, overtaken = worksite.version, [], False
    if request.method == "POST":
        version = _read_version(request)
    if request.method == "POST" and form.is_valid():
        try:
            act(version)
        except acts.Overtaken:
            overtaken, theirs, version = True, _differences(form), worksite.version
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        "form": form,
        "worksite": worksite,
        "version": version,
        "overtaken": overtaken,
        "theirs": theirs,
        "drop_url": "",
        "drops_at_once": False,
        "heading": heading,
        "action": action,
        "back": back,
        "crumbs": crumbs((worksite.title, page_of(worksite)), (heading, "")),
        **more,
    }
    return render(request, more.get("template", "works/site_form.html"), context)


def _read_version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def refuse(form: forms.Form, refused: ValidationError) -> None:
    """Put what an act refused beside its field, or above the form when it has none."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _differences(form: forms.Form) -> list[dict[str, str]]:
    """What is stored beside what was just typed, where they differ."""
    found = []
    for bound in form:
        if bound.name in _NOT_COMPARED:
            continue
        stored, mine = _shown(bound, bound.initial), _shown(bound, form.cleaned_data[bound.name])
        if stored != mine:
            found.append({"label": str(bound.label), "theirs": stored, "mine": mine})
    return found


def _shown(bound: forms.BoundField, value: Any) -> str:
    """A value of a field as people read it."""
    if value in (None, ""):
        return "—"
    if isinstance(bound.field, forms.ModelMultipleChoiceField):
        keys = {getattr(one, "pk", one) for one in value}
        rows = bound.field.queryset.filter(pk__in=keys)  # type: ignore[union-attr]
        return ", ".join(sorted(str(one) for one in rows)) or "—"
    if isinstance(bound.field, forms.ModelChoiceField):
        key = getattr(value, "pk", value)
        return str(bound.field.queryset.filter(pk=key).first() or "—")  # type: ignore[union-attr]
    if isinstance(bound.field, forms.ChoiceField):
        return str(dict(bound.field.choices).get(value, value))  # type: ignore[arg-type]
    if isinstance(bound.field, forms.DateField):
        return f"{value:%d/%m/%Y}"
    if isinstance(bound.field, forms.BooleanField):
        return "oui" if value else "non"
    return str(value)


@both
def new(request: HttpRequest) -> HttpResponse:
    """Begin the page of a worksite."""
    actor = actor_of(request)
    initial = {"owner": actor.organisation_id, "manager": actor.organisation_id}
    form = NewWorksiteForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.open_worksite(actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, "Chantier enregistré. Dites maintenant ce qui est fait.")
            return redirect("works:edit_worksite", made.pk)
    heading = "Nouveau chantier"
    context = {
        "form": form,
        "worksite": None,
        "drop_url": "",
        "heading": heading,
        "action": "Continuer",
        "back": reverse("works:worksites"),
        "crumbs": crumbs((heading, "")),
    }
    return render(request, "works/site_form.html", context)


@both
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said of it and where it is."""
    actor, found = actor_of(request), to_write(request, pk)
    initial: dict[str, Any] = {name: getattr(found, name) for name in _SAID}
    initial |= {name: getattr(found, f"{name}_id") for name in ("owner", "manager", "commune")}
    initial["operation"] = found.operation_id
    for name in ("quartiers", "residences"):
        initial[name] = list(getattr(found, name).values_list("pk", flat=True))
    form = WorksiteForm(request.POST or None, actor=actor, worksite=found, initial=initial)

    def act(version: int) -> Any:
        return acts.rewrite_worksite(found, actor=actor, version=version, **form.cleaned_data)

    heading = "Modifier le chantier"
    return write(request, found, form, act, heading=heading, done="Chantier modifié.")


@both
def dates(request: HttpRequest, pk: int) -> HttpResponse:
    """When it is planned, when it really began and ended."""
    actor, found = actor_of(request), to_write(request, pk)
    initial = {name: getattr(found, name) for name in acts.DATES}
    form = TimesForm(request.POST or None, published=bool(found.published_at), initial=initial)

    def act(version: int) -> Any:
        return acts.date_worksite(found, actor=actor, version=version, **form.cleaned_data)

    return write(request, found, form, act, heading="Dates du chantier", done="Dates enregistrées.")


@both
def perimeter(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the works go on, drawn on the map."""
    actor, found = actor_of(request), to_write(request, pk)
    form = PerimeterForm(
        request.POST or None,
        request.FILES or None,
        worksite=found,
        initial={"keep_outline": bool(found.outline)},
    )

    def act(version: int) -> Any:
        return acts.draw_perimeter(found, actor=actor, version=version, outline=form.outline)

    quartiers = found.quartiers.values_list("pk", flat=True)
    return write(
        request,
        found,
        form,
        act,
        heading="Périmètre du chantier",
        done="Périmètre enregistré.",
        template="works/site_perimeter.html",
        present=found.outline,
        outlines=quartier_outlines(list(quartiers) or None),
    )


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody."""
    return _post(request, pk, acts.publish_worksite, "Chantier publié : chacun peut le voir.")


@require_POST
def unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back from the public."""
    return _post(request, pk, acts.unpublish_worksite, "Seuls les partenaires voient ce chantier.")


def _post(request: HttpRequest, pk: int, act: Any, done: str) -> HttpResponse:
    found = to_write(request, pk)
    try:
        act(found, actor=actor_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, done)
    return redirect("works:worksite", pk)


@both
def phase(request: HttpRequest, pk: int, part: int | None = None) -> HttpResponse:
    """Add a phase, or change one."""
    actor, found = actor_of(request), to_write(request, pk)
    written = get_object_or_404(found.phases, pk=part) if part is not None else None
    names = ("title", "summary", *acts.DATES)
    initial = {name: getattr(written, name) for name in names} if written else {}
    told = bool(found.published_at) and written is not None
    form = PhaseForm(request.POST or None, published=told, initial=initial)

    def act(version: int) -> Any:
        return acts.write_phase(
            found, actor=actor, version=version, phase=written, **form.cleaned_data
        )

    drop = reverse("works:drop_site_phase", args=[pk, part]) if part is not None else ""
    heading = "Modifier la phase" if written else "Ajouter une phase"
    done = "Phase enregistrée."
    return write(request, found, form, act, heading=heading, done=done, drop_url=drop)


@both
def drop_phase(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Take a phase off the timetable, with a reason."""
    actor, found = actor_of(request), to_write(request, pk)
    gone = get_object_or_404(found.phases, pk=part)
    form = DropForm(request.POST or None)

    def act(version: int) -> Any:
        return acts.drop_phase(found, actor=actor, version=version, phase=gone, **form.cleaned_data)

    return write(
        request,
        found,
        form,
        act,
        heading=f"Retirer « {gone.title} »",
        action="Retirer la phase",
        done="Phase retirée du calendrier.",
    )


@both
def nuisance(request: HttpRequest, pk: int, part: int | None = None) -> HttpResponse:
    """Add a nuisance and its measure, or change them."""
    actor, found = actor_of(request), to_write(request, pk)
    written = get_object_or_404(found.nuisances, pk=part) if part is not None else None
    names = ("kind", "detail", "starts_on", "ends_on", "measure")
    initial = {name: getattr(written, name) for name in names} if written else {}
    form = NuisanceForm(request.POST or None, initial=initial)

    def act(version: int) -> Any:
        return acts.write_nuisance(
            found, actor=actor, version=version, nuisance=written, **form.cleaned_data
        )

    drop = reverse("works:drop_nuisance", args=[pk, part]) if part is not None else ""
    heading = "Modifier la nuisance" if written else "Ajouter une nuisance"
    done = "Nuisance enregistrée."
    return write(
        request, found, form, act, heading=heading, done=done, drop_url=drop, drops_at_once=True
    )


@require_POST
def drop_nuisance(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """It does not disturb in that way after all."""
    found = to_write(request, pk)
    gone = get_object_or_404(found.nuisances, pk=part)
    acts.drop_nuisance(found, actor=actor_of(request), version=found.version, nuisance=gone)
    messages.success(request, "Nuisance retirée.")
    return redirect("works:worksite", pk)
