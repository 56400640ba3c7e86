"""Putting a report in the category that it should have had."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from parvis.partners import rights
from parvis.partners.actors import actor_of
from parvis.reports import acts
from parvis.reports.forms.sorting import RecategoriseForm
from parvis.reports.models import Report
from parvis.reports.views.reading import ROWS
from parvis.reports.views.shared import add_errors, crumbs
from parvis.reports.views.story import where_of
from parvis.reports.workflow import Forbidden


@require_http_methods(["GET", "HEAD", "POST"])
def recategorise(request: HttpRequest, reference: str) -> HttpResponse:
    """Another category; its part may go to whoever answers for it."""
    actor = actor_of(request)
    report: Report = rights.fetch(ROWS.all(), actor, "recategorise", reference=reference)
    form = RecategoriseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = acts.recategorise(report, actor=actor, **form.cleaned_data)
        except Forbidden as refused:
            form.add_error(None, str(refused))
        except ValidationError as refused:
            add_errors(form, refused)
        else:
            told = f"Catégorie : {report.category.label}."
            messages.success(request, f"{told} Part confiée à {given}." if given else told)
            if Report.objects.visible_to(actor).filter(pk=report.pk).exists():
                return redirect("reports:report", reference)
            return redirect("reports:list")  # it concerns a dwelling now: its landlord's alone
    context = {
        "report": report,
        "where": where_of(report),
        "form": form,
        "crumbs": crumbs(
            ("Signalements", reverse("reports:list")),
            (reference, reverse("reports:report", args=[reference])),
            ("Changer de catégorie", ""),
        ),
    }
    return render(request, "reports/recategorise.html", context)
