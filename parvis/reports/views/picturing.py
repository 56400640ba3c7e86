"""Photos that are there: a part blacked out for good, a photo after set beside the one before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.reports import acts
from parvis.reports.forms.picturing import BlackOutForm, PairForm
from parvis.reports.models import Photo, Report
from parvis.reports.views.shared import add_errors, crumbs
from parvis.reports.workflow import Forbidden

PHOTOS = Photo.objects.select_related("report__category")


def _way(report: Report, here: str) -> list[dict[str, str]]:
    return crumbs(
        ("Signalements", reverse("reports:list")),
        (report.reference, reverse("reports:report", args=[report.reference])),
        (here, ""),
    )


def photos_before(actor: Actor, report: Report) -> Any:
    """The photos "before" of a report that this actor sees, oldest first."""
    rows = Photo.objects.visible_to(actor).filter(report=report, moment=Photo.Moment.BEFORE)
    return rows.order_by("at", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
def black_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Faces and plates go: shown first, then drawn anew for good."""
    actor = actor_of(request)
    photo: Photo = rights.fetch(PHOTOS.all(), actor, "moderate", pk=pk)
    if request.method == "POST":
        form = BlackOutForm(request.POST, photo=photo)
        if form.is_valid():
            version = form.cleaned_data["version"]
            try:
                acts.black_out(photo, actor=actor, boxes=form.boxes, version=version)
            except Forbidden as refused:
                messages.error(request, str(refused))
                return redirect("reports:black_out", pk)
            except ValidationError as refused:
                add_errors(form, refused)
            else:
                messages.success(request, "La photo est noircie, et l’ancienne effacée.")
                return redirect("reports:report", photo.report.reference)
    else:
        form = BlackOutForm(photo=photo)
    context = {
        "photo": photo,
        "report": photo.report,
        "form": form,
        "crumbs": _way(photo.report, "Noircir une photo"),
    }
    return render(request, "reports/black_out.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the photo before that this photo after answers."""
    actor = actor_of(request)
    photo: Photo = rights.fetch(PHOTOS.all(), actor, "pair", pk=pk)
    before: Any = photos_before(actor, photo.report)
    form = PairForm(photos=before)
    if request.method == "POST":
        form = PairForm(request.POST, photos=before)
        if form.is_valid():
            chosen = form.cleaned_data["before"]
            try:
                acts.pair_photo(photo, actor=actor, before=chosen)
            except Forbidden as refused:
                form.add_error(None, str(refused))
            except ValidationError as refused:
                add_errors(form, refused)
            else:
                messages.success(
                    request,
                    "Les deux photos sont côte à côte." if chosen else "La photo est seule.",
                )
                return redirect("reports:report", photo.report.reference)
    context = {
        "photo": photo,
        "report": photo.report,
        "form": form,
        "photos_before": list(before),
        "chosen": photo.answers_id,
        "crumbs": _way(photo.report, "Avant, après"),
    }
    return render(request, "reports/pair.html", context)
