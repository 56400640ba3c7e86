"""What a telephone sends, read one by one: whatever it holds, an item is taken or refused in words.

Nothing here asks the database: `receiving.py` does, for all items at once.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from parvis.documents.photos import MAX_PHOTOS
from parvis.partners.rights import Refused
from parvis.upkeep.themes import themes
from parvis.walks.practice import severities
from parvis.walks.workflow import Result

ITEMS_AT_MOST = 500
NOTE_AT_MOST = 1000  # characters
PEOPLE_AT_MOST = 2000  # who came without having registered
CLOCK_OFF = timedelta(minutes=2)  # less is the time that sending takes
BEFORE_START = timedelta(days=2)  # nothing is noted earlier than that

_UID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # but tabs and ends of lines

NO_BATCH = "Cet envoi est illisible ou incomplet."
TOO_MANY = f"Trop de notes d’un coup, {ITEMS_AT_MOST} au plus."
NO_UID = "Cette note n’a pas de numéro lisible."
NO_ITEM = "Cette note est illisible."
NO_DATE = "L’heure de cette note est illisible."
NO_KIND = "Cette note est d’une sorte inconnue."


class Unreadable(ValueError):  # noqa: N818 - what happened
    """A whole sending that cannot be read; the message says so, in French."""


class TooMany(Unreadable):
    """More items than one sending may hold."""


@dataclass(frozen=True)
class Clock:
    """Puts right the hours of a telephone: by how far its clock was off when it sent, never later
    than now, and never long before the walk began."""

    received: datetime
    sent: datetime
    begins: datetime

    def right(self, written: Any) -> datetime:
        """That hour, or Refused when it is none."""
        noted = read_moment(written)
        off = self.received - self.sent
        try:
            if abs(off) > CLOCK_OFF:
                noted += off
        except OverflowError:
            noted = self.begins
        if noted < self.begins - BEFORE_START:  # that telephone had lost its hour meanwhile
            noted = self.begins
        return min(noted, self.received)


@dataclass(frozen=True)
class FindingSent:
    """A finding as its telephone tells it."""

    uid: UUID
    noted_at: datetime
    stop_id: int | None
    theme: str
    strength: bool
    severity: int | None
    note: str
    point: tuple[float, float] | None
    pictures: int


@dataclass(frozen=True)
class AnswerSent:
    """What was seen of a thing to check."""

    uid: UUID
    noted_at: datetime
    check_id: int
    result: str
    note: str
    pictures: int


@dataclass(frozen=True)
class PresenceSent:
    """Who was there: an organisation, a person, or how many more."""

    uid: UUID
    noted_at: datetime
    guest_id: int | None = None
    person_id: int | None = None
    came: bool | None = None
    count: int | None = None


Sent = FindingSent | AnswerSent | PresenceSent


def read_batch(body: bytes) -> tuple[datetime, list[Any]]:
    """When it was sent by the telephone's clock, and its items still unread. Unreadable when it is
    no sending, TooMany when it holds too much."""
    try:
        told = json.loads(body.decode("utf-8"), parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise Unreadable(NO_BATCH) from error
    if not isinstance(told, dict) or not isinstance(told.get("items"), list):
        raise Unreadable(NO_BATCH)
    if len(told["items"]) > ITEMS_AT_MOST:
        raise TooMany(TOO_MANY)
    try:
        return read_moment(told.get("sent_at")), told["items"]
    except Refused as error:
        raise Unreadable(NO_BATCH) from error


def read_moment(written: Any) -> datetime:
    """A moment with its offset, as telephones write it. Refused when it is none."""
    try:
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is None:
            raise Refused(NO_DATE)
        moment.timestamp()  # some are too far away to be counted in another zone
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused(NO_DATE) from error
    return moment


def read_uid(written: Any) -> UUID:
    """The number that a telephone gave. Refused when it is none."""
    if not isinstance(written, str) or _UID.fullmatch(written) is None:
        raise Refused(NO_UID)
    return UUID(written)


def read_item(raw: Any, clock: Clock) -> Sent:
    """One item, or Refused with words for people."""
    if not isinstance(raw, dict):
        raise Refused(NO_ITEM)
    uid = read_uid(raw.get("uid"))
    kind = raw.get("kind")
    if kind not in ("observation", "answer", "presence"):
        raise Refused(NO_KIND)
    noted_at = clock.right(raw.get("noted_at"))
    if kind == "observation":
        return _finding(raw, uid, noted_at)
    if kind == "answer":
        return _answer(raw, uid, noted_at)
    return _presence(raw, uid, noted_at)


def _finding(raw: dict[str, Any], uid: UUID, noted_at: datetime) -> FindingSent:
    theme, strength, severity = raw.get("theme"), raw.get("strength"), raw.get("severity")
    if not isinstance(theme, str) or theme not in themes():
        raise Refused("Ce thème n’est pas dans la liste.")
    if not isinstance(strength, bool):
        raise Refused("Dites si c’est un point fort ou un point à améliorer.")
    if strength and severity is not None:
        raise Refused("Un point fort ne gêne pas.")
    if not strength and (type(severity) is not int or severity not in severities()):
        raise Refused("Dites combien ce point gêne.")
    return FindingSent(
        uid=uid,
        noted_at=noted_at,
        stop_id=None if raw.get("stop") is None else _id(raw["stop"], "Cet arrêt est illisible."),
        theme=theme,
        strength=strength,
        severity=severity,
        note=_note(raw),
        point=_point(raw.get("lat"), raw.get("lon")),
        pictures=_pictures(raw),
    )


def _answer(raw: dict[str, Any], uid: UUID, noted_at: datetime) -> AnswerSent:
    result = raw.get("result")
    if not isinstance(result, str) or result not in Result.values:
        raise Refused("Dites si vous l’avez vu, pas vu, ou vu pire.")
    check_id = _id(raw.get("check"), "Ce point à vérifier est illisible.")
    return AnswerSent(uid, noted_at, check_id, result, _note(raw), _pictures(raw))


def _presence(raw: dict[str, Any], uid: UUID, noted_at: datetime) -> PresenceSent:
    told = [name for name in ("guest", "person", "count") if raw.get(name) is not None]
    if len(told) != 1:
        raise Refused("Dites de qui vous notez la présence.")
    if told == ["count"]:
        count = raw["count"]
        if type(count) is not int or not 0 <= count <= PEOPLE_AT_MOST:
            raise Refused(f"Comptez les personnes venues, {PEOPLE_AT_MOST} au plus.")
        return PresenceSent(uid, noted_at, count=count)
    if not isinstance(raw.get("came"), bool):
        raise Refused("Dites présent ou absent.")
    who = _id(raw[told[0]], "Dites de qui vous notez la présence.")
    return PresenceSent(uid, noted_at, came=raw["came"], **{f"{told[0]}_id": who})


def _id(written: Any, why: str) -> int:
    if type(written) is not int or not 0 < written < 2**63:
        raise Refused(why)
    return written


def _note(raw: dict[str, Any]) -> str:
    """The note without what no database or reader could show."""
    note = raw.get("note")
    if note is None:
        return ""
    if not isinstance(note, str):
        raise Refused("Cette note est illisible.")
    whole = note.encode("utf-8", "ignore").decode()  # half a character out of a pair
    clean = _CONTROL.sub("", whole.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(clean) > NOTE_AT_MOST:
        raise Refused("Cette note est trop longue, 1\u202f000 caractères au plus.")
    return clean


def _pictures(raw: dict[str, Any]) -> int:
    many = raw.get("pictures", 0)
    if type(many) is not int or not 0 <= many <= MAX_PHOTOS:
        raise Refused(f"{MAX_PHOTOS} photos au plus.")
    return many


def _point(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    if latitude is None and longitude is None:
        return None
    for value, most in ((latitude, 90), (longitude, 180)):
        # A truth value is a number to Python.
        if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > most:
            raise Refused("Ce point n’est pas sur la carte.")
    return float(latitude), float(longitude)


def _whole(digits: str) -> int | float:
    """A whole number; one that no column could hold is as good as infinite."""
    return int(digits) if len(digits) < 20 else math.inf
