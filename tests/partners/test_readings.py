"""Who read how to reach a resident: noted at each reading, read by who answers for it, kept a
year."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners import readings
from parvis.partners.actors import NOBODY
from parvis.partners.models import PersonalReading
from tests.cast import Cast

URL = "/organisation/lectures/"


def read_by(cast: Cast, who: str, about: str = "signalement 1") -> None:
    readings.note_readings(cast.actor(cast.people[who]), "voice", [(1, about)])


def test_the_log_of_ones_own_organisation_is_for_who_answers_for_it(
    cast: Cast, client: Client
) -> None:
    read_by(cast, "sofia", "signalement de chez nous")
    read_by(cast, "nadia", "signalement du voisin")
    for who, status in (("karim", 200), ("sofia", 403), ("nadia", 200), ("theo", 403)):
        client.force_login(cast.people[who])
        answer = client.get(URL)
        assert answer.status_code == status, who
    client.force_login(cast.karim)
    page = client.get(URL).content.decode()
    assert "signalement de chez nous" in page
    assert "signalement du voisin" not in page
    assert 'href="/organisation/lectures/"' in client.get("/organisation/").content.decode()


def test_who_acts_for_nobody_reads_their_own(db: None) -> None:
    assert readings.note_readings(NOBODY, "voice", [(1, "x")]) == 0
    assert not PersonalReading.objects.exists()


def test_a_reading_is_kept_a_year(cast: Cast) -> None:
    from parvis.partners.retention import RETENTIONS

    log = {one.code: one for one in RETENTIONS}["readings"]
    read_by(cast, "sofia")
    now = timezone.now()
    assert log.due(now + timedelta(days=364)).count == 0
    due = log.due(now + timedelta(days=366))
    assert (due.count, due.oldest) == (1, timezone.localdate(now))
    assert log.erase(now + timedelta(days=366)) == 1
    assert log.erase(now + timedelta(days=366)) == 0


@pytest.mark.parametrize("count", [1, 40])
def test_the_log_takes_the_same_queries_whatever_it_holds(
    cast: Cast, client: Client, count: int, django_assert_max_num_queries: object
) -> None:
    for number in range(count):
        read_by(cast, "sofia", f"signalement {number}")
    client.force_login(cast.karim)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        client.get(reverse("partners:readings"))
