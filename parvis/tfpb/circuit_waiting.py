"""Whom a programme waits for: its landlord, the parties that have not said what they think, who
coordinates, who has not signed the convention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Signature
from parvis.tfpb import programme_access as access
from parvis.tfpb.bilan_models import Bilan
from parvis.tfpb.circuit_parties import Party, leaders, parties_of
from parvis.tfpb.dialogue_models import Opinion, SentVersion
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.workflow import BILAN_WRITTEN, WRITTEN, BilanState, ProgrammeState

P, B = ProgrammeState, BilanState
# States in which an opinion is waited for, and in which who coordinates is to move it on.
FOR_OPINION = (P.SENT, P.ANALYSED)
FOR_COORDINATION = (P.SENT, P.ANALYSED, P.ARBITRATED, P.VALIDATED, P.ANNEXED)
# States that only the decision of a COTECH or of a COPIL ends.
FOR_A_MEETING = (P.ANALYSED, P.ARBITRATED)


@dataclass(frozen=True)
class Awaited:
    """An organisation and what it is to do; None: nobody is known to do it."""

    pk: int | None
    name: str
    what: str


def together(awaited: Iterable[Awaited]) -> list[tuple[str, str]]:
    """Who is to do the same thing, in one line: (« Ville, État », « donner un avis »)."""
    by_what: dict[str, list[str]] = {}
    for one in awaited:
        by_what.setdefault(one.what, []).append(one.name)
    return [(", ".join(names), what) for what, names in by_what.items()]


def last_number(path: str = "pk") -> Subquery:
    """The number of the last version sent of the programme that this column names."""
    sent = SentVersion.objects.filter(programme=OuterRef(path), of=SentVersion.Of.PROGRAMME)
    return Subquery(sent.order_by("-number").values("number")[:1])


def has_not_said(organisation_id: int | None) -> Q:
    """Programmes of whose last version this organisation has not said what it thinks."""
    said = Opinion.objects.filter(
        programme=OuterRef("pk"),
        organisation=organisation_id,
        number=last_number("programme_id"),
    )
    return ~Q(Exists(said))


def turn_of(actor: Actor) -> Q:
    """The programmes whose next step is the actor's own organisation's."""
    may = access.PROGRAMME.condition
    writes = may(actor, "edit") & Q(state__in=WRITTEN)
    leads = may(actor, "steer") & Q(state__in=FOR_COORDINATION)
    says = may(actor, "opine") & Q(state__in=FOR_OPINION) & has_not_said(actor.organisation_id)
    return writes | leads | says


def late_elsewhere(actor: Actor) -> Q:
    """The programmes that who coordinates waits for though their day has passed."""
    late = Q(state=P.TO_COMPLETE, due_on__lt=timezone.localdate())
    return access.PROGRAMME.condition(actor, "steer") & late


def waiting_for(programmes: Sequence[Programme]) -> dict[int, list[Awaited]]:
    """Whom each programme waits for, by its id; five queries for any number. They come with their
    landlord and convention."""
    parties = parties_of(programmes)
    ids = [one.pk for one in programmes]
    said: dict[int, set[int]] = defaultdict(set)
    opinions = Opinion.objects.filter(programme__in=ids, number=last_number("programme_id"))
    for pk, organisation in opinions.values_list("programme_id", "organisation_id"):
        said[pk].add(organisation)
    unsigned = unsigned_of(programmes)
    bilans = dict(Bilan.objects.filter(programme__in=ids).values_list("programme_id", "state"))
    return {
        one.pk: _awaited(
            one,
            parties[one.pk],
            said[one.pk],
            unsigned.get(one.convention_id or 0, []),
            bilans.get(one.pk, ""),
        )
        for one in programmes
    }


def unsigned_of(programmes: Iterable[Programme]) -> dict[int, list[tuple[int, str]]]:
    """Who has not signed each convention (id and name), by the convention's id; one query."""
    by_agreement = {
        one.convention.agreement_id: one.convention.pk for one in programmes if one.convention
    }
    rows = Signature.objects.filter(agreement__in=by_agreement, signed_on=None)
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for agreement, pk, name in rows.order_by("organisation__name", "pk").values_list(
        "agreement_id", "organisation_id", "organisation__name"
    ):
        found[by_agreement[agreement]].append((pk, name))
    return found


def _awaited(
    programme: Programme,
    parties: list[Party],
    said: set[int],
    unsigned: list[tuple[int, str]],
    bilan: str,
) -> list[Awaited]:
    landlord = (programme.landlord_id, programme.landlord.name)
    silent = [(one.pk, one.name) for one in parties if one.pk not in said]
    leading: list[tuple[int | None, str]] = [(one.pk, one.name) for one in leaders(parties)]
    leading = leading or [(None, "La coordination")]

    def all_of(them: Sequence[tuple[int | None, str]], what: str) -> list[Awaited]:
        return [Awaited(pk, name, what) for pk, name in them]

    match programme.state:
        case P.DRAFT:
            return all_of([landlord], "transmettre le programme")
        case P.TO_COMPLETE:
            return all_of([landlord], "compléter le programme et le transmettre")
        case P.SENT:
            return [*all_of(leading, "mettre en analyse"), *all_of(silent, "donner un avis")]
        case P.ANALYSED:
            decide = "soumettre au comité technique (COTECH)"
            return all_of(silent, "donner un avis") or all_of(leading, decide)
        case P.ARBITRATED:
            return all_of(leading, "soumettre au comité de pilotage (COPIL)")
        case P.VALIDATED:
            return all_of(leading, "annexer à la convention")
        case P.ANNEXED:
            return all_of(unsigned, "signer la convention") or all_of(leading, "démarrer")
        case P.RUNNING:
            if bilan == B.SENT:
                return all_of(leading, "faire juger le bilan par les parties")
            if bilan in (B.ACCEPTED, B.RESERVED):
                return all_of(leading, "publier le bilan")
            if bilan == B.PUBLISHED:
                return all_of(leading, "clore le programme")
            answer = bilan in BILAN_WRITTEN[1:]
            what = "répondre sur le bilan" if answer else "réaliser, puis rendre compte"
            return all_of([landlord], what)
    return []


def awaiting_rows(rows: Any, turn: str) -> Any:
    """Those of these programmes that wait for their landlord, for opinions or for who coordinates;
    any other word leaves them all."""
    match turn:
        case "bailleur":
            return rows.filter(state__in=(*WRITTEN, P.RUNNING))
        case "avis":
            return rows.filter(state__in=FOR_OPINION)
        case "coordination":
            return rows.filter(state__in=FOR_COORDINATION)
    return rows
