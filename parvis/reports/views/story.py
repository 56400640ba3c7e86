"""What a report's page tells: who does what, its thread, what was said, its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from parvis.partners.actors import Actor
from parvis.reports import access
from parvis.reports.acts.handling import UNDO
from parvis.reports.models import Message, Part, Pause, Photo, Report, Way
from parvis.reports.photos import before_and_after
from parvis.reports.questions import answered
from parvis.reports.routes import rule_for
from parvis.reports.searching import KIND
from parvis.reports.views.shared import TONES, is_open, may_do, words_of_state
from parvis.reports.workflow import State, steps_from
from parvis.reports.workflow import Step as WorkflowStep
from parvis.reports.wrecks import in_words, wreck_of
from parvis.thread.reading import EventLine, events_of, thread_of
from parvis.ui.components import Step
from parvis.ui.words import counted

# What an event looks like on the thread; those left out stay in the partners' history.
ICONS = {
    "filed": "megaphone",
    "handed": "send",
    "part_added": "users",
    "part_given": "users",
    "returned": "undo-2",
    "take": "hand",
    "schedule": "calendar",
    "doubt": "circle-question-mark",
    "settle": "check",
    "drop": "circle-slash",
    "reopen": "rotate-ccw",
    "reopened": "rotate-ccw",
    "says_settled": "thumbs-up",
    "says_not_yet": "message-circle",
    "recategorised": "tag",
    "merged": "combine",
    "took_in": "combine",
    "unmerged": "split",
    "let_go": "split",
    "paused": "pause",
    "resumed": "play",
    "answered": "message-circle",
    "closed": "mail",
}
REPORT_ACTIONS = (
    "read",
    "join",
    "moderate",
    "assign",
    "answer",
    "note",
    "chase",
    "recategorise",
    "merge",
    "wreck",
)
# On a report that was united with another, nothing else is done any more.
MERGED_ACTIONS = frozenset(("read", "merge"))


@dataclass
class PartLine:
    """One line of "Qui fait quoi"; the buttons are those that this reader may press."""

    part: Part
    tone: str
    words: str
    late: bool
    open: bool = True
    steps: list[WorkflowStep] = field(default_factory=list)
    may_assign: bool = False
    may_chase: bool = False
    may_undo: bool = False
    may_take: bool = False
    may_note: bool = False  # its pause, its own number
    pause: Pause | None = None  # begun or to come


def late_on(state: str, due_on: date | None, today: date) -> bool:
    """Whether it is open and its day has passed."""
    return is_open(state) and due_on is not None and due_on < today


def part_lines(actor: Actor, report: Report) -> list[PartLine]:
    """The parts of a report, with what this actor may do with each; at most three queries."""
    rows = Part.objects.visible_to(actor).filter(report=report)
    # Who of the organisation has it in hand is told to partners alone.
    with_them = ["organisation", "commitment", *(["person"] if actor.is_partner else [])]
    parts = list(rows.select_related(*with_them).order_by("created_at", "pk"))
    not_over = Pause.objects.filter(ends_on__gte=timezone.localdate())
    still = [part for part in parts if is_open(part.state)]
    prefetch_related_objects(still, Prefetch("pauses", not_over, to_attr="running"))
    rights: dict[int, frozenset[str]] = {}
    if actor.is_partner and parts and report.merged_into_id is None:
        actions = ("handle", "reopen", "assign", "chase")
        rights = may_do(access.PART, rows, actor, actions)
    today, now = timezone.localdate(), timezone.now()
    lines = []
    for part in parts:
        tone, words = words_of_state(part.state)
        may = rights.get(part.pk, frozenset())
        opened = is_open(part.state)
        lines.append(
            PartLine(
                part,
                tone,
                words if part.organisation_id or not opened else gettext("Sans gestionnaire"),
                late_on(part.state, part.due_on, today),
                open=opened,
                steps=[step for step in steps_from(part.state) if step.right in may],
                may_assign="assign" in may and opened,
                may_chase="chase" in may and opened and part.organisation_id is not None,
                may_undo="handle" in may and undoable(part, now),
                may_note="handle" in may and opened and part.organisation_id is not None,
                pause=next(iter(part.running), None) if opened else None,
                may_take="handle" in may
                and opened
                and part.organisation_id == actor.organisation_id
                and part.person_id != actor.user_id,
            )
        )
    return lines


def undoable(part: Part, now: datetime) -> bool:
    """Whether its last step may still be taken back; a giving is its giver's to take back."""
    if not part.before or part.moved_at is None or "organisation" in part.before:
        return False
    return now - part.moved_at < UNDO


def thread(
    actor: Actor, report: Report, lines: list[PartLine]
) -> tuple[list[Step], list[EventLine]]:
    """The steps of the thread, this report told event by event, then what is still to come; and
    all events. Three queries, or two for a report without links. The report was fetched for this
    actor."""
    events = events_of(actor, KIND, report.pk, seen=True)
    steps: list[Step] = []
    for step in thread_of(actor, KIND, report.pk, seen=True):
        if step.here:
            steps += _own_steps(report, events)
        else:
            steps.append(step.step())
    return steps + _to_come(report, lines), events


