"""Supporting a proposition without an account: once a person, and nobody is written to against
their will."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.councils.models import Proposition, Support
from parvis.councils.proposition_acts import SUPPORTED, held
from parvis.councils.proposition_digest import limit_of, person_of, support_token
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.rights import Refused
from parvis.ui.visitors import too_often

AGAIN = timedelta(hours=1)  # between two mails about one proposition to one address
MAILS_AN_HOUR = 5  # to one address, whatever the propositions
CLOSED = "Cette proposition n’est plus ouverte aux soutiens."


def ask_support(proposition: Proposition, address: str, *, now: datetime | None = None) -> bool:
    """Write to this address so that its holder confirms; whether a mail leaves.

    Whoever asked reads the same words either way: nobody learns who supports. Refused when the
    proposition takes no support.
    """
    at = now or timezone.now()
    person = person_of(proposition.pk, address)
    with transaction.atomic():
        fresh = _open(proposition)
        support, new = Support.objects.select_for_update().get_or_create(
            proposition=fresh, person=person, defaults={"asked_at": at}
        )
        if not new and support.asked_at > at - AGAIN:
            return False
        if too_often("councils.support", limit_of(address), times=MAILS_AN_HOUR, seconds=3600):
            if new:
                support.delete()
            return False
        support.asked_at = at
        support.save(update_fields=["asked_at"])
        _write(support, fresh, address)
    return True


def confirm_support(support: Support, *, now: datetime | None = None) -> Support:
    """Who holds the mailbox says yes; a second time changes nothing."""
    with transaction.atomic():
        fresh = _open(support.proposition)
        found = fresh.supports.filter(pk=support.pk).first()
        if found is None:
            raise Refused("Ce soutien a été retiré : soutenez de nouveau si vous le voulez.")
        if found.confirmed_at is None:
            found.confirmed_at = now or timezone.now()
            found.save(update_fields=["confirmed_at"])
            _count(fresh)
    return found


def support_signed_in(
    proposition: Proposition, address: str, *, now: datetime | None = None
) -> Support:
    """Support with the address of one's account, which was proved: it counts at once, and once,
    even when the same person also confirmed by mail."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _open(proposition)
        found, _ = Support.objects.get_or_create(
            proposition=fresh,
            person=person_of(fresh.pk, address),
            defaults={"asked_at": at, "confirmed_at": at},
        )
        if found.confirmed_at is None:
            found.confirmed_at = at
            found.save(update_fields=["confirmed_at"])
        _count(fresh)
    return found


def drop_support(proposition: Proposition, *, person: str) -> None:
    """Take a support back: nothing of it stays."""
    with transaction.atomic():
        fresh = held(proposition)
        rows = fresh.supports.filter(person=person)
        for pk in rows.values_list("pk", flat=True):
            outbox.forget(f"support:{pk}")
        if rows.delete()[0]:
            _count(fresh)


def supports(proposition: Proposition, address: str) -> bool:
    """Whether who holds this address supports it."""
    rows = proposition.supports.filter(confirmed_at__isnull=False)
    return rows.filter(person=person_of(proposition.pk, address)).exists()


def _open(proposition: Proposition) -> Proposition:
    fresh = held(proposition)
    if fresh.state not in SUPPORTED:
        raise Refused(CLOSED)
    return fresh


def _count(proposition: Proposition) -> None:
    """Count anew who confirmed; the proposition is held."""
    counted = proposition.supports.filter(confirmed_at__isnull=False).count()
    Proposition.objects.filter(pk=proposition.pk).update(supporters=counted)


def _write(support: Support, proposition: Proposition, address: str) -> None:
    page = reverse("councils:my_support", args=[support_token(support)])
    who = Recipient(f"support:{support.pk}", address.strip(), f"{settings.SITE_URL}{page}")
    counted = support.confirmed_at is not None

    def compose(one: Recipient) -> Mail:
        words = {"title": proposition.title, "link": one.link, "counted": counted}
        return render("councils/notices/proposition_support", words)

    key = f"support.asked:{support.pk}.{support.asked_at:%Y%m%d%H%M%S}"
    outbox.put(key, [who], compose, wait=timedelta(0), asked_for=True)
