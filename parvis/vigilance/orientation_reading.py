"""Opening what is secret in an orientation: never without a line in its log."""

from __future__ import annotations

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from parvis.partners.actors import Actor
from parvis.vigilance import orientation_telling as telling
from parvis.vigilance.models import Entry, Orientation, OrientationSecret
from parvis.vigilance.orientation_acts import log
from parvis.vigilance.sealing import unseal
from parvis.vigilance.workflow import State


@sensitive_variables()
def open_secret(one: Orientation, code: str, *, actor: Actor, reason: str = "") -> dict[str, str]:
    """Name, telephone, when to call and words, for somebody whose right was checked. The reading is
    logged before anything is given; out of turn, it is told at once as well.

    OrientationSecret.DoesNotExist once it was erased or passed on to another door, LostKeyError
    when no key held here opens it.
    """
    with transaction.atomic():
        # Held, so that an erasure, a redirection and a reading take turns.
        now = Orientation.objects.select_for_update(of=("self",)).get(pk=one.pk)
        if (now.door_id, now.state == State.DRAFT) != (one.door_id, one.state == State.DRAFT):
            raise OrientationSecret.DoesNotExist
        secret = unseal(OrientationSecret.objects.get(orientation=one).sealed)
        entry = log(one, code, actor, one.door, reason)
        if code == Entry.Code.GLASS_BROKEN:
            telling.tell_glass_broken(one, entry)
    return secret
