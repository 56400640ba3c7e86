"""Trainings: offered by an agglomération, asked for by members, followed or not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.councils.models import Member, TrainingFollowed, TrainingOffer
from parvis.councils.space_mail import tell_members
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused


def offer_training(coordinator: Organisation, **fields: Any) -> TrainingOffer:
    """Offer a training to the members of the bodies of an agglomération."""
    offer = TrainingOffer(coordinator=coordinator, **fields)
    offer.full_clean()
    offer.save()
    return offer


def change_training(offer: TrainingOffer, **fields: Any) -> TrainingOffer:
    """Write it anew; refused with fewer seats than people who asked already."""
    with transaction.atomic():
        fresh = _held(offer)
        seats = fields.get("seats", fresh.seats)
        if seats is not None and fresh.followed.count() > seats:
            raise Refused("Plus de personnes sont déjà inscrites : gardez au moins ces places.")
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        fresh.save()
    return fresh


def cancel_training(offer: TrainingOffer, *, now: datetime | None = None) -> TrainingOffer:
    """Call a training off; who asked for it is told. Refused once it has begun."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(offer)
        if fresh.cancelled_at:
            return fresh
        if fresh.starts_on <= timezone.localdate(at):
            raise Refused("Cette formation a commencé : elle ne s’annule plus.")
        fresh.cancelled_at = at
        fresh.save(update_fields=["cancelled_at"])
        members = Member.objects.filter(trainings__offer=fresh).select_related("contact", "user")
        tell_members(f"councils.training_off:{fresh.pk}", members, "training_off", offer=fresh)
    return fresh


def ask_training(
    offer: TrainingOffer, member: Member, *, now: datetime | None = None
) -> TrainingFollowed:
    """A member asks for a seat; a second time changes nothing.

    Refused when it has begun, was called off, or has no seat left; of several people who ask for
    the last seat at once, one gets it.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(offer)
        mine = fresh.followed.filter(member=member).first()
        if mine is not None:
            return mine
        _refuse_over(fresh, timezone.localdate(at))
        if member.body.coordinator_id != fresh.coordinator_id:
            raise Refused("Cette formation n’est pas proposée à votre instance.")
        if fresh.seats is not None and fresh.followed.count() >= fresh.seats:
            raise Refused("Toutes les places sont prises.")
        return TrainingFollowed.objects.create(offer=fresh, member=member, asked_at=at)


def leave_training(offer: TrainingOffer, member: Member, *, now: datetime | None = None) -> None:
    """A member gives their seat back, before the training begins."""
    with transaction.atomic():
        fresh = _held(offer)
        _refuse_over(fresh, timezone.localdate(now or timezone.now()))
        fresh.followed.filter(member=member).delete()


def record_training(
    offer: TrainingOffer, came: Collection[int], *, now: datetime | None = None
) -> int:
    """Write who followed it, by the ids of their requests; all others did not come. How many
    followed it. Refused before it begins."""
    with transaction.atomic():
        fresh = _held(offer)
        if fresh.cancelled_at:
            raise Refused("Cette formation est annulée.")
        if fresh.starts_on > timezone.localdate(now or timezone.now()):
            raise Refused("Cette formation n’a pas commencé.")
        fresh.followed.exclude(pk__in=came).update(came=False)
        return fresh.followed.filter(pk__in=came).update(came=True)


def _held(offer: TrainingOffer) -> TrainingOffer:
    rows = TrainingOffer.objects.select_for_update(of=("self",))
    return rows.get(pk=offer.pk)


def _refuse_over(offer: TrainingOffer, today: date) -> None:
    if offer.cancelled_at:
        raise Refused("Cette formation est annulée.")
    if offer.starts_on < today:
        raise Refused("Cette formation a commencé.")
