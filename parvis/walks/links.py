"""The link by which a participant's telephone notes on a walk without an account.

It is printed as a code on the walk book and stands in the invitation. Whoever holds it may note,
and see what everybody may see besides; a new one closes the old one.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.walks.access import LINK
from parvis.walks.models import Walk
from parvis.walks.practice import days

_SALT = "parvis.walks.telephone"


def token_of(walk: Walk) -> str:
    """The unguessable part of the walk's link."""
    return f"{walk.pk}.{_signer().signature(f'{walk.pk}:{walk.nonce}')}"


def address_of(walk: Walk) -> str:
    """The absolute address that a participant's telephone opens."""
    return f"{settings.SITE_URL}{reverse('walks:joined', args=[token_of(walk)])}"


def walk_from_token(token: str) -> Walk | None:
    """The walk of a link, with its gathering; None for a wrong, closed or cut one, and some days
    after the walk."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        return None
    since = timezone.now() - timedelta(days=days("link_open_after"))
    found: Walk | None = (
        Walk.objects.select_related("gathering__organiser")
        .filter(pk=int(number), gathering__ends_at__gt=since, gathering__cancelled_at=None)
        .first()
    )
    if found is None:
        return None
    try:
        _signer().unsign(f"{found.pk}:{found.nonce}.{signature}")
    except signing.BadSignature:
        return None
    return found


def bearing(actor: Actor, walk: Walk) -> Actor:
    """The same actor, holding the link of that walk."""
    return actor.bearing(LINK, walk.pk)


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_SALT)
