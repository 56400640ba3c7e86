"""Notes that a body keeps to itself: no event, no search, no count of them leaves it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from parvis.councils.models import Body, BodyNote
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused


class ChangedMeanwhile(Refused):
    """Somebody else changed the note since it was read; `fresh` is what it says now."""

    def __init__(self, fresh: BodyNote) -> None:
        super().__init__(
            "Cette note a été modifiée pendant que vous écriviez : rien n’est écrasé. Comparez les"
            " deux textes, puis enregistrez celui qui convient."
        )
        self.fresh = fresh


def version_of(note: BodyNote) -> str:
    """Which version of a note this is."""
    return note.changed_at.isoformat()


def write_note(
    body: Body, *, actor: Actor, title: str, text: str, now: datetime | None = None
) -> BodyNote:
    """Write a note of a body."""
    at = now or timezone.now()
    note = BodyNote(body=body, title=title, text=text, by_id=actor.user_id, at=at, changed_at=at)
    note.full_clean()
    note.save()
    return note


def change_note(
    note: BodyNote, *, actor: Actor, title: str, text: str, seen: str, now: datetime | None = None
) -> BodyNote:
    """Change a note that still says what was read; ChangedMeanwhile when it says otherwise."""
    with transaction.atomic():
        fresh = BodyNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
        if version_of(fresh) != seen:
            raise ChangedMeanwhile(fresh)
        fresh.title, fresh.text, fresh.by_id = title, text, actor.user_id
        fresh.changed_at = now or timezone.now()
        fresh.full_clean(exclude=["by"])
        fresh.save(update_fields=["title", "text", "by", "changed_at"])
    return fresh
