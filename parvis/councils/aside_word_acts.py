"""The notebook of residents' words: noted, corrected, erased; a name only with written consent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.councils.aside_acts import CONTACT
from parvis.councils.aside_plain import tidied
from parvis.councils.body_models import Body, Member
from parvis.councils.referent_models import WORD_LENGTH, ResidentWord, WordName
from parvis.councils.sorting import settings
from parvis.partners.actors import Actor
from parvis.places.models import Quartier
from parvis.reports.masking import without_contacts
from parvis.upkeep.themes import themes
from parvis.works.dates import months_after


def note_word(
    body: Body,
    *,
    actor: Actor,
    text: str,
    heard_on: date,
    quartier: Quartier | None = None,
    theme_code: str = "",
) -> ResidentWord:
    """Write down what somebody said, without their name; the member who notes it is kept."""
    mine = Member.objects.filter(body=body, user=actor.user_id) if actor.user_id else None
    word = ResidentWord(body=body, noted_by=mine.first() if mine is not None else None)
    return _write(word, text, heard_on, quartier, theme_code)


def change_word(
    word: ResidentWord,
    *,
    text: str,
    heard_on: date,
    quartier: Quartier | None = None,
    theme_code: str = "",
) -> ResidentWord:
    """Correct what was noted."""
    return _write(word, text, heard_on, quartier, theme_code)


def _write(
    word: ResidentWord, text: str, heard_on: date, quartier: Quartier | None, theme_code: str
) -> ResidentWord:
    words = tidied(text)
    if without_contacts(words) != words:
        raise ValidationError({"text": CONTACT})
    if heard_on > timezone.localdate():
        raise ValidationError({"heard_on": "Ce jour est à venir."})
    if len(words) > WORD_LENGTH:
        raise ValidationError({"text": f"{WORD_LENGTH} caractères au plus : gardez l’essentiel."})
    # A theme that left the list stays on the words that had it.
    if theme_code not in {"", word.theme_code, *themes()}:
        raise ValidationError({"theme_code": "Choisissez un thème de la liste."})
    if quartier is not None and not word.body.quartiers.filter(pk=quartier.pk).exists():
        raise ValidationError({"quartier": "Choisissez un quartier de votre instance."})
    word.text, word.heard_on = words, heard_on
    word.quartier, word.theme_code = quartier, theme_code
    word.full_clean()
    word.save()
    return word


def delete_word(word: ResidentWord) -> None:
    """Erase these words, with the name and the consent that came with them."""
    with transaction.atomic():
        forget_speaker(word)
        word.delete()


def name_speaker(word: ResidentWord, *, name: str, consent_on: date, consent_file: Any) -> WordName:
    """Keep the name of who spoke, with their written consent and its day; what was kept before
    goes."""
    if consent_on > timezone.localdate():
        raise ValidationError({"consent_on": "Ce jour est à venir."})
    with transaction.atomic():
        fresh = ResidentWord.objects.select_for_update(of=("self",)).get(pk=word.pk)
        forget_speaker(fresh)
        speaker = WordName(
            word=fresh, name=name.strip(), consent_on=consent_on, consent_file=consent_file
        )
        speaker.full_clean()
        speaker.save()
    return speaker


def forget_speaker(word: ResidentWord) -> bool:
    """Erase the name and the file of the consent, from the disk too once the change is sure;
    whether there was one."""
    speaker = WordName.objects.filter(word=word.pk).first()
    if speaker is None:
        return False
    storage, name = speaker.consent_file.storage, str(speaker.consent_file.name)
    with transaction.atomic():
        speaker.delete()
        transaction.on_commit(lambda: storage.delete(name))
    return True


def old_speakers(now: datetime | None = None) -> Any:
    """Words whose speaker's name was kept long enough (data/lists.toml)."""
    limit = months_after(timezone.localdate(now), -settings()["word_name_months"])
    return ResidentWord.objects.filter(heard_on__lt=limit, speaker__isnull=False)


def forget_old_speakers(now: datetime | None = None) -> int:
    """Erase these names; how many."""
    return sum(forget_speaker(one) for one in old_speakers(now).order_by("pk"))
