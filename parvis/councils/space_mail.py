"""How members are written to: by e-mail, or by a letter that their body's organisation posts; who
left neither address is called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from parvis.councils.models import Body, Member
from parvis.gatherings.events import addresses_of
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient


def address_of(member: Member) -> str:
    """Where a member reads mail: their account's address, or the one they left; may be empty."""
    if member.user is not None and member.user.is_active:
        return member.user.email
    contact = getattr(member, "contact", None)
    return contact.email if contact is not None else ""


def people_of(members: Iterable[Member]) -> list[Recipient]:
    """Members who can be written to; those with an account get the address of their space."""
    space = settings.SITE_URL + reverse("councils:space")
    known = list(members)
    people = [
        Recipient(f"member:{one.pk}", address, space if one.user_id else "")
        for one in known
        if (address := address_of(one))
    ]
    by_post = [(one, home) for one in known if not address_of(one) and (home := _home_of(one))]
    if not by_post:
        return people
    bodies = Body.objects.filter(pk__in={one.body_id for one, _ in by_post})
    printers = dict(bodies.values_list("pk", "organisation_id"))
    return people + [
        Recipient(
            f"member:{one.pk}",
            home,
            channel="letter",
            printed_by=f"organisation:{printers[one.body_id]}",
        )
        for one, home in by_post
    ]


def _home_of(member: Member) -> str:
    """Name and postal address of a member, as an envelope shows them; empty without an address."""
    contact = getattr(member, "contact", None)
    if contact is None or not contact.address.strip():
        return ""
    return f"{contact.first_name} {contact.last_name}".strip() + f"\n{contact.address.strip()}"


def tell_members(event: str, members: Iterable[Member], name: str, **words: Any) -> int:
    """Write to these members once for this event; how many messages leave."""

    def compose(who: Recipient) -> Mail:
        return render(f"councils/notices/space_{name}", {**words, "link": who.link})

    return outbox.put(event, people_of(members), compose)


def tell_animators(event: str, body: Body, name: str, *, link: str, **words: Any) -> int:
    """Write to who animates a body, or to its own address when nobody does."""

    def compose(who: Recipient) -> Mail:
        return render(f"councils/notices/space_{name}", {**words, "body": body, "link": link})

    return outbox.put(event, addresses_of([body.organisation]), compose)
