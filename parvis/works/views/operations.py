"""One operation: what is done, when, what its tenants are owed, and buildings that empty."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.partners.actors import actor_of
from parvis.thread.reading import events_of, thread_of
from parvis.works.models import EmptiedBuilding, Operation
from parvis.works.project_contradictions import contradictions
from parvis.works.project_duties import duties_of, steps_of_operation
from parvis.works.project_events import OPERATION
from parvis.works.project_reading import TONES, timetable_of_operation
from parvis.works.sorting import choices
from parvis.works.views.projects import crumbs, project_crumb
from parvis.works.views.residents import duty_words, fetch_operation

SHOWN = 100


@require_safe
def operation(request: HttpRequest, pk: int) -> HttpResponse:
    """One operation, for everybody; for partners what lacks and what empties besides."""
    actor, today = actor_of(request), timezone.localdate()
    found = fetch_operation(request, pk)
    may = {
        name: actor.is_partner and Operation.objects.allowed(actor, name).filter(pk=pk).exists()
        for name in ("edit", "follow")
    }
    phases = {one.code: one for one in found.project.phases.all()}
    table = timetable_of_operation(found, actor, today)
    consulted = list(found.consultations.select_related("meeting"))
    by_subject = {one.subject: (one.met_on, one.balance_sent_on) for one in consulted}
    steps = steps_of_operation(found, found.resident_steps.all(), by_subject)
    state = found.state_on(today)
    context = {
        "operation": found,
        "project": found.project,
        "may": may,
        "state": state.label,
        "tone": TONES.get(state, ""),
        "residences": list(found.residences.defer("outline")),
        "worksites": table.worksites[:SHOWN],
        "deliveries": table.deliveries[:SHOWN],
        "contradictions": contradictions(
            phases,
            [(found.pk, found.title, found)],
            [(one.title, one.dated, one.parent) for one in table.worksites],
            today,
            own_phases=False,
        )[:SHOWN],
        "steps": [
            {
                "step": one,
                "tone": one.tone(today),
                "late": one.late(today),
                "words": duty_words(one.duty),
            }
            for one in steps
        ],
        "consultations": [
            {"one": one, "lacks": _lacks(one) if may["follow"] else []} for one in consulted
        ],
        "subjects": _subjects(found, {one.subject for one in consulted}) if may["edit"] else [],
        "emptied": _emptied(found, actor, today) if may["follow"] else [],
        "thread": thread_of(actor, OPERATION, pk, seen=True),
        "events": events_of(actor, OPERATION, pk, seen=True),
        "crumbs": crumbs(project_crumb(found.project), (found.title, "")),
    }
    return render(request, "works/operation.html", context)


def _lacks(consultation: Any) -> list[str]:
    """What a consultation does not say yet."""
    known = {
        "la réunion des locataires": consultation.met_on or consultation.meeting_id,
        "les représentants des locataires": consultation.representatives,
        "les documents consultables": consultation.documents_place,
        "le bilan": consultation.balance or consultation.balance_file,
        "l’envoi du bilan": consultation.balance_sent_on,
    }
    return [words for words, value in known.items() if not value]


def _subjects(found: Operation, known: set[str]) -> list[dict[str, Any]]:
    """The consultations that one may write: those that are owed first."""
    owed = {duty.subject for duty in duties_of(found) if duty.subject}
    return [
        {"code": code, "label": label, "owed": code in owed}
        for code, label in choices("consultation").items()
        if code not in known and (code in owed or code == "autre")
    ]


def _emptied(found: Operation, actor: Any, today: Any) -> list[Any]:
    rows = EmptiedBuilding.objects.visible_to(actor).filter(operation=found).with_last()
    alerts = set(found.emptied.in_alert(today).values_list("pk", flat=True))
    shown = list(rows.select_related("residence", "building", "upkeep_by")[:SHOWN])
    return [{"building": one, "alert": one.pk in alerts} for one in shown]
