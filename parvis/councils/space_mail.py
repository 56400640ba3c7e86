"""How members are written to: those who left an address; the others are called, or get a paper."""

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
    return [
        Recipient(f"member:{one.pk}", address, space if one.user_id else "")
        for one in members
        if (address := address_of(one))
    ]


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
