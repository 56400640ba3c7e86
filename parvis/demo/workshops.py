"""Four workshops: three that took place, who came and what they thought of it, and one to come."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from parvis.demo.accounts import address_of, read
from parvis.gatherings import acts, evaluating
from parvis.gatherings.models import KEPT_AFTER, Gathering, Registration, RegistrationContact
from parvis.notices import outbox
from parvis.partners.actors import actors_of
from parvis.partners.models import Organisation, User
from parvis.places.models import Commune, Quartier, Residence

QUARTIER, COMMUNE = "QN05921M", "59014"
LENGTH = timedelta(minutes=105)
ANNOUNCED = timedelta(days=25)  # before it


def load_workshops(organisations: dict[str, Organisation], now: datetime) -> list[Gathering]:
    """Plan, publish and hold the workshops of data/workshops.toml."""
    facts = read("workshops")
    names = facts["people"]["names"]
    made = [_hold(row, names, organisations, now) for row in facts["workshop"]]
    # As the command of each night does: nobody's address is kept for longer.
    old = now - KEPT_AFTER
    RegistrationContact.objects.filter(registration__gathering__ends_at__lt=old).delete()
    return made


def _hold(
    row: dict[str, Any], names: list[str], organisations: dict[str, Organisation], now: datetime
) -> Gathering:
    day = timezone.localdate(now) + timedelta(days=row["days"])
    starts = timezone.make_aware(datetime.combine(day, time(row["hour"])))
    announced = min(starts - ANNOUNCED, now)
    actor = actors_of(User.objects.get(email=address_of(row["actor"])))[0]
    gathering = acts.plan_gathering(
        actor=actor,
        now=announced,
        organiser=organisations[row["organiser"]],
        quartiers=Quartier.objects.filter(code=QUARTIER),
        kind=row["kind"],
        title=row["title"],
        summary=row["summary"],
        starts_at=starts,
        ends_at=starts + LENGTH,
        place_label=row["place"],
        commune=Commune.objects.get(code=COMMUNE),
        residence=Residence.objects.filter(name=row.get("residence", "")).first(),
        contact=row["contact"],
        entry=Gathering.Entry.REGISTERED,
        seats=row["seats"],
    )
    acts.publish_gathering(gathering, actor=actor, now=announced)
    people = [
        _register(gathering, number, names, row, announced) for number in range(row["people"])
    ]
    if row["came"]:
        seated = [one for one in people if one.state == Registration.State.SEATED]
        came = {one.pk: place < row["came"] for place, one in enumerate(seated)}
        ended = gathering.ends_at
        acts.mark_attendance(gathering, actor=actor, guests={}, people=came, now=ended)
        _say(gathering, seated, row, ended + timedelta(hours=20))
    return gathering


def _register(
    gathering: Gathering, number: int, names: list[str], row: dict[str, Any], announced: datetime
) -> Registration:
    """One in four has no e-mail; the receipts of the past do not leave today."""
    name = names[(number * 5 + row["seats"]) % len(names)]
    contact = {"phone": f"06 00 00 {number // 100:02d} {number % 100:02d}"}
    if number % 4:
        contact = {"email": address_of(f"habitant-{gathering.pk}-{number}")}
    at = announced + timedelta(hours=6 * (number + 1))
    made = acts.register_person(gathering, name=f"{name} (exemple)", now=at, **contact)
    outbox.take_back(f"registration.registered:{made.pk}")
    return made


def _say(
    gathering: Gathering, seated: list[Registration], row: dict[str, Any], at: datetime
) -> None:
    """What those who came answered; their words are of the first of them."""
    asked = [one.code for one in evaluating.questions_for(gathering.kind)]
    for number, (one, best) in enumerate(zip(seated, row["answers"], strict=False)):
        dice = random.Random(f"avis {row['title']} {number}")
        said = {code: max(1, min(4, best + dice.choice((-1, 0, 0)))) for code in asked}
        words = row["words"][number] if number < len(row["words"]) else ""
        evaluating.evaluate_by_link(one, said=said, words=words, now=min(at, timezone.now()))
