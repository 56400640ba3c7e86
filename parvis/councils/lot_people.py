"""The people whom a draw named: reached, answering, replaced from the reserve, installed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.councils.body_acts import add_member, seat_member
from parvis.councils.body_models import Body, CouncilSeat, Member, Term
from parvis.councils.draw_models import (
    ContactAttempt,
    Draw,
    DrawnContact,
    DrawnPerson,
    ListedPerson,
    SourceList,
)
from parvis.councils.draw_record import Record, canonical, read_record
from parvis.councils.draw_rules import Profile
from parvis.councils.lot_events import DRAW
from parvis.councils.lot_lists import held_draw, told
from parvis.councils.lot_reading import sex_of
from parvis.councils.regimes import choices
from parvis.councils.sorting import lines
from parvis.councils.workflow import DrawnState, DrawState
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import link, record

WAITING = (DrawnState.TO_CALL, DrawnState.ACCEPTED)
# Answers that end it: who gives one is forgotten at once, and somebody else takes the place.
ENDINGS = (DrawnState.REFUSED, DrawnState.UNREACHED, DrawnState.NOT_ELIGIBLE)
ANSWERS = (DrawnState.ACCEPTED, *ENDINGS)


def name_people(draw: Draw, done: Record) -> None:
    """Write down whom the draw named, by their lines; those to call get how to reach them."""
    seats = [(line, seat, False) for seat, line in enumerate(done.panel, 1)]
    seats += [(one.line, one.seat, True) for one in done.reserve]
    people = DrawnPerson.objects.bulk_create(
        DrawnPerson(
            draw=draw,
            line=line,
            rank=rank,
            seat=seat,
            reserve=reserve,
            state=DrawnState.RESERVE if reserve else DrawnState.TO_CALL,
        )
        for rank, (line, seat, reserve) in enumerate(seats, 1)
    )
    rows = _rows(draw)
    DrawnContact.objects.bulk_create(
        _contact(one, rows[one.line].values) for one in people if not one.reserve
    )


def _rows(draw: Draw) -> dict[int, ListedPerson]:
    found = ListedPerson.objects.filter(source__draw=draw, line__isnull=False)
    return {row.line: row for row in found if row.line is not None}


def _row(person: DrawnPerson) -> ListedPerson | None:
    rows = ListedPerson.objects.filter(source__draw=person.draw_id, line=person.line)
    return rows.first()


def _contact(person: DrawnPerson, values: dict[str, Any]) -> DrawnContact:
    said = told(values)
    parts = (said.get("address", ""), said.get("complement", ""), said.get("commune", ""))
    email = said.get("email", "")
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    return DrawnContact(
        person=person,
        name=f"{said.get('first_name', '')} {said.get('last_name', '')}".strip()[:160],
        address=", ".join(filter(None, parts))[:300],
        email=email[:254],
        phone=said.get("phone", "")[:20],
    )


def note_attempt(
    person: DrawnPerson, *, actor: Actor, means: str, on: date, outcome: str
) -> ContactAttempt:
    """A letter, a call or a visit, and what came of it."""
    if outcome not in lines("attempt"):
        raise ValidationError({"outcome": "Choisissez un résultat de la liste."})
    if on > timezone.localdate():
        raise ValidationError({"on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        fresh = _held(person)
        if fresh.state not in WAITING:
            raise Refused("Cette personne n’est plus à joindre.")
        attempt = ContactAttempt(
            person=fresh, means=means, on=on, outcome=outcome, by_id=actor.user_id
        )
        attempt.full_clean()
        attempt.save()
    return attempt


def _held(person: DrawnPerson) -> DrawnPerson:
    """The person as they stand; the draw is held, so that two answers never take one place."""
    held_draw(person.draw, DrawState.DRAWN)
    return DrawnPerson.objects.select_related("draw__body").get(pk=person.pk)


def answer(
    person: DrawnPerson, state: str, *, actor: Actor, now: datetime | None = None
) -> DrawnPerson | None:
    """What somebody answered. Whoever does not come is forgotten at once, and the next of the
    reserve for that seat takes the place: that person, or None when the reserve is exhausted."""
    if state not in ANSWERS:
        raise ValidationError({"state": "Choisissez une réponse."})
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(person)
        if fresh.state not in WAITING or fresh.state == state:
            raise Refused("La réponse de cette personne est déjà notée.")
        fresh.state = DrawnState(state)
        fresh.save(update_fields=["state"])
        record(actor, DRAW, fresh.draw_id, "answered", new=state, public=False, at=at)
        if state not in ENDINGS:
            return None
        forget(fresh)
        if is_substitute(fresh):
            return None
        follower = next_for(fresh)
        if follower is not None:
            _call(follower)
            follower.replaces, follower.seat = fresh, fresh.seat
            follower.save(update_fields=["state", "replaces", "seat"])
            record(actor, DRAW, fresh.draw_id, "replaced", public=False, at=at)
        return follower


def is_substitute(person: DrawnPerson) -> bool:
    """Whether they were called from the reserve as suppléant, in nobody's place."""
    return person.reserve and person.replaces_id is None


