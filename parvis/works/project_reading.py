"""Reading a project whole, in a few queries whatever its rows: what stands around it, and all that
has dates in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    F,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.thread.register import kinds
from parvis.works.dates import Dated, State
from parvis.works.models import (
    Delivery,
    EmptiedBuilding,
    GroundChange,
    ManagementAnnex,
    ManagementPart,
    MeetingQuestion,
    Operation,
    ProjectPartner,
    ProjectPhase,
    PublicMeeting,
    RenewalProject,
    ResidentStep,
    TenantConsultation,
    Worksite,
)
from parvis.works.project_contradictions import Said, contradictions
from parvis.works.project_duties import DueStep, Facts, steps_of_operation, steps_of_project
from parvis.works.project_events import OPERATION
from parvis.works.sorting import label_of, lines

TONES = {State.ENDED: "done", State.RUNNING: "soon"}


class Around(NamedTuple):
    """One row of what stands around a project: a commune, a partner, a part that was written..."""

    what: str
    ref: int
    parent: int | None
    name: str
    text: str
    file: str
    day: date | None
    other_day: date | None


def _around(rows: Any, what: str, ref: Any, name: Any, text: Any = None, **more: Any) -> Any:
    columns = {
        "row_what": Value(what, CharField(max_length=24)),
        "row_ref": Cast(ref, BigIntegerField()),
        "row_parent": Cast(more.get("parent", Value(None)), BigIntegerField(null=True)),
        "row_name": Cast(name, CharField(max_length=400)),
        "row_text": Cast(text or Value(""), TextField()),
        "row_file": Cast(more.get("file", Value("")), TextField()),
        "row_day": Cast(more.get("day", Value(None)), DateField(null=True)),
        "row_other": Cast(more.get("other", Value(None)), DateField(null=True)),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def around(project: RenewalProject, actor: Actor, *, follow: bool) -> dict[str, list[Around]]:
    """What stands around a project, by what it is, in one query."""
    of = {"project": project}
    communes = RenewalProject.communes.through.objects.filter(renewalproject=project)
    quartiers = RenewalProject.quartiers.through.objects.filter(renewalproject=project)
    residences = Operation.residences.through.objects.filter(operation__project=project)
    steps = ResidentStep.objects.filter(**of)
    consulted = TenantConsultation.objects.filter(operation__project=project)
    rows = [
        _around(quartiers, "quartier", "quartier_id", "quartier__name", "quartier__code"),
        _around(communes, "commune", "commune_id", "commune__name"),
        _around(ProjectPartner.objects.filter(**of), "partner", "pk", "organisation__name", "part"),
        _around(residences, "residence", "operation_id", "residence__name"),
        _around(
            steps, "step", "pk", "code", "note", parent="operation_id", file="file", day="done_on"
        ),
        _around(
            consulted, "consulted", "operation_id", "subject", day="met_on", other="balance_sent_on"
        ),
        _around(ManagementAnnex.objects.filter(**of), "annex", "pk", "rules", day="annexed_on"),
    ]
    if follow:
        finished = ManagementPart.objects.filter(**of, done_on__isnull=False)
        grounds = GroundChange.objects.filter(**of, changes_charges=True, involved_on=None)
        emptied = EmptiedBuilding.objects.filter(operation__project=project)
        alerts = emptied.in_alert(timezone.localdate())
        rows += [
            _around(finished, "part", "pk", "code"),
            _around(grounds, "uninvolved", "pk", "name"),
            _around(
                alerts,
                "alert",
                "pk",
                "residence__name",
                Coalesce("building__name", Value("")),
                day="last_visit_on",
            ),
        ]
    first, *others = rows
    found: dict[str, list[Around]] = {}
    for row in first.union(*others, all=True):
        one = Around._make(row)
        found.setdefault(one.what, []).append(one)
    for some in found.values():
        some.sort(key=lambda one: (one.name, one.ref))
    return found


@dataclass
class Line:
    """Something with dates: an operation, a worksite, a delivery."""

    pk: int
    title: str
    kind: str
    who: str
    dated: Dated
    dwellings: int | None = None
    parent: int | None = None
    url: str = ""
    residences: list[str] = field(default_factory=list)
    state: str = ""
    tone: str = ""


@dataclass
class PhaseLine:
    """One phase of the list, with or without dates, and what residents do in it."""

    code: str
    label: str
    residents: str
    phase: ProjectPhase | None
    state: str
    tone: str
    future: bool
    running: bool


@dataclass
class Timetable:
    """All that has dates in a project."""

    phases: dict[str, ProjectPhase]
    operations: list[Line]
    worksites: list[Line]
    deliveries: list[Line]


_DATES = ("starts_on", "ends_on", "began_on", "ended_on")


def _dated(rows: Any, what: str, **given: Any) -> Any:
    values = {"code": Value(""), "title": Value(""), "who": Value(""), **given}
    columns = {
        "line_what": Value(what, CharField(max_length=24)),
        "line_pk": F("pk"),
        "line_code": Cast(values["code"], CharField(max_length=24)),
        "line_title": Cast(values["title"], CharField(max_length=200)),
        "line_who": Cast(values["who"], CharField(max_length=200)),
        **{f"line_{name}": Cast(values.get(name, name), DateField(null=True)) for name in _DATES},
        "line_dwellings": Cast(values.get("dwellings", Value(None)), BigIntegerField(null=True)),
        "line_rents": Cast(values.get("rents", Value(0)), BigIntegerField()),
        "line_parent": Cast(values.get("parent", Value(None)), BigIntegerField(null=True)),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def timetable(project: RenewalProject, actor: Actor, today: date) -> Timetable:
    """Phases, operations, worksites and deliveries that this actor may see, in one query."""
    phases = ProjectPhase.objects.filter(project=project)
    operations = Operation.objects.filter(project=project)
    return _timetable(phases, operations, Q(operation__project=project), actor, today)


def timetable_of_operation(operation: Operation, actor: Actor, today: date) -> Timetable:
    """The worksites and deliveries of one operation that this actor may see, in one query."""
    none = ProjectPhase.objects.filter(pk__in=())
    itself = Operation.objects.filter(pk=operation.pk)
    return _timetable(none, itself, Q(operation=operation), actor, today)


def _timetable(phases: Any, operations: Any, inside: Q, actor: Actor, today: date) -> Timetable:
    worksites = Worksite.objects.visible_to(actor).filter(inside)
    deliveries = Delivery.objects.visible_to(actor).filter(inside)
    rows = _dated(phases, "phase", code="code").union(
        _dated(
            operations,
            OPERATION,
            code="kind",
            title="title",
            who="owner__name",
            dwellings="dwellings",
            rents=Case(When(changes_rents=True, then=Value(1)), default=Value(0)),
        ),
        _dated(
            worksites,
            "worksite",
            code="kind",
            title="title",
            who="manager__name",
            parent="operation_id",
        ),
        _dated(
            deliveries,
            "delivery",
            code="kind",
            title="title",
            who="taker__name",
            starts_on="planned_on",
            ends_on=Value(None),
            began_on="delivered_on",
            ended_on="taken_on",
            parent="operation_id",
        ),
        all=True,
    )
    found = Timetable({}, [], [], [])
    for row in rows:
        what, pk, code, title, who, starts, ends, began, ended, dwellings, rents, parent = row
        dates = dict(zip(_DATES, (starts, ends, began, ended), strict=True))
        if what == "phase":
            found.phases[code] = ProjectPhase(pk=pk, code=code, **dates)
            continue
        line = Line(pk, title, code, who, Operation(**dates), dwellings, parent, url_of(what, pk))
        if what == "delivery":
            _tell_delivery(line)
            found.deliveries.append(line)
        else:
            state = line.dated.state_on(today)
            line.kind = label_of("operation", code)
            line.state, line.tone = state.label, TONES.get(state, "")
            (found.operations if what == OPERATION else found.worksites).append(line)
            if what == OPERATION:
                line.dated = Operation(
                    pk=pk, title=title, kind=code, changes_rents=bool(rents), **dates
                )
    for some in (found.operations, found.worksites, found.deliveries):
        some.sort(key=lambda one: (one.dated.first_day or date.max, one.title, one.pk))
    return found


def _tell_delivery(line: Line) -> None:
    line.kind = label_of("delivery", line.kind)
    if line.dated.ended_on:
        line.state, line.tone = "remis en gestion", "done"
    elif line.dated.began_on:
        line.state, line.tone = "livré", "done"
    else:
        line.state = "à livrer"


def url_of(kind: str, pk: int) -> str:
    """The page of a thing, when its kind stands in the register."""
    known = kinds().get(kind)
    return known.url(pk) if known else ""


def phase_lines(phases: dict[str, ProjectPhase], today: date) -> list[PhaseLine]:
    """Every phase of the list in order, those without dates too."""
    found = []
    for code, line in lines("phase").items():
        phase = phases.get(code)
        state = phase.state_on(today) if phase else State.UNDATED
        found.append(
            PhaseLine(
                code=code,
                label=line["label"],
                residents=line["residents"],
                phase=phase,
                state=state.label,
                tone=TONES.get(state, ""),
                future=state in (State.PLANNED, State.UNDATED),
                running=state == State.RUNNING,
            )
        )
    return found


def contradictions_of(table: Timetable, today: date) -> list[Said]:
    """What the dates of a project say against each other."""
    return contradictions(
        table.phases,
        [(one.pk, one.title, one.dated) for one in table.operations],
        [(one.title, one.dated, one.parent) for one in table.worksites],
        today,
    )


def meetings_of(project: RenewalProject, actor: Actor, today: date) -> list[Any]:
    """The project's public meetings that this actor may see, newest first, with how many questions
    are without answer after their day."""
    late = (
        MeetingQuestion.objects.filter(meeting=OuterRef("pk"), answered_on=None, due_on__lt=today)
        .order_by()
        .values("meeting")
        .annotate(number=Count("*"))
        .values("number")
    )
    rows = PublicMeeting.objects.visible_to(actor).filter(project=project)
    rows = rows.select_related("gathering").defer("account", "gathering__summary")
    return list(
        rows.annotate(late=Coalesce(Subquery(late), 0)).order_by("-gathering__starts_at", "pk")
    )


def facts_of(meetings: Iterable[Any], houses: Iterable[Any], today: date) -> Facts:
    """What exists and shows that steps owed to residents are done."""
    now = timezone.now()
    met = tuple(
        timezone.localtime(one.gathering.starts_at).date()
        for one in meetings
        if one.gathering.cancelled_at is None
        and one.gathering.published_at is not None
        and one.gathering.ends_at < now
    )
    opened = [
        one.starts_on or today
        for one in houses
        if (one.starts_on is None or one.starts_on <= today)
        and (one.ends_on is None or one.ends_on >= today)
    ]
    return Facts(min(opened, default=None), met)


def steps_around(table: Timetable, rows: dict[str, list[Around]], facts: Facts) -> list[DueStep]:
    """Every step that the project and its operations owe to residents."""
    steps = [
        ResidentStep(  # type: ignore[misc]
            pk=one.ref,
            operation_id=one.parent,
            code=one.name,
            note=one.text,
            file=one.file,
            done_on=one.day,
        )
        for one in rows.get("step", [])
    ]
    consulted: dict[int, dict[str, tuple[date | None, date | None]]] = {}
    for one in rows.get("consulted", []):
        consulted.setdefault(one.ref, {})[one.name] = (one.day, one.other_day)
    found = steps_of_project(table.phases, steps, facts)
    for line in table.operations:
        operation = line.dated
        assert isinstance(operation, Operation)  # noqa: S101 - made so above
        found += steps_of_operation(operation, steps, consulted.get(line.pk, {}))
    return found
