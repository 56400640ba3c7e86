"""A year of meetings: a COTECH and a COPIL each month, what they decided and what became of it,
and the next of each being prepared."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from parvis.actions.models import Action, Pledge
from parvis.demo.accounts import address_of, read
from parvis.gatherings.acts import mark_attendance
from parvis.gatherings.models import Guest
from parvis.meetings import acts
from parvis.meetings.models import Decision, Instance, Sitting
from parvis.notices import outbox
from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import Organisation, User, start_of_day
from parvis.places.models import Commune, Quartier
from parvis.places.workdays import is_working_day
from parvis.reports.models import Report
from parvis.thread.acts import link

QUARTIER = "QN05921M"
MONTH = 30.4  # days
FIRST = ("cotech", "copil")  # in the order in which a month goes
RULES = ("minutes", "approval", "quorum")
SAID = ("usage", "technique", "politique", "reason")
CALLED = timedelta(days=10)  # before the sitting
PROPOSED = ("blackspot", "report", "pledge", "action")  # two of each at the next sitting
ACTIONS_DECIDED = 8  # actions of the plan that a decision called for


class Line(NamedTuple):
    """One decision of data/meetings.toml."""

    point: str
    text: str
    who: str
    days: int
    outcome: str
    usage: str
    technique: str
    politique: str
    reason: str


class _World:
    """What the meetings need to know, read once."""

    def __init__(self, organisations: dict[str, Organisation], now: datetime) -> None:
        self.now, self.today = now, timezone.localdate(now)
        self.organisations = organisations
        self.actor: Actor = actors_of(User.objects.get(email=address_of("coordination")))[0]
        self.quartier = Quartier.objects.get(code=QUARTIER)
        reports = Report.objects.filter(quartiers=self.quartier, public=True, withdrawn_at=None)
        self.reports = list(reports.order_by("at", "pk").values_list("pk", "at"))
        self.actions = list(Action.objects.order_by("pk").values_list("pk", flat=True))
        self.unkept = list(
            Pledge.objects.filter(state=Pledge.State.UNKEPT).values_list("pk", flat=True)
        )
        self.called = 0


def load_meetings(organisations: dict[str, Organisation], now: datetime) -> list[Instance]:
    """Write both instances and hold their sittings, month after month."""
    facts = read("meetings")
    world = _World(organisations, now)
    instances = {code: _instance(facts[code], world) for code in FIRST}
    months = len(facts["cotech"]["months"])
    for month in range(months):
        for code in FIRST:
            ago = months - 1 - month
            day = _weekday(world.today, facts[code], round(ago * MONTH) + facts[code]["offset"])
            _hold(instances[code], facts[code], month, day, world)
    for code in FIRST:
        _prepare(instances[code], facts[code], facts["next"][code], world)
    return list(instances.values())


def _instance(facts: dict[str, Any], world: _World) -> Instance:
    known = world.organisations
    return acts.write_instance(
        Instance(organiser=known["agglomeration"]),
        kind=facts["kind"],
        name=facts["name"],
        cadence=Instance.Cadence.MONTHLY,
        quartiers=[world.quartier],
        chairs=[known[key] for key in facts["chairs"]],
        members=[known[key] for key in facts["members"]],
        **{name: facts[name] for name in RULES if name in facts},
    )


def _weekday(today: date, facts: dict[str, Any], days: int) -> date:
    """The weekday of the instance, about so many days ago."""
    about = today - timedelta(days=days)
    day = about - timedelta(days=(about.weekday() - facts["weekday"]) % 7)
    return day if is_working_day(day) else day - timedelta(days=7)


def _at(day: date, facts: dict[str, Any]) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(facts["hour"])))


def _plan(
    instance: Instance, facts: dict[str, Any], starts: datetime, made: datetime, actor: Actor
) -> Sitting:
    return acts.plan_sitting(
        instance,
        actor=actor,
        now=made,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=facts["length"]),
        place_label=facts["place"],
        commune=Commune.objects.get(code=facts["commune"]),
        contact="03 00 00 00 10",
    )


def _hold(instance: Instance, facts: dict[str, Any], month: int, day: date, world: _World) -> None:
    """One sitting from its agenda to its relevé, and what became of its decisions."""
    starts = _at(day, facts)
    made = starts - CALLED
    sitting = _plan(instance, facts, starts, made, world.actor)
    lines = [Line(*row) for row in facts["months"][month]]
    acts.add_things(sitting, _seen_lately(facts, day, month, world), actor=world.actor)
    acts.add_point(sitting, title=facts["standing"], asked="news")
    items = [acts.add_point(sitting, title=line.point) for line in lines]
    acts.convene(sitting, actor=world.actor, now=made)
    _attend(sitting, month, world, starts)
    taken = starts + timedelta(hours=1)
    if facts["minutes"]:
        acts.write_minutes(sitting, minutes=facts["words"])
    decisions = []
    for line, item in zip(lines, items, strict=True):
        said = {name: getattr(line, name) for name in SAID}
        decision = acts.decide(
            sitting,
            actor=world.actor,
            text=line.text,
            item=item,
            organisation=world.organisations[line.who],
            due_on=day + timedelta(days=line.days),
            now=taken,
            **said,
        )
        _call_for(decision, world)
        decisions.append(decision)
    acts.send_releve(sitting, actor=world.actor, now=starts + timedelta(hours=3))
    # What was sent in its time is not sent again today.
    outbox.take_back(f"sitting.convened:{sitting.pk}")
    outbox.take_back(f"sitting.sent:{sitting.pk}")
    if facts["approval"] and month < len(facts["months"]) - 1:
        acts.approve_releve(sitting, actor=world.actor, now=starts + timedelta(days=28))
    for line, decision in zip(lines, decisions, strict=True):
        _follow(decision, line, world)


def _seen_lately(
    facts: dict[str, Any], day: date, month: int, world: _World
) -> list[tuple[str, int]]:
    """A report of the last weeks for who works in the place, an unkept pledge now and then."""
    until, since = start_of_day(day), start_of_day(day - timedelta(days=40))
    recent = [pk for pk, at in world.reports if since <= at < until]
    if facts["kind"] == "cotech":
        return [("report", pk) for pk in recent[-1:]]
    if world.unkept and month % 4 == 0:
        return [("pledge", world.unkept[month // 4 % len(world.unkept)])]
    return []


def _attend(sitting: Sitting, month: int, world: _World, starts: datetime) -> None:
    """Most come, some say that they cannot, one forgets."""
    guests = list(sitting.gathering.guests.all())
    came = {}
    for place, guest in enumerate(guests):
        luck = random.Random(f"{sitting.instance.kind} {month} {place}").random()
        came[guest.pk] = luck < 0.82
        guest.answer = Guest.Answer.COMING if luck < 0.82 else Guest.Answer.EXCUSED
        if luck > 0.95:
            guest.answer = Guest.Answer.AWAITED
    Guest.objects.bulk_update(guests, ["answer"])
    mark_attendance(sitting.gathering, actor=world.actor, guests=came, people={}, now=starts)


def _call_for(decision: Decision, world: _World) -> None:
    """Some actions of the plan were decided here: the thread goes on to them."""
    if world.called < ACTIONS_DECIDED and world.actions:
        action = world.actions[world.called * 7 % len(world.actions)]
        link(world.actor, (acts.DECISION, decision.pk), ("action", action))
        world.called += 1


def _follow(decision: Decision, line: Line, world: _World) -> None:
    step = {"done": "done", "drop": "drop"}.get(line.outcome)
    if step is None or decision.due_on is None:
        return
    closed = min(decision.due_on - timedelta(days=4), world.today - timedelta(days=1))
    outcome = "Fait et vu sur place." if step == "done" else line.reason
    acts.advance_decision(
        decision, step, actor=world.actor, outcome=outcome, now=start_of_day(closed)
    )


def _prepare(instance: Instance, facts: dict[str, Any], points: list[str], world: _World) -> None:
    """The next sitting: the COTECH is called, the agenda of the COPIL is still being written."""
    day = _weekday(world.today, facts, -facts["offset"] - 7)
    made = world.now - timedelta(days=1)
    sitting = _plan(instance, facts, _at(day, facts), made, world.actor)
    proposed = acts.proposals(sitting, world.actor, world.today)
    things = [
        (due.kind, due.id)
        for code in PROPOSED
        for due in [one for one in proposed if one.kind == code][:2]
    ]
    things += [("report", pk) for pk, _ in world.reports[-1:]]
    acts.add_things(sitting, things, actor=world.actor)
    for title in points:
        acts.add_point(sitting, title=title)
    if facts["kind"] == "cotech":
        acts.convene(sitting, actor=world.actor, now=made)