def forget(person: DrawnPerson) -> None:
    """Erase who somebody is: how to reach them, and what the list said of them."""
    DrawnContact.objects.filter(person=person).delete()
    ListedPerson.objects.filter(source__draw=person.draw_id, line=person.line).update(values={})


def next_for(person: DrawnPerson) -> DrawnPerson | None:
    """Who of the reserve comes in that place: the first who has that seat in the record, then the
    first of the same profile."""
    waiting = list(
        DrawnPerson.objects.filter(draw=person.draw_id, state=DrawnState.RESERVE).order_by("rank")
    )
    own = next((one for one in waiting if one.seat == person.seat), None)
    if own is not None or not waiting:
        return own
    done = read_record(canonical(person.draw.record))
    profiles = profiles_of(done)
    wanted = profiles[done.panel[person.seat - 1]]
    return next((one for one in waiting if profiles[one.line] == wanted), None)


def _first_alike(person: DrawnPerson) -> DrawnPerson:
    """Who comes first in the reserve, of the profile of that person: nobody is picked."""
    profiles = profiles_of(read_record(canonical(person.draw.record)))
    waiting = DrawnPerson.objects.filter(draw=person.draw_id, state=DrawnState.RESERVE)
    alike = (one for one in waiting.order_by("rank") if profiles[one.line] == profiles[person.line])
    return next(alike, person)


def profiles_of(done: Record) -> dict[int, Profile]:
    """The values of the quota columns, by line."""
    known = done.preparation
    return {one.line: known.profiles[known.groups[one.group]] for one in known.entrants}


def call_substitute(person: DrawnPerson) -> DrawnPerson:
    """Call somebody of the reserve as suppléant, in nobody's place."""
    with transaction.atomic():
        fresh = _held(person)
        if fresh.state != DrawnState.RESERVE:
            raise Refused("Cette personne n’est plus en réserve.")
        before = _first_alike(fresh)
        if before.pk != fresh.pk:
            raise Refused(f"Le n° {before.rank} a le même profil, et vient avant dans la réserve.")
        _call(fresh)
        fresh.save(update_fields=["state"])
    return fresh


def _call(person: DrawnPerson) -> None:
    row = _row(person)
    if row is None or not row.values:
        raise Refused("Les listes sont détruites : on ne sait plus qui est en réserve.")
    person.state = DrawnState.TO_CALL
    _contact(person, row.values).save()


def install(
    person: DrawnPerson, *, actor: Actor, starts_on: date, now: datetime | None = None
) -> Member:
    """Somebody who accepted becomes a member, on a free seat of the college: a titulaire, or a
    suppléant for who was called as such. How to reach them moves to the member."""
    with transaction.atomic():
        fresh = _held(person)
        if fresh.state != DrawnState.ACCEPTED:
            raise Refused("Cette personne n’a pas encore accepté.")
        body = fresh.draw.body
        row = _row(fresh)
        said = told(row.values) if row else {}
        quartier = _quartier(body, said)
        kinds = CouncilSeat.Kind
        kind = kinds.SUPPLEANT if is_substitute(fresh) else kinds.TITULAIRE
        seat = free_seat(body, fresh.draw.college, kind, starts_on, quartier)
        if seat is None:
            label = kinds(kind).label
            raise Refused(f"Aucun siège de {label} n’est libre dans ce collège : ouvrez-en un.")
        band = said.get("derived", {}).get("band", "")
        member = add_member(
            body,
            contact=_member_contact(fresh, said),
            origin="tirage",
            sex=sex_of(said.get("sex", "")),
            age_band=band if band in choices("age_band") else "",
            quartier=quartier,
        )
        seat_member(seat, member, actor=actor, starts_on=starts_on, now=now)
        fresh.state, fresh.member = DrawnState.SEATED, member
        fresh.save(update_fields=["state", "member"])
        forget(fresh)
        record(actor, DRAW, fresh.draw_id, "seated", public=False, at=now)
    return member


