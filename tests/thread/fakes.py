"""Two kinds that no room declares, on rows of existing tables: "matter" and "place"."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db.models import Q

from parvis.notices.outbox import Recipient
from parvis.partners.actors import NOBODY, Actor
from parvis.partners.models import Organisation
from parvis.places.models import Commune
from parvis.thread import acts, reading, register
from parvis.thread.register import Kind, columns, due_columns


def _visible(actor: Actor) -> Q:
    """In these tests a thing is public when its SIREN starts with 1, and else its owner's."""
    return Q(siren__startswith="1") | Q(commune__in=actor.communes)


@pytest.fixture
def fake_kinds(monkeypatch: pytest.MonkeyPatch) -> dict[str, Kind]:
    """The register holds these two kinds and no other for the time of a test."""
    matter = Kind(
        code="matter",
        label="affaire",
        plural="affaires",
        icon="folder",
        url=lambda pk: f"/affaires/{pk}/",
        rows=lambda actor: columns(
            Organisation.objects.filter(_visible(actor)),
            "matter",
            title="name",
            who="kind",
            day="closed_on",
            state="phone",
        ),
        state_labels={"open": "ouverte", "done": "réglée"},
        due=lambda actor: due_columns(
            Organisation.objects.filter(commune__in=actor.communes),
            "matter",
            title="name",
            due_on="closed_on",
            owner="pk",
        ),
        spoke=lambda pk: [Recipient(f"voice:{pk}", "rose@exemple.test")],
        sentences={"moved": "Passée de « {old} » à « {new} » par {who}."},
    )
    place = Kind(
        code="place",
        label="lieu",
        plural="lieux",
        icon="map",
        url=lambda pk: f"/lieux/{pk}/",
        rows=lambda actor: columns(
            Commune.objects.filter(pk__in=actor.communes),
            "place",
            title="name",
            amount="population",
        ),
        tells_existence=True,
    )
    monkeypatch.setattr(register, "_kinds", {"matter": matter, "place": place})
    return register.kinds()


def matter(number: int, *, public: bool = True, of: Commune | None = None, **fields: Any) -> int:
    return Organisation.objects.create(
        name=f"Affaire {number}",
        kind="operator",
        siren=f"{1 if public else 2}{number:08d}",
        commune=of,
        **fields,
    ).pk


def town(code: str) -> Commune:
    return Commune.objects.create(code=code, name=f"Commune {code}", population=100)


def chain(*things: tuple[str, int]) -> None:
    for source, target in itertools.pairwise(things):
        acts.link(NOBODY, source, target)


def titles(steps: list[reading.ThreadStep]) -> list[str]:
    return [step.title for step in steps]
