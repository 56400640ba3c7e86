"""Social watch in the demonstration: invented doors, orientations in every state, anonymous counts.

Everybody is called « Essai »; nobody is told of what happened before the loading.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from parvis.demo.accounts import address_of, read
from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import Organisation, User
from parvis.places.models import Commune, Quartier, Residence
from parvis.vigilance.models import (
    DwellingSignal,
    Entry,
    Orientation,
    OrientationSecret,
    Receiver,
    SpokenAgreement,
    SupportDoor,
)
from parvis.vigilance.quarters import finished
from parvis.vigilance.sealing import seal
from parvis.vigilance.signal_acts import give_signal, held_at_the_end, quartier_of, save_counts
from parvis.vigilance.signal_publishing import publish_figures
from parvis.vigilance.workflow import State

SENDERS = ("gardienne", "agent", "maison-de-quartier", "bailleur")
SEEN_BY = ("gardienne", "agent", "maison-de-quartier", "autre-bailleur", "mairie")
PAST = 96  # orientations of the two quarters that are over
NOW = 18  # of the last weeks: in every state
LANDLORDS = ("bailleur", "autre-bailleur")


def load_vigilance(organisations: dict[str, Organisation], now: datetime) -> list[Orientation]:
    """Open the doors, orient, count, and publish the figures of the quarters that are over."""
    facts = read("vigilance")
    doors = {row["key"]: _door(row, organisations, now) for row in facts["door"]}
    world = _World(facts, doors, now)
    told = [_past(number, world) for number in range(PAST)]
    told += [_lately(number, world) for number in range(NOW)]
    _signal(world)
    _count_unpaid(world)
    publish_figures(now)
    return told


def _door(
    row: dict[str, Any], organisations: dict[str, Organisation], now: datetime
) -> SupportDoor:
    names = (
        *("kind", "name", "takes", "what", "hours", "address", "phone", "email", "website"),
        *("to_bring", "conditions", "kept_for_days"),
    )
    given = {name: row[name] for name in names if name in row}
    said = " ".join(
        filter(None, [row.get("conditions"), "Service inventé, pour la démonstration."])
    )
    made = SupportDoor.objects.create(
        **{**given, "conditions": said},
        organisation=organisations[row["by"]] if "by" in row else None,
        checked_on=timezone.localdate(now) - timedelta(days=row["checked"]),
    )
    made.communes.set(Commune.objects.filter(code__in=row["communes"]))
    for code in row["opened_by"]:
        mandate = User.objects.get(email=address_of(code)).mandates.get()
        Receiver.objects.create(door=made, mandate=mandate, named_at=now - timedelta(days=300))
    return made


class _World:
    """What the story needs to know, read once."""

    def __init__(self, facts: dict[str, Any], doors: dict[str, SupportDoor], now: datetime) -> None:
        self.facts, self.now, self.today = facts, now, timezone.localdate(now)
        self.doors = [door for door in doors.values() if door.receivers.exists()]
        people = {code: User.objects.get(email=address_of(code)) for code in {*SENDERS, *SEEN_BY}}
        self.actors: dict[str, Actor] = {code: actors_of(one)[0] for code, one in people.items()}
        served = Commune.objects.filter(support_doors__in=self.doors).distinct()
        self.residences = list(
            Residence.objects.filter(commune__in=served)
            .select_related("commune")
            .order_by("commune__code", "code")
        )
        self.quartiers: dict[int, Quartier | None] = {
            one.pk: quartier_of(one) for one in self.residences
        }

    def place(self, dice: random.Random, door: SupportDoor) -> Residence:
        """A residence of a commune that this door serves; one commune comes more often."""
        communes = {one.pk for one in door.communes.all()}
        near = [one for one in self.residences if one.commune_id in communes]
        return dice.choice(near)


@dataclass
class _Course:
    """The days of one orientation."""

    state: str
    sent: datetime
    contacted: date | None = None
    ended: datetime | None = None
    outcome: str = ""
    refusal: str = ""


def _past(number: int, world: _World) -> Orientation:
    """One of the quarters that are over: taken care of and ended, or refused, long ago."""
    dice = random.Random(f"vigilance passée {number}")
    quarter = finished(world.today, 2)[number % 2]
    sent = _at(quarter.start + timedelta(days=dice.randint(0, 45)), dice)
    if dice.random() < 0.12:
        refusal = dice.choice(["hors_territoire", "complet", "hors_mission"])
        ended = sent + timedelta(days=dice.randint(1, 6))
        return _tell(dice, world, _Course(State.REFUSED, sent, ended=ended, refusal=refusal))
    contacted = timezone.localdate(sent) + timedelta(days=dice.choice([2, 4, 6, 9, 12, 18, 25]))
    ended = sent + timedelta(days=dice.randint(27, 44))
    outcome = dice.choices(
        ["accompagnement", "aide_demandee", "information", "injoignable", "deja_suivi"],
        [9, 7, 5, 2, 1],
    )[0]
    return _tell(dice, world, _Course(State.CLOSED, sent, contacted, ended, outcome))


def _lately(number: int, world: _World) -> Orientation:
    """One of the last weeks: each state in turn, some of them late to be answered."""
    dice = random.Random(f"vigilance récente {number}")
    days = 2 + number % 15
    sent = min(_at(world.today - timedelta(days=days), dice), world.now - timedelta(hours=5))
    contacted = world.today - timedelta(days=days // 2)
    states = (
        *(State.SENT, State.ACCEPTED, State.SENT, State.CLOSED, State.ACCEPTED),
        *(State.DRAFT, State.REFUSED, State.ACCEPTED, State.WITHDRAWN),
    )
    state = states[number % len(states)]
    course = _Course(state, sent)
    if state in (State.ACCEPTED, State.CLOSED) and number % 2:
        course.contacted = contacted
    if state == State.CLOSED:
        course.contacted, course.outcome = contacted, "aide_demandee"
        course.ended = world.now - timedelta(hours=3)
    if state == State.REFUSED:
        course.refusal, course.ended = "complet", sent + timedelta(hours=4)
    return _tell(dice, world, course)


def _at(day: date, dice: random.Random) -> datetime:
    return timezone.make_aware(
        datetime.combine(day, time(dice.randint(9, 17), dice.randint(0, 59)))
    )


def _tell(dice: random.Random, world: _World, course: _Course) -> Orientation:
    door = dice.choice(world.doors)
    # Two difficulties come more often than the others, as in life.
    need = dice.choice([code for code in door.takes if code in ("energie", "loyer", "dettes")])
    if dice.random() < 0.2:
        need = dice.choice(door.takes)
    place = world.place(dice, door)
    actor = world.actors[dice.choice(SENDERS)]
    left = course.state != State.DRAFT
    answered = course.ended if course.refusal else course.sent + timedelta(hours=30)
    if course.state not in (State.ACCEPTED, State.REFUSED, State.CLOSED):
        answered = None
    kept_from = course.contacted or timezone.localdate(course.ended or course.sent)
    days = door.kept_for_days if course.contacted or course.state == State.ACCEPTED else 30
    erase_on = kept_from + timedelta(days=days)
    gone = course.state == State.WITHDRAWN or erase_on < world.today
    made = Orientation.objects.create(
        sender_id=None if gone else actor.user_id,
        sender_organisation_id=actor.organisation_id or 0,
        door=door,
        commune=place.commune,
        quartier=world.quartiers[place.pk],
        need=need,
        state=course.state,
        written_at=course.sent - timedelta(minutes=6),
        sent_at=course.sent if left else None,
        answer_due_on=timezone.localdate(course.sent) + timedelta(days=door.answers_within_days)
        if left
        else None,
        answered_at=min(answered, world.now) if answered else None,
        refusal=course.refusal,
        first_contact_on=course.contacted,
        last_contact_on=course.contacted,
        outcome=course.outcome,
        closed_at=course.ended if course.state == State.CLOSED else None,
        erase_on=erase_on,
        erased_at=min(world.now, course.sent + timedelta(days=days)) if gone else None,
    )
    if not gone:
        _say(dice, world, made)
    _log(made, actor, course)
    return made


def _say(dice: random.Random, world: _World, made: Orientation) -> None:
    """Who it is about, sealed, and how she agreed."""
    people, words = world.facts["people"], world.facts["words"]
    number = dice.randint(0, 9999)
    secret = {
        "name": f"{dice.choice(people['names'])} Essai",
        "phone": f"06 39 98 {number // 100:02d} {number % 100:02d}",
        "reach": dice.choice(people["reach"]),
        "words": dice.choice(words[made.need]),
    }
    OrientationSecret.objects.create(orientation=made, sealed=seal(secret))
    SpokenAgreement.objects.create(
        orientation=made,
        how=dice.choice(["oral", "oral", "telephone", "ecrit"]),
        given_on=timezone.localdate(made.written_at),
        text_version=1,
        may_be_redirected=dice.random() < 0.6,
    )


def _log(made: Orientation, actor: Actor, course: _Course) -> None:
    """The lines of its log; whoever opens the door did the later ones."""
    first = made.door.receivers.select_related("mandate").order_by("pk").first()
    them = first.mandate if first else None
    erased = made.erased_at is not None
    mine = {
        "person_id": None if erased else actor.user_id,
        "organisation_id": actor.organisation_id,
    }
    theirs = {
        "person_id": them.person_id if them and not erased else None,
        "organisation_id": made.door.organisation_id,
    }
    lines: list[tuple[str, datetime | None, dict[str, Any]]] = [
        ("written", made.written_at, mine),
        ("sent", made.sent_at, mine),
    ]
    if course.state in (State.ACCEPTED, State.CLOSED):
        lines.append(("accepted", made.answered_at, theirs))
    if course.state == State.REFUSED:
        lines.append(("refused", made.answered_at, theirs))
    if course.contacted:
        noted = timezone.make_aware(datetime.combine(course.contacted, time(12)))
        lines.append(("contacted", noted, theirs))
    lines.append(("closed", made.closed_at, theirs))
    if course.state == State.WITHDRAWN:
        lines.append(("withdrawn", made.erased_at, mine))
    lines.append(("erased", made.erased_at, {}))
    Entry.objects.bulk_create(
        Entry(orientation=made, code=code, at=at, door=made.door, **who)
        for code, at, who in lines
        if at is not None
    )


def _signal(world: _World) -> None:
    """What those who meet people noticed, month after month; winter brings more."""
    month = world.today.replace(day=1)
    for back in range(8):
        for code in SEEN_BY:
            for kind in DwellingSignal.What.values:
                dice = random.Random(f"signal {back} {code} {kind}")
                for place in dice.sample(world.residences, min(4, len(world.residences))):
                    give_signal(
                        actor=world.actors[code],
                        what=kind,
                        month=month,
                        residence=place,
                        large=dice.random() < 0.6,
                    )
        month = (month - timedelta(days=1)).replace(day=1)


def _count_unpaid(world: _World) -> None:
    """Two landlords count the residences that they hold, at the end of two quarters."""
    for quarter in finished(world.today, 2):
        for code in LANDLORDS:
            counts: dict[int, tuple[int, int] | None] = {}
            for place in held_at_the_end(world.actors[code], quarter):
                dice = random.Random(f"impayés {place.code}")
                dwellings = dice.randint(20, 140)
                shift = random.Random(f"impayés {place.code} {quarter.code}").randint(-3, 3)
                counts[place.pk] = (dwellings, max(0, round(dwellings * 0.14) + shift))
            save_counts(world.actors[code], quarter, counts)
