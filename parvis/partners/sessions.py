"""Sessions that end: some days after the last page, and two weeks after signing in in any case.

Django counts from the last change of a session alone, so that one in use would never end.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

if TYPE_CHECKING:
    from django.http import HttpRequest

    from parvis.partners.models import User

SINCE, SEEN = "signed_in_at", "seen_at"  # in the session, seconds
NOTED_EVERY = 3600  # seconds between two notes of a session in use


class SessionStore(DatabaseStore):
    """A session of somebody who signed in is over by itself; others live as Django lets them."""

    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if SESSION_KEY not in data:
            return data
        now = time.time()
        since, seen = data.setdefault(SINCE, now), data.setdefault(SEEN, now)
        if now - since > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_AGE:
            self.delete(self.session_key)
            self._session_key = None
            return {}
        if now - seen > NOTED_EVERY:
            data[SEEN] = now
            self.modified = True
        return data

    def save(self, must_create: bool = False) -> None:
        data: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        if SESSION_KEY in data:
            now = time.time()
            data.setdefault(SINCE, now)
            data.setdefault(SEEN, now)
        super().save(must_create)


def end_sessions(person: User, *, but: HttpRequest | None = None) -> None:
    """Sign this person out everywhere, with the next page asked for; `but` the session of the
    request in which they do it themselves."""
    from parvis.partners.models import new_session_seed

    person.session_seed = new_session_seed()
    person.save(update_fields=["session_seed"])
    if but is not None:
        update_session_auth_hash(but, person)
