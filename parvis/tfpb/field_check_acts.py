"""Going to look on foot: what a line pays for was seen there, or was not."""

from __future__ import annotations

from datetime import date
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from parvis.documents.photos import PhotoRefused, clean
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.tfpb.bilan_models import FieldCheck
from parvis.tfpb.holding import held, refuse_published
from parvis.tfpb.programme_events import LINE
from parvis.tfpb.programme_models import Line
from parvis.tfpb.voucher_acts import CONTROLLED
from parvis.thread.acts import record


def check_line(
    line: Line,
    *,
    actor: Actor,
    seen: bool,
    note: str = "",
    upload: IO[bytes] | None = None,
    on: date | None = None,
    organisation_id: int | None = None,
    told: bool = True,
) -> FieldCheck:
    """Write down what was seen of a line on the spot, its picture drawn anew without metadata; for
    the actor's organisation unless another is given. `told`: an event is recorded, which the caller
    else does.

    ValidationError when the picture is not taken, the programme has not begun, or its bilan
    is published: everybody would read the check at once.
    """
    photo = None
    if upload is not None:
        try:
            photo = clean(upload)
        except PhotoRefused as refused:
            raise ValidationError({"file": str(refused)}) from None
    with transaction.atomic():
        fresh = held(line.programme)
        if fresh.state not in CONTROLLED:
            raise Refused("Ce programme n’a pas commencé : il n’y a rien à constater sur place.")
        refuse_published(fresh)
        found = FieldCheck(
            line=line,
            on=on or timezone.localdate(),
            seen=seen,
            note=note.strip(),
            organisation_id=organisation_id or actor.organisation_id or 0,
            at=timezone.now(),
        )
        if photo is not None:
            found.file = ContentFile(photo.jpeg, f"{line.pk}.jpg")
            found.width, found.height = photo.width, photo.height
        found.full_clean(exclude=["line", "organisation"])
        found.save()
        if told:
            record(actor, LINE, line.pk, "checked", new="seen" if seen else "unseen", public=False)
    return found
