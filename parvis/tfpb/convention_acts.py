"""Writing a convention of abatement, and its avenants: who is to sign, where, for how long, by
which rules of valuation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.partners.actors import Actor
from parvis.partners.models import Agreement, Organisation, Signature
from parvis.partners.rights import Refused
from parvis.places.models import Commune, Quartier
from parvis.tfpb.axes import valuation_choices, valuation_rules
from parvis.tfpb.convention_models import Convention
from parvis.thread.acts import link, record

KIND = "tfpb_convention"
# What the parties sign: nothing of it changes once one of them has signed.
OF_AGREEMENT = ("title", "starts_on", "ends_on")
OF_CONVENTION = ("contract", "territory", "held_previous_year", "valuation")
FROZEN = (*OF_AGREEMENT, "communes", "quartiers", "valuation")


def open_convention(
    *,
    actor: Actor,
    landlord: Organisation,
    communes: Iterable[Commune],
    epci: Organisation,
    state: Organisation,
    code: str,
    title: str,
    quartiers: Iterable[Quartier] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
    decision: int | None = None,
    now: datetime | None = None,
    **facts: Any,
) -> Convention:
    """Write the draft of a convention between a landlord, the towns of these communes, their EPCI
    and the State. Each of them is to sign; nobody has yet.

    `decision`, the id of the decision that asks for it, is joined by the thread. ValidationError
    when a commune has no organisation here, its code is taken or its dates contradict each other.
    """
    towns = list(communes)
    parties = [landlord, *_organisations_of(towns), epci, state]
    agreement = Agreement(
        kind=Agreement.Kind.CONVENTION_TFPB,
        code=code.upper(),
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return _make(
        agreement,
        landlord,
        towns,
        quartiers,
        parties,
        actor=actor,
        decision=decision,
        now=now,
        **facts,
    )


def amend_convention(
    convention: Convention,
    *,
    actor: Actor,
    code: str,
    title: str,
    communes: Iterable[Commune],
    quartiers: Iterable[Quartier] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
    decision: int | None = None,
    now: datetime | None = None,
    **facts: Any,
) -> Convention:
    """Write the draft of an avenant: a convention of its own, with its own signatures, that the
    thread joins to the first one. What was signed stays as it was.

    Refused while the convention is not signed by all: it is corrected, not amended.
    """
    towns = list(communes)
    with transaction.atomic():
        held = held_convention(convention)
        signatures = _signatures(held)
        if not signatures or any(one.signed_on is None for one in signatures):
            raise Refused(
                "Cette convention n’est pas encore signée par toutes ses parties : "
                "modifiez-la, elle n’a pas besoin d’un avenant."
            )
        parties = [one.organisation for one in signatures]
        others = [one for one in parties if one.kind != "commune" and one != held.landlord]
        agreement = Agreement(
            kind=Agreement.Kind.CONVENTION_TFPB,
            code=code.upper(),
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            # An avenant to an avenant amends the convention that both amend.
            amends_id=held.agreement.amends_id or held.agreement_id,
        )
        given = {name: getattr(held, name) for name in OF_CONVENTION} | facts
        made = _make(
            agreement,
            held.landlord,
            towns,
            quartiers,
            [held.landlord, *_organisations_of(towns), *others],
            actor=actor,
            decision=decision,
            now=now,
            **given,
        )
        record(actor, KIND, held.pk, "amended", public=False, at=now)
        link(actor, (KIND, held.pk), (KIND, made.pk))
    return made


def write_convention(
    convention: Convention,
    *,
    actor: Actor,
    decision: int | None = None,
    now: datetime | None = None,
    **facts: Any,
) -> Convention:
    """Correct a convention. Refused for what its parties sign, once one of them has signed."""
    with transaction.atomic():
        held = held_convention(convention)
        agreement = held.agreement
        changed = {
            name for name, value in facts.items() if _given(name, value) != _known(held, name)
        }
        if changed & set(FROZEN) and any(one.signed_on for one in _signatures(held)):
            raise Refused(
                "Une partie a déjà signé : le texte, les lieux et les règles ne changent plus. "
                "Préparez un avenant, ou retirez d’abord cette signature."
            )
        if "communes" in changed:
            _replace_towns(agreement, facts["communes"])
            agreement.communes.set(facts["communes"])
        if "quartiers" in changed:
            agreement.quartiers.set(facts["quartiers"])
        for name in OF_AGREEMENT:
            if name in changed:
                setattr(agreement, name, facts[name])
        for name in OF_CONVENTION:
            if name in changed:
                setattr(held, name, facts[name])
        agreement.full_clean()
        agreement.save(update_fields=OF_AGREEMENT)
        held.valuation = _agreed(held.valuation)
        held.full_clean()
        held.save(update_fields=OF_CONVENTION)
        if changed:
            record(actor, KIND, held.pk, "rewritten", public=False, at=now)
        if decision is not None:
            link(actor, ("decision", decision), (KIND, held.pk))
    return held


def held_convention(convention: Convention) -> Convention:
    """The convention as it stands now, locked until the end of the transaction."""
    rows: Any = Convention.objects.select_for_update(of=("self",))
    found: Convention = rows.select_related("agreement", "landlord").get(pk=convention.pk)
    return found


def _make(
    agreement: Agreement,
    landlord: Organisation,
    communes: list[Commune],
    quartiers: Iterable[Quartier],
    parties: list[Organisation],
    *,
    actor: Actor,
    decision: int | None,
    now: datetime | None,
    **facts: Any,
) -> Convention:
    agreement.full_clean()
    with transaction.atomic():
        agreement.save()
        agreement.communes.set(communes)
        agreement.quartiers.set(quartiers)
        once = {one.pk: one for one in parties}
        Signature.objects.bulk_create(
            Signature(agreement=agreement, organisation=one) for one in once.values()
        )
        made = Convention(agreement=agreement, landlord=landlord, **facts)
        made.valuation = _agreed(made.valuation)
        made.full_clean()
        made.save()
        record(actor, KIND, made.pk, "opened", concerns=landlord, public=False, at=now)
        if decision is not None:
            link(actor, ("decision", decision), (KIND, made.pk))
    return made


def _organisations_of(communes: Iterable[Commune]) -> list[Organisation]:
    """The town of each commune; ValidationError names the communes that have none here."""
    wanted = list(communes)
    rows = Organisation.objects.filter(kind="commune", commune__in=wanted, closed_on=None)
    towns = {one.commune_id: one for one in rows.order_by("-pk")}
    without = [one.name for one in wanted if one.pk not in towns]
    if without:
        raise ValidationError(
            {
                "communes": "Pas encore d’organisation ici pour : "
                f"{', '.join(without)}. Ajoutez-la d’abord."
            }
        )
    return [towns[one.pk] for one in wanted]


def _replace_towns(agreement: Agreement, communes: Iterable[Commune]) -> None:
    """The towns that are to sign are those of the communes; what they voted leaves with them."""
    towns = {one.pk: one for one in _organisations_of(communes)}
    there = agreement.signatures.filter(organisation__kind="commune")
    there.exclude(organisation_id__in=towns).delete()
    known = set(there.values_list("organisation_id", flat=True))
    Signature.objects.bulk_create(
        Signature(agreement=agreement, organisation=one)
        for pk, one in towns.items()
        if pk not in known
    )


def _signatures(convention: Convention) -> list[Signature]:
    return list(convention.agreement.signatures.select_related("organisation").order_by("pk"))


def _given(name: str, value: Any) -> Any:
    if name in ("communes", "quartiers"):
        return set(value)
    return _agreed(value) if name == "valuation" else value


def _known(convention: Convention, name: str) -> Any:
    """What the convention says of it now."""
    if name in ("communes", "quartiers"):
        return set(getattr(convention.agreement, name).all())
    if name == "valuation":
        return _agreed(convention.valuation)
    return getattr(convention.agreement if name in OF_AGREEMENT else convention, name)


def _agreed(valuation: dict[str, str]) -> dict[str, str]:
    """What was agreed, for the rules and the choices that exist."""
    rules, choices = {one.code for one in valuation_rules()}, valuation_choices()
    return {code: said for code, said in valuation.items() if code in rules and said in choices}
