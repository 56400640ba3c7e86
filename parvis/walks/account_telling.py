"""Who hears of an account: participants when it is sent, the quartier when it is public, and
whoever had spoken when a walk found an earlier finding settled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from parvis.gatherings.events import addresses_of
from parvis.gatherings.models import KEPT_AFTER, Registration
from parvis.notices import outbox, publishing
from parvis.notices.digests import Line
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places import topics as places
from parvis.thread.acts import Happening, record_many, spoke_along, word_key
from parvis.thread.models import Event
from parvis.ui.words import day_in_words, local_day
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Answer, Observation, SentAccount, Walk
from parvis.walks.workflow import Condition, Result

SETTLED = "settled"


def account_url(walk: Walk) -> str:
    """The absolute address of the account."""
    return f"{settings.SITE_URL}{reverse('walks:account', args=[walk.pk])}"


def tell_participants(walk: Walk, version: SentAccount, event: Event) -> int:
    """To the organisations that were called or came, and to who registered and left an address;
    how many messages. One who is reached in both ways is told once."""
    # One that was only chosen, and never called, follows nothing of the walk.
    there = walk.gathering.guests.filter(Q(invited_at__isnull=False) | Q(came=True))
    called = Organisation.objects.filter(pk__in=there.values("organisation"))
    people = addresses_of(called)
    written = {who.address.lower() for who in people}
    people += [who for who in _registered(walk) if who.address.lower() not in written]
    return outbox.put(word_key(event), people, _account_words(walk, version))


def tell_public(walk: Walk) -> int:
    """To who follows the place, and to who registered and can still be written to; how many. Once,
    were it taken back and shown again."""
    told = outbox.put(_public_key(walk, "registered"), _registered(walk), _account_words(walk))
    ids = walk.gathering.quartiers.values_list("pk", flat=True)
    topics = [places.of_quartier(pk) for pk in ids]
    if not topics and walk.gathering.commune_id:
        topics = [places.of_commune(walk.gathering.commune_id)]
    line = Line(
        title=f"Compte rendu : {walk.gathering.title}",
        text=f"Ce qui a été vu {_when(walk)}, et ce qui en est fait.",
        url=account_url(walk),
    )
    key = _public_key(walk, "followers")
    return told + publishing.publish(topics, key, line, told=lambda: _registered(walk))


def take_public_back(walk: Walk) -> None:
    """What was to say that it is public and has not left does not leave."""
    outbox.take_back(_public_key(walk, "registered"))
    publishing.take_back(_public_key(walk, "followers"))


def tell_what_is_settled(walk: Walk, *, actor: Actor, at: datetime) -> int:
    """Word back to everybody who had spoken through what led to an earlier finding that this
    walk saw settled: once each, of all that is theirs; how many are told.

    What was told after an earlier version of this account is not told again.
    """
    settled = _settled_on(walk)
    known = Event.objects.filter(thing_kind=OBSERVATION, code=SETTLED, new=str(walk.pk))
    told = set(known.values_list("thing_id", flat=True))
    fresh = [one for one in settled if one.pk not in told]
    if not fresh:
        return 0
    events = record_many(
        actor,
        [Happening(OBSERVATION, one.pk, SETTLED, new=str(walk.pk), at=at) for one in fresh],
    )
    people: dict[str, Recipient] = {}
    theirs: dict[str, list[Observation]] = {}
    for one in fresh:
        for address, who in spoke_along(OBSERVATION, one.pk).items():
            kept = people.setdefault(address, who)
            theirs.setdefault(kept.key, []).append(one)

    def compose(who: Recipient) -> Mail:
        context = {
            "findings": theirs[who.key],
            "when": _when(walk),
            "link": who.link or (account_url(walk) if walk.published_at else ""),
            "public_link": account_url(walk) if walk.published_at else "",
        }
        return render("walks/notices/settled", context)

    return outbox.put(word_key(events[0]), people.values(), compose)


def _settled_on(walk: Walk) -> list[Observation]:
    """The earlier findings that this walk was to look at again and saw settled: on the very day of
    what counts of them, be it the day after for a walk that goes past midnight."""
    answers = Answer.objects.filter(
        about__stop__walk=walk, about__thing_kind=OBSERVATION, result=Result.UNSEEN
    )
    days: dict[int, set[date]] = {}
    for pk, noted_at in answers.order_by().values_list("about__thing_id", "noted_at"):
        days.setdefault(pk, set()).add(local_day(noted_at))
    rows = Observation.objects.filter(pk__in=days, condition=Condition.SETTLED)
    # Of this walk, not of a later one.
    return [one for one in rows.order_by("pk") if one.condition_on in days[one.pk]]


def _registered(walk: Walk) -> list[Recipient]:
    """Who had a seat, was not noted as absent, and left an address that is still kept."""
    rows = walk.gathering.registrations.filter(state=Registration.State.SEATED)
    rows = rows.exclude(came=False).filter(contact__isnull=False).select_related("contact")
    return [
        Recipient(f"registration:{one.pk}", one.contact.email) for one in rows if one.contact.email
    ]


def _account_words(walk: Walk, version: SentAccount | None = None) -> Any:
    """The message about the account. Partners get its address at once; a resident gets it once the
    account is public, and the words that it will come before."""
    content: dict[str, Any] = version.content if version else {}
    context = {
        "walk": walk,
        "gathering": walk.gathering,
        "when": _when(walk),
        "corrected": version is not None and version.number > 1,
        "summary": content.get("summary", ""),
        "figures": content.get("figures"),
        "erased_on": walk.gathering.ends_at + KEPT_AFTER,
    }

    def compose(who: Recipient) -> Mail:
        resident = who.key.startswith("registration:")
        readable = not resident or walk.published_at is not None
        return render(
            "walks/notices/account",
            {**context, "resident": resident, "link": account_url(walk) if readable else ""},
        )

    return compose


def _public_key(walk: Walk, whom: str) -> str:
    return f"walk.published.{whom}:{walk.pk}"


def _when(walk: Walk) -> str:
    return f"le {day_in_words(walk.gathering.starts_at)}"


def forget_notes(walks: Iterable[Walk]) -> int:
    """Empty what participants noted in the versions sent of these walks; how many versions. What
    became of the findings stays."""
    changed = 0
    for version in SentAccount.objects.filter(walk__in=list(walks)):
        lines = _noted(version)
        if any(one["note"] for one in lines):
            for one in lines:
                one["note"] = ""
                if "short" in one:
                    one["short"] = one["theme"]
            version.save(update_fields=["content"])
            changed += 1
    return changed


def with_notes(walks: Iterable[Walk]) -> int:
    """How many versions sent of these walks hold something that a participant noted."""
    versions = SentAccount.objects.filter(walk__in=list(walks))
    return sum(any(one["note"] for one in _noted(version)) for version in versions)


def _noted(version: SentAccount) -> list[dict[str, Any]]:
    """The lines of a version that may hold a note: changing them changes the version."""
    content = version.content
    lines: list[dict[str, Any]] = [*content["strengths"], *content["checks"]]
    lines += [one for group in content["weak"] for one in group["lines"]]
    return [*lines, *content["rows"]]
