"""Writing the files of photos, and taking them away with the rows they belong to."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction

from parvis.documents.photos import MAX_PHOTOS, CleanPhoto
from parvis.reports.models import Photo, Report


def _storage() -> Storage:
    field: Any = Photo._meta.get_field("file")
    storage: Storage = field.storage
    return storage


@contextmanager
def written(photos: Sequence[CleanPhoto], at: datetime) -> Iterator[list[Photo]]:
    """The rows of these photos, their files written first; removed again if what follows fails."""
    if len(photos) > MAX_PHOTOS:
        raise ValidationError(f"{MAX_PHOTOS} photos au plus.")
    rows: list[Photo] = []
    names: list[str] = []
    try:
        for photo in photos:
            base = f"photos/{at:%Y/%m}/{secrets.token_hex(16)}"
            file = _storage().save(f"{base}.jpg", ContentFile(photo.jpeg))
            names.append(file)
            thumbnail = _storage().save(f"{base}.small.jpg", ContentFile(photo.thumbnail))
            names.append(thumbnail)
            rows.append(
                Photo(file=file, thumbnail=thumbnail, width=photo.width, height=photo.height, at=at)
            )
        yield rows
    except BaseException:
        for name in names:
            _storage().delete(name)
        raise


def attach(rows: list[Photo], report: Report, **who: Any) -> None:
    """Put these rows on a report, all in one insert."""
    for row in rows:
        row.report = report
        for name, value in who.items():
            setattr(row, name, value)
    Photo.objects.bulk_create(rows)


def remove(photos: Iterable[Photo]) -> None:
    """Delete photos; their files go once the transaction has ended well."""
    found = list(photos)
    names = _names(found)
    Photo.objects.filter(pk__in=[photo.pk for photo in found]).delete()
    _delete_later(names)


def replace(photo: Photo, new: Photo) -> None:
    """Give a photo the files of another that was just written; its own go once the transaction has
    ended well. Its version tells every page that shows it to ask for it anew."""
    old = _names([photo])
    photo.file, photo.thumbnail = new.file, new.thumbnail
    photo.width, photo.height, photo.version = new.width, new.height, photo.version + 1
    photo.save(update_fields=["file", "thumbnail", "width", "height", "version"])
    _delete_later(old)


def _names(photos: Iterable[Photo]) -> list[str]:
    return [
        str(name) for photo in photos for name in (photo.file.name, photo.thumbnail.name) if name
    ]


def _delete_later(names: list[str]) -> None:
    def sweep() -> None:
        for name in names:
            _storage().delete(name)

    if names:
        transaction.on_commit(sweep)


def before_and_after(photos: Sequence[Photo]) -> list[tuple[Photo, Photo]]:
    """Each photo after with the one it answers, as far as both are among these."""
    known = {photo.pk: photo for photo in photos}
    return [
        (known[photo.answers_id], photo)
        for photo in photos
        if photo.answers_id is not None and photo.answers_id in known
    ]
