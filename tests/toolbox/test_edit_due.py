"""What waits in the reading of sheets: the list of it, and the mails that say so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners.models import Mandate
from parvis.thread.register import kind_of
from parvis.toolbox.edit_due import counts, review_sheets, waiting
from parvis.toolbox.models import MethodSheet, Sheet
from tests.cast import Cast
from tests.toolbox.edit_scene import decide, inside, proposed, told
from tests.toolbox.scene import a_sheet, other_sheet

NOON = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
TODAY = date(2026, 11, 26)


def dated(sheet: Any, **days: int) -> Any:
    Sheet.objects.filter(pk=sheet.pk).update(
        **{f"{name}_on": TODAY + timedelta(days=count) for name, count in days.items()}
    )
    return sheet


def test_authors_and_coordination_are_told_once_a_month_before_the_reading(cast: Cast) -> None:
    sheet = dated(a_sheet(cast), review=30, expires=90)
    dated(other_sheet(cast), review=31)
    people = {f"user:{cast.karim.pk}", f"user:{cast.claire.pk}"}
    assert review_sheets(NOON - timedelta(days=1)) == 0
    assert review_sheets(NOON) == 2
    assert set(told("sheet.due:")) == people
    assert review_sheets(NOON + timedelta(hours=6)) == 0
    dated(sheet, review=60)
    assert review_sheets(NOON + timedelta(days=30)) >= 2  # another day is another word


def test_the_end_of_a_sheet_is_told_once(cast: Cast) -> None:
    dated(a_sheet(cast), review=-40, expires=0)
    assert review_sheets(NOON) == 0  # its last day still counts
    assert review_sheets(NOON + timedelta(days=1)) == 2
    texts = told("sheet.expired:").values()  # each leads to its reader's own choices
    assert all("n’est plus valable depuis le" in text for text in texts)
    assert review_sheets(NOON + timedelta(days=2)) == 0


def test_a_draft_calls_nobody(cast: Cast) -> None:
    dated(a_sheet(cast, published=False), review=1, expires=2)
    assert review_sheets(NOON) == 0


def test_when_everybody_has_left_the_service_is_told(cast: Cast) -> None:
    dated(a_sheet(cast), review=10)
    Mandate.objects.filter(organisation=cast.town).delete()
    review_sheets(NOON)
    assert f"organisation:{cast.town.pk}" in told("sheet.due:")


def test_the_command_runs_by_day(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("review_sheets")
    assert "0 rappels" in capsys.readouterr().out


def test_the_list_tells_what_waits_and_to_whom(cast: Cast) -> None:
    today = timezone.localdate()
    Sheet.objects.filter(pk=a_sheet(cast, title="À relire bientôt").pk).update(
        review_on=today + timedelta(days=5)
    )
    Sheet.objects.filter(pk=a_sheet(cast, title="Bien vieille").pk).update(
        expires_on=today - timedelta(days=5)
    )
    sheet = proposed(cast, inside(cast.sofia), title="Toute neuve")
    claire, luc = cast.actor(cast.claire), cast.actor(cast.luc)
    assert counts(claire) == {"proposees": 1, "a-corriger": 0, "a-relire": 1, "perimees": 1}
    assert set(counts(luc).values()) == {0}
    page = inside(cast.claire).get(reverse("toolbox:edit_due"))
    assert "Toute neuve" in page.content.decode()
    decide(inside(cast.claire), sheet, "reject")
    assert [one.title for one in waiting(cast.actor(cast.sofia), "a-corriger")] == ["Toute neuve"]


def test_a_sheet_to_read_again_is_due_by_its_organisation(cast: Cast) -> None:
    sheet = a_sheet(cast)
    day = timezone.localdate() + timedelta(days=5)
    Sheet.objects.filter(pk=sheet.pk).update(review_on=day)
    due = kind_of("sheet").due
    assert due is not None
    assert [(row[1], row[7], row[8]) for row in due(cast.actor(cast.karim))] == [
        (sheet.pk, day, cast.town.pk)
    ]
    assert not due(cast.actor(cast.rose)).exists()


def test_the_list_asks_the_same_whatever_its_length(
    cast: Cast, django_assert_num_queries: Any, client: Client
) -> None:
    sheet = a_sheet(cast)
    Sheet.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    client.force_login(cast.claire)
    address = f"{reverse('toolbox:edit_due')}?etat=perimees"
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)
    desk = sheet.get_parent()
    for number in range(30):
        one = MethodSheet(
            title=f"Fiche {number}",
            slug=f"autre-{number}",
            live=True,
            expires_on=timezone.localdate() - timedelta(days=2),
        )
        desk.add_child(instance=one)
    with django_assert_num_queries(9):
        page = client.get(address).content.decode()
    assert page.count("/redaction/pages/") == 20
