"""The parties of a programme (town, agglomération, services of the State), and whom to write to.

A party is who may give an opinion there: an organisation one of whose mandates covers the commune
and the quartier; and who is to sign the convention, though nobody acts for it here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from parvis.notices.outbox import Recipient
from parvis.partners.models import Mandate, Organisation, Perimeter, Signature
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.scopes import PARTIES, WRITERS


@dataclass(frozen=True)
class Party:
    """An organisation that speaks for a place; it leads the circuit when it coordinates."""

    pk: int
    name: str
    kind: str
    leads: bool = False


def parties_of(programmes: Sequence[Programme]) -> dict[int, list[Party]]:
    """The parties of each programme by its id, towns first; two queries for any number."""
    today = timezone.localdate()
    there = Q(commune__in={one.commune_id for one in programmes}) | Q(
        quartier__in={one.quartier_id for one in programmes}
    )
    covering = Perimeter.objects.filter(
        there,
        mandate__in=Mandate.objects.in_force(today).filter(role__in=WRITERS),
        mandate__organisation__kind__in=PARTIES,
        mandate__organisation__closed_on=None,
    ).values_list(
        "commune_id",
        "quartier_id",
        "mandate__organisation_id",
        "mandate__organisation__name",
        "mandate__organisation__kind",
        "mandate__role",
    )
    by_place: dict[tuple[int | None, int | None], list[Party]] = defaultdict(list)
    for commune, quartier, pk, name, kind, role in covering:
        leads = role == "coordination" and kind == "agglomeration"
        by_place[commune, quartier].append(Party(pk, name, kind, leads))
    signing = _signatories(programmes)
    found = {}
    for one in programmes:
        place = (one.commune_id, one.quartier_id)
        known: dict[int, Party] = {}
        for where in (place, (place[0], None), (None, place[1])):
            for party in by_place.get(where, ()):
                if party.leads or party.pk not in known:
                    known[party.pk] = party
        for party, town in signing.get(one.convention_id or 0, ()):
            if party.kind != "commune" or town == one.commune_id:
                known.setdefault(party.pk, party)
        order = {"commune": 0, "agglomeration": 1}
        found[one.pk] = sorted(
            known.values(), key=lambda party: (order.get(party.kind, 2), party.name, party.pk)
        )
    return found


def _signatories(programmes: Sequence[Programme]) -> dict[int, list[tuple[Party, int | None]]]:
    """Who is to sign each convention, with the commune that it is the town of."""
    conventions = [one.convention_id for one in programmes if one.convention_id]
    rows = Signature.objects.filter(
        organisation__kind__in=PARTIES,
        organisation__closed_on=None,
        agreement__in=Convention.objects.filter(pk__in=conventions).values("agreement_id"),
    )
    found: dict[int, list[tuple[Party, int | None]]] = defaultdict(list)
    by_agreement = {
        one.convention.agreement_id: one.convention_id for one in programmes if one.convention
    }
    for agreement, pk, name, kind, commune in rows.values_list(
        "agreement_id",
        "organisation_id",
        "organisation__name",
        "organisation__kind",
        "organisation__commune_id",
    ):
        found[by_agreement[agreement] or 0].append((Party(pk, name, kind), commune))
    return found


def leaders(parties: Iterable[Party]) -> list[Party]:
    """Those of them that lead the programme from state to state."""
    return [one for one in parties if one.leads]


def landlords_of(programme: Programme) -> list[int]:
    """Its landlord, and the one that it was merged into."""
    return [pk for pk in (programme.landlord_id, programme.landlord.successor_id) if pk]


def people_of(programme: Programme, organisations: Iterable[int]) -> list[Recipient]:
    """The people to write to about a programme: who acts there for one of these organisations, or
    else its service's address."""
    wanted = set(organisations)
    ours = set(landlords_of(programme)) & wanted
    commune, quartier = programme.commune_id, programme.quartier_id
    there = (
        Q(perimeters__commune=commune, perimeters__quartier=None)
        | Q(perimeters__commune=None, perimeters__quartier=quartier)
        | Q(perimeters__commune=commune, perimeters__quartier=quartier)
    )
    mandates = (
        Mandate.objects.in_force(timezone.localdate())
        .filter(Q(organisation__in=ours) | there, organisation__in=wanted, role__in=WRITERS)
        .filter(person__is_active=True)
        .order_by("pk")
        .values_list("organisation_id", "person_id", "person__email")
    )
    people: dict[str, Recipient] = {}
    reached = set()
    for organisation, person, email in mandates:
        reached.add(organisation)
        people.setdefault(f"user:{person}", Recipient(f"user:{person}", email))
    silent = Organisation.objects.filter(pk__in=wanted - reached).exclude(email="")
    for pk, email in silent.order_by("pk").values_list("pk", "email"):
        people.setdefault(f"organisation:{pk}", Recipient(f"organisation:{pk}", email))
    return list(people.values())
