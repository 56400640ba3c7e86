"""What everybody reads of the abatement in a quartier: published programmes, in plain words."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.reports.lists import load
from parvis.tfpb import bilan_acts
from parvis.tfpb.field_check_acts import check_line
from parvis.tfpb.models import Programme
from parvis.thread.acts import link
from tests.cast import Cast
from tests.figures.counting import counted
from tests.reports.scene import filed, make_public
from tests.tfpb.bilan_scene import picture, presence, running, sent_bilan
from tests.tfpb.scene import a_line, a_programme, spent, this_year


def publish(programme: Programme) -> None:
    programme.published_at = timezone.now()
    programme.save(update_fields=["published_at"])


def test_residents_read_who_paid_what_and_what_they_had_reported(client: Any, cast: Cast) -> None:
    load()
    programme, waste, _ = sent_bilan(cast)
    url, claire = f"/quartiers/{cast.rives.code}/abattement/", cast.actor(cast.claire)
    report = make_public(filed().report)
    unread = filed().report
    for one in (report, unread):
        link(claire, ("report", one.pk), ("tfpb_line", waste.pk))
    check = check_line(waste, actor=cast.actor(cast.karim), seen=True, upload=picture())
    assert "Rien n’est encore publié" in client.get(url).content.decode()
    assert url not in client.get(f"/quartiers/{cast.rives.code}/").content.decode()
    bilan_acts.advance_bilan(programme, "accept", actor=claire)
    bilan_acts.advance_bilan(programme, "publish", actor=claire)
    page = client.get(url).content.decode()
    for words in (
        "10\N{NARROW NO-BREAK SPACE}000,00\N{NARROW NO-BREAK SPACE}€",
        "Escaut Habitat, Anzin",
        "Les encombrants partent deux fois plus souvent.",
        f"/signalements/{report.reference}/",
        f"/tfpb/constats/{check.pk}/photo/",
    ):
        assert words in page
    assert unread.reference not in page
    assert url in client.get(f"/quartiers/{cast.rives.code}/").content.decode()


def test_what_is_not_published_is_on_no_public_page(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    publish(programme)
    hidden = a_programme(cast, landlord=cast.other_landlord, state="running")
    spent(a_line(hidden, title="Le secret de Paul"), "7777.00")
    url = f"/quartiers/{cast.rives.code}/abattement/"
    for person in (None, cast.luc, cast.paul):  # the same page for everybody
        if person:
            client.force_login(person)
        page = client.get(url).content.decode()
        assert waste.title in page
        assert "Le secret de Paul" not in page
        assert "7\N{NARROW NO-BREAK SPACE}777" not in page


def test_each_year_is_read_by_itself_and_beside_the_others(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    last, old, _ = running(cast, year=this_year() - 1, convention=None)
    for one, line, amount in ((programme, waste, "1000.00"), (last, old, "500.00")):
        spent(line, amount)
        publish(one)
    url = f"/quartiers/{cast.rives.code}/abattement/"
    page = client.get(url)
    assert page.context["total"]["sums"].spent == 1000
    assert [row["cells"] for row in page.context["axes"]][-1] == [
        (this_year(), 1000),
        (this_year() - 1, 500),
    ]
    before = client.get(f"{url}?annee={this_year() - 1}")
    assert before.context["total"]["sums"].spent == 500
    assert client.get(f"{url}?annee=1999").context["year"] == this_year()


def test_many_lines_ask_as_much_as_two_and_are_read_page_by_page(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    spent(waste)
    publish(programme)
    url = f"/quartiers/{cast.rives.code}/abattement/"
    with counted() as few:
        client.get(url)
    for number in range(30):
        spent(presence(programme, title=f"Ligne {number}"), "10.00")
    with counted() as many:
        page = client.get(url)
    assert len(few) == len(many) <= 17
    assert len(page.context["told"]) == 24
    assert len(client.get(page.context["next_url"].replace("?", f"{url}?")).context["told"]) == 8
