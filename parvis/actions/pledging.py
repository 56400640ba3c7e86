"""Writing a convention de GUP, what each pledges in it, and checking how it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.actions.convention_models import Convention, Ground, Pledge, PledgeCheck
from parvis.partners.actors import Actor
from parvis.partners.models import Agreement, Organisation, Signature
from parvis.places.models import Commune, Quartier
from parvis.thread.acts import record

CONVENTION = "convention"
PLEDGE = "pledge"
TEXTS = ("project_note", "context", "means", "steering")


def open_convention(
    *,
    actor: Actor,
    kind: str,
    code: str,
    title: str,
    communes: Iterable[Commune],
    quartiers: Iterable[Quartier] = (),
    project_quartiers: Iterable[Quartier] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
    signatories: Iterable[Organisation] = (),
    now: datetime | None = None,
    **texts: Any,
) -> Convention:
    """Write a new convention or charte de GUP, which partners alone see until it is published.

    ValidationError when its dates contradict each other or its code is taken.
    """
    agreement = Agreement(
        kind=kind, code=code.upper(), title=title, starts_on=starts_on, ends_on=ends_on
    )
    agreement.full_clean()
    with transaction.atomic():
        agreement.save()
        agreement.communes.set(communes)
        agreement.quartiers.set(quartiers)
        Signature.objects.bulk_create(
            Signature(agreement=agreement, organisation=one) for one in signatories
        )
        convention = Convention(agreement=agreement, **texts)
        convention.full_clean()
        convention.save()
        convention.project_quartiers.set(project_quartiers)
        record(actor, CONVENTION, convention.pk, "opened", public=False, at=now)
    return convention


def rewrite_convention(
    convention: Convention,
    *,
    actor: Actor,
    project_quartiers: Iterable[Quartier] | None = None,
    **texts: Any,
) -> Convention:
    """Change what a convention says; signatories and dates are changed on its agreement."""
    with transaction.atomic():
        fresh = Convention.objects.select_for_update().get(pk=convention.pk)
        for name, value in texts.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        fresh.save(update_fields=[*texts])
        if project_quartiers is not None:
            fresh.project_quartiers.set(project_quartiers)
        record(actor, CONVENTION, fresh.pk, "rewritten", public=False)
    return fresh


def publish_convention(
    convention: Convention, *, actor: Actor, now: datetime | None = None
) -> Convention:
    """Show it to everybody, pledges included; a second time changes nothing.

    ValidationError while no organisation has signed.
    """
    with transaction.atomic():
        fresh = Convention.objects.select_for_update().get(pk=convention.pk)
        signed = Signature.objects.filter(agreement=fresh.agreement_id, signed_on__isnull=False)
        if not signed.exists():
            raise ValidationError("Aucune organisation n’a encore signé cette convention.")
        if fresh.published_at is None:
            fresh.published_at = now or timezone.now()
            fresh.save(update_fields=["published_at"])
            record(actor, CONVENTION, fresh.pk, "published", at=now)
    return fresh


def name_ground(convention: Convention, *, actor: Actor, **fields: Any) -> Ground:
    """Write down who owns and who keeps up a ground."""
    ground = Ground(convention=convention, **fields)
    ground.full_clean()
    with transaction.atomic():
        ground.save()
        record(actor, CONVENTION, convention.pk, "ground", concerns=ground.manager_id, public=False)
    return ground


def make_pledge(
    convention: Convention,
    *,
    actor: Actor,
    organisation: Organisation,
    now: datetime | None = None,
    **fields: Any,
) -> Pledge:
    """Write down what a signatory commits to; numbers follow each other.

    ValidationError when the organisation is not among the signatories.
    """
    with transaction.atomic():
        held = Convention.objects.select_for_update().get(pk=convention.pk)
        _signs(held, organisation)
        last = held.pledges.aggregate(last=Max("number"))["last"] or 0
        pledge = Pledge(convention=held, organisation=organisation, number=last + 1, **fields)
        pledge.full_clean()
        pledge.save()
        record(actor, PLEDGE, pledge.pk, "pledged", concerns=organisation, public=False, at=now)
    return pledge


def change_pledge(
    pledge: Pledge, *, actor: Actor, organisation: Organisation, **fields: Any
) -> Pledge:
    """Correct the words of a pledge, or who makes it. Its checks stay."""
    with transaction.atomic():
        fresh = Pledge.objects.select_for_update().get(pk=pledge.pk)
        _signs(fresh.convention, organisation)
        fresh.organisation = organisation
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        fresh.save(update_fields=["organisation", *fields])
        record(actor, PLEDGE, fresh.pk, "changed", concerns=organisation, public=False)
    return fresh


def check_pledge(
    pledge: Pledge,
    *,
    actor: Actor,
    by: Organisation,
    result: str,
    evidence: str,
    checked_on: date,
    next_check_on: date | None = None,
    now: datetime | None = None,
    told: bool = True,
) -> PledgeCheck:
    """Say how a pledge was found on a day, and on what evidence. The latest day counts. `told`:
    an event is recorded, which the caller else does.

    ValidationError without evidence, or for a day to come.
    """
    if checked_on > timezone.localdate(now):
        raise ValidationError({"checked_on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        fresh = Pledge.objects.select_for_update().get(pk=pledge.pk)
        check = PledgeCheck(
            pledge=fresh,
            by=by,
            result=result,
            evidence=evidence.strip(),
            checked_on=checked_on,
            next_check_on=next_check_on,
        )
        check.full_clean()
        check.save()
        if fresh.checked_on is None or checked_on >= fresh.checked_on:
            old, fresh.state = fresh.state, result
            fresh.checked_on, fresh.next_check_on = checked_on, next_check_on
            fresh.save(update_fields=["state", "checked_on", "next_check_on"])
            if told:
                record(
                    actor,
                    PLEDGE,
                    fresh.pk,
                    "checked",
                    old=old,
                    new=result,
                    concerns=fresh.organisation_id,
                    public=False,
                    at=now,
                )
    return check


def _signs(convention: Convention, organisation: Organisation) -> None:
    signatures = Signature.objects.filter(agreement=convention.agreement_id)
    if not signatures.filter(organisation=organisation).exists():
        raise ValidationError(
            {"organisation": "Cette organisation n’est pas signataire de la convention."}
        )
