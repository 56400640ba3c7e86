"""Following a body of participation: what it makes public, and the dates that it sets."""

from __future__ import annotations

from parvis.councils.body_models import Body
from parvis.gatherings.events import organiser_topic
from parvis.notices.subscribing import Topic, offer


def body_topic(pk: int) -> str:
    """What a body makes public: opinions, their replies, what it tells back."""
    return f"body:{pk}"


def offered_on(body: Body) -> str:
    """What its page offers to follow; "" while the body is not public, or once it was dissolved."""
    if body.published_at is None or body.closed_on is not None:
        return ""
    return offer(topic_of(body))


def topic_of(body: Body) -> Topic:
    """A body and the dates that it sets."""
    hears = (organiser_topic(body.organisation_id),)
    return Topic(body_topic(body.pk), body.organisation.name, hears)
