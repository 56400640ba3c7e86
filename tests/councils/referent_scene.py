"""Référents of the cast: hugo goes to the COTECH of Rives, which claire's agglomération holds; the
table de quartier of the Faubourg is the neighbour's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from parvis.councils import body_acts, referent_acts
from parvis.councils.models import Body, Member, Opinion, OpinionRequest, Referent
from parvis.gatherings.models import Gathering
from parvis.meetings import acts as meetings
from parvis.meetings.documents import give_document
from parvis.meetings.models import Document, Instance, Sitting
from parvis.works.models import ProjectPhase, RenewalProject
from tests.cast import Cast
from tests.councils.scene import a_member, seats_of
from tests.meetings.scene import cotech, sitting
from tests.works.scene import day


def seated(cast: Cast, body: Body, name: str, **fields: Any) -> Member:
    """A member without an account on the first free seat of residents, for a month."""
    member = a_member(body, name, **fields)
    free = next(seat for seat in seats_of(body) if not seat.terms.exists())
    body_acts.seat_member(free, member, actor=cast.actor(cast.yasmine), starts_on=day(-30))
    return member


def referent(cast: Cast, member: Member, where: Any, **fields: Any) -> Referent:
    """The member is référent of Rives there, since twenty days; yasmine writes it."""
    key = "project" if isinstance(where, RenewalProject) else "instance"
    given = {"quartier": cast.rives, "starts_on": day(-20), key: where, **fields}
    return referent_acts.designate(member, actor=cast.actor(cast.yasmine), **given)


def called_to(cast: Cast, instance: Instance | None = None, *, days: int = 20) -> Sitting:
    """A sitting in some days, convened by claire."""
    made = sitting(cast, instance, days=days)
    meetings.convene(made, actor=cast.actor(cast.claire))
    return Sitting.objects.select_related("instance", "gathering").get(pk=made.pk)


def a_document(made: Sitting, title: str = "Plan des abords") -> Document:
    """A file that goes with a sitting."""
    return give_document(made, title=title, file=SimpleUploadedFile("p.pdf", b"%PDF-1.7"))


def over(made: Sitting, *, days: int = 1) -> Sitting:
    """The same sitting, held so many days ago."""
    starts = timezone.now() - timedelta(days=days, hours=2)
    hours = {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
    Gathering.objects.filter(pk=made.gathering_id).update(**hours)
    return Sitting.objects.select_related("instance", "gathering").get(pk=made.pk)


def held_sittings(cast: Cast, instance: Instance, many: int, *, at: datetime) -> list[Sitting]:
    """So many sittings of an instance at a past moment."""
    gatherings = Gathering.objects.bulk_create(
        Gathering(
            kind="seance",
            title=instance.name,
            starts_at=at,
            ends_at=at + timedelta(hours=1),
            organiser=instance.organiser,
            changed_at=at,
        )
        for _ in range(many)
    )
    rows = [Sitting(instance=instance, gathering=one, convened_at=at) for one in gatherings]
    return Sitting.objects.bulk_create(rows)


def steering(cast: Cast, project: RenewalProject, **fields: Any) -> Instance:
    """An instance of claire's that steers the project."""
    given = {"kind": "copil", "name": "Comité de pilotage", "subject": ("project", project.pk)}
    return cotech(cast, **{**given, **fields})


def phase(project: RenewalProject, code: str, began: int = -30) -> ProjectPhase:
    """A phase of the project that began so many days ago."""
    return ProjectPhase.objects.create(project=project, code=code, began_on=day(began))


def an_opinion(cast: Cast, body: Body, made: Sitting | None, **fields: Any) -> Opinion:
    """A draft of the body; with `sent`, an opinion sent to the town; with `published`, public."""
    sent, published = fields.pop("sent", False), fields.pop("published", False)
    given: dict[str, Any] = {
        "body": body,
        "number": body.opinions.count() + 1,
        "title": "Des bancs à l’ombre",
        "text": "Nous voulons des bancs.",
        "written_at": timezone.now(),
    }
    if sent or published:
        given |= {"adopted_on": day(-3), "sitting": made, "state": "adopted"}
    if sent:
        given |= {"state": "sent", "sent_at": timezone.now(), "replier": cast.town}
        given |= {"reply_due_on": day(30)}
    if published:
        given |= {"published_at": timezone.now()}
    return Opinion.objects.create(**{**given, **fields})


def a_request(cast: Cast, body: Body, **fields: Any) -> OpinionRequest:
    """The town asks the body what it thinks; sent."""
    given = {
        "body": body,
        "asker": cast.town,
        "replier": cast.town,
        "title": "La place de l’Écluse",
        "text": "Que faire de la place ?",
        "level": "consult",
        "decided": "Le budget.",
        "still_open": "Les plantations.",
        "wanted_on": day(20),
        "reply_days": 60,
        "written_at": timezone.now(),
        "sent_at": timezone.now(),
        **fields,
    }
    return OpinionRequest.objects.create(**given)