def _own_steps(report: Report, events: list[EventLine]) -> list[Step]:
    told = [event for event in events if event.code in ICONS and event.public]
    steps = []
    for event in told:
        last = event is told[-1]
        text = ""
        if event.code == "filed" and report.voice_count > 1:
            others = report.voice_count - 1
            text = gettext("{people} « moi aussi ».").format(
                people=counted(others, "autre personne a dit", "autres personnes ont dit")
            )
        steps.append(
            Step(
                event.sentence,
                text=text,
                day=timezone.localdate(event.at),
                icon=ICONS[event.code],
                here=last and is_open(report.state),
            )
        )
    return steps


def _to_come(report: Report, lines: list[PartLine]) -> list[Step]:
    if not is_open(report.state) or report.withdrawn_at:
        return []
    steps = []
    for line in lines:
        if not is_open(line.part.state):
            continue
        who = (
            line.part.organisation.name
            if line.part.organisation
            else gettext("un gestionnaire à trouver")
        )
        text = line.part.title
        steps.append(
            Step(
                gettext("Attendu de {who}").format(who=who),
                text=text,
                text_lang="fr",
                day=line.part.due_on,
                icon="clock-3",
                future=True,
            )
        )
    people = report.voice_count
    to_whom = (
        gettext("Réponse aux {n} personnes").format(n=people)
        if people > 1
        else gettext("Réponse à la personne qui a signalé")
    )
    steps.append(Step(to_whom, icon="mail", future=True))
    return steps


def where_of(report: Report) -> str:
    """Its place in words, the commune said once."""
    return where_in_words(report.place_label, report.commune.name if report.commune else "")


def where_in_words(place: str, commune: str) -> str:
    """A place and its commune, said once."""
    if not place:
        return commune or gettext("Lieu à préciser")
    return place if not commune or commune in place else f"{place} · {commune}"


def place_features(report: Report) -> dict[str, Any] | None:
    """The one point of the small map; None when only a quartier is known."""
    if report.latitude is None or report.longitude is None:
        return None
    return {"type": "FeatureCollection", "features": [feature(report, timezone.localdate())]}


def tone_on_map(state: str, due_on: date | None, today: date) -> str:
    """The colour of its pin: done, done, late, or soon for the rest."""
    if late_on(state, due_on, today):
        return "late"
    return "done" if TONES[State(state)] == "done" else "soon"


def feature(report: Report, today: date) -> dict[str, Any]:
    """A report as a point of a map."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [report.longitude, report.latitude]},
        "properties": {
            "id": report.reference,
            "title": gettext(report.category.label),
            "url": reverse("reports:report", args=[report.reference]),
            "tone": tone_on_map(report.state, report.due_on, today),
            "kind": "point",
        },
    }


def handed_to(report: Report, events: list[EventLine]) -> dict[str, str] | None:
    """Which tool of the commune has a handed report, in words, and that tool's page as the commune
    gives it now."""
    handed = next((event for event in events if event.code == "handed"), None)
    if report.way != Way.HANDED or handed is None:
        return None
    rule = rule_for(report.commune_id, report.category)
    return {"sentence": handed.sentence, "url": rule.url if rule.way == Way.HANDED else ""}


def told(actor: Actor, report: Report, actions: Sequence[str] = REPORT_ACTIONS) -> dict[str, Any]:
    """Everything that the page of a report, fetched for this reader, shows; cut by rights. The
    page offers these actions and no others."""
    rights = may_do(access.REPORT, Report.objects.filter(pk=report.pk), actor, actions).get(
        report.pk, frozenset()
    )
    if report.merged_into_id is not None:
        rights &= MERGED_ACTIONS
    lines = part_lines(actor, report)
    steps, events = thread(actor, report, lines)
    messages = Message.objects.visible_to(actor).filter(report=report)
    photos = list(Photo.objects.visible_to(actor).filter(report=report).order_by("at", "pk"))
    pairs = before_and_after(photos)
    paired = {photo.pk for pair in pairs for photo in pair}
    tone, words = words_of_state(report.state)
    if report.merged_into_id is not None:
        words = gettext("Réuni avec un autre")
    reads = "read" in rights
    wreck = wreck_of(report)
    return {
        "report": report,
        "where": where_of(report),
        "may": rights,
        "text": report.text if reads else "",
        "answers": answered(report.category, report.answers) if reads else [],
        "text_withheld": bool(report.text) and not reads,
        "tone": tone,
        "state_words": words,
        "open": is_open(report.state),
        "late": late_on(report.state, report.due_on, timezone.localdate()),
        "others": report.voice_count - 1,
        "lines": lines,
        "thread_steps": steps,
        "events": events,
        "messages_said": list(messages.select_related("organisation").order_by("at", "pk")),
        "photos": photos,
        "wreck": wreck,
        "wreck_words": in_words(wreck) if wreck else "",
        "pairs": pairs,
        "lone_photos": [photo for photo in photos if photo.pk not in paired],
        "handed": handed_to(report, events),
        "features": place_features(report),
        "today": timezone.localdate(),
    }
