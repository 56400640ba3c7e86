"""What changes in a body once it stands: its words, its regime, its seats, its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.councils.body_acts import create_body, held, in_activity
from parvis.councils.body_events import BODY
from parvis.councils.body_models import Body, CouncilSeat, Recognition, Term
from parvis.councils.regimes import regimes_on
from parvis.councils.workflow import TermEnd
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.places.models import Commune, Quartier
from parvis.thread.acts import record


def found_body(
    *,
    actor: Actor,
    organisation: Organisation | None,
    name: str,
    commune: Commune | None,
    **fields: Any,
) -> Body:
    """Create a body, and the organisation for which its people act when there is none yet."""
    with transaction.atomic():
        if organisation is None:
            organisation = Organisation(
                kind=Organisation.Kind.PARTICIPATION, name=name.strip(), commune=commune
            )
            organisation.full_clean()
            organisation.save()
        return create_body(actor=actor, organisation=organisation, **fields)


def edit_body(body: Body, *, quartiers: Iterable[Quartier], **fields: Any) -> Body:
    """Write anew what a body says of itself and its means."""
    with transaction.atomic():
        fresh = held(body)
        before = fresh.rules_file.name
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        fresh.save(update_fields=list(fields))
        fresh.quartiers.set(quartiers)
        if before and before != fresh.rules_file.name:
            storage = fresh.rules_file.storage
            transaction.on_commit(lambda: storage.delete(before))
    return fresh


def change_regime(
    body: Body, regime: str, *, actor: Actor, since: date, now: datetime | None = None
) -> Body:
    """From that day on, the body goes by other rules. Terms that run keep theirs; those that began
    since that day take the new ones."""
    with transaction.atomic():
        fresh = in_activity(body)
        if since > timezone.localdate(now):
            raise ValidationError({"since": "Un changement se note le jour venu."})
        if since < (fresh.regime_on or fresh.created_on):
            raise ValidationError({"since": "C’est avant le début du régime actuel."})
        if regime == fresh.regime:
            raise ValidationError({"regime": "C’est déjà son régime."})
        if regime not in {one.code for one in regimes_on(since, fresh.form)}:
            raise ValidationError({"regime": "Ce régime ne vaut pas à cette date."})
        old, fresh.regime, fresh.regime_on = fresh.regime, regime, since
        fresh.save(update_fields=["regime", "regime_on"])
        begun = Term.objects.filter(seat__college__body=fresh, starts_on__gte=since)
        begun.update(regime=regime)
        record(actor, BODY, fresh.pk, "regime", old=old, new=regime, at=now)
    return fresh


def dissolve_body(body: Body, *, actor: Actor, on: date, now: datetime | None = None) -> Body:
    """The body ends that day, and every term that runs with it."""
    with transaction.atomic():
        fresh = in_activity(body)
        if on > timezone.localdate(now):
            raise ValidationError({"on": "Une dissolution se note le jour venu."})
        terms = Term.objects.filter(seat__college__body=fresh)
        if terms.filter(starts_on__gt=on).exists():
            raise ValidationError({"on": "Un mandat commence après ce jour."})
        fresh.closed_on = on
        fresh.full_clean()
        fresh.save(update_fields=["closed_on"])
        terms.filter(ends_on=None).update(ends_on=on, reason=TermEnd.DISSOLVED)
        seats = CouncilSeat.objects.filter(college__body=fresh, closed_on=None)
        seats.update(closed_on=on)
        # What was to end later ends now; why it was to end stays.
        terms.filter(ends_on__gt=on).update(ends_on=on)
        record(actor, BODY, fresh.pk, "dissolved", at=now)
    return fresh


def close_seat(seat: CouncilSeat, *, on: date) -> CouncilSeat:
    """A seat is no more from that day on; Refused while somebody holds it."""
    with transaction.atomic():
        in_activity(seat.college.body)
        fresh = CouncilSeat.objects.select_for_update().get(pk=seat.pk)
        if fresh.closed_on is not None:
            raise Refused("Ce siège est déjà supprimé.")
        if Term.objects.lasting(on).filter(seat=fresh).exists():
            raise Refused("Quelqu’un occupe ce siège : terminez d’abord son mandat.")
        fresh.closed_on = on
        fresh.save(update_fields=["closed_on"])
    return fresh


def recognise(
    body: Body, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> Recognition:
    """Keep an act that recognises the body and its composition."""
    act = Recognition(body=body, **fields)
    act.full_clean()
    with transaction.atomic():
        held(body)
        act.save()
        record(actor, BODY, body.pk, "recognised", concerns=act.authority, at=now)
    return act
