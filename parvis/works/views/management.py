"""The projet de gestion of a project: its parts, who manages what, and its annexation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.documents.files import file_response
from parvis.documents.pdf import pdf_response
from parvis.partners.actors import actor_of
from parvis.ui.words import day_in_words
from parvis.works.acts import management as acts
from parvis.works.models import GroundChange, ManagementAnnex, ManagementPart, RenewalProject
from parvis.works.project_management import (
    Asked,
    edition_of,
    ground_rows,
    ground_totals,
    missing_parts,
    uninvolved,
)
from parvis.works.project_papers import GROUNDS, management_pdf
from parvis.works.project_resident_forms import AnnexForm, GroundForm, PartForm
from parvis.works.views.projects import crumbs, fetch_project, form_page, project_crumb, tell

HEADING = "Projet de gestion"


def management_crumb(project: RenewalProject) -> tuple[str, str]:
    """The projet de gestion in the trail."""
    return HEADING, reverse("works:management", args=[project.pk])


@require_safe
def management(request: HttpRequest, pk: int) -> HttpResponse:
    """Every part that the règlement asks for, who manages what, and what lacks."""
    return _page(request, fetch_project(request, pk, "follow"))


def _page(
    request: HttpRequest, found: RenewalProject, form: AnnexForm | None = None
) -> HttpResponse:
    edition = edition_of(found.rules)
    written = {part.code: part for part in found.management.all()}
    parts = [{"asked": asked, "part": written.get(asked.code)} for asked in edition.asks]
    rows = ground_rows(found.grounds.select_related(*GROUNDS))
    missing = missing_parts(found)
    context = {
        "project": found,
        "edition": edition,
        "parts": parts,
        "done": len(parts) - len(missing),
        "missing": missing,
        "grounds": rows,
        "totals": ground_totals(rows),
        "uninvolved": uninvolved(one.ground for one in rows),
        "annexes": list(found.annexes.all()),
        "form": form or AnnexForm(initial={"annexed_on": timezone.localdate()}),
        "crumbs": crumbs(project_crumb(found), (HEADING, "")),
    }
    return render(request, "works/management.html", context)


def _asked(project: RenewalProject, code: str) -> Asked:
    found = {part.code: part for part in edition_of(project.rules).asks}.get(code)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def management_part(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Write one part; who writes on what somebody else wrote sees both."""
    actor, found = actor_of(request), fetch_project(request, pk, "edit")
    asked = _asked(found, code)
    part = ManagementPart.objects.filter(project=found, code=code).first()
    initial: dict[str, Any] = {"version": part.version if part else 0}
    if part is not None:
        initial |= {"text": part.text, "done_on": part.done_on}
    form = PartForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            acts.write_part(found, code, actor=actor, **given)
        except acts.Overtaken as overtaken:
            return _difference(request, found, asked, overtaken.theirs, form)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, f"« {asked.label} » enregistré.")
            return redirect("works:management", pk)
    trail = [project_crumb(found), management_crumb(found)]
    lead = asked.help
    if part is not None and part.file:
        lead += " Un document est déjà joint : en donner un autre le remplace."
    return form_page(request, form, asked.label, trail, lead=lead)


def _difference(
    request: HttpRequest,
    found: RenewalProject,
    asked: Asked,
    theirs: ManagementPart,
    form: PartForm,
) -> HttpResponse:
    """What somebody else wrote meanwhile beside what one was writing; nothing is lost."""

    def words(day: Any) -> str:
        return day_in_words(day) if day else "pas achevée"

    mine = form.cleaned_data
    context = {
        "project": found,
        "asked": asked,
        "theirs": theirs.text,
        "theirs_done": words(theirs.done_on),
        "mine": mine["text"],
        "mine_done": words(mine["done_on"]),
        "version": theirs.version,
        "posted_done": mine["done_on"].isoformat() if mine["done_on"] else "",
        "had_file": mine["upload"] is not None,
        "action": reverse("works:management_part", args=[found.pk, asked.code]),
        "back": reverse("works:management", args=[found.pk]),
        "crumbs": crumbs(project_crumb(found), management_crumb(found), (asked.label, "")),
    }
    return render(request, "works/management_difference.html", context, status=409)


@require_safe
def management_file(request: HttpRequest, pk: int, code: str) -> FileResponse:
    """The document joined to a part."""
    found = fetch_project(request, pk, "follow")
    part = get_object_or_404(ManagementPart.objects.exclude(file=""), project=found, code=code)
    return file_response(part.file, _asked(found, code).label)


@require_safe
def management_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The projet de gestion as it stands today, to print."""
    found = fetch_project(request, pk, "follow")
    return pdf_response(f"projet-de-gestion-{found.code}", management_pdf(found))


@require_http_methods(["POST"])
def annex_management(request: HttpRequest, pk: int) -> HttpResponse:
    """Annex it to the convention, once it is complete."""
    found = fetch_project(request, pk, "edit")
    form = AnnexForm(request.POST)
    if form.is_valid():
        try:
            acts.annex_management(found, actor=actor_of(request), **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Projet de gestion annexé : il est gardé tel quel.")
            return redirect("works:management", pk)
    return _page(request, found, form)


@require_safe
def annex(request: HttpRequest, pk: int, annex: int) -> FileResponse:
    """The projet de gestion as it was annexed on a day."""
    found = fetch_project(request, pk)
    row = get_object_or_404(ManagementAnnex, project=found, pk=annex)
    return file_response(row.file, f"projet-de-gestion-{found.code}-{row.annexed_on}")


@require_http_methods(["GET", "HEAD", "POST"])
def new_ground(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a ground that changes hands."""
    return _ground(request, fetch_project(request, pk, "edit"), None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_ground(request: HttpRequest, pk: int, ground: int) -> HttpResponse:
    """Change what is noted of a ground."""
    found = fetch_project(request, pk, "edit")
    return _ground(request, found, get_object_or_404(GroundChange, project=found, pk=ground))


def _ground(
    request: HttpRequest, found: RenewalProject, ground: GroundChange | None
) -> HttpResponse:
    actor = actor_of(request)
    initial = {}
    if ground is not None:
        names = list(GroundForm.base_fields)
        keys = {"area", "owner_before", "manager_before", "owner_after", "manager_after"}
        initial = {name: getattr(ground, f"{name}_id" if name in keys else name) for name in names}
    form = GroundForm(request.POST or None, actor=actor, ground=ground, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.write_ground(found, ground, actor=actor, **form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(request, "Espace enregistré.")
            return redirect("works:management", found.pk)
    heading = "Modifier un espace" if ground else "Ajouter un espace"
    return form_page(request, form, heading, [project_crumb(found), management_crumb(found)])
