"""Fiches and plans on paper and in tables, under the rights of their pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from parvis.actions.acts import KIND
from parvis.actions.exchange import check_table, import_table
from parvis.actions.forms import Filters
from parvis.actions.models import Action
from parvis.actions.tabling import COLUMNS, columns, table_of
from parvis.actions.views.fiches import fetch_action
from parvis.actions.views.plans import crumbs, cut_down, fetch_plan, plan_crumb
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.documents.tables import ods_response, xlsx_response
from parvis.partners.actors import actor_of
from parvis.places.models import Residence
from parvis.thread.register import Paid, paid_for
from parvis.ui.words import day_in_words, euros_in_words
from parvis.upkeep.themes import labels

LARGE = 30  # fiches: more are made in a process of their own


def fiche_data(
    action: Action, *, partner: bool, paid: Sequence[tuple[str, Paid]] = ()
) -> dict[str, Any]:
    """A fiche as plain words for paper, with what is paid for it elsewhere; for strangers what its
    public page tells."""
    steps = [
        [
            one.title,
            (one.organisation or action.lead).name,
            day_in_words(one.due_on) if one.due_on else "",
            day_in_words(one.done_on) if one.done_on else "",
        ]
        for one in action.steps.all()
    ]
    data: dict[str, Any] = {
        "title": action.title,
        "reference": action.reference,
        "state": action.get_state_display(),
        "domain": action.domain_label,
        "moment": action.moment_label,
        "lead": action.lead.name,
        "place": action.place,
        "quartiers": ", ".join(one.name for one in action.quartiers.all()),
        "residences": ", ".join(one.name for one in action.residences.all()),
        "themes": ", ".join(labels(action.themes)),
        "when": _when(action),
        "summary": action.summary,
        "steps": steps,
        "partners": [[one.organisation.name, one.does] for one in action.partners.all()],
    }
    if not partner:
        return data
    fundings = list(action.fundings.all())
    return data | {
        "finding": action.finding,
        "objective": action.objective,
        "audience": action.audience,
        "budget": euros_in_words(action.budget) if action.budget is not None else "",
        "fundings": [
            *(
                [one.funder.name, one.scheme_label, *_amounts(one), one.file_number]
                for one in fundings
            ),
            *(
                [money.who, label, "", *map(euros_in_words, (money.planned, money.spent)), ""]
                for label, money in paid
            ),
        ],
        "indicators": [_indicator(one) for one in action.indicators.all()],
        "insertions": [
            [one.kind_label, *map(str, (one.total, one.promised, one.worked, one.people))]
            for one in action.insertions.all()
        ],
        "worked": action.worked,
        "failed": action.failed,
        "again": "" if action.again is None else "oui" if action.again else "non",
    }


def _when(action: Action) -> str:
    if action.starts_on and action.ends_on:
        return f"du {day_in_words(action.starts_on)} au {day_in_words(action.ends_on)}"
    return f"jusqu’au {day_in_words(action.ends_on)}" if action.ends_on else ""


def _amounts(funding: Any) -> list[str]:
    return [euros_in_words(getattr(funding, name)) for name in ("asked", "granted", "spent")]


def _indicator(one: Any) -> list[str]:
    last = list(one.measures.all())[-1:]
    figures = [one.baseline, one.target, *(measure.value for measure in last)]
    shown = [
        f"{value.normalize():f} {one.unit}".strip() if value is not None else ""
        for value in figures
    ]
    return [one.label, *shown, *([""] if not last else [])]


ALL = ("steps__organisation", "partners__organisation", "fundings__funder")
HOMES = Residence.objects.defer("outline")
FULL = Action.objects.select_related("lead", "plan").prefetch_related(
    *ALL, "indicators__measures", "insertions", "quartiers", Prefetch("residences", HOMES)
)


@require_safe
def action_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """A fiche action to print."""
    found = fetch_action(request, pk)
    actor = actor_of(request)
    partner = (
        actor.is_partner
        and type(found.plan).objects.visible_to(actor).filter(pk=found.plan_id).exists()
    )
    paid = paid_for(actor, KIND, [pk]).get(pk, [])
    data = fiche_data(FULL.get(pk=pk), partner=partner, paid=paid)
    content = make_pdf("actions/fiche", {"fiches": [data]}, title=found.title)
    return pdf_response(f"fiche-{found.reference}", content)


@require_safe
def plan_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan to print: its table, then its fiches."""
    found = fetch_plan(request, pk)
    actor = actor_of(request)
    rows = cut_down(found, actor, Filters(request.GET or None, plan=found))
    chosen = list(FULL.filter(pk__in=rows.values("pk")))
    paid = paid_for(actor, KIND, [one.pk for one in chosen])
    fiches = [fiche_data(one, partner=True, paid=paid.get(one.pk, [])) for one in chosen]
    data = {
        "subtitle": f"Du {day_in_words(found.starts_on)} au {day_in_words(found.ends_on)}",
        "organiser": found.organiser.name,
        "quartiers": ", ".join(one.name for one in found.quartiers.defer("outline")),
        "fiches": fiches,
    }
    content = make_pdf("actions/plan", data, title=found.title, large=len(fiches) > LARGE)
    return pdf_response(f"plan-{found.title}", content)


@require_safe
def export(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The plan as a table that can be imported again unchanged."""
    found = fetch_plan(request, pk)
    makers: dict[str, Any] = {"xlsx": xlsx_response, "ods": ods_response}
    if form not in makers:
        raise Http404
    actor = actor_of(request)
    rows = cut_down(found, actor, Filters(request.GET or None, plan=found))
    table = table_of(actor, rows)
    response: HttpResponseBase = makers[form](f"plan-{found.title}", columns(), table)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a table into the plan: first what it would change, then the change itself."""
    actor, found = actor_of(request), fetch_plan(request, pk, "edit")
    outcome = None
    upload = request.FILES.get("file")
    if request.method == "POST" and upload is None:
        messages.error(request, "Choisissez un fichier.")
    elif upload is not None:
        keep = request.POST.get("do") == "import"
        read = import_table if keep else check_table
        outcome = read(found, upload, actor=actor)
        if keep and not outcome.faults:
            messages.success(request, outcome.words)
            return redirect("actions:plan", pk)
    context = {
        "plan": found,
        "outcome": outcome,
        "columns": list(COLUMNS),
        "back": reverse("actions:plan", args=[pk]),
        "crumbs": crumbs(plan_crumb(found), ("Importer", "")),
    }
    return render(request, "actions/import.html", context)
