"""Unpaid charges, counted by a landlord for each of its residences, quarter by quarter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.partners.actors import Actor, actor_of
from parvis.ui.words import counted
from parvis.vigilance.door_tabs import tabs_of
from parvis.vigilance.models import UnpaidCount
from parvis.vigilance.models.signals import FEWEST_DWELLINGS
from parvis.vigilance.quarters import Quarter, finished
from parvis.vigilance.signal_access import may_count
from parvis.vigilance.signal_acts import held_at_the_end, save_counts
from parvis.vigilance.signal_forms import UnpaidForm
from parvis.vigilance.signal_import import HEADER, Reading, read_records, read_table
from parvis.vigilance.table_reading import AN_HOUR, TableForm
from parvis.vigilance.views.door_desk import WRITERS

QUARTERS = 4  # that one may still give or correct
PAGE = 200  # residences: two fields each, well under what a request may hold
SALT = "vigilance.unpaid"
SHOWN = 100
both = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The quarter that was last over."""
    return redirect("vigilance:unpaid_quarter", finished(timezone.localdate(), 1)[0].code)


@both
def quarter(request: HttpRequest, quarter: str) -> HttpResponse:
    """One table with all the residences of the landlord."""
    actor, asked = actor_of(request), _quarter(quarter)
    page = max(1, int(number) if (number := request.GET.get("page", "")).isdigit() else 1)
    allowed = may_count(actor)
    held = held_at_the_end(actor, asked)
    found = list(held[(page - 1) * PAGE : page * PAGE + 1]) if allowed else []
    form = _form(actor, asked, found[:PAGE], request.POST if request.method == "POST" else None)
    if request.method == "POST" and allowed and form.is_valid():
        kept, withdrawn = save_counts(actor, asked, form.counts())
        _tell(request, kept, withdrawn)
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "lines": form.lines(),
        "allowed": allowed,
        "quarter": asked,
        "quarters": finished(timezone.localdate(), QUARTERS),
        "fewest": FEWEST_DWELLINGS,
        "next_url": f"?page={page + 1}" if len(found) > PAGE else "",
        "first_url": "?" if page > 1 else "",
        "tabs": tabs_of(actor, "vigilance:unpaid"),
    }
    return render(request, "vigilance/signal_unpaid.html", context)


def _form(actor: Actor, asked: Quarter, residences: list[Any], given: Any) -> UnpaidForm:
    own = UnpaidCount.objects.allowed(actor, "edit").filter(
        residence_id__in=[one.pk for one in residences], quarter__lte=asked.start
    )
    known: dict[int, UnpaidCount] = {}
    before: dict[int, int] = {}
    for one in own.order_by("quarter", "pk"):
        before[one.residence_id] = one.dwellings
        if one.quarter == asked.start:
            known[one.residence_id] = one
    return UnpaidForm(residences, known, before, given)


@both
def read_file(request: HttpRequest, quarter: str) -> HttpResponse:
    """Read the same table from a file: what it would change is shown first."""
    actor, asked = actor_of(request), _quarter(quarter)
    allowed = may_count(actor)
    salt = f"{SALT}.{actor.mandate_id}.{asked.code}"
    reading: Reading | None = None
    form = TableForm()
    here = redirect("vigilance:unpaid_import", asked.code)
    if allowed and (sealed := request.POST.get("lignes", "")):
        try:
            records = signing.loads(sealed, salt=salt, max_age=AN_HOUR)
        except signing.BadSignature:
            messages.error(
                request, "Cette lecture a expiré, rien n’est importé : redonnez le fichier."
            )
            return here
        with transaction.atomic():
            reading = read_records(actor, asked, [(number, values) for number, values in records])
            if not reading.faults:
                _tell(request, *save_counts(actor, asked, reading.counts))
                return redirect("vigilance:unpaid_quarter", asked.code)
    elif allowed and request.method == "POST":
        form = TableForm(request.POST, request.FILES)
        if form.is_valid():
            reading = read_table(actor, asked, form.cleaned_data["file"])
    agreed = reading is not None and not reading.faults and reading.lines
    context = {
        "form": form,
        "allowed": allowed,
        "quarter": asked,
        "reading": reading,
        "lines": reading.lines[:SHOWN] if reading else [],
        "sealed": signing.dumps(reading.records, salt=salt, compress=True)
        if agreed and reading
        else "",
        "columns": HEADER,
        "crumbs": [
            {
                "label": "Retards de charges",
                "url": reverse("vigilance:unpaid_quarter", args=[asked.code]),
            },
            {"label": "Importer un tableau"},
        ],
    }
    return render(request, "vigilance/signal_unpaid_import.html", context)


@require_safe
def table(request: HttpRequest, quarter: str, form: str) -> HttpResponseBase:
    """The residences of the landlord with what is counted, to fill in and import again."""
    actor, asked = actor_of(request), _quarter(quarter)
    if form not in WRITERS:
        raise Http404
    name = f"retards-de-charges-{asked.code}"
    return WRITERS[form](name, HEADER, _lines(actor, asked) if may_count(actor) else [])


def _lines(actor: Actor, asked: Quarter) -> Iterator[list[Any]]:
    residences = list(held_at_the_end(actor, asked))
    for one, dwellings, behind in _form(actor, asked, residences, None).lines():
        yield [one.name, one.code, one.commune.name, dwellings.initial, behind.initial]


def _quarter(code: str) -> Quarter:
    """One of the quarters that may still be given; 404 for another one."""
    found = Quarter.read(code)
    if found not in finished(timezone.localdate(), QUARTERS):
        raise Http404
    return found  # type: ignore[return-value]


def _tell(request: HttpRequest, kept: int, withdrawn: int) -> None:
    done = counted(kept, "résidence enregistrée", "résidences enregistrées")
    less = f", {counted(withdrawn, 'retirée', 'retirées')}" if withdrawn else ""
    messages.success(request, f"{done}{less}.")
