"""What everybody will read and see of a walk: nothing before somebody has read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.notices.consents import current
from parvis.partners.actors import Actor
from parvis.thread.acts import Happening, record_many
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Observation, Picture, Walk
from parvis.walks.sorting import followed

NOT_AGREED = "On y reconnaît quelqu’un : il faut son accord signé pour la montrer."


class Said(NamedTuple):
    """What was decided of a finding, in which words; `shown` None: not yet."""

    shown: bool | None
    public_note: str


class Agreed(NamedTuple):
    """What was decided of a picture; `shown` None: not yet."""

    shown: bool | None
    people: bool
    consent: bool


def check_picture(agreed: Agreed) -> None:
    """ValidationError when somebody can be recognised who did not agree."""
    if agreed.shown and agreed.people and not agreed.consent:
        raise ValidationError({"consent": NOT_AGREED})


def review(
    walk: Walk,
    *,
    actor: Actor,
    findings: Mapping[int, Said],
    pictures: Mapping[int, Agreed],
    now: datetime | None = None,
) -> None:
    """Keep what was decided of findings and pictures of a walk, by their numbers; those of another
    walk are left alone. A finding's doubles go with it, for their pictures.

    ValidationError when somebody can be recognised who did not agree: nothing is kept then.
    """
    at = now or timezone.now()
    for agreed in pictures.values():
        check_picture(agreed)
    happened: list[Happening] = []
    with transaction.atomic():
        held = Observation.objects.select_for_update(of=("self",))
        mine = list(held.filter(followed(walk), pk__in=list(findings)).order_by("pk"))
        for one in mine:
            happened += _keep(one, findings[one.pk], at)
        of_walk = Q(observation__walk=walk) | Q(answer__about__stop__walk=walk)
        for picture in Picture.objects.filter(of_walk, pk__in=list(pictures)).order_by("pk"):
            agreed = pictures[picture.pk]
            picture.people = agreed.people
            if picture.consent != agreed.consent:
                picture.consent = agreed.consent
                picture.consent_version = _signed(picture) if agreed.consent else None
            picture.shown = bool(agreed.shown)
            picture.reviewed_at = None if agreed.shown is None else picture.reviewed_at or at
            picture.save(
                update_fields=["people", "consent", "consent_version", "shown", "reviewed_at"]
            )
        record_many(actor, happened)


def _signed(picture: Picture) -> int:
    """The version of the paper that was signed: that of the day on which it was taken."""
    return current("walks", "photo", timezone.localdate(picture.noted_at)).version


def _keep(one: Observation, said: Said, at: datetime) -> list[Happening]:
    words, shown = said.public_note.strip(), bool(said.shown)
    if said.shown is None and words == one.note.strip():
        words = ""  # nobody has touched it
    reviewed = None if said.shown is None else at
    if bool(one.reviewed_at) == bool(reviewed) and (one.shown, one.public_note) == (shown, words):
        return []
    told = reviewed is not None and (one.reviewed_at is None or one.shown != shown)
    one.shown, one.public_note, one.reviewed_at = shown, words, reviewed
    one.save(update_fields=["shown", "public_note", "reviewed_at"])
    Observation.objects.filter(same_as=one).update(shown=shown, reviewed_at=reviewed)
    code = "shown" if shown else "hidden"
    return [Happening(OBSERVATION, one.pk, code, public=False, at=at)] if told else []