def _quartier(body: Body, said: dict[str, Any]) -> Any:
    quartiers = list(body.quartiers.defer("outline").order_by("pk"))
    name = said.get("derived", {}).get("quartier", "")
    found = next((one for one in quartiers if one.name == name), None)
    return found or (quartiers[0] if len(quartiers) == 1 else None)


def _member_contact(person: DrawnPerson, said: dict[str, Any]) -> dict[str, str]:
    known = DrawnContact.objects.filter(person=person).first()
    if known is None:
        raise Refused("Ses coordonnées sont détruites : ajoutez cette personne à la main.")
    first, last = said.get("first_name", ""), said.get("last_name", "")
    return {
        "first_name": (first or known.name or last)[:60],
        "last_name": last[:60] if first else "",
        "email": known.email,
        "phone": known.phone,
        "address": known.address[:200],
    }


def free_seat(
    body: Body, college: str, kind: str, day: date, quartier: Any = None
) -> CouncilSeat | None:
    """A seat of that college and kind that nobody holds from that day on; one that is for the
    quartier first, never one that is for another."""
    held = Term.objects.lasting(day).filter(seat=OuterRef("pk"))
    seats = CouncilSeat.objects.filter(
        ~Exists(held),
        Q(quartier=None) | Q(quartier=quartier),
        college__body=body,
        college__code=college,
        kind=kind,
        closed_on=None,
    ).select_related("college__body")
    return min(seats, key=lambda one: (one.quartier_id is None, one.number), default=None)


def empty_seats(draw: Draw) -> int:
    """How many seats of the draw nobody will fill any more: refused, and not replaced."""
    replaced = DrawnPerson.objects.filter(replaces=OuterRef("pk"))
    gone = DrawnPerson.objects.filter(~Exists(replaced), draw=draw, state__in=ENDINGS)
    return gone.filter(Q(reserve=False) | Q(replaces__isnull=False)).count()


def _out_of_reach(draw: Draw) -> set[int]:
    """Lines that a second draw leaves aside: whoever was named, and who lives with somebody who
    sits, may still come or is in reserve, as long as the rules keep one person a household."""
    states = dict(draw.drawn.values_list("line", "state"))
    homes = {line: home for line, home, _ in (draw.record or {})["preparation"]["people"]}
    kept = {homes[line] for line, state in states.items() if state not in ENDINGS}
    return {line for line, home in homes.items() if home in kept} | set(states)


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    """All that is known of somebody: the rows that lent some of it are not copied."""
    derived = {code: word for code, word in values.get("derived", {}).items() if code != "lent"}
    return {**told(values), "derived": derived}


def begin_again(draw: Draw, *, actor: Actor, now: datetime | None = None) -> Draw:
    """A second draw, among the people whom the first did not name, for the seats left empty."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_draw(draw, DrawState.DRAWN)
        seats = empty_seats(fresh)
        if not seats:
            raise Refused("Aucune place n’est restée vide.")
        if fresh.destroyed_at is not None:
            raise Refused("Les listes sont détruites : ouvrez un nouveau tirage.")
        if Draw.objects.filter(again_of=fresh).exclude(state=DrawState.CANCELLED).exists():
            raise Refused("Un second tirage est déjà ouvert.")
        again = Draw.objects.create(
            body=fresh.body,
            runner=fresh.runner,
            title=f"{fresh.title[:140]} (suite)",
            college=fresh.college,
            rules={"seats": seats, "reserve": seats, "household": fresh.rules["household"],
                   "quotas": {}},
            youngest=fresh.youngest,
            inside=fresh.inside,
            destroy_on=fresh.destroy_on,
            again_of=fresh,
            written_at=at,
        )  # fmt: skip
        out = _out_of_reach(fresh)
        for source in fresh.lists.order_by("pk"):
            left = [row for row in source.rows.order_by("pk") if row.line and row.line not in out]
            copy = SourceList.objects.create(
                draw=again,
                origin=source.origin,
                holder=source.holder,
                basis=source.basis,
                people=len(left),
                columns=source.columns,
                confirmed_at=at,
                received_at=source.received_at,
            )
            ListedPerson.objects.bulk_create(
                (
                    ListedPerson(source=copy, by_hand=row.by_hand, values=_whole(row.values))
                    for row in left
                ),
                batch_size=1000,
            )
        record(actor, DRAW, fresh.pk, "again", at=at)
        record(actor, DRAW, again.pk, "created", public=False, at=at)
        link(actor, (DRAW, fresh.pk), (DRAW, again.pk))
    return again
