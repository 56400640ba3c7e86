"""What guards a public form: sent once, not too often, and by a person."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest

from parvis.ui.visitors import too_often, visitor_key

HOUR, DAY = 3600, 24 * 3600  # seconds
REPORTS_AN_HOUR, REPORTS_A_DAY = 10, 30
UNPROVED_AN_HOUR, UNPROVED_A_DAY = 5, 15  # without a proof of work
CODES_TRIED = 10  # in a quarter of an hour
WAIT = 8.0  # seconds that a second press waits for the first
_SALT = "parvis.reports.form"
_BUSY = 0


class AlreadyOld(Exception):  # noqa: N818 - what happened
    """The form was opened more than a day ago, or its number was tampered with."""


def new_form_id() -> str:
    """A number that a form carries: what bears the same number is the same sending."""
    return signing.TimestampSigner(salt=_SALT).sign(secrets.token_urlsafe(12))


def once(form_id: str, act: Callable[[], int]) -> int:
    """Run `act` (which gives an id) once for this form; a second press gets the same id.

    Raises AlreadyOld for a number that is not of today.
    """
    try:
        number = signing.TimestampSigner(salt=_SALT).unsign(form_id, max_age=DAY)
    except signing.BadSignature:
        raise AlreadyOld from None
    key = f"reports:form:{number}"
    if not cache.add(key, _BUSY, DAY):
        return _first_one(key)
    try:
        made = act()
    except BaseException:
        cache.delete(key)
        raise
    cache.set(key, made, DAY)
    return made


def _first_one(key: str) -> int:
    """What the first press made; 0 when it is still at work after a while."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        made = cache.get(key)
        if made:
            return int(made)
        time.sleep(0.1)
    return 0


def filed_too_often(request: HttpRequest, *, proved: bool) -> bool:
    """Whether this visitor sent more reports than the limit; this one counts.

    `proved`: work was done for this one (or none is asked for): the limit is wider.
    """
    who = visitor_key(request)
    hour_limit = REPORTS_AN_HOUR if proved else UNPROVED_AN_HOUR
    day_limit = REPORTS_A_DAY if proved else UNPROVED_A_DAY
    hour = too_often("report in an hour", who, times=hour_limit, seconds=HOUR)
    day = too_often("report in a day", who, times=day_limit, seconds=DAY)
    return hour or day


def tried_too_often(request: HttpRequest) -> bool:
    """Whether this visitor tried too many codes; this one counts."""
    return too_often("code", visitor_key(request), times=CODES_TRIED, seconds=HOUR // 4)


def posted_too_often(request: HttpRequest) -> bool:
    """Whether this visitor sends so many forms, good or bad, that only a machine would."""
    return too_often("form", visitor_key(request), times=100, seconds=HOUR)
