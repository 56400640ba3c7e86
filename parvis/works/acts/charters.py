"""The charter of a worksite: its file, who signed it, what was pledged and how it is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.thread.acts import record
from parvis.works import site_events as events
from parvis.works.acts.sites import hold
from parvis.works.models import CharterCheck, CharterPledge, CharterSigner, Worksite

KIND = events.WORKSITE


def write_charter(
    worksite: Worksite,
    *,
    actor: Actor,
    version: int,
    title: str,
    signed_on: date | None,
    file: Any = None,
    now: datetime | None = None,
) -> Worksite:
    """Name the charter, say when it was signed, and put its file there; an earlier file stays in
    the store."""
    with transaction.atomic():
        fresh = hold(worksite, version)
        fresh.charter_title, fresh.charter_signed_on = title, signed_on
        if file:
            fresh.charter_file = file
        fresh.version += 1
        fresh.changed_at = now or timezone.now()
        fresh.save(
            update_fields=[
                *("charter_title", "charter_signed_on", "charter_file"),
                *("version", "changed_at"),
            ]
        )
        record(actor, KIND, fresh.pk, "chartered", public=False, at=now)
    return fresh


def add_signer(
    worksite: Worksite, *, actor: Actor, name: str, signed_on: date | None
) -> CharterSigner:
    """A firm signed, subcontractors included. ValidationError when it stands there already."""
    with transaction.atomic():
        fresh = hold(worksite)
        signer = CharterSigner(worksite=fresh, name=name.strip(), signed_on=signed_on)
        if fresh.signers.filter(name__iexact=signer.name).exists():
            raise ValidationError({"name": "Cette entreprise est déjà dans la liste."})
        signer.full_clean()
        signer.save()
        record(actor, KIND, fresh.pk, "chartered", public=False)
    return signer


def drop_signer(worksite: Worksite, *, actor: Actor, signer: CharterSigner) -> None:
    """It was written there by mistake."""
    with transaction.atomic():
        hold(worksite).signers.filter(pk=signer.pk).delete()
        record(actor, KIND, worksite.pk, "chartered", public=False)


def make_pledge(
    worksite: Worksite,
    *,
    actor: Actor,
    text: str,
    chapter: str = "",
    next_check_on: date | None = None,
) -> CharterPledge:
    """Write down what the charter commits to; numbers follow each other."""
    with transaction.atomic():
        fresh = hold(worksite)
        last = fresh.pledges.aggregate(last=Max("number"))["last"] or 0
        pledge = CharterPledge(
            worksite=fresh,
            number=last + 1,
            text=text.strip(),
            chapter=chapter,
            next_check_on=next_check_on,
        )
        pledge.full_clean()
        pledge.save()
        record(actor, KIND, fresh.pk, "chartered", public=False)
    return pledge


def check_pledge(
    pledge: CharterPledge,
    *,
    actor: Actor,
    result: str,
    evidence: str,
    checked_on: date,
    next_check_on: date | None = None,
    now: datetime | None = None,
) -> CharterCheck:
    """Say how a commitment was found on a day, and on what evidence. The latest day counts.

    ValidationError without evidence, or for a day to come.
    """
    if checked_on > timezone.localdate(now):
        raise ValidationError({"checked_on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        fresh = CharterPledge.objects.select_for_update().get(pk=pledge.pk)
        check = CharterCheck(
            pledge=fresh,
            checked_on=checked_on,
            result=result,
            evidence=evidence.strip(),
            by_id=actor.organisation_id or 0,
        )
        check.full_clean()
        check.save()
        if fresh.checked_on is None or checked_on >= fresh.checked_on:
            old, fresh.state = fresh.state, result
            fresh.checked_on, fresh.next_check_on = checked_on, next_check_on
            fresh.save(update_fields=["state", "checked_on", "next_check_on"])
            record(
                actor, KIND, fresh.worksite_id, "checked", old=old, new=result, public=False, at=now
            )
    return check
