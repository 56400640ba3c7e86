"""The sheets that a visitor sets aside for a booklet: kept in their session, without an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

KEY = "booklet"
MOST = 60  # sheets in one booklet


def held(request: HttpRequest) -> list[int]:
    """The ids of the sheets set aside, in their order. Never opens a session."""
    session: Any = getattr(request, "session", None)
    found = session.get(KEY, []) if session is not None else []
    return [pk for pk in found if isinstance(pk, int)] if isinstance(found, list) else []


def put(request: HttpRequest, pk: int) -> bool:
    """Set a sheet aside; False when the basket is full. Twice does nothing."""
    found = held(request)
    if pk in found:
        return True
    if len(found) >= MOST:
        return False
    keep(request, [*found, pk])
    return True


def take_out(request: HttpRequest, pk: int) -> None:
    """Take a sheet out of the basket."""
    keep(request, [one for one in held(request) if one != pk])


def move(request: HttpRequest, pk: int, by: int) -> None:
    """Put a sheet one place earlier (-1) or later (1)."""
    found = held(request)
    if pk not in found:
        return
    place = found.index(pk)
    other = place + by
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
        keep(request, found)


def keep(request: HttpRequest, pks: list[int]) -> None:
    """The basket from now on; an empty one leaves nothing in the session."""
    if pks:
        request.session[KEY] = pks
    else:
        request.session.pop(KEY, None)
