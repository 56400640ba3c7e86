"""Uniting two reports of the same thing: choose the other one, compare, then unite."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from parvis.partners import rights
from parvis.partners.actors import Actor, actor_of
from parvis.reports import acts
from parvis.reports.forms.merging import OtherForm
from parvis.reports.models import Photo, Report
from parvis.reports.similar import similar_open_reports
from parvis.reports.views.reading import ROWS
from parvis.reports.views.shared import crumbs, words_of_state
from parvis.reports.views.story import part_lines, where_of
from parvis.reports.workflow import Forbidden


def _fetch(request: HttpRequest, reference: str) -> Report:
    found: Report = rights.fetch(ROWS.all(), actor_of(request), "merge", reference=reference)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, reference: str) -> HttpResponse:
    """First the reports nearby that look the same; then, with one chosen, both side by side."""
    actor, report = actor_of(request), _fetch(request, reference)
    if report.merged_into is not None:
        return redirect("reports:report", report.reference)
    asked = request.POST if request.method == "POST" else request.GET
    form = OtherForm(asked if "avec" in asked else None, actor=actor, report=report)
    if not form.is_valid():
        return render(request, "reports/merge.html", _choices(actor, report, form))
    other = _fetch(request, form.cleaned_data["avec"].reference)
    if request.method == "POST":
        try:
            acts.merge_reports(report, other, actor=actor)
        except Forbidden as refused:
            form.add_error(None, str(refused))
            return render(request, "reports/merge.html", _choices(actor, report, form))
        messages.success(
            request,
            f"{report.reference} est réuni avec {other.reference}. Vous pouvez encore les séparer.",
        )
        return redirect("reports:report", other.reference)
    context = {
        "report": report,
        "other": other,
        "sides": [_side(actor, report), _side(actor, other)],
        "crumbs": _crumbs(report, "Comparer"),
    }
    return render(request, "reports/merge_compare.html", context)


def _choices(actor: Actor, report: Report, form: OtherForm) -> dict[str, Any]:
    near = similar_open_reports(
        actor,
        report.category,
        report.latitude,
        report.longitude,
        report.residence,
        action="merge",
    )
    found = [one for one in near if one.pk != report.pk]
    return {
        "report": report,
        "where": where_of(report),
        "near": [(one, *words_of_state(one.state)) for one in found],
        "form": form,
        "crumbs": _crumbs(report, "Réunir"),
    }


def _side(actor: Actor, report: Report) -> dict[str, Any]:
    """What helps to tell whether two reports speak of the same thing."""
    tone, words = words_of_state(report.state)
    photos = Photo.objects.visible_to(actor).filter(report=report).order_by("at", "pk")
    return {
        "report": report,
        "where": where_of(report),
        "tone": tone,
        "words": words,
        "lines": part_lines(actor, report),
        "photos": list(photos[:3]),
    }


def _crumbs(report: Report, here: str) -> list[dict[str, str]]:
    return crumbs(
        ("Signalements", reverse("reports:list")),
        (report.reference, reverse("reports:report", args=[report.reference])),
        (here, ""),
    )


@require_POST
def unmerge(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a report out of the one it was united with."""
    report = _fetch(request, reference)
    try:
        acts.unmerge_report(report, actor=actor_of(request))
    except Forbidden as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Les deux signalements sont de nouveau à part.")
    return redirect("reports:report", report.reference)
