"""A landlord opens a programme, takes last year's over, and reads it beside what residents say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners.rights import Refused
from parvis.reports.lists import load
from parvis.tfpb import programme_acts as acts
from parvis.tfpb import programme_views
from parvis.tfpb.models import Bilan, Programme
from parvis.tfpb.programme_merging import Overtaken
from parvis.tfpb.programme_reading import money_table, voices_of
from parvis.tfpb.stock_taking import take_stock
from parvis.thread.models import Link
from tests.actions.scene import fiche
from tests.cast import IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, Cast
from tests.figures.counting import counted
from tests.reports.scene import at_point, filed
from tests.tfpb.scene import (
    a_convention,
    a_line,
    a_programme,
    some_dwellings,
    spent,
    the_officer,
    this_year,
)

pytestmark = pytest.mark.django_db


def opened(cast: Cast, **more: Any) -> Programme:
    return acts.open_programme(
        landlord=cast.landlord,
        commune=cast.anzin,
        quartier=cast.rives,
        year=this_year(),
        actor=cast.actor(cast.luc),
        **more,
    )


def page(client: Client, cast: Cast, who: str, programme: Programme) -> Any:
    if who:
        client.force_login(getattr(cast, who))
    return client.get(reverse("tfpb:programme", args=[programme.pk]))


def test_a_programme_opens_with_its_convention_and_what_the_stock_knows(cast: Cast) -> None:
    convention = a_convention(cast)
    some_dwellings(
        cast,
        estimate=Decimal("36000.00"),
        estimated_on=date(this_year() - 1, 10, 1),
        estimate_source="valeurs locatives",
    )
    made = opened(cast)
    assert (made.convention, made.dwellings) == (convention, 180)
    assert (made.forecast, made.forecast_on) == (Decimal("36000.00"), date(this_year() - 1, 10, 1))
    with pytest.raises(ValidationError, match="déjà un programme ici"):
        opened(cast)


def test_a_programme_opens_with_what_taking_its_stock_would_say(cast: Cast) -> None:
    known = {"estimated_on": date(2025, 10, 1), "estimate_source": "valeurs locatives"}
    cast.other_landlord.successor = cast.landlord
    cast.other_landlord.save(update_fields=["successor"])
    some_dwellings(cast, estimate=Decimal("36000.00"), **known)
    some_dwellings(cast, landlord=cast.other_landlord, residence=cast.peupliers)
    made = opened(cast)
    assert (made.dwellings, made.forecast, made.forecast_source) == (360, None, "")
    take_stock(made, actor=cast.actor(cast.luc))
    made.refresh_from_db()
    assert (made.dwellings, made.forecast) == (360, None)


def test_last_years_lines_come_back_in_one_click_without_their_spending(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    last = a_programme(cast, year=this_year() - 1, state="closed")
    running, over = fiche(cast), fiche(cast, state="ended")
    line = a_line(last, starts_on=date(2024, 2, 29), action=running, axis="dechets")
    line.residences.add(cast.tilleuls)
    spent(line)
    a_line(last, title="Sans suite", action=over)
    now = a_programme(cast)
    assert acts.build_from_last_year(now, actor=luc) == 2
    copy = now.lines.get(key=line.key)
    assert (copy.spending, copy.valued, copy.starts_on) == (
        line.spending,
        line.valued,
        date(2025, 2, 28),
    )
    assert list(copy.residences.all()) == [cast.tilleuls]
    assert (copy.action, copy.spendings.count()) == (running, 0)
    assert now.lines.get(title="Sans suite").action is None
    assert Link.objects.filter(source_id=running.pk, target_kind="tfpb_line", target_id=copy.pk)
    # A second click brings only what is not here yet.
    assert acts.build_from_last_year(now, actor=luc) == 0


def test_there_is_nothing_to_take_over_without_last_year_or_once_sent(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    with pytest.raises(Refused, match="pas de programme ici"):
        acts.build_from_last_year(a_programme(cast), actor=luc)
    a_line(a_programme(cast, commune=cast.valenciennes, year=this_year() - 1))
    sent = a_programme(cast, commune=cast.valenciennes, state="sent")
    with pytest.raises(Refused, match="ne change plus"):
        acts.build_from_last_year(sent, actor=luc)
    assert not sent.lines.exists()


def test_the_head_says_the_day_and_the_source_of_each_amount(cast: Cast) -> None:
    programme, luc = a_programme(cast), cast.actor(cast.luc)
    record = {"real": "39000.00", "real_on": None, "real_source": ""}
    with pytest.raises(ValidationError) as wrong:
        acts.write_head(programme, record, actor=luc, version=1)
    assert set(wrong.value.message_dict) == {"real_on", "real_source"}
    record |= {"real_on": f"{this_year()}-09-30", "real_source": "avis d’imposition"}
    assert acts.write_head(programme, record, actor=luc, version=1).abatement == Decimal(39000)


def test_the_real_abatement_comes_once_the_programme_is_sent(cast: Cast, client: Client) -> None:
    programme = a_programme(cast, state="running")
    url = reverse("tfpb:real", args=[programme.pk])
    client.force_login(cast.karim)
    assert client.get(url).status_code == 403
    client.force_login(cast.luc)
    assert "Dites d’où vient" in client.post(url, {"real": "39 500"}).content.decode()
    given = {"real": "39 500", "real_on": f"{this_year()}-09-30", "real_source": "avis 2026"}
    assert client.post(url, given).status_code == 302
    programme.refresh_from_db()
    assert (programme.abatement, programme.forecast) == (Decimal("39500.00"), Decimal("40000.00"))


def test_two_write_the_head_and_nothing_is_lost(cast: Cast) -> None:
    programme, luc = a_programme(cast), cast.actor(cast.luc)
    read = acts.head_record(programme)
    acts.write_head(programme, {**read, "dwellings": 190}, actor=luc, version=1, read=read)
    # Another field: both stand. The same one: both are shown.
    mine = {**read, "forecast": "41000.00"}
    acts.write_head(programme, mine, actor=luc, version=1, read=read)
    with pytest.raises(Overtaken) as overtaken:
        acts.write_head(programme, {**read, "dwellings": 150}, actor=luc, version=1, read=read)
    assert (overtaken.value.theirs, overtaken.value.mine) == (
        {"dwellings": 190},
        {"dwellings": 150},
    )
    programme.refresh_from_db()
    assert (programme.dwellings, programme.forecast) == (190, Decimal("41000.00"))


def test_the_sheet_shows_use_beyond_the_abatement_and_does_not_cap_it(
    cast: Cast, client: Client
) -> None:
    programme = a_programme(cast, forecast=Decimal("8000.00"))
    a_line(programme)
    total = money_table([programme], with_notices=False).total
    assert (total.used, total.left) == (Decimal("112.5"), Decimal("-1000.00"))
    answer = page(client, cast, "luc", programme).content.decode()
    assert "Au-delà de l’abattement" in answer
    assert "+1\u202f000,00" in answer


def test_who_reads_a_sheet(cast: Cast, client: Client) -> None:
    programme = a_programme(cast)
    a_line(programme)
    answers = {}
    for state in ("draft", "sent"):
        Programme.objects.filter(pk=programme.pk).update(state=state)
        for who in ("luc", "karim", "claire", "paul", "nadia", ""):
            client.logout()
            answers[state, who] = page(client, cast, who, programme).status_code
    assert answers == {
        **{("draft", who): 404 for who in ("karim", "claire", "paul", "nadia", "")},
        ("draft", "luc"): 200,
        **{("sent", who): 200 for who in ("luc", "karim", "claire")},
        **{("sent", who): 404 for who in ("paul", "nadia", "")},
    }
    assert Programme.objects.visible_to(the_officer(cast)).filter(pk=programme.pk).exists()


def test_a_published_sheet_tells_everybody_its_amounts_and_nothing_internal(
    cast: Cast, client: Client
) -> None:
    programme = a_programme(
        cast, state="closed", published_at=timezone.now(), convention=a_convention(cast)
    )
    line = a_line(programme, valued=Decimal("15000.00"), justification="mot entre nous")
    answer = page(client, cast, "", programme).content.decode()
    assert "15\u202f000,00" in answer
    line_page = client.get(reverse("tfpb:line", args=[line.pk])).content.decode()
    for words in (
        "dépasse la dépense",
        "mot entre nous",
        "tableau en cours",
        "Convention d’abattement",
    ):
        assert words not in answer + line_page


def test_each_axis_stands_beside_what_residents_report(cast: Cast) -> None:
    load()
    filed(at_point(IN_ANZIN), code="encombrants_exterieur")
    filed(at_point(IN_ANZIN), code="encombrants_exterieur")
    filed(at_point(IN_ANZIN_OUTSIDE_RIVES), code="encombrants_exterieur")
    old = filed(at_point(IN_ANZIN), code="encombrants_exterieur").report
    type(old).objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=400))
    programme = a_programme(cast)
    a_line(programme)
    table = money_table([programme], with_notices=False)
    voices = {one.axis.code: one for one in voices_of(the_officer(cast), programme, table)}
    waste = voices["dechets"]
    assert (waste.here, waste.commune, waste.spending) == (2, 3, Decimal("12000.00"))
    assert [(one.label, one.count) for one in waste.themes] == [
        ("Encombrants et dépôts sauvages", 2)
    ]
    assert "formation" not in voices  # no theme: nothing to compare


def test_three_years_stand_side_by_side_with_signed_differences(cast: Cast, client: Client) -> None:
    a_line(a_programme(cast, year=this_year() - 1, state="closed"), valued=Decimal("9500.00"))
    programme = a_programme(cast)
    a_line(programme)
    years = page(client, cast, "luc", programme).context["years"]
    assert [cell.valued for cell in years.total.cells] == [None, Decimal("9500.00"), Decimal(9000)]
    assert years.total.change == Decimal("-500.00")


def test_a_quartier_over_several_communes_is_read_as_one_by_who_sees_it_all(
    cast: Cast, client: Client
) -> None:
    here, there = a_programme(cast), a_programme(cast, commune=cast.valenciennes)
    Programme.objects.update(state="sent")
    a_line(here)
    a_line(there, valued=Decimal("1000.00"))
    url = reverse("tfpb:together", args=[here.pk])
    client.force_login(cast.claire)
    assert client.get(url).context["table"].total.sums.valued == Decimal("10000.00")
    client.force_login(cast.karim)  # the town of Anzin alone
    assert client.get(url).status_code == 302


def test_the_list_is_filtered_and_says_whose_turn_it_is(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_line(a_programme(cast, state="sent"))
    a_programme(cast, year=this_year() - 1, state="to_complete")
    client.force_login(cast.karim)
    url = reverse("tfpb:programmes")
    assert len(client.get(url).context["rows"]) == 2
    (row,) = client.get(url, {"annee": this_year()}).context["rows"]
    assert row["money"].used == Decimal("22.5")
    assert "agglomération" in row["next"]
    assert not client.get(url, {"commune": cast.anzin.pk, "etat": "draft"}).context["rows"]
    monkeypatch.setattr(programme_views, "BY_PAGE", 1)
    first = client.get(url, {"quartier": cast.rives.pk}).context
    assert first["next_url"] == f"?quartier={cast.rives.pk}&page=2"
    last = client.get(url + first["next_url"]).context
    assert (len(last["rows"]), last["next_url"]) == (1, "")


def test_pages_ask_as_many_queries_for_ten_lines_as_for_four_hundred(
    cast: Cast, client: Client
) -> None:
    a_line(a_programme(cast, year=this_year() - 1, state="closed"))
    programme = a_programme(cast, convention=a_convention(cast))
    client.force_login(cast.luc)
    urls = [reverse("tfpb:programme", args=[programme.pk]), reverse("tfpb:programmes")]
    asked = []
    for number in (10, 390):
        for one in range(number):
            axis = ("dechets", "petits_travaux", "sur_entretien")[one % 3]
            a_line(programme, title=f"Ligne {one}", axis=axis).residences.add(cast.tilleuls)
        found = []
        for url in urls:
            client.get(url)
            with counted() as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        asked.append(found)
    assert asked[0] == asked[1]
    assert asked[0] <= [27, 12]


def test_lines_change_places_and_a_new_one_stays_last(cast: Cast) -> None:
    programme, luc = a_programme(cast), cast.actor(cast.luc)
    first, second = (a_line(programme, title=title, position=n) for n, title in enumerate("ab"))
    late = acts.new_line(programme, {"axis": "dechets", "title": "c"}, actor=luc)
    acts.reorder(programme, [second.pk, first.pk, 987], actor=luc)
    order = programme.lines.order_by("position").values_list("pk", flat=True)
    assert list(order) == [second.pk, first.pk, late.pk]


def test_what_a_sent_bilan_says_of_the_abatement_stays(cast: Cast) -> None:
    programme, luc = a_programme(cast, state="running"), cast.actor(cast.luc)
    Bilan.objects.create(programme=programme, state="accepted", moved_at=timezone.now())
    asked = {"real": "41000.00", "real_on": "2026-10-20", "real_source": "avis"}
    with pytest.raises(Refused, match="accepté"):
        acts.write_real(programme, asked, actor=luc)
    some_dwellings(cast, real="41000.00", real_on=timezone.localdate(), real_source="avis")
    assert any("ne change plus" in words for words in take_stock(programme, actor=luc).left)
    programme.refresh_from_db()
    assert programme.real is None
