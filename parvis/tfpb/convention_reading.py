"""What the pages of conventions show, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from parvis.partners.actors import Actor
from parvis.partners.models import Agreement, Organisation, Signature
from parvis.places.models import Commune
from parvis.tfpb.alerts import NO_PROGRAMME, REFUSED, SUSPENDED, Alert, alerts_of, watched
from parvis.tfpb.axes import valuation_choices, valuation_rules
from parvis.tfpb.convention_models import Caution, Convention
from parvis.tfpb.convention_state import IN_FORCE, TONES, ConventionState, refused_by, words_of
from parvis.tfpb.convention_year import Limit, Opening, next_limit, opening_of

PAGE = 30
WATCHED_AT_MOST = 300
SIGNATURES = Signature.objects.select_related("organisation").order_by("pk")
COMMUNES = Commune.objects.only("name", "epci_name").order_by("name")


@dataclass
class Shown:
    """A convention as a list shows it."""

    convention: Any
    state: str
    tone: str
    refused_by: list[str]
    alerts: list[Alert]
    opening: Opening

    @property
    def awaited(self) -> list[str]:
        """Who has not answered yet, by name."""
        rows = self.convention.agreement.signatures.all()
        return [one.organisation.name for one in rows if not (one.signed_on or one.refused_on)]

    @property
    def tags(self) -> list[Alert]:
        """What is to watch beyond what the state says already."""
        return [one for one in self.alerts if one.code not in (SUSPENDED, REFUSED)]

    @property
    def communes(self) -> str:
        """Where it holds, in words."""
        return ", ".join(one.name for one in self.convention.agreement.communes.all())


@dataclass
class Epci:
    """What is to watch in one EPCI: conventions that are not signed, places without programme."""

    name: str
    in_force: int = 0
    unsigned: list[Shown] = field(default_factory=list)
    without: list[Shown] = field(default_factory=list)


@dataclass(frozen=True)
class Agreed:
    """What the parties say of one rule of valuation; the usage when they say nothing."""

    label: str
    choice: str
    said: bool
    confirmed: bool


def with_all(rows: Any, on: date) -> Any:
    """These conventions, watched, with all that a list shows of them."""
    return (
        watched(rows, on)
        .select_related("agreement", "landlord", "contract")
        .prefetch_related(
            Prefetch("agreement__signatures", SIGNATURES),
            Prefetch("agreement__communes", COMMUNES),
            "contract__signatures",
        )
    )


def shown(rows: list[Any], on: date) -> list[Shown]:
    """Conventions read `with_all`, as a list shows them; five queries at most."""
    alerts = alerts_of(rows, on)
    return [
        Shown(
            one,
            words_of(one),
            TONES[ConventionState(one.state)],
            refused_by(list(one.agreement.signatures.all())),
            alerts[one.pk],
            opening_of(one, list(one.agreement.signatures.all())),
        )
        for one in rows
    ]


def chosen(rows: Any, wanted: dict[str, str]) -> Any:
    """Conventions read by `watched`, cut down to what the address of the page asks for."""
    if wanted["etat"] in ConventionState.values:
        rows = rows.filter(state=wanted["etat"])
    if wanted["alerte"]:
        rows = rows.exclude(alert="")
    for name, column in (("bailleur", "landlord_id"), ("apres", "pk__lt")):
        if _number(wanted[name]) is not None:
            rows = rows.filter(**{column: _number(wanted[name])})
    if (commune := _number(wanted["commune"])) is not None:
        lying = Agreement.communes.through.objects.filter(
            agreement_id=OuterRef("agreement_id"), commune_id=commune
        )
        rows = rows.filter(Exists(lying))
    return rows


def choices_of(actor: Actor) -> dict[str, Any]:
    """The landlords and communes of the conventions that this actor sees, to choose from."""
    seen = Convention.objects.visible_to(actor).order_by()
    communes = Agreement.communes.through.objects.filter(agreement__in=seen.values("agreement_id"))
    return {
        "landlords": Organisation.objects.filter(pk__in=seen.values("landlord_id")).order_by(
            "name", "pk"
        ),
        "communes": COMMUNES.filter(pk__in=communes.values("commune_id")),
        "states": ConventionState.choices,
    }


def by_epci(actor: Actor, on: date) -> list[Epci]:
    """Conventions to watch, by EPCI: those that are not signed by all, and those that have places
    without the programme of the year. The newest, `WATCHED_AT_MOST` of them."""
    rows = with_all(Convention.objects.visible_to(actor), on)
    late = rows.filter(~Q(alert="") | Q(in_use=True, state__in=IN_FORCE)).order_by("-pk")
    found: dict[str, Epci] = {}
    for one in shown(list(late[:WATCHED_AT_MOST]), on):
        names = {town.epci_name for town in one.convention.agreement.communes.all()}
        for name in names:
            epci = found.setdefault(name, Epci(name))
            if one.convention.state in IN_FORCE:
                epci.in_force += 1
            elif one.convention.state != ConventionState.SUSPENDED:
                epci.unsigned.append(one)
            if any(alert.code == NO_PROGRAMME for alert in one.alerts):
                epci.without.append(one)
    return sorted(found.values(), key=lambda epci: epci.name)


def valuation_of(convention: Convention) -> list[Agreed]:
    """What is agreed for each rule of valuation, in their order."""
    words = valuation_choices()
    return [
        Agreed(
            rule.label,
            words[convention.valuation.get(rule.code, rule.default)],
            rule.code in convention.valuation,
            rule.confirmed,
        )
        for rule in valuation_rules()
    ]


def limits_of(convention: Any, on: date) -> dict[str, Limit | None]:
    """The next last days: to sign, while a party has not, and then to declare."""
    if convention.signed < convention.parties or not convention.parties:
        return {"to_sign": next_limit("signed", convention.territory, on)}
    if convention.declared_on is None:
        return {"to_declare": next_limit("declared", convention.territory, on)}
    return {}


def versions_of(actor: Actor, convention: Convention) -> list[Convention]:
    """The convention and its avenants, oldest first, as far as this actor sees them."""
    root = convention.agreement.amends_id or convention.agreement_id
    family = Q(agreement_id=root) | Q(agreement__amends_id=root)
    rows = Convention.objects.visible_to(actor).filter(family).select_related("agreement")
    return list(rows.order_by("agreement_id"))


def cautions_of(convention: Convention) -> list[Caution]:
    """What was said against it, the newest first."""
    return list(convention.cautions.select_related("by", "paper"))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
