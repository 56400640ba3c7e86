"""The draw of 2016, told through the very acts of the room: two lists of invented people, a seed
made by three parties, two refusals replaced, members seated, lists destroyed."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from parvis.councils import lot_acts, lot_erasing, lot_lists, lot_people
from parvis.councils.lot_seed import commitment_of
from parvis.councils.models import Draw, DrawnPerson
from parvis.councils.workflow import DrawnState
from parvis.places.importing.reading import Row, Sheet

COLUMNS = ["nom", "prénom", "adresse", "naissance", "sexe"]
PARTS = {
    "last_name": "nom",
    "first_name": "prénom",
    "address": "adresse",
    "birth": "naissance",
    "sex": "sexe",
}
LISTS = (
    ("bailleur", "Escaut Habitat (fictif)", "Accord écrit de 2016 pour ce seul tirage (exemple)"),
    ("volontaires", "Maison de quartier du Quai (fictive)", "Consentement écrit (exemple)"),
)
QUOTAS = {
    "sexe": {"F": [4, 4], "H": [4, 4]},
    "âge": {"16-25": [1, 3], "26-39": [1, 3], "40-59": [1, 4], "60+": [1, 3]},
}
BEFORE, SEATED, DESTROYED = timedelta(days=60), timedelta(days=25), timedelta(days=120)
REFUSE = 2  # of those whom the draw named


def draw_residents(ground: Any) -> Draw:
    """Draw the residents of the conseil citoyen some weeks before it was created, and seat them."""
    told, body = ground.facts["draw"], ground.bodies["conseil"]
    actor = ground.actor("coordination")
    begun = timezone.make_aware(datetime.combine(body.created_on, time(10))) - BEFORE
    draw = lot_acts.begin_draw(
        body,
        actor=actor,
        seats=told["seats"],
        reserve=told["reserve"],
        title=told["title"],
        college="habitants",
        youngest=16,
        inside=False,
        destroy_on=(begun + DESTROYED).date(),
        now=begun,
    )
    for place, (origin, holder, basis) in enumerate(LISTS):
        sheet = _people(place, told["people"] // len(LISTS))
        source = lot_lists.take_list(
            draw, sheet, actor=actor, origin=origin, holder=holder, basis=basis, now=begun
        )
        lot_lists.confirm_columns(source, PARTS, [], now=begun)
    asked = lot_acts.ask(draw, now=begun)
    lot_acts.sift_now(draw, asked)
    draw = lot_acts.set_rules(draw, household="foyer", quotas=QUOTAS)
    lot_acts.prepare_now(draw, lot_acts.ask(draw, now=begun + timedelta(hours=1)))
    values = [
        f"Une valeur secrète, numéro {place}, inventée" for place in range(len(told["parties"]))
    ]
    pairs = [
        (name, commitment_of(value)) for name, value in zip(told["parties"], values, strict=True)
    ]
    lot_acts.set_parties(draw, pairs, actor=actor, now=begun + timedelta(days=2))
    lot_acts.seal_draw(draw, actor=actor, now=begun + timedelta(days=3))
    drawn = begun + timedelta(days=10)
    for party, value in zip(draw.parties.order_by("position"), values, strict=True):
        lot_acts.reveal(party, value, actor=actor, now=drawn)
    draw = lot_acts.draw_now(draw, actor=actor, now=drawn)
    _answer(draw, actor, drawn)
    _install(draw, actor, body.created_on)
    return lot_erasing.destroy(draw, actor=actor, now=begun + DESTROYED)


def _people(place: int, how_many: int) -> Sheet:
    """A list of invented people; the second one repeats two of the first."""
    rows = []
    for number in range(how_many):
        who = number if place == 0 or number < REFUSE else number + how_many
        dice = random.Random(f"tirage de 2016, {who}")
        sex = "F" if who % 2 else "H"
        named = "fictive" if sex == "F" else "fictif"
        values: dict[str, object] = {
            "nom": f"Exemple {who + 1}",
            "prénom": f"Personne {who + 1} ({named})",
            "adresse": f"{who // 2 + 1} rue de l’Exemple",
            "naissance": str(dice.randint(1940, 1998)),
            "sexe": sex,
        }
        rows.append(Row(number=number + 2, values=values, geometry=None))
    return Sheet(columns=COLUMNS, rows=rows)


def _answer(draw: Draw, actor: Any, drawn: datetime) -> None:
    """The first two refuse and are replaced; the others accept."""
    named = DrawnPerson.objects.filter(draw=draw, state=DrawnState.TO_CALL).order_by("rank")
    for place, person in enumerate(list(named)):
        state = DrawnState.REFUSED if place < REFUSE else DrawnState.ACCEPTED
        at = drawn + timedelta(days=5 + place)
        follower = lot_people.answer(person, state, actor=actor, now=at)
        if follower is not None:
            later = at + timedelta(days=3)
            lot_people.answer(follower, DrawnState.ACCEPTED, actor=actor, now=later)


def _install(draw: Draw, actor: Any, starts_on: Any) -> None:
    ready = DrawnPerson.objects.filter(draw=draw, state=DrawnState.ACCEPTED).order_by("rank")
    at = timezone.make_aware(datetime.combine(starts_on, time(18)))
    for person in list(ready):
        lot_people.install(person, actor=actor, starts_on=starts_on, now=at)
