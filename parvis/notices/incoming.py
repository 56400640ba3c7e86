"""Text messages that people send: taken from the gateway, handed to the rooms, answered.

The gateway signs what it brings with a secret shared with it alone. A message is acted on once,
whatever is repeated; a number is answered five times an hour at most, so that two machines that
answer each other fall silent. Nothing of a message is kept: neither its words nor its number.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parvis.notices import outbox, preferences
from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import ReceivedText
from parvis.notices.outbox import Mail, Recipient
from parvis.notices.phones import international, reads_texts

BODY_AT_MOST = 10_000  # bytes
SIGNED_FOR = 300  # seconds: an older signature, or one of the future, is refused
ANSWERS_AN_HOUR = 5
KEPT = timedelta(days=2)  # far longer than a signature is good for
STOP = frozenset(("stop", "arret", "arreter", "desabonner", "unsubscribe"))
RESUME = frozenset(("reprendre", "start"))
STOPPED = "C'est fait : vous ne recevrez plus de texto. Pour en recevoir de nouveau : REPRENDRE."
RESUMED = "C'est note : vous recevrez de nouveau nos textos. Pour arreter : STOP."
NOT_UNDERSTOOD = "Nous n'avons pas compris."
STOP_HELP = "STOP : plus aucun texto."

# The number in international form and the words after the keyword -> what is answered, or None when
# the keyword was not meant for this handler.
Handler = Callable[[str, str], str | None]


@dataclass(frozen=True)
class _Registered:
    handler: Handler
    help: str


_registered: dict[str, _Registered] = {}


class Refused(ValueError):  # noqa: N818 - what happened
    """The gateway's request is not one to act on: `status` is the answer to it."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status


def register_answer(keyword: str, handler: Handler, *, help: str = "") -> None:
    """A room answers messages that begin with this word (any case, accents or not); `help` says
    what to write, to who was not understood."""
    _registered[_plain(keyword)] = _Registered(handler, help)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """How the gateway signs: HMAC-SHA-256 of the timestamp, a full stop and the body, in hex."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@csrf_exempt
@require_POST
def incoming(request: HttpRequest) -> HttpResponse:
    """What the gateway calls for each message that came in; described in docs/sms-gateway.md."""
    if not settings.SMS_INCOMING_SECRET:
        return JsonResponse({"error": "not_set"}, status=401)
    try:
        identity, number, text = _read(request)
        known = not take(identity, number, text)
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=refused.status)
    if known:
        return JsonResponse({"error": "already_taken"}, status=409)
    return JsonResponse({"status": "taken"})


def _read(request: HttpRequest) -> tuple[str, str, str]:
    """The message that an authentic request carries: its name, its number, its words."""
    body = request.read(BODY_AT_MOST + 1)
    if len(body) > BODY_AT_MOST:
        raise Refused(413, "too_large")
    timestamp = request.headers.get("X-Parvis-Timestamp", "")
    given = request.headers.get("X-Parvis-Signature", "")
    _check(timestamp, given, body, timezone.now())
    try:
        said = json.loads(body)
        identity, number, text = said["id"], said["from"], said["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(400, "invalid_request") from None
    if not all(isinstance(one, str) for one in (identity, number, text)) or not identity:
        raise Refused(400, "invalid_request")
    return identity, number, text


def _check(timestamp: str, given: str, body: bytes, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        raise Refused(401, "bad_timestamp")
    wanted = sign(settings.SMS_INCOMING_SECRET, timestamp, body)
    if not hmac.compare_digest(wanted.encode(), given.strip().lower().encode()):
        raise Refused(401, "bad_signature")
    if abs(now.timestamp() - int(timestamp)) > SIGNED_FOR:
        raise Refused(401, "bad_timestamp")


def take(identity: str, sender: str, text: str, *, now: datetime | None = None) -> bool:
    """Act on a message and answer it; False when it was taken before, and nothing is done.

    Who writes from anything but a mobile number is not answered: it is a machine.
    """
    at, number = now or timezone.now(), international(sender)
    name = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
    with transaction.atomic():
        try:
            with transaction.atomic():
                kept = ReceivedText.objects.create(
                    digest=name, sender=fingerprint(number or sender), at=at
                )
        except IntegrityError:
            return False
        if not reads_texts(number):
            return True
        answer = _act(number, text)
        if answer and _may_answer(kept, stopping=answer == STOPPED):
            kept.answered = True
            kept.save(update_fields=["answered"])
            outbox.put(
                f"text.answer:{name[:32]}",
                [Recipient(f"text:{name[:32]}", number, channel="sms")],
                lambda who: Mail("Votre texto", answer, short=answer),
                wait=timedelta(),
                asked_for=True,
            )
    return True


def forget_received(now: datetime | None = None) -> int:
    """Erase that messages came, once nobody can bring them again; how many."""
    erased, _ = received_before(now or timezone.now()).delete()
    return erased


def received_before(now: datetime) -> QuerySet[ReceivedText]:
    """Messages that nobody can bring again."""
    return ReceivedText.objects.filter(at__lt=now - KEPT)


def _act(number: str, text: str) -> str:
    """Do what is asked, and give the answer; "" for none."""
    first, _, rest = text.strip().replace("\x00", "").partition(" ")
    keyword = _plain(first)
    if keyword in STOP:
        return _stop(number)
    if keyword in RESUME:
        preferences.resume(fingerprint(number))
        return RESUMED
    found = _registered.get(keyword)
    answer = found.handler(number, rest.strip()) if found else None
    return _help() if answer is None else answer


def _stop(number: str) -> str:
    """Nothing more goes to this number, not even what waits; said once."""
    if outbox.stopped_among([number]):
        return ""
    outbox.withdraw_from(number)
    preferences.stop(fingerprint(number))
    return STOPPED


def _may_answer(kept: ReceivedText, *, stopping: bool) -> bool:
    """Whether this number was not answered too often; that it is stopped is said all the same."""
    since = kept.at - timedelta(hours=1)
    told = ReceivedText.objects.filter(sender=kept.sender, at__gt=since, answered=True).count()
    return told < ANSWERS_AN_HOUR + stopping


def _help() -> str:
    known = dict.fromkeys(one.help for one in _registered.values() if one.help)
    return " ".join([NOT_UNDERSTOOD, *known, STOP_HELP])


def _plain(word: str) -> str:
    """A word without case, accents nor signs: "Arrêt." as "arret"."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if sign.isalnum())
