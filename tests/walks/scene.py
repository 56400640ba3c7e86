"""A walk of the cast: claire's agglomération leads it in Rives, on the side of Anzin."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from parvis.gatherings.acts import ask_organisations
from parvis.gatherings.models import Gathering
from parvis.walks import planning
from parvis.walks.models import Answer, Check, Observation, Picture, Stop, Walk
from tests.cast import IN_ANZIN, Cast
from tests.gatherings.scene import in_days

STOPS = [
    ("pied_immeuble", "Pied des Tilleuls"),
    ("rue", "Rue des Lilas"),
    ("place", "Placette de l’Écluse"),
]


def a_walk(cast: Cast, *, days: int = 7, stops: bool = True, **fields: Any) -> Walk:
    """A walk in some days, prepared by claire, with three stops; nobody is called yet."""
    actor = fields.pop("actor", cast.actor(cast.claire))
    given = {
        "organiser": cast.agglomeration,
        "title": "Diagnostic des Rives",
        "purpose": "Regarder la propreté et l’éclairage avec les habitants.",
        "starts_at": in_days(days),
        "ends_at": in_days(days, 2),
        "place_label": "Devant la maison de quartier",
        "commune": cast.anzin,
        "quartiers": [cast.rives],
        **fields,
    }
    walk = planning.plan_walk(actor=actor, **given)
    for number, (kind, title) in enumerate(STOPS if stops else ()):
        planning.add_stop(
            walk,
            actor=actor,
            kind=kind,
            title=title,
            latitude=IN_ANZIN[0] + number * 0.001,
            longitude=IN_ANZIN[1] + number * 0.001,
        )
    return walk


def called(cast: Cast, walk: Walk | None = None, **fields: Any) -> Walk:
    """A walk to which the town, a landlord and an association were called; not the other
    landlord."""
    walk = walk or a_walk(cast, **fields)
    now = timezone.now()
    ask_organisations(walk.gathering, [cast.town, cast.landlord, cast.association], at=now)
    Walk.objects.filter(pk=walk.pk).update(convened_at=now)
    return again(walk)


def walking(cast: Cast, walk: Walk | None = None, **fields: Any) -> Walk:
    """The same walk, an hour after it began."""
    walk = called(cast, walk, **fields)
    now = timezone.now()
    hours = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    Gathering.objects.filter(pk=walk.gathering_id).update(**hours)
    return again(walk)


def walked(cast: Cast, walk: Walk | None = None, **fields: Any) -> Walk:
    """The same walk, the day after."""
    walk = called(cast, walk, **fields)
    hours = {"starts_at": in_days(-1), "ends_at": in_days(-1, 2)}
    Gathering.objects.filter(pk=walk.gathering_id).update(**hours)
    return again(walk)


def again(walk: Walk) -> Walk:
    """The walk as it stands."""
    return Walk.objects.select_related("gathering__organiser").get(pk=walk.pk)


def first_stop(walk: Walk) -> Stop:
    return walk.stops.order_by("position", "pk")[0]


def found(cast: Cast, walk: Walk, **fields: Any) -> Observation:
    """A finding as if it had come from a telephone: rubbish at the foot of the building."""
    stop = fields.pop("stop", None) or first_stop(walk)
    now = timezone.now()
    given = {
        "uid": uuid4(),
        "stop": stop,
        "theme_code": "encombrants",
        "title": f"Encombrants et dépôts sauvages · {stop.title}",
        "strength": False,
        "severity": 2,
        "note": "Des matelas depuis une semaine.",
        "latitude": stop.latitude,
        "longitude": stop.longitude,
        "commune": cast.anzin,
        "manager": cast.landlord,
        "noted_at": now,
        "received_at": now,
        "organisation": cast.agglomeration,
        **fields,
    }
    if given["strength"]:
        given["severity"] = None
    made = Observation.objects.create(walk=walk, **given)
    made.quartiers.set([cast.rives])
    return made


def a_check(walk: Walk, thing: tuple[str, int], cast: Cast) -> Check:
    """A thing to look at from the first stop, as if claire had asked for it."""
    return Check.objects.create(
        stop=first_stop(walk),
        thing_kind=thing[0],
        thing_id=thing[1],
        organisation=cast.agglomeration,
    )


def answered(check: Check, result: str = "seen", **fields: Any) -> Answer:
    """What was seen of it, as if it had come from a telephone."""
    now = timezone.now()
    given = {"uid": uuid4(), "noted_at": now, "received_at": now, **fields}
    return Answer.objects.create(about=check, result=result, **given)


def a_picture(of: Observation | Answer, colour: str = "#8c5a48", **fields: Any) -> Picture:
    """A picture of a finding or of a check."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    now = timezone.now()
    owner = "observation" if isinstance(of, Observation) else "answer"
    given = {
        "uid": uuid4(),
        "width": 400,
        "height": 300,
        "noted_at": now,
        "received_at": now,
        owner: of,
        **fields,
    }
    return Picture.objects.create(
        file=ContentFile(out.getvalue(), "photo.jpg"),
        thumbnail=ContentFile(out.getvalue(), "photo.small.jpg"),
        **given,
    )
