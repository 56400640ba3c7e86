from datetime import date, timedelta

import pytest
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.reports import acts
from parvis.reports.models import Category, Part, Report
from parvis.reports.placing import Place
from parvis.steering.board import columns, cuts
from parvis.thread.reading import Due, DueSpan
from tests.cast import IN_ANZIN, IN_RAISMES, IN_VALENCIENNES

WEDNESDAY = date(2026, 11, 18)
LANDLORD = Actor(organisation_id=7)


def due(due_on, owner=7):
    what = ("report", 1, "Ascenseur", "Escaut Habitat", None, None, "taken", due_on, owner)
    return Due(*what, state_label="taken")


def test_columns_begin_today_and_in_a_week():
    assert cuts(WEDNESDAY) == (WEDNESDAY, date(2026, 11, 25))


def test_a_day_to_come_is_told_in_words():
    span = DueSpan(2, [due(date(2026, 11, 20)), due(WEDNESDAY)])
    board = columns([DueSpan(), span, DueSpan()], LANDLORD, WEDNESDAY)
    told = [
        item.soft.rsplit(" · ", 1)[1].replace("\N{NO-BREAK SPACE}", " ") for item in board[1].items
    ]
    assert told == ["pour vendredi 20 novembre", "pour aujourd’hui"]


def test_a_column_says_who_answers_and_how_late_it_is():
    late = WEDNESDAY - timedelta(days=3)
    span = DueSpan(2, [due(late, owner=7), due(late, owner=8)])
    board = columns([span, DueSpan(), DueSpan()], LANDLORD, WEDNESDAY)
    assert [item.soft for item in board[0].items] == [
        "vous · taken · en retard de 3 jours",
        "Escaut Habitat · taken · en retard de 3 jours",
    ]


def test_the_figure_counts_more_than_the_items_shown():
    span = DueSpan(30, [due(WEDNESDAY)] * 12)
    board = columns([DueSpan(), span, DueSpan()], LANDLORD, WEDNESDAY)
    assert (board[1].total, len(board[1].items)) == (30, 12)
    assert [bool(column.more_url) for column in board] == [False, True, False]


@pytest.fixture
def reports(cast):
    category = Category.objects.create(code="trou", label="Trou", theme_code="voirie", delay_days=5)
    return {
        name: acts.file_report(
            actor=Actor(), place=Place(latitude=point[0], longitude=point[1]), category=category
        ).report
        for name, point in (
            ("anzin", IN_ANZIN),
            ("raismes", IN_RAISMES),
            ("valenciennes", IN_VALENCIENNES),
        )
    }


def page_of(client, person):
    client.force_login(person)
    return client.get("/a-traiter/").content.decode()


def test_each_sees_what_awaits_them_and_nothing_of_the_neighbour(client, cast, reports):
    page = page_of(client, cast.karim)
    assert f"/signalements/{reports['anzin'].pk}/" in page
    assert f"/signalements/{reports['raismes'].pk}/" not in page


def test_the_coordination_sees_what_nobody_answers_for(client, cast, reports):
    page = page_of(client, cast.claire)
    assert Part.objects.get(report=reports["valenciennes"]).organisation_id is None
    assert f"/signalements/{reports['valenciennes'].pk}/" in page


def test_what_nobody_answers_for_is_counted_where_one_works(client, cast, reports):
    Report.objects.update(public=True, reviewed_at=timezone.now())
    for person, count in ((cast.claire, 1), (cast.karim, 0), (cast.luc, 0)):
        client.force_login(person)
        assert client.get("/a-traiter/").context["counts"]["ownerless"] == count, person


def test_the_coordination_sees_what_others_owe_late_and_its_neighbour_does_not(
    client, cast, reports
):
    late = timezone.localdate() - timedelta(days=2)
    part = Part.objects.get(report=reports["anzin"])
    address = f"/signalements/{reports['anzin'].pk}/"
    assert address not in page_of(client, cast.claire)
    Part.objects.filter(pk=part.pk).update(organisation=cast.landlord, due_on=late)
    assert f"{cast.landlord} · nouveau · en retard de 2 jours" in page_of(client, cast.claire)
    assert address not in page_of(client, cast.bruno)


def test_somebody_without_a_mandate_is_told_what_to_do(client, cast):
    assert "Aucun mandat en cours" in page_of(client, cast.theo)


def test_a_mandate_that_ended_yesterday_shows_nothing(client, cast, reports):
    assert "Aucun mandat en cours" in page_of(client, cast.odile)


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/a-traiter/")["Location"].startswith("/connexion/")


def test_the_home_asks_the_same_queries_whatever_awaits(
    client, cast, reports, django_assert_max_num_queries
):
    client.force_login(cast.claire)
    category = Category.objects.get()
    client.get("/a-traiter/")
    with django_assert_max_num_queries(10):
        client.get("/a-traiter/")
    for _ in range(20):
        place = Place(latitude=IN_ANZIN[0], longitude=IN_ANZIN[1])
        acts.file_report(actor=Actor(), place=place, category=category)
    Part.objects.update(due_on=timezone.localdate() - timedelta(days=2))
    with django_assert_max_num_queries(10):
        page = client.get("/a-traiter/").content.decode()
    assert "en retard de 2 jours" in page
