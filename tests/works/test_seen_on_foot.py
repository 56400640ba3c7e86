"""What was delivered is looked at on a walk: its page says what was seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.partners.models import User
from parvis.thread.acts import give_back
from parvis.thread.register import Seen, Where, kind_of
from parvis.works.models import Delivery
from tests.cast import Cast
from tests.works.scene import a_delivery, a_project, an_operation, day


def offered(cast: Cast, person: User, where: Where) -> set[int]:
    checking = kind_of("delivery").checking
    assert checking
    return {pk for (pk,) in checking.offered(cast.actor(person), where).values_list("pk")}


@pytest.mark.parametrize(
    ("result", "word"),
    [("seen", "en bon état"), ("unseen", "fermé ou disparu"), ("worse", "dégradé")],
)
def test_partners_read_it_among_what_happened(
    client: Any, cast: Cast, result: str, word: str
) -> None:
    made = a_delivery(cast)
    seen = Seen(result, timezone.localdate(), cast.agglomeration.pk, "Diagnostic en marchant")
    with transaction.atomic():
        give_back(NOBODY, ("delivery", made.pk), seen)
    url = reverse("works:delivery", args=[made.pk])
    told = f"Vu sur place pour Agglomération de l’Escaut : {word}"
    assert told not in client.get(url).content.decode()  # everybody reads the page, not that
    client.force_login(cast.karim)
    assert told in client.get(url).content.decode()
    client.force_login(cast.paul)
    assert told not in client.get(url).content.decode()


def test_it_is_offered_to_who_may_check_it_there(cast: Cast) -> None:
    made = a_delivery(cast)
    a_delivery(cast, title="Pas encore là", delivered_on=None, planned_on=day(30))
    theirs = a_project(cast, carrier=cast.neighbour, communes=[cast.raismes], partners=[])
    theirs.quartiers.clear()
    far = a_delivery(
        cast, an_operation(cast, theirs, owner=cast.other_landlord), taker=cast.other_town
    )
    far.operation.residences.clear()
    rives = Where(quartiers=frozenset({cast.rives.pk}))
    for person in (cast.claire, cast.karim, cast.luc):
        assert offered(cast, person, rives) == {made.pk}, person.name
    for person in (cast.bruno, cast.nadia, cast.paul):
        assert not offered(cast, person, rives), person.name
    there = Where(communes=frozenset({cast.raismes.pk}))
    assert offered(cast, cast.nadia, there) == {far.pk}
    assert not offered(cast, cast.claire, there)
    assert Delivery.objects.count() == 3
