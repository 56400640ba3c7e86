"""Pictures of findings and of checks: drawn anew, kept once, gone with their files."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.documents.photos import MAX_PHOTOS, CleanPhoto, PhotoRefused, clean
from parvis.partners.rights import Refused
from parvis.walks.giving_back import give_back_answers
from parvis.walks.holding import held
from parvis.walks.models import Answer, Observation, Picture, Walk
from parvis.walks.receive_items import Clock
from parvis.walks.receiving import ANOTHER, why_closed

NOT_TOLD = "Cette note a déjà toutes les photos qu’elle annonçait."


class OwnerToCome(Exception):  # noqa: N818 - what happened
    """The finding or the answer that a picture shows has not been received yet."""


@dataclass(frozen=True)
class PictureSent:
    """What a telephone tells of a picture."""

    uid: UUID
    of: UUID
    noted_at: str
    sent_at: datetime
    people: bool


def receive_picture(
    walk: Walk, sent: PictureSent, upload: IO[bytes], *, now: datetime | None = None
) -> Picture:
    """Keep a picture of what was noted on this walk; one that came before changes nothing.

    OwnerToCome when what it shows has not come, Refused with words when it is not taken.
    """
    at = now or timezone.now()
    noted_at = Clock(at, sent.sent_at, walk.gathering.starts_at).right(sent.noted_at)
    if known := _known(walk, sent.uid):
        return known
    # Before the work of drawing it anew.
    if why := why_closed(walk, at):
        raise Refused(why)
    _room_left(_owner(walk, sent.of))
    try:
        photo = clean(upload)
    except PhotoRefused as refused:
        raise Refused(str(refused)) from refused
    row = Picture(
        uid=sent.uid,
        width=photo.width,
        height=photo.height,
        noted_at=noted_at,
        received_at=at,
        people=sent.people,
    )
    names = _write(row, photo, at)
    try:
        with transaction.atomic():
            kept = _keep(row, walk, sent.of, at)
    except IntegrityError:  # the same number went to another walk in one moment
        _delete(names)
        raise Refused(ANOTHER) from None
    except BaseException:
        _delete(names)
        raise
    if kept is not row:
        _delete(names)
    elif row.answer_id is not None:
        give_back_answers([row.answer_id])
    return kept


def remove_pictures(pictures: Iterable[Picture]) -> int:
    """Delete pictures, how many; their files go once the transaction has ended well."""
    found = list(pictures)
    names = [str(name) for one in found for name in (one.file.name, one.thumbnail.name) if name]
    Picture.objects.filter(pk__in=[one.pk for one in found]).delete()
    transaction.on_commit(lambda: _delete(names))
    return len(found)


def _keep(row: Picture, walk: Walk, of: UUID, at: datetime) -> Picture:
    # Held: two telephones that bring one picture, or the last one, come one after the other.
    fresh = held(walk)
    if known := _known(fresh, row.uid):
        return known
    if why := why_closed(fresh, at):
        raise Refused(why)
    owner = _owner(fresh, of)
    _room_left(owner)
    if isinstance(owner, Observation):
        row.observation = owner
    else:
        row.answer = owner
    row.save()
    return row


def _known(walk: Walk, uid: UUID) -> Picture | None:
    """The picture of that number, when it came before; Refused when another walk has it."""
    rows = Picture.objects.select_related("observation", "answer__about__stop")
    found: Picture | None = rows.filter(uid=uid).first()
    if found is None:
        return None
    of = found.observation.walk_id if found.observation else None
    if found.answer:
        of = found.answer.about.stop.walk_id
    if of != walk.pk:
        raise Refused(ANOTHER)
    return found


def _owner(walk: Walk, uid: UUID) -> Observation | Answer:
    """What a picture shows. OwnerToCome when it has not come, Refused when it is another walk's."""
    owner: Observation | Answer | None = Observation.objects.filter(uid=uid).first()
    if owner is None:
        owner = Answer.objects.select_related("about__stop").filter(uid=uid).first()
    if owner is None:
        raise OwnerToCome
    of = owner.walk_id if isinstance(owner, Observation) else owner.about.stop.walk_id
    if of != walk.pk:
        raise Refused(ANOTHER)
    return owner


def _room_left(owner: Observation | Answer) -> None:
    if owner.pictures.count() >= min(owner.pictures_told, MAX_PHOTOS):
        raise Refused(NOT_TOLD)


def _storage() -> Storage:
    field: Any = Picture._meta.get_field("file")
    storage: Storage = field.storage
    return storage


def _write(row: Picture, photo: CleanPhoto, at: datetime) -> list[str]:
    """Write both files and name them in the row; their names."""
    base = f"walks/{at:%Y/%m}/{secrets.token_hex(16)}"
    names: list[str] = []
    try:
        names.append(_storage().save(f"{base}.jpg", ContentFile(photo.jpeg)))
        names.append(_storage().save(f"{base}.small.jpg", ContentFile(photo.thumbnail)))
    except BaseException:
        _delete(names)
        raise
    row.file, row.thumbnail = names
    return names


def _delete(names: Iterable[str]) -> None:
    for name in names:
        _storage().delete(name)
