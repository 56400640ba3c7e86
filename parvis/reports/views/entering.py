"""Entering a report for somebody on the telephone or at the desk, and what to hand over to them."""

from __future__ import annotations

import time
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parvis.partners.actors import actor_of
from parvis.reports import acts, sending
from parvis.reports.finding import find_places
from parvis.reports.forms.entering import EntryForm, WithinForm
from parvis.reports.forms.filing import PlaceForm
from parvis.reports.links import code_of
from parvis.reports.models import Category, Voice
from parvis.reports.placing import place_report
from parvis.reports.similar import similar_open_reports
from parvis.reports.views.filing import OLD_FORM, spots_of
from parvis.reports.views.shared import add_errors
from parvis.reports.workflow import Forbidden

HANDED_OVER = 3600  # seconds during which the reference and code may be read again
_SESSION = "entered"


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """One page: the place and the subject are in its address; its form holds the words, and where
    in the residence."""
    where = request.GET.copy()
    for name in ("spot", "inside"):
        if name in request.POST:
            where[name] = request.POST[name]
    place = PlaceForm(where)
    placed = place_report(place.place) if place.is_valid() else None
    chosen = place.place if placed else None
    code = request.GET.get("category", "")[:40]
    rows = list(
        Category.objects.filter(active=True).select_related("parent").order_by("position", "code")
    )
    families = {row.parent_id for row in rows}
    leaves = [row for row in rows if row.pk not in families]
    category = next((row for row in leaves if row.code == code), None)
    words = request.GET.get("q", "").strip()[:100]
    context: dict[str, Any] = {
        "q": words,
        "found": find_places(words) if words and not placed else None,
        "place": placed,
        "kept": [(name, value) for name, value in request.GET.items() if name in place.fields],
        "categories": leaves if placed else [],
        "category": category,
        "form": None,
        "similar": [],
        "within": None,
    }
    if placed and chosen and category:
        within: dict[str, Any] = {
            "category": category,
            "with_dwelling": chosen.residence is not None,
        }
        form = EntryForm(request.POST or None, initial={"channel": "phone"}, **within)
        if request.method == "POST" and form.is_valid():
            voice = _enter(request, form, chosen, category)
            if voice is not None:
                request.session[_SESSION] = [voice.pk, int(time.time())]
                return redirect("reports:entered")
        if chosen.residence is not None:
            spots = spots_of(chosen.residence)
            context["within"] = WithinForm(initial=where.dict(), spots=spots)
        context |= {
            "form": form,
            "form_id": sending.new_form_id(),
            "similar": similar_open_reports(
                actor_of(request), category, placed.latitude, placed.longitude, placed.residence
            ),
        }
    return render(request, "reports/enter.html", context)


def _enter(request: HttpRequest, form: EntryForm, place: Any, category: Category) -> Voice | None:
    """Enter it once; None when it goes back to the person, with what is wrong written on it."""
    data = form.cleaned_data

    def act() -> int:
        return acts.enter_report(
            actor=actor_of(request),
            channel=data["channel"],
            agreed=data["agreed"],
            place=place,
            category=category,
            text=data["text"],
            answers=form.answers,
            email=data["email"],
            phone=data["phone"],
            dwelling=data.get("dwelling", ""),
            ground=data.get("ground", ""),
            plate=data.get("plate", ""),
        ).pk

    try:
        pk = sending.once(data["form_id"], act)
    except sending.AlreadyOld:
        form.add_error(None, OLD_FORM)
    except Forbidden as refused:
        form.add_error(None, str(refused))
    except ValidationError as refused:
        add_errors(form, refused)
    else:
        return Voice.objects.filter(pk=pk).first()
    return None


@never_cache
@require_safe
def entered(request: HttpRequest) -> HttpResponse:
    """The reference and the code, to be read aloud or printed for the person; for an hour."""
    pk, at = request.session.get(_SESSION, (0, 0))
    voice = None
    if time.time() - at < HANDED_OVER:
        rows = Voice.objects.filter(pk=pk, withdrawn_at=None)
        voice = rows.select_related("report__category", "contact").first()
    if voice is None:
        return redirect("reports:enter")
    contact = getattr(voice, "contact", None)
    context = {
        "report": voice.report,
        "code": code_of(voice),
        "by_email": bool(contact and contact.email),
        "by_phone": bool(contact and not contact.email),
        "follow_url": request.build_absolute_uri(reverse("reports:follow")),
    }
    return render(request, "reports/entered.html", context)
