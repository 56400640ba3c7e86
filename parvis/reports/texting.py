"""What people do with their report by text message: ask where it stands, say whether it is settled.

The code is the right: who has it reads the state, as on the page that it opens, and nothing that
anybody wrote. « OUI » and « NON » answer the message that told the end of a report, from the number
to which it was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.core.cache import cache
from django.core.exceptions import ValidationError

from parvis.notices.fingerprints import fingerprint
from parvis.notices.incoming import register_answer
from parvis.notices.models import Message
from parvis.reports import acts
from parvis.reports.events import last_closing
from parvis.reports.links import CODE_LENGTH, follow_url, voice_among, voice_from_code
from parvis.reports.models import Contact, Report, Voice
from parvis.reports.workflow import CLOSED, OPEN, PLAIN_WORDS, Forbidden, State
from parvis.thread.acts import word_key
from parvis.ui.visitors import too_often
from parvis.ui.words import day_in_words

TRIES, QUARTER = 10, 900  # codes tried by one number, in so many seconds
WRONG_AN_HOUR, HOUR = 300, 3600  # wrong codes from all numbers together
REFERENCE_LENGTH = 10  # letters of "R-2026-K7PMX"
REPORTS_OF_A_NUMBER = 20  # among which a code without its reference is looked for
UNKNOWN = (
    "Aucun signalement ne porte cette référence avec ce code. Écrivez SUIVI, la référence et le "
    "code. Exemple : SUIVI R-2026-K7PMX K7PM-3XQA"
)
BUSY = "Trop d’essais. Attendez un quart d’heure, puis réessayez."
_SHUT = "reports.texting.shut"


def state_by_code(number: str, words: str) -> str:
    """SUIVI, a reference and its code (or the code alone, from the number that was given with the
    report): where it stands."""
    if cache.get(_SHUT) or too_often(
        "text.code", fingerprint(number), times=TRIES, seconds=QUARTER
    ):
        return BUSY
    voice = _voice_of(number, words)
    if voice is None:
        if too_often("text.code.wrong", "all", times=WRONG_AN_HOUR, seconds=HOUR):
            cache.set(_SHUT, 1, QUARTER)
        return UNKNOWN
    return f"{_state(voice.report.home)} {follow_url(voice)}"


def say_settled(number: str, words: str) -> str | None:
    """OUI: it is settled, says who was asked."""
    voice = _asked(number)
    if voice is None:
        return None
    return _said(voice, lambda: acts.say_settled(voice), "Merci. Ceux qui interviennent le voient.")


def say_not_yet(number: str, words: str) -> str | None:
    """NON: not yet, says who was asked; what follows is kept as a word of theirs."""
    voice = _asked(number)
    if voice is None:
        return None
    return _said(
        voice,
        lambda: acts.say_not_yet(voice, text=words),
        "C’est noté : il est rouvert, ceux qui interviennent sont prévenus.",
    )


def _voice_of(number: str, words: str) -> Voice | None:
    letters = "".join(sign for sign in words.upper() if sign.isalnum() and sign.isascii())
    if len(letters) == CODE_LENGTH:
        return voice_among(_voices_of(number), letters)
    if len(letters) == REFERENCE_LENGTH + CODE_LENGTH:
        return voice_from_code(letters[:REFERENCE_LENGTH], letters[REFERENCE_LENGTH:])
    return None


def _voices_of(number: str) -> Iterable[Voice]:
    contacts = Contact.objects.filter(phone=number, voice__withdrawn_at=None)
    newest = contacts.select_related("voice__report").order_by("-voice__at", "-pk")
    return [one.voice for one in newest[:REPORTS_OF_A_NUMBER]]


def _state(report: Report) -> str:
    """Reference, state and day; no word of anybody, no place."""
    said = f"{report.reference} : {PLAIN_WORDS[State(report.state)]}"
    if report.state in OPEN and report.due_on is not None:
        return f"{said}. Réponse attendue pour le {day_in_words(report.due_on)}."
    return f"{said}."


def _asked(number: str) -> Voice | None:
    """Who was asked last, at this number, whether their report is settled, and has not said."""
    contacts = (
        Contact.objects.filter(
            phone=number, email="", voice__withdrawn_at=None, report__state__in=CLOSED
        )
        .select_related("voice__report", "report")
        .order_by("-report__closed_at", "-pk")
    )
    for contact in contacts[:REPORTS_OF_A_NUMBER]:
        closing, voice = last_closing(contact.report), contact.voice
        if closing is None or (voice.said_at is not None and voice.said_at >= closing.at):
            continue
        told = Message.objects.filter(event=word_key(closing), person=f"voice:{contact.pk}")
        if told.filter(sent_at__isnull=False).exists():
            return voice
    return None


def _said(voice: Voice, act: Callable[[], object], thanks: str) -> str:
    try:
        act()
    except Forbidden as refused:
        return str(refused)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return f"{voice.report.reference} : {thanks}"


register_answer("suivi", state_by_code, help="SUIVI, référence et code : où il en est.")
register_answer("suivre", state_by_code)
register_answer("oui", say_settled)
register_answer("non", say_not_yet)
