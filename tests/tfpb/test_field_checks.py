"""Somebody goes to look: seen, or not seen; and what the line changed around it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from parvis.actions import acts as actions
from parvis.partners.actors import NOBODY
from parvis.reports.lists import load
from parvis.reports.models import Report
from parvis.tfpb.effect import counts_by_quarter, pictures_of, reports_behind, reports_chart
from parvis.tfpb.field_check_acts import check_line
from parvis.tfpb.models import FieldCheck
from parvis.thread.acts import link
from tests.actions.scene import fiche
from tests.cast import IN_RAISMES, Cast
from tests.reports.scene import at_point, filed, make_public
from tests.tfpb.bilan_scene import picture, presence, running


def test_karim_sees_that_it_is_there_with_one_hand(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    client.force_login(cast.karim)
    page = client.get(f"/tfpb/programmes/{programme.pk}/sur-place/").content.decode()
    assert "0 sur 2\N{NO-BREAK SPACE}lignes vues" in page
    url = f"/tfpb/lignes/{waste.pk}/sur-place/"
    assert client.post(url, {"note": "Rien"}).status_code == 200  # neither seen nor not seen
    said = {"seen": "no", "note": "Trois canapés au pied du hall.", "file": picture()}
    answer = client.post(url, said)
    assert answer["Location"] == f"/tfpb/programmes/{programme.pk}/sur-place/"
    check = FieldCheck.objects.get()
    assert (check.seen, check.organisation, check.on) == (False, cast.town, timezone.localdate())
    with check.file.open("rb") as file:
        assert b"TelephoneDeLuc" not in file.read()
    page = client.get(f"/tfpb/programmes/{programme.pk}/sur-place/").content.decode()
    assert "Trois canapés" in page


def test_a_picture_is_seen_under_the_rights_of_its_check(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    check = check_line(waste, actor=cast.actor(cast.karim), seen=True, upload=picture())
    url = f"/tfpb/constats/{check.pk}/photo/"
    assert client.get(url).status_code == 404
    client.force_login(cast.paul)
    assert client.get(url).status_code == 404
    programme.published_at = timezone.now()
    programme.save(update_fields=["published_at"])
    client.logout()
    assert client.get(url)["Content-Type"] == "image/jpeg"


def test_a_file_that_is_no_photo_is_refused(cast: Cast) -> None:
    _, waste, _ = running(cast)
    upload = SimpleUploadedFile("a.jpg", b"%PDF-1.7")
    with pytest.raises(ValidationError, match="PDF"):
        check_line(waste, actor=cast.actor(cast.karim), seen=True, upload=upload)
    assert not FieldCheck.objects.exists()


def test_there_is_nothing_to_see_before_the_year_begins(cast: Cast) -> None:
    _, waste, _ = running(cast, state="sent")
    with pytest.raises(ValidationError, match="pas commencé"):
        check_line(waste, actor=cast.actor(cast.karim), seen=True)


def test_nothing_is_added_to_what_everybody_reads(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    client.force_login(cast.karim)
    url = f"/tfpb/lignes/{waste.pk}/sur-place/"
    assert "Tout le monde lira" in client.get(url).content.decode()
    programme.published_at = timezone.now()
    programme.save(update_fields=["published_at"])
    page = client.post(url, {"seen": "no", "note": "Rien"}).content.decode()
    assert "est publié : il ne change plus" in page
    assert not FieldCheck.objects.exists()
    page = client.get(f"/tfpb/programmes/{programme.pk}/sur-place/").content.decode()
    assert url not in page


@pytest.fixture
def categories(cast: Cast) -> None:
    """What residents may report."""
    load()


def reported(at: datetime, *, public: bool = True, **where: Any) -> Report:
    """Bulky waste reported on a day."""
    report: Report = filed(code="encombrants_exterieur", **where).report
    if public:
        make_public(report)
    Report.objects.filter(pk=report.pk).update(at=at)
    return report


@pytest.mark.usefixtures("categories")
def test_reports_of_the_same_subjects_are_counted_before_and_during(cast: Cast) -> None:
    programme, waste, _ = running(cast)
    year, zone = programme.year, timezone.get_current_timezone()
    for month in (1, 2, 3):
        reported(datetime(year - 1, month, 5, tzinfo=zone))
    reported(datetime(year, 3, 31, 23, 30, tzinfo=zone))  # still March here
    reported(datetime(year, 4, 2, tzinfo=zone), public=False)
    reported(datetime(year, 1, 5, tzinfo=zone), place=at_point(IN_RAISMES))
    make_public(filed(code="trou_chaussee").report)  # another subject
    karim = cast.actor(cast.karim)
    seen = counts_by_quarter(NOBODY, programme, ("encombrants", "epaves"))
    assert seen == {(year - 1, 1): 3, (year, 1): 1}
    assert counts_by_quarter(karim, programme, ("encombrants",))[year, 2] == 1
    chart = reports_chart(NOBODY, programme, [waste.axis])
    assert chart
    assert chart.rows[0] == ("Janvier à mars", "3", "1", "−2")


def test_before_and_after_come_from_the_action_that_the_line_pays_for(cast: Cast) -> None:
    _, waste, staff = running(cast)
    action = fiche(cast)
    actions.give_picture(action, moment="before", caption="Les sacs", upload=picture())
    waste.action = action
    waste.save(update_fields=["action"])
    karim = cast.actor(cast.karim)
    check_line(waste, actor=karim, seen=True, note="Propre", upload=picture())
    shots = pictures_of(karim, [waste, staff])
    assert [(shot.moment, shot.caption) for shot in shots[waste.pk]] == [
        ("avant", "Les sacs"),
        ("vu sur place", "Propre"),
    ]
    assert shots[staff.pk] == []
    assert pictures_of(NOBODY, [waste])[waste.pk] == []  # nothing is published


@pytest.mark.usefixtures("categories")
def test_what_residents_asked_for_is_found_through_the_action(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    programme, waste, staff = running(cast)
    claire, action = cast.actor(cast.claire), fiche(cast)
    told, hidden = filed().report, filed().report
    make_public(told)
    for report in (told, hidden):
        link(claire, ("report", report.pk), ("action", action.pk))
    link(claire, ("action", action.pk), ("tfpb_line", waste.pk))
    link(claire, ("report", told.pk), ("tfpb_line", staff.pk))
    others = [presence(programme, title=f"Ligne {number}") for number in range(5)]
    with django_assert_max_num_queries(4):
        found = reports_behind(NOBODY, [waste, staff, *others])
    assert found == {waste.pk: [told], staff.pk: [told]}


def test_the_follow_up_of_a_line_asks_as_much_for_one_check_as_for_many(
    client: Any, cast: Cast, django_assert_num_queries: Any
) -> None:
    _, waste, _ = running(cast)
    karim = cast.actor(cast.karim)
    client.force_login(cast.karim)
    url = f"/tfpb/lignes/{waste.pk}/suivi/"
    check_line(waste, actor=karim, seen=True, upload=picture())
    with django_assert_num_queries(17):
        client.get(url)
    for _ in range(5):
        check_line(waste, actor=karim, seen=True, upload=picture())
    with django_assert_num_queries(17):
        client.get(url)
