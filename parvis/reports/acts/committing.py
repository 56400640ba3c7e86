"""What an organisation promises: its own published delays, dated. A change starts another one."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports.delays import forget
from parvis.reports.models import Category, Commitment

ONE_DAY = timedelta(days=1)


def publish_commitment(
    *,
    actor: Actor,
    category: Category | None,
    days: int,
    starts_on: date,
    source: str = "",
) -> Commitment:
    """Say that the actor's organisation answers within so many working days for a category, a
    family, or all (None), from a day on. What it promised until then ends the day before; parts
    already begun keep their day."""
    if starts_on < timezone.localdate():
        raise ValidationError({"starts_on": "Ce jour est passé : un délai vaut pour la suite."})
    if actor.organisation_id is None:
        raise ValidationError("Un délai se publie au nom d’une organisation.")
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=actor.organisation_id)
        others = Commitment.objects.filter(organisation=actor.organisation_id, category=category)
        others.filter(starts_on=starts_on).delete()  # corrected before its first day was over
        others.filter(starts_on__lt=starts_on).exclude(ends_on__lt=starts_on).update(
            ends_on=starts_on - ONE_DAY
        )
        later = others.filter(starts_on__gt=starts_on).order_by("starts_on").first()
        made = Commitment(
            organisation_id=actor.organisation_id,
            category=category,
            days=days,
            source=source,
            starts_on=starts_on,
            ends_on=later.starts_on - ONE_DAY if later else None,
        )
        made.full_clean(exclude=["organisation"])
        made.save(force_insert=True)
    forget(actor.organisation_id)
    return made


def end_commitment(commitment: Commitment) -> None:
    """Today is its last day; one that has not begun is taken away."""
    today = timezone.localdate()
    with transaction.atomic():
        fresh = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
        if fresh.starts_on > today:
            fresh.delete()
        elif fresh.ends_on is None or fresh.ends_on > today:
            fresh.ends_on = today
            fresh.save(update_fields=["ends_on"])
    forget(commitment.organisation_id)
