"""A pledge of the convention is looked at on foot: the walk is the evidence of its check."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from parvis.actions.models import Pledge, PledgeCheck
from parvis.partners.actors import NOBODY
from parvis.partners.models import Agreement, User
from parvis.thread.acts import give_back
from parvis.thread.models import Event
from parvis.thread.register import Seen, Where, kind_of
from tests.actions.pact_scene import found, pledged, signed, today
from tests.cast import Cast


def returned(cast: Cast, pledge: Pledge, result: str, **fields: Any) -> Pledge:
    given = {
        "on": today(),
        "organisation_id": cast.agglomeration.pk,
        "where": "Diagnostic en marchant du 3 mars 2026",
        "note": "Deux matelas dans le hall.",
        **fields,
    }
    with transaction.atomic():
        give_back(NOBODY, ("pledge", pledge.pk), Seen(result, **given))
    return Pledge.objects.get(pk=pledge.pk)


def offered(cast: Cast, person: User, where: Where) -> set[int]:
    checking = kind_of("pledge").checking
    assert checking
    return {pk for (pk,) in checking.offered(cast.actor(person), where).values_list("pk")}


@pytest.mark.parametrize(
    ("result", "state", "word"),
    [
        ("seen", "kept", "tenu"),
        ("unseen", "unkept", "non tenu"),
        ("worse", "unkept", "moins bien qu’avant"),
    ],
)
def test_the_walk_is_the_evidence(cast: Cast, result: str, state: str, word: str) -> None:
    pledge = returned(cast, pledged(cast), result)
    check = PledgeCheck.objects.get()
    assert (pledge.state, pledge.checked_on, check.by) == (state, today(), cast.agglomeration)
    said = f"Diagnostic en marchant du 3 mars 2026 : {word}. Deux matelas dans le hall."
    assert check.evidence == said
    events = Event.objects.filter(thing_kind="pledge", thing_id=pledge.pk)
    assert [event.code for event in events.order_by("pk")] == ["pledged", "seen_on_foot"]


def test_the_next_check_stays_planned(cast: Cast) -> None:
    pledge = found(cast, pledged(cast), "kept", next_check_on=today(30))
    assert returned(cast, pledge, "unseen").next_check_on == today(30)


def test_an_older_look_changes_no_later_finding(cast: Cast) -> None:
    pledge = found(cast, pledged(cast), "kept")
    pledge = returned(cast, pledge, "unseen", on=today(-3))
    assert (pledge.state, pledge.checks.count()) == ("kept", 2)


def test_a_long_note_is_cut_to_its_room(cast: Cast) -> None:
    returned(cast, pledged(cast), "seen", note="a" * 1000)
    evidence = PledgeCheck.objects.get().evidence
    assert len(evidence) == 500
    assert evidence.endswith("…")


def test_a_convention_that_is_over_takes_no_check(cast: Cast) -> None:
    pledge = pledged(cast)
    Agreement.objects.filter(pk=pledge.convention.agreement_id).update(
        ends_on=today() - timedelta(days=1)
    )
    with pytest.raises(ValidationError, match="en vigueur"):
        returned(cast, pledge, "seen")
    assert not PledgeCheck.objects.exists()
    assert not offered(cast, cast.claire, Where(quartiers=frozenset({cast.rives.pk})))


def test_those_who_signed_read_it_on_its_page(client: Any, cast: Cast) -> None:
    pledge = returned(cast, pledged(cast, signed(cast, public=True)), "unseen")
    url = reverse("actions:pledge", args=[pledge.pk])
    assert "matelas" not in client.get(url).content.decode()
    client.force_login(cast.luc)
    page = client.get(url).content.decode()
    assert "non tenu. Deux matelas" in page
    assert "Vu sur place pour Agglomération de l’Escaut : non tenu" in page
    client.force_login(cast.paul)
    assert "matelas" not in client.get(url).content.decode()


def test_it_is_offered_to_who_may_check_it_there(cast: Cast) -> None:
    pledge = pledged(cast)
    rives = Where(quartiers=frozenset({cast.rives.pk}))
    assert offered(cast, cast.claire, rives) == {pledge.pk}
    for person in (cast.bruno, cast.karim, cast.luc, cast.nadia):
        assert not offered(cast, person, rives), person.name
    assert not offered(cast, cast.claire, Where(quartiers=frozenset({cast.faubourg.pk})))
    Pledge.objects.filter(pk=pledge.pk).update(until=today(-1))
    assert not offered(cast, cast.claire, rives)
