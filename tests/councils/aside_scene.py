"""A sitting of the COTECH where hugo is called as référent of Rives, and how his body prepares."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from parvis.councils import aside_acts, aside_word_acts
from parvis.councils.models import Body, Member, Preparation, Presence, ResidentWord
from parvis.gatherings.models import Gathering
from parvis.meetings.models import Instance, Sitting
from tests.cast import Cast
from tests.meetings import scene as meetings

NOTE = {
    "companion": "Yasmine",
    "asked": "On nous demande de choisir le banc.",
    "decided": "La rue est fermée aux voitures.",
    "still_open": "La place des arbres.",
}
TOLD = {"said": "Nous voulons des bancs.", "answered": "Deux bancs avant l’été."}


def a_call(
    cast: Cast, member: Member, *, instance: Instance | None = None, days: int = 7
) -> Sitting:
    """The member is invited as référent to a sitting of the COTECH, past when days are negative."""
    made = meetings.sitting(cast, instance)
    at = timezone.now() + timedelta(days=days)
    Gathering.objects.filter(pk=made.gathering_id).update(
        starts_at=at, ends_at=at + timedelta(hours=2)
    )
    Sitting.objects.filter(pk=made.pk).update(convened_at=timezone.now())
    Presence.objects.create(
        member=member, sitting=made, as_referent=True, invited_at=timezone.now()
    )
    return Sitting.objects.select_related("instance", "gathering").get(pk=made.pk)


def a_preparation(cast: Cast, body: Body, *, told: bool = False, **fields: Any) -> Preparation:
    """The body's preparation of a sitting, with its note; told back once it was, by yasmine."""
    member = fields.pop("member", None) or body.members.order_by("pk")[0]
    sitting = a_call(cast, member, days=-1 if told else 7, instance=fields.pop("instance", None))
    made = aside_acts.open_preparation(body, sitting)
    made = aside_acts.write_note(made, **{**NOTE, **fields})
    if told:
        made = aside_acts.write_restitution(made, **TOLD)
        made = aside_acts.tell(made, actor=cast.actor(cast.yasmine))
    return made


def a_word(cast: Cast, body: Body, text: str = "On attend le bus sous la pluie.") -> ResidentWord:
    """Words noted today by yasmine."""
    given = {"heard_on": timezone.localdate(), "theme_code": "eclairage"}
    return aside_word_acts.note_word(body, actor=cast.actor(cast.yasmine), text=text, **given)


def a_consent(name: str = "accord.pdf", content: bytes = b"%PDF-1.7 accord") -> SimpleUploadedFile:
    """A written consent as it is handed over."""
    return SimpleUploadedFile(name, content)


def a_speaker(word: ResidentWord) -> ResidentWord:
    """The same words, with the name of who spoke and their consent."""
    given = {"name": "Voisine Essai", "consent_on": timezone.localdate()}
    aside_word_acts.name_speaker(word, consent_file=a_consent(), **given)
    return ResidentWord.objects.get(pk=word.pk)
