"""A finding of an earlier walk is looked at again: settled, still there, or worse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.partners.models import User
from parvis.thread.acts import give_back
from parvis.thread.reading import events_of
from parvis.thread.register import Seen, Where, kind_of
from parvis.walks.models import Observation
from tests.cast import Cast
from tests.walks.scene import a_check, a_walk, answered, called, found, walked


def returned(cast: Cast, finding: Observation, result: str, days: int = 0) -> Observation:
    on = timezone.localdate() + timedelta(days=days)
    seen = Seen(result, on, cast.agglomeration.pk, "Diagnostic en marchant", "Tout est parti.")
    with transaction.atomic():
        give_back(NOBODY, ("observation", finding.pk), seen)
    return Observation.objects.get(pk=finding.pk)


def offered(cast: Cast, person: User, where: Where) -> set[int]:
    checking = kind_of("observation").checking
    assert checking
    return {pk for (pk,) in checking.offered(cast.actor(person), where).values_list("pk")}


@pytest.mark.parametrize(
    ("result", "condition", "word"),
    [("seen", "still", "toujours là"), ("unseen", "settled", "réglé"), ("worse", "worse", "pire")],
)
def test_the_finding_says_how_it_was_found_again(
    cast: Cast, result: str, condition: str, word: str
) -> None:
    finding = returned(cast, found(cast, walked(cast)), result)
    assert (finding.condition, finding.condition_on) == (condition, timezone.localdate())
    told = events_of(cast.actor(cast.claire), "observation", finding.pk)
    assert [one.sentence for one in told] == [
        f"Vu sur place pour Agglomération de l’Escaut : {word}"
    ]
    assert not events_of(cast.actor(cast.bruno), "observation", finding.pk)


def test_the_latest_day_counts(cast: Cast) -> None:
    finding = returned(cast, found(cast, walked(cast)), "unseen")
    assert returned(cast, finding, "worse", days=-20).condition == "settled"


def test_on_one_day_the_latest_hour_counts_in_whatever_order_they_come(cast: Cast) -> None:
    finding = found(cast, walked(cast))
    check = a_check(called(cast), ("observation", finding.pk), cast)
    noon = timezone.localtime().replace(hour=12, minute=0)
    answered(check, "unseen", noted_at=noon)
    returned(cast, finding, "unseen")
    answered(check, "seen", noted_at=noon - timedelta(hours=1))
    assert returned(cast, finding, "seen").condition == "settled"


@pytest.mark.parametrize("change", ["withdrawn", "double"])
def test_a_finding_that_was_put_aside_takes_nothing_more(cast: Cast, change: str) -> None:
    walk = walked(cast)
    finding = found(cast, walk)
    rows = Observation.objects.filter(pk=finding.pk)
    if change == "withdrawn":
        rows.update(withdrawn_at=timezone.now())
    else:
        rows.update(same_as=found(cast, walk))
    with pytest.raises(ValidationError):
        returned(cast, finding, "seen")


def test_it_is_offered_to_who_follows_its_walk(cast: Cast) -> None:
    walk = walked(cast)
    finding = found(cast, walk)
    found(cast, walk, strength=True)
    found(cast, walk, withdrawn_at=timezone.now())
    found(cast, walk, same_as=finding)
    returned(cast, found(cast, walk), "unseen")
    rives = Where(quartiers=frozenset({cast.rives.pk}))
    for person in (cast.claire, cast.karim, cast.luc, cast.rose):
        assert offered(cast, person, rives) == {finding.pk}, person.name
    for person in (cast.bruno, cast.nadia, cast.paul):
        assert not offered(cast, person, rives), person.name
    elsewhere = Where(quartiers=frozenset({cast.faubourg.pk}))
    assert not offered(cast, cast.claire, elsewhere)


def test_one_query_offers_them(cast: Cast, django_assert_num_queries: Any) -> None:
    walk = a_walk(cast)
    for _ in range(5):
        found(cast, walk)
    cast.actor(cast.claire)
    with django_assert_num_queries(1):
        assert len(offered(cast, cast.claire, Where(quartiers=frozenset({cast.rives.pk})))) == 5
