"""The link by which an organisation that does not sign in reads what it was called to, and answers.

It leaves in the convocation to a service's address, and stands as a code on the letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.models import Guest
from parvis.notices.outbox import Recipient
from parvis.partners.models import Mandate, Organisation

OPEN_FOR = timedelta(days=365)  # after the sitting: the relevé is read again
_SALT = "parvis.meetings.guest"


def token_of(guest: Guest) -> str:
    """The unguessable part of an organisation's own link to a sitting."""
    return f"{guest.pk}.{_signer().signature(str(guest.pk))}"


def guest_from_token(token: str) -> Guest | None:
    """Whom a link is for; None for a wrong or cut one, for who is no longer called, for an
    organisation that is closed, and a year after the sitting."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        return None
    try:
        _signer().unsign(f"{number}.{signature}")
    except signing.BadSignature:
        return None
    still = Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=timezone.localdate())
    since = timezone.now() - OPEN_FOR
    return (
        Guest.objects.select_related("organisation")
        .filter(pk=int(number), invited_at__isnull=False, gathering__ends_at__gt=since)
        .filter(still)
        .first()
    )


def address_of(guest: Guest) -> str:
    """The absolute address of that page."""
    return settings.SITE_URL + reverse("meetings:invited", args=[token_of(guest)])


def with_own_links(people: Iterable[Recipient], guests: Iterable[Guest]) -> list[Recipient]:
    """Who has an account goes to the sitting's page; a service's address gets its own link."""
    links = {f"organisation:{one.organisation_id}": address_of(one) for one in guests}
    return [Recipient(who.key, who.address, links.get(who.key, who.link)) for who in people]


def out_of_reach(guests: Sequence[Guest]) -> list[Organisation]:
    """The organisations without account nor address: a letter is for them."""
    silent = {one.organisation_id: one.organisation for one in guests if not one.organisation.email}
    acting = Mandate.objects.in_force(timezone.localdate()).exclude(role="lecteur")
    known = set(acting.filter(organisation__in=silent).values_list("organisation_id", flat=True))
    return [one for pk, one in silent.items() if pk not in known]


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_SALT)
