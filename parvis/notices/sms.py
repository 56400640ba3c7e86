"""What an SMS says, in as few parts as can be, and the gateway that takes it.

The gateway is any service that speaks the small interface of `docs/sms-gateway.md`. Each message
carries an idempotency key, always the same for the same message: whatever is repeated after a cut,
the phone rings once.
"""

from __future__ import annotations

import json
import re
import unicodedata

from django.conf import settings
from django.core import signing
from django.urls import reverse

from parvis.documents import outgoing
from parvis.notices.outcomes import Away, Refused, Unsure

PARTS = 2  # at most, of one message
TIMEOUT = 10.0  # seconds for the whole exchange
ALONE, JOINED = (160, 70), (153, 67)  # signs of a part: (GSM-7, UCS-2), alone and among several
_DELIVERY = "parvis.notices.delivery"
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")  # two signs each
_QUOTED = re.compile(r"«\s*|\s*»")
_PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "–": "-", "—": "-",
        "œ": "oe", "Œ": "OE", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "•": "-", "→": "->",
    }
)  # fmt: skip


def available() -> bool:
    """Whether this installation has a gateway."""
    return bool(settings.SMS_GATEWAY_URL)


def plain(text: str) -> str:
    """The text in the alphabet of phones where that loses nothing but accents; as it is otherwise
    (Arabic), in which case a part holds fewer signs."""
    text = _QUOTED.sub('"', text).translate(_PLAIN)
    found = "".join(sign if _is_basic(sign) else _bare(sign) for sign in text)
    return found if all(map(_is_basic, found)) else text


def length(text: str) -> tuple[int, int]:
    """How many parts a text takes, and how many signs, as networks count them."""
    basic = all(map(_is_basic, text))
    if basic:
        signs = sum(2 if sign in _EXTENDED else 1 for sign in text)
    else:
        signs = len(text.encode("utf-16-le")) // 2
    alone, joined = (ALONE[0], JOINED[0]) if basic else (ALONE[1], JOINED[1])
    return (1 if signs <= alone else -(-signs // joined)), signs


def fit(words: str, link: str = "") -> str:
    """These words and this link in two parts at most: the words are cut, the link never is.

    A link that would leave no room for words gives way to the address of the site.
    """
    words, tail = plain(" ".join(words.split())), f" {link}" if link else ""
    if length(f"Parvis...{tail}")[0] > PARTS:
        tail = f" {settings.SITE_URL}"
    if length(words + tail)[0] <= PARTS:
        return words + tail
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if length(f"{words[:middle].rstrip()}...{tail}")[0] <= PARTS:
            low = middle
        else:
            high = middle - 1
    cut = words[:low]
    return f"{(cut.rsplit(' ', 1)[0] if ' ' in cut else cut).rstrip()}...{tail}"


def send(key: str, to: str, text: str, mark: str) -> None:
    """Hand one SMS to the gateway, under this idempotency key; `mark`: the number's fingerprint,
    by which a delivery report is understood later.

    Away when the gateway does not take anything now, Refused when it will never take this one,
    Unsure when it may have taken it.
    """
    body = {"id": key, "to": to, "text": text, "report_url": report_url(mark)}
    try:
        reply = outgoing.call(
            settings.SMS_GATEWAY_URL,
            method="POST",
            body=json.dumps(body, ensure_ascii=False).encode(),
            headers={
                "Authorization": f"Bearer {settings.SMS_GATEWAY_KEY}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
            private=True,  # the installation's own settings give it
            timeout=TIMEOUT,
        )
    except outgoing.CallRefused as refused:
        # Silence tells nothing of what was taken before it.
        raise (Unsure if refused.may_pass else Away)("no answer") from None
    if reply.status in (200, 201, 202, 204):
        return
    if reply.status in (400, 404, 410, 422):
        error = _error_of(reply.body)
        if error == "invalid_request" or reply.status == 404:
            raise Away(f"http {reply.status}")  # ours is the fault: no message is to pay for it
        raise Refused(error, for_good=error in ("invalid_number", "blocked_number"))
    if reply.status in (401, 403, 405, 429, 503):
        raise Away(f"http {reply.status}")
    raise Unsure(f"http {reply.status}")


def report_url(mark: str) -> str:
    """Where the gateway says later what became of a message to this number; signed."""
    token = signing.dumps(mark, salt=_DELIVERY)
    return settings.SITE_URL + reverse("notices:delivery", args=[token])


def reported(token: str) -> str | None:
    """The fingerprint that a delivery report is about; None when we never gave that address, or
    more than a week ago."""
    try:
        mark: str = signing.loads(token, salt=_DELIVERY, max_age=7 * 24 * 3600)
    except signing.BadSignature:
        return None
    return mark


def _error_of(body: bytes) -> str:
    try:
        found = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return "refused"
    known = ("invalid_number", "blocked_number", "invalid_text", "invalid_request")
    return found if found in known else "refused"


def _is_basic(sign: str) -> bool:
    return sign in _BASIC or sign in _EXTENDED


def _bare(sign: str) -> str:
    return "".join(
        one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one)
    )
