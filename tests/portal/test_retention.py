"""What has served is erased by one command, which says beforehand what it would erase."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from parvis.gatherings import acts as gathering_acts
from parvis.notices.keeping import Due, Retention
from parvis.partners.models import Invitation, PersonalReading
from parvis.partners.readings import note_readings
from parvis.portal import my_data, retaining
from parvis.portal.models import RetentionRun
from parvis.reports.lists import load
from tests.cast import Cast
from tests.gatherings.scene import workshop
from tests.reports.scene import filed, in_hall, photo
from tests.toolbox.course_scene import a_workshop, resident

YEARS = timedelta(days=4 * 365)


def plant(cast: Cast) -> None:
    """A person a little everywhere."""
    load()
    filed(in_hall(cast), "hall_sale", text="Mots", photos=[photo()], email="jeanne@exemple.test")
    gathering = workshop(cast)
    gathering_acts.register_person(gathering, name="Jeanne", email="jeanne@exemple.test")
    resident(a_workshop(cast))
    Invitation.objects.create(
        email="jeanne@exemple.test",
        organisation=cast.town,
        role="lecteur",
        expires_at=timezone.now(),
    )
    note_readings(cast.actor(cast.sofia), "voice", [(1, "x")])
    my_data.ask("jeanne@exemple.test")


def test_what_is_said_to_be_due_is_what_is_erased(cast: Cast) -> None:
    plant(cast)
    later = timezone.now() + YEARS
    said = {one.code: due for one, due in retaining.all_due(later)}
    assert PersonalReading.objects.exists()  # to say it erases nothing
    done = {ran.retention.code: ran.erased for ran in retaining.run_all(later)}
    assert {code: due.count for code, due in said.items()} == done
    assert {"reports", "registrations", "enrolments", "invitations", "readings"} <= {
        code for code, count in done.items() if count
    }
    assert all(due.oldest for code, due in said.items() if due.count and code != "directory")
    again = [ran.erased for ran in retaining.run_all(later)]
    assert set(again) == {0}


def test_a_dry_run_writes_nothing(cast: Cast, time_machine: Any) -> None:
    plant(cast)
    time_machine.move_to(timezone.now() + YEARS, tick=False)
    said = StringIO()
    call_command("retention", dry_run=True, stdout=said)
    assert "registrations (coordonnées d’inscrits à des rendez-vous) : 1 à effacer" in (
        said.getvalue()
    )
    assert not RetentionRun.objects.exists()
    assert "jeanne" not in said.getvalue()


def test_one_that_fails_stops_no_other_and_tells_no_value(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(now: Any) -> int:
        raise RuntimeError("jeanne@exemple.test")

    broken = Retention("broken", "ce qui casse", lambda now: Due(), break_down)
    kept = retaining.retentions()
    monkeypatch.setattr(retaining, "retentions", lambda: {"broken": broken, **kept})
    with pytest.raises(CommandError, match="broken"):
        call_command("retention", stdout=StringIO())
    assert RetentionRun.objects.count() == len(kept) + 1
    assert RetentionRun.objects.get(code="broken").failed == "RuntimeError"
    assert "jeanne" not in caplog.text


def test_the_coordination_reads_counts_and_nobody_else(cast: Cast, client: Client) -> None:
    plant(cast)
    retaining.run_all(timezone.now() + YEARS)
    for who, status in (("claire", 200), ("bruno", 200), ("karim", 403), ("luc", 403)):
        client.force_login(cast.people[who])
        assert client.get("/conservation/").status_code == status, who
    client.force_login(cast.claire)
    page = client.get("/conservation/").content.decode()
    assert "Coordonnées d’inscrits à des rendez-vous" in page
    assert "jeanne" not in page
