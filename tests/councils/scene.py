"""Bodies of the cast: the conseil citoyen des Rives, which yasmine animates and where hugo sits;
lila's table de quartier is the neighbour's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from parvis.councils import body_acts
from parvis.councils.models import Body, CouncilSeat, Member
from tests.cast import Cast


def a_body(cast: Cast, *, public: bool = True, **fields: Any) -> Body:
    """The conseil citoyen des Rives, with four seats of residents, two of actors, and a substitute
    for each college."""
    given = {
        "actor": cast.actor(cast.claire),
        "organisation": cast.council,
        "coordinator": cast.agglomeration,
        "form": "conseil_citoyen",
        "regime": "2024",
        "created_on": date(2025, 3, 1),
        "quartiers": [cast.rives],
        **fields,
    }
    body = body_acts.create_body(**given)
    for college in body.colleges.all():
        holders = 4 if college.code == "habitants" else 2
        body_acts.open_seats(college, CouncilSeat.Kind.TITULAIRE, holders)
        body_acts.open_seats(college, CouncilSeat.Kind.SUPPLEANT, 1)
    if public:
        body = body_acts.publish_body(body, actor=given["actor"])
    return body


def other_body(cast: Cast, *, public: bool = True, **fields: Any) -> Body:
    """The table de quartier du Faubourg, which the neighbour's agglomération coordinates."""
    given = {
        "actor": cast.actor(cast.bruno),
        "organisation": cast.other_council,
        "coordinator": cast.neighbour,
        "form": "table_de_quartier",
        "quartiers": [cast.faubourg],
        **fields,
    }
    return a_body(cast, public=public, **given)


def seats_of(body: Body, college: str = "habitants", kind: str = "titulaire") -> list[CouncilSeat]:
    """The seats of a college, in their order."""
    rows = CouncilSeat.objects.filter(college__body=body, college__code=college, kind=kind)
    return list(rows.select_related("college__body").order_by("number"))


def a_member(body: Body, name: str = "Membre Essai", **fields: Any) -> Member:
    """A member of the body with a name and no account."""
    first, _, last = name.partition(" ")
    contact = {"first_name": first, "last_name": last, **fields.pop("contact", {})}
    given = {"origin": "volontaire", **fields}
    return body_acts.add_member(body, contact=contact, **given)


def hugo_in(cast: Cast, body: Body, **fields: Any) -> Member:
    """Hugo as a member of the body, on its first free seat of residents."""
    member = a_member(body, "Hugo Essai", user=cast.hugo, **fields)
    free = [seat for seat in seats_of(body) if not seat.terms.exists()]
    today = timezone.localdate()
    body_acts.seat_member(
        free[0], member, actor=cast.actor(cast.yasmine), starts_on=today - timedelta(days=30)
    )
    return member
