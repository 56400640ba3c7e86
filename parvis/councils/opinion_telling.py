"""The messages that opinions send: to the body, to who replies, to residents once it is public."""

from __future__ import annotations

from typing import Any

from parvis.councils.body_following import body_topic
from parvis.councils.opinion_events import (
    OPINION,
    opinion_url,
    people_of,
    request_url,
)
from parvis.councils.opinion_models import Opinion, OpinionRequest
from parvis.notices import outbox
from parvis.notices.digests import Line
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.notices.publishing import publish
from parvis.places import topics as places
from parvis.thread.acts import spoke_along, word_back_along, word_key
from parvis.thread.models import Event

NOTICES = "councils/notices/opinion_"


def _composed(name: str, **words: Any) -> outbox.Compose:
    """A mail whose words depend on who reads: a service that signs in nowhere gets it all."""

    def compose(who: Recipient) -> Mail:
        service = who.key.startswith("organisation:")
        return render(f"{NOTICES}{name}", {**words, "service": service})

    return compose


def tell_request(request: OpinionRequest, event: Event) -> int:
    """To the body's people and its service: somebody asks for its opinion, or informs it."""
    people = people_of([request.body.organisation], readers=True)
    words = _composed("request", request=request, link=request_url(request.pk))
    return outbox.put(word_key(event), people, words)


def tell_withdrawn(request: OpinionRequest, event: Event) -> int:
    """To the body's people: the request is taken back, and why."""
    people = people_of([request.body.organisation], readers=True)
    words = _composed("withdrawn", request=request, link=request_url(request.pk))
    return outbox.put(word_key(event), people, words)


def tell_sent(opinion: Opinion, event: Event) -> int:
    """To who owes the reply, and to who had asked when that is somebody else."""
    organisations = [opinion.replier]
    if opinion.request and opinion.request.asker_id != opinion.replier_id:
        organisations.append(opinion.request.asker)
    people = people_of([one for one in organisations if one])
    words = _composed("sent", **_told(opinion))
    return outbox.put(word_key(event), people, words)


def tell_reminder(opinion: Opinion, key: str, *, late: bool) -> int:
    """To who owes the reply: its day is near, or past."""
    people = people_of([one for one in (opinion.replier,) if one])
    return outbox.put(key, people, _composed("reminder", late=late, **_told(opinion)))


def tell_reply(opinion: Opinion, event: Event, *, addition: str = "") -> int:
    """To the body's people: its opinion was answered; to residents too, once it is public."""
    people = people_of([opinion.body.organisation], readers=True)
    words = _composed("reply", addition=addition, **_told(opinion))
    told = outbox.put(word_key(event), people, words)
    if opinion.published_at:
        tell_residents(opinion, event)
    return told


def tell_residents(opinion: Opinion, event: Event) -> int:
    """To who follows the body or its quartiers, and to who spoke of what led to the opinion: it is
    public, or it is answered. For a public opinion alone; once at an address."""
    if not opinion.published_at:
        return 0
    answered = opinion.replied_at is not None
    name, link = opinion.body.organisation.name, opinion_url(opinion.pk)
    title = f"{'Réponse à l’avis' if answered else 'Avis'} : {opinion.title}"
    ids = opinion.body.quartiers.values_list("pk", flat=True)
    topics = [*(places.of_quartier(pk) for pk in ids), body_topic(opinion.body_id)]
    told = publish(
        topics,
        f"{word_key(event)}.followers",
        Line(title=title, text=name, url=link),
        told=lambda: spoke_along(OPINION, opinion.pk).values(),
    )

    def compose(who: Recipient) -> Mail:
        words = {"opinion": opinion, "answered": answered, "public_link": link, "link": who.link}
        return render(f"{NOTICES}told", words)

    return told + word_back_along(OPINION, opinion.pk, event, compose)


def _told(opinion: Opinion) -> dict[str, Any]:
    return {
        "opinion": opinion,
        "askings": list(opinion.askings.all()),
        "views": list(opinion.divergent_views.all()),
        "link": opinion_url(opinion.pk),
    }
