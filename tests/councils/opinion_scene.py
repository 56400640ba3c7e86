"""Requests and opinions of the cast: the town asks the conseil citoyen des Rives, and replies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.councils import opinion_acts as acts
from parvis.councils.models import Body, Opinion, OpinionRequest
from parvis.meetings.acts import plan_sitting, write_instance
from parvis.meetings.models import Instance, Sitting
from parvis.partners.actors import Actor
from parvis.partners.models import Mandate
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.meetings.scene import begun

TITLE = "Le plan de la place des Tilleuls"
TEXT = "Nous voulons garder les bancs et ajouter de l’ombre."
ASKED = ["Garder les quatre bancs", "Planter six arbres"]
VIEW = "Certains préfèrent des places de stationnement."


def a_request(
    cast: Cast, body: Body, *, sent: bool = True, asker: Any = None, **fields: Any
) -> OpinionRequest:
    """Karim's town asks for an opinion and will reply itself within thirty days."""
    actor = cast.actor(asker or cast.karim)
    given = {
        "title": TITLE,
        "text": "La ville refait la place : qu’en pensez-vous ?",
        "decided": "Le budget et la date des travaux.",
        "still_open": "Les bancs, les arbres et les jeux.",
        "level": "consult",
        "replier": cast.town,
        "wanted_on": timezone.localdate() + timedelta(days=40),
        "reply_days": 30,
        **fields,
    }
    made = acts.write_request(actor=actor, body=body, **given)
    return acts.send_request(made, actor=actor) if sent else made


def animator(cast: Cast, body: Body) -> Actor:
    """Who animates the body; somebody of its own when nobody of the cast does."""
    for person in (cast.yasmine, cast.lila):
        if cast.actor(person).organisation_id == body.organisation_id:
            return cast.actor(person)
    return Actor(
        user_id=cast.yasmine.pk,
        role="responsable",
        organisation_id=body.organisation_id,
        kind="participation",
    )


def a_sitting(cast: Cast, body: Body, *, over: bool = True) -> Sitting:
    """A sitting of the body's own instance, that has begun or is to come in a week."""
    instance = Instance.objects.filter(organiser=body.organisation).first() or write_instance(
        Instance(organiser=body.organisation),
        kind="conseil_citoyen",
        name="Conseil citoyen",
        quartiers=[],
        members=[cast.town],
        chairs=[body.organisation],
    )
    made = plan_sitting(
        instance, actor=animator(cast, body), starts_at=in_days(7), ends_at=in_days(7, 2)
    )
    return begun(made) if over else made


def a_draft(
    cast: Cast, body: Body, request: OpinionRequest | None = None, **fields: Any
) -> Opinion:
    """An opinion in debate, written once, of a request or self-taken."""
    actor = animator(cast, body)
    if request:
        opened = acts.take_request(request, actor=actor)
    else:
        opened = acts.open_opinion(body, actor=actor, title=fields.pop("title", TITLE), **fields)
    return acts.write_opinion(opened, actor=actor, version=0, text=TEXT, asked=ASKED, views=[VIEW])


def adopted(
    cast: Cast, body: Body, request: OpinionRequest | None = None, **fields: Any
) -> Opinion:
    """An opinion that the body adopted, nine to one."""
    draft = a_draft(cast, body, request, **fields)
    return acts.adopt(
        draft,
        actor=animator(cast, body),
        sitting=a_sitting(cast, body),
        votes_for=9,
        votes_against=1,
        abstentions=2,
    )


def sent(
    cast: Cast,
    body: Body,
    request: OpinionRequest | None = None,
    *,
    public: bool = False,
    replier: Any = None,
    **fields: Any,
) -> Opinion:
    """An adopted opinion that was sent, to the town when no request says otherwise."""
    return acts.send_opinion(
        adopted(cast, body, request, **fields),
        actor=animator(cast, body),
        replier=replier or cast.town,
        public=public,
    )


def decided(opinion: Opinion) -> dict[int, tuple[str, str]]:
    """A decision on each asking: the first is followed, the others are studied."""
    words = [("followed", "Nous les gardons.")] + [("studied", "Le sol est à étudier.")] * 9
    return {one.pk: say for one, say in zip(opinion.askings.all(), words, strict=False)}


def answered(cast: Cast, opinion: Opinion) -> Opinion:
    """The town's reply."""
    return acts.reply(
        opinion,
        actor=cast.actor(cast.karim),
        text="Merci : les bancs restent.",
        outcomes=decided(opinion),
    )


def overdue(opinion: Opinion, days: int) -> Opinion:
    """The same opinion, whose reply was due so many days ago."""
    Opinion.objects.filter(pk=opinion.pk).update(
        reply_due_on=timezone.localdate() - timedelta(days=days),
        sent_at=timezone.now() - timedelta(days=days + 30),
    )
    return Opinion.objects.get(pk=opinion.pk)


def silent(organisation: Any) -> None:
    """Nobody acts for this organisation here any more."""
    Mandate.objects.filter(organisation=organisation).delete()
