"""Two diagnostics en marchant, the second one returning on the first, and one to come: told through
the very acts that telephones and desks use."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import cos, radians
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from parvis.actions.models import Action, Pledge
from parvis.demo.accounts import address_of, read
from parvis.demo.pictures import FAULTS, SIZE, picture, thumbnail
from parvis.documents.photos import CleanPhoto
from parvis.notices import outbox
from parvis.partners.actors import NOBODY, Actor, actors_of
from parvis.partners.models import Organisation, User
from parvis.places.models import Commune, Quartier, Residence
from parvis.reports.acts import advance_part, file_report
from parvis.reports.acts import review as review_report
from parvis.reports.models import Category, Part, Report
from parvis.reports.placing import Place
from parvis.reports.workflow import OPEN
from parvis.tfpb.models import Line
from parvis.tfpb.workflow import ProgrammeState
from parvis.thread.acts import link
from parvis.thread.models import Link
from parvis.walks import account_acts, inviting, planning, receiving, returning, sorting
from parvis.walks.desk_places import categories_for, near_reports
from parvis.walks.desk_review import Agreed, Said, review
from parvis.walks.events import OBSERVATION, WALK
from parvis.walks.models import Answer, Check, Observation, Picture, Stop, Walk
from parvis.walks.pictures import PictureSent, receive_picture
from parvis.walks.practice import checklist

LENGTH = timedelta(hours=2)
HOUR, EVENING = 14, 19
CALLED = timedelta(days=21)  # before the walk
REPORTED = timedelta(days=8)  # before it
SORTED, TOLD, SHOWN = timedelta(days=2), timedelta(days=5), timedelta(days=6)  # after it
METRES_A_DEGREE = 111_195.0
SEED = UUID("6f2c1d0e-7a53-4f0b-9d8e-2b1a90c4e7d1")  # telephones number what they note
STRENGTH = "strength"


@dataclass(frozen=True)
class Ground:
    """What every part of this story needs."""

    facts: dict[str, Any]
    organisations: dict[str, Organisation]
    actor: Actor
    now: datetime


def load_walks(organisations: dict[str, Organisation], now: datetime) -> list[Walk]:
    """Prepare, walk, sort and tell the walks of data/walks.toml."""
    facts = read("walks")
    actor = actors_of(User.objects.get(email=address_of(facts["actor"])))[0]
    ground = Ground(facts, organisations, actor, now)
    first = _first(ground)
    returned = _return(ground, first)
    return [first, returned, _coming(ground)]


# --- The walks --------------------------------------------------------------------------------


def _first(ground: Ground) -> Walk:
    told = ground.facts["first"]
    starts = _at(ground, told["days"], HOUR)
    walk = _prepare(ground, told, starts)
    stops = [_stop(ground, walk, row) for row in told["stop"]]
    _report_before(ground, stops[0], told["report"], starts - REPORTED)
    checks = _ask(ground, stops[0], starts)
    _call(ground, walk, starts)
    findings = [
        (_note(ground, walk, stop, line, starts), line[3])
        for stop, row in zip(stops, told["stop"], strict=True)
        for line in row["findings"]
    ]
    for number, check in enumerate(checks):
        words = "Vu avec le gardien et deux habitantes."
        _answer(ground, check, "seen", words, starts, drawn=number == 0)
    _present(ground, walk, starts)
    for finding, becomes in findings:
        _sort(ground, finding, becomes, starts + SORTED)
    _tell(ground, walk, told["summary"], starts)
    return walk


def _return(ground: Ground, first: Walk) -> Walk:
    told = ground.facts["return"]
    starts = _at(ground, told["days"], HOUR)
    walk = returning.prepare_return(
        first,
        actor=ground.actor,
        starts_at=starts,
        ends_at=starts + LENGTH,
        title=told["title"],
        now=starts - CALLED,
    )
    Walk.objects.filter(pk=walk.pk).update(purpose=told["purpose"], ready=list(checklist()))
    _call(ground, walk, starts)
    checks = Check.objects.filter(stop__walk=walk, thing_kind=OBSERVATION)
    results, words = told["results"], told["words"]
    for number, check in enumerate(checks.order_by("stop__position", "position", "pk")):
        result = results[number % len(results)]
        said = words[number % len(words)]
        _answer(ground, check, result, said, starts, drawn=number < 6)
        if result == "unseen":
            _settle(check, starts - timedelta(days=3))
    stop = walk.stops.order_by("position", "pk")[0]
    for line in told["findings"]:
        finding = _note(ground, walk, stop, line, starts)
        becomes = "noted" if line[3] == "to_sort" else line[3]
        _sort(ground, finding, becomes, starts + SORTED)
    _present(ground, walk, starts)
    _tell(ground, walk, told["summary"], starts)
    return walk


def _coming(ground: Ground) -> Walk:
    told = ground.facts["coming"]
    starts = _at(ground, told["days"], EVENING)
    walk = _prepare(ground, told, starts)
    stops = [_stop(ground, walk, row) for row in told["stop"]]
    _ask(ground, stops[-1], ground.now)
    planning.tick(walk, ["route", "subjects", "invited"])
    _call(ground, walk, starts)
    inviting.welcome_residents(walk, actor=ground.actor)
    roles = zip(("anime", "note", "photo"), walk.gathering.guests.order_by("pk"), strict=False)
    for code, guest in roles:
        planning.give_role(walk, code, guest=guest)
    return walk


# --- Before -----------------------------------------------------------------------------------


def _at(ground: Ground, days: int, hour: int) -> datetime:
    day = timezone.localdate(ground.now) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _prepare(ground: Ground, told: dict[str, Any], starts: datetime) -> Walk:
    facts = ground.facts
    walk = planning.plan_walk(
        actor=ground.actor,
        organiser=ground.organisations[facts["organiser"]],
        quartiers=Quartier.objects.filter(code=facts["quartier"]),
        purpose=told["purpose"],
        now=starts - 2 * CALLED,
        title=told["title"],
        starts_at=starts,
        ends_at=starts + LENGTH,
        place_label=facts["place"],
        commune=Commune.objects.get(code=facts["commune"]),
        contact=facts["contact"],
    )
    if starts < ground.now:
        planning.tick(walk, checklist())
    return walk


def _stop(ground: Ground, walk: Walk, row: dict[str, Any]) -> Stop:
    """A stop some metres away from its residence."""
    home = Residence.objects.get(name=row["residence"])
    north, east = home.latitude or 0.0, home.longitude or 0.0
    return planning.add_stop(
        walk,
        actor=ground.actor,
        kind=row["kind"],
        title=row["title"],
        note=row["note"],
        residence=home if row["kind"] in ("hall", "pied_immeuble") else None,
        latitude=round(north + row["north"] / METRES_A_DEGREE, 6),
        longitude=round(east + row["east"] / METRES_A_DEGREE / cos(radians(north)), 6),
    )


def _report_before(ground: Ground, stop: Stop, told: dict[str, Any], at: datetime) -> None:
    """A resident reported it some days before the walk: that is why the group stops there."""
    theme = Category.objects.get(code=told["category"]).theme_code
    photo = CleanPhoto(picture(theme, 0, False), thumbnail(theme, 0, False), *SIZE)
    voice = file_report(
        actor=NOBODY,
        place=Place(latitude=stop.latitude, longitude=stop.longitude, label=stop.title),
        category=Category.objects.get(code=told["category"]),
        text=told["text"],
        photos=[photo],
        email=address_of("habitante-des-tilleuls"),
        now=at,
    )
    review_report(
        voice.report,
        actor=ground.actor,
        public=True,
        text_shown=True,
        shown_photos=set(voice.report.photos.values_list("pk", flat=True)),
        shown_messages=set(),
        now=at + timedelta(hours=5),
    )


def _ask(ground: Ground, stop: Stop, on: datetime) -> list[Check]:
    """An open report near, a pledge of the convention and a line of the abatement are to be looked
    at from this stop."""
    reports = Report.objects.filter(
        state__in=OPEN, private=False, public=True, merged_into=None, at__lt=on
    ).order_by("-at", "pk")
    pledges = Pledge.objects.filter(state=Pledge.State.KEPT).order_by("pk")
    lines = Line.objects.filter(
        programme__state=ProgrammeState.RUNNING, programme__published_at=None
    ).order_by("pk")
    made = []
    for kind, rows in (("report", reports), ("pledge", pledges), ("tfpb_line", lines)):
        ids = list(rows.values_list("pk", flat=True))
        offered = planning.checkable_of(ground.actor, stop.walk, kind, ids)
        chosen = next((pk for pk in ids if pk in offered), None)
        if chosen is None:
            continue
        made.append(planning.ask_check(stop, (kind, chosen), actor=ground.actor))
        if kind == "report":
            link(ground.actor, ("report", chosen), (WALK, stop.walk_id))
    return made


def _call(ground: Ground, walk: Walk, starts: datetime) -> None:
    """Invitations of the past do not leave today."""
    called = [ground.organisations[code] for code in ground.facts["called"]]
    inviting.choose_guests(walk, called, among=called)
    inviting.convene(walk, actor=ground.actor, now=min(starts - CALLED, ground.now))
    outbox.take_back(f"walk.convened:{walk.pk}")


# --- On foot ----------------------------------------------------------------------------------


def _send(ground: Ground, walk: Walk, item: dict[str, Any], at: datetime) -> UUID:
    """What one telephone noted, received as it was noted."""
    count = Observation.objects.filter(walk=walk).count()
    count += Answer.objects.filter(about__stop__walk=walk).count()
    uid = uuid5(SEED, f"{walk.gathering.title} {item['kind']} {count} {item}")
    received = receiving.receive(
        walk,
        actor=ground.actor,
        sent_at=at,
        items=[{**item, "uid": str(uid), "noted_at": at.isoformat()}],
        partner=True,
        now=at,
    )
    if received.refused:
        raise ValueError(received.refused)
    return uid


def _note(ground: Ground, walk: Walk, stop: Stop, line: list[Any], starts: datetime) -> Observation:
    theme, weight, note, _ = line
    drawn = theme in FAULTS and weight != STRENGTH
    at = starts + timedelta(minutes=10 * stop.position + 5)
    item = {
        "kind": "observation",
        "stop": stop.pk,
        "theme": theme,
        "strength": weight == STRENGTH,
        "severity": None if weight == STRENGTH else weight,
        "note": note,
        "lat": stop.latitude,
        "lon": stop.longitude,
        "pictures": int(drawn),
    }
    uid = _send(ground, walk, item, at)
    if drawn:
        _draw(walk, uid, theme, stop.position, at, fixed=False)
    return Observation.objects.select_related("walk__gathering", "stop").get(uid=uid)


def _answer(
    ground: Ground, check: Check, result: str, note: str, starts: datetime, *, drawn: bool
) -> None:
    at = starts + timedelta(minutes=10 * check.stop.position + 8)
    walk = check.stop.walk
    finding = None
    if check.thing_kind == OBSERVATION:
        finding = Observation.objects.get(pk=check.thing_id)
    theme = finding.theme_code if finding else "proprete"
    drawn = drawn and (finding is None or finding.pictures.exists())
    item = {
        "kind": "answer",
        "check": check.pk,
        "result": result,
        "note": note,
        "pictures": int(drawn),
    }
    uid = _send(ground, walk, item, at)
    if drawn:
        view = finding.stop.position if finding and finding.stop else check.stop.position
        _draw(walk, uid, theme, view, at, fixed=result == "unseen")


def _draw(walk: Walk, of: UUID, theme: str, view: int, at: datetime, *, fixed: bool) -> None:
    sent = PictureSent(
        uid=uuid5(SEED, f"photo {of}"), of=of, noted_at=at.isoformat(), sent_at=at, people=False
    )
    receive_picture(walk, sent, io.BytesIO(picture(theme, view, fixed)), now=at)


def _present(ground: Ground, walk: Walk, starts: datetime) -> None:
    came = {ground.organisations[code].pk for code in ground.facts["came"]}
    for guest in walk.gathering.guests.order_by("pk"):
        item = {"kind": "presence", "guest": guest.pk, "came": guest.organisation_id in came}
        _send(ground, walk, item, starts)
    _send(ground, walk, {"kind": "presence", "count": ground.facts["residents"]}, starts)


# --- After ------------------------------------------------------------------------------------


def _sort(ground: Ground, finding: Observation, becomes: str, at: datetime) -> None:
    """What it becomes; a report that is not there to be linked is made, an action that is not in
    the plan is left to a meeting."""
    actor, due = ground.actor, timezone.localdate(at + timedelta(days=60))
    follow = sorting.FollowUp(responsible=finding.manager, due_on=due)
    if becomes == "linked" and (near := near_reports(actor, finding)):
        sorting.link_to_report(finding, near[0][0].pk, actor=actor, now=at)
    elif becomes in ("report", "linked"):
        category = categories_for(finding).order_by("position", "code")[0]
        sorting.make_report(
            finding, actor=actor, category=category, text=finding.note, follow=follow, now=at
        )
    elif becomes == "action" and (action := _action_for(finding)) is not None:
        sorting.join_action(finding, action.pk, actor=actor, follow=follow, now=at)
    elif becomes in ("to_decide", "action"):
        sorting.put_to_decision(finding, actor=actor, follow=follow, now=at)
    else:
        sorting.note_finding(finding, actor=actor, now=at)


def _action_for(finding: Observation) -> Action | None:
    rows = Action.objects.filter(domain="espaces_verts", state__in=("running", "validated"))
    if finding.theme_code != "espaces_verts":
        rows = Action.objects.filter(domain="espaces_verts", state="studied")
    return rows.order_by("pk").first()


def _settle(check: Check, at: datetime) -> None:
    """Whoever answers for what a settled finding became has done it some days before."""
    sources = Report.objects.filter(
        pk__in=_made_of(check.thing_id), state__in=OPEN, merged_into=None
    )
    for part in Part.objects.filter(report__in=sources, state__in=OPEN).select_related(
        "organisation", "report"
    ):
        if part.organisation is None:
            continue
        owner = Actor(
            organisation_id=part.organisation_id,
            organisation_name=part.organisation.name,
            kind=part.organisation.kind,
            role="responsable",
        )
        after = max(at, part.created_at + timedelta(hours=2))
        answer = "C’est fait ; merci aux habitants du diagnostic."
        advance_part(part, "settle", actor=owner, answer=answer, now=after)


def _made_of(finding: int) -> list[int]:
    made = Link.objects.filter(source_kind=OBSERVATION, source_id=finding, target_kind="report")
    first = Link.objects.filter(target_kind=OBSERVATION, target_id=finding, source_kind="report")
    return [*made.values_list("target_id", flat=True), *first.values_list("source_id", flat=True)]


def _tell(ground: Ground, walk: Walk, summary: str, starts: datetime) -> None:
    """The account is written, sent, reviewed and public."""
    account_acts.write_summary(walk, summary=summary)
    account_acts.send_account(walk, actor=ground.actor, now=starts + TOLD)
    findings = Observation.objects.filter(walk=walk, withdrawn_at=None)
    pictures = Picture.objects.filter(observation__walk=walk)
    again = Picture.objects.filter(answer__about__stop__walk=walk)
    review(
        walk,
        actor=ground.actor,
        findings={one.pk: Said(shown=True, public_note=one.note) for one in findings},
        pictures={
            one.pk: Agreed(shown=True, people=False, consent=False) for one in (*pictures, *again)
        },
        now=starts + TOLD,
    )
    account_acts.publish_account(walk, actor=ground.actor, now=starts + SHOWN)
