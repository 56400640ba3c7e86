"""Links and codes that open a report without an account.

A person who spoke comes back by a link or a code, made from the voice's nonce and the secret key.
The service of an organisation opens its part by a link made from both their numbers and that key.
Nothing in the database opens a report.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from parvis.reports.models import Part, Report, Voice

# No 0/O, 1/I/L, no U: read aloud or copied by hand without a mistake.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
_SALT = "parvis.reports.voice"
_SERVICE_SALT = "parvis.reports.service"


class LinkGone(LookupError):  # noqa: N818 - what happened
    """The link was good, but the part has passed to another organisation, or this one closed."""


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_SALT)


def token_of(voice: Voice) -> str:
    """The unguessable part of a person's own link."""
    signature = _signer().signature(f"{voice.pk}:{voice.nonce}")
    return f"{voice.pk}.{signature}"


def voice_from_token(token: str) -> Voice | None:
    """The voice of a link, with its report and category; None for a wrong, cut or withdrawn one."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        return None
    voice = (
        Voice.objects.select_related("report__category", "report__commune", "contact")
        .defer("report__commune__outline")
        .filter(pk=int(number), withdrawn_at=None)
        .first()
    )
    if voice is None:
        return None
    try:
        _signer().unsign(f"{voice.pk}:{voice.nonce}.{signature}")
    except signing.BadSignature:
        return None
    if voice.report.merged_into_id is not None:  # rare: not joined for everybody
        homes = Report.objects.select_related("category", "commune").defer("commune__outline")
        voice.report.merged_into = homes.get(pk=voice.report.merged_into_id)
    return voice


def _codes(voice: Voice) -> list[str]:
    """The code under the present key first, then under the keys that are being retired."""
    found = []
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        digest = salted_hmac(
            "parvis.reports.code", f"{voice.pk}:{voice.nonce}", secret=key, algorithm="sha256"
        )
        number = int.from_bytes(digest.digest()[:16], "big")
        letters = ""
        for _ in range(CODE_LENGTH):
            number, rest = divmod(number, len(ALPHABET))
            letters += ALPHABET[rest]
        found.append(letters)
    return found


def code_of(voice: Voice) -> str:
    """The code that goes with the report's reference: "K7PM-3XQA"."""
    letters = _codes(voice)[0]
    return f"{letters[:4]}-{letters[4:]}"


def tidy_reference(words: str) -> str:
    """A reference as people type it ("r 2026 k7pmx") in the form that is stored."""
    letters = "".join(letter for letter in words.upper() if letter.isalnum() and letter.isascii())
    if len(letters) > 5 and letters[0] == "R" and letters[1:5].isdigit():
        return f"R-{letters[1:5]}-{letters[5:]}"
    return words.strip().upper()


def voice_from_code(reference: str, code: str) -> Voice | None:
    """The voice that this code was given to, on the report of this reference."""
    voices = Voice.objects.select_related("report__category").filter(
        report__reference=tidy_reference(reference), withdrawn_at=None
    )
    return voice_among(voices, code)


def voice_among(voices: Iterable[Voice], code: str) -> Voice | None:
    """The one of these voices that this code was given to."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    if len(letters) != CODE_LENGTH:
        return None
    found = None
    for voice in voices:
        for known in _codes(voice):
            if hmac.compare_digest(_hash(known), _hash(letters)):
                found = voice
    return found


def _hash(letters: str) -> bytes:
    return hashlib.sha256(letters.encode()).digest()


def follow_url(voice: Voice) -> str:
    """A person's own page, as an absolute address."""
    return settings.SITE_URL + reverse("reports:follow", args=[token_of(voice)])


def report_path(reference: str) -> str:
    """The page of a report on this site; the way to it is looked up once for all."""
    return f"{reports_path()}{reference}/"


@cache
def reports_path() -> str:
    """Where the pages of reports begin."""
    return reverse("reports:report", args=["-"]).removesuffix("-/")


def report_url(report: Report | int) -> str:
    """The page of a report, as an absolute address."""
    key = report.reference if isinstance(report, Report) else report
    return settings.SITE_URL + reverse("reports:report", args=[key])


# --- An organisation served by e-mail
def _service_signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_SERVICE_SALT)


def service_token(part: Part) -> str:
    """The unguessable part of a service's link: for this part, as long as it is theirs."""
    return _service_signer().sign(f"{part.pk}-{part.organisation_id}")


def part_from_token(token: str) -> Part | None:
    """The part of a service's link, with its report and organisation; None for a wrong or cut link.

    Raises LinkGone when the part is no longer that organisation's, or the organisation has closed.
    """
    try:
        part_id, _, organisation_id = _service_signer().unsign(token).partition("-")
    except signing.BadSignature:
        return None
    today = timezone.localdate()
    part = (
        Part.objects.select_related("report__category", "report__commune", "organisation")
        .defer("report__commune__outline")
        .filter(Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=today))
        .filter(pk=part_id, organisation_id=organisation_id)
        .first()
    )
    if part is None:
        raise LinkGone
    return part


def service_url(part: Part) -> str:
    """A part as the service of its organisation opens it, as an absolute address."""
    return settings.SITE_URL + reverse("reports:serve", args=[service_token(part)])


def blackspot_url(pk: int) -> str:
    """The page of a point noir, as an absolute address."""
    return settings.SITE_URL + reverse("reports:blackspot", args=[pk])
