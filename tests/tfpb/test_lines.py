"""A line: what it must say, what is said beside it, and two who write at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.actions.acts import publish_action
from parvis.partners.actors import NOBODY
from parvis.partners.rights import Refused
from parvis.places.locate import bump
from parvis.places.models import Quartier
from parvis.tfpb import programme_acts as acts
from parvis.tfpb.holding import held
from parvis.tfpb.line_checks import ground_of, notices_of
from parvis.tfpb.line_record import record_of
from parvis.tfpb.models import Line, Programme, Remark, UsualMeans
from parvis.tfpb.programme_merging import Overtaken
from parvis.thread.reading import thread_of
from parvis.works.models import RenewalProject
from tests.actions.scene import fiche
from tests.cast import Cast
from tests.tfpb.scene import a_convention, a_line, a_programme, this_year

pytestmark = pytest.mark.django_db

GIVEN = {
    "axis": "dechets",
    "title": "Un passage de plus",
    "quantity": "48.00",
    "unit": "passages",
    "unit_cost": "250.00",
    "spending": "12000.00",
    "own_funding": "12000.00",
    "valued": "9000.00",
}


def said(line: Line) -> list[tuple[str, bool]]:
    line = Line.objects.select_related("programme__convention").get(pk=line.pk)
    return [(one.text, one.stops) for one in notices_of(line, ground_of(line.programme, [line]))]


def renewed(cast: Cast, quartier: Quartier) -> None:
    project = RenewalProject.objects.create(
        code="R", title="R", programme="npnru", carrier=cast.agglomeration,
        rules="x", created_at=timezone.now(),
    )  # fmt: skip
    project.quartiers.set([quartier])


def test_a_line_is_written_with_its_place_and_its_money(cast: Cast) -> None:
    programme, luc = a_programme(cast), cast.actor(cast.luc)
    made = acts.new_line(programme, {**GIVEN, "residences": [cast.tilleuls.pk]}, actor=luc)
    assert (made.spending, made.rate) == (Decimal("12000.00"), Decimal("75.0"))
    assert list(made.residences.all()) == [cast.tilleuls]
    assert said(made) == []
    for wrong, words in (
        ({"axis": "bricolage"}, "axe"),
        ({"unit": "litres"}, "unité"),
        ({"residences": [cast.peupliers.pk]}, "commune"),
        ({"valued": "-1.00"}, "négatif"),
        ({"starts_on": "2026-03-01", "ends_on": "2026-02-01"}, "précède"),
    ):
        with pytest.raises(ValidationError, match=words):
            acts.new_line(programme, {**GIVEN, **wrong}, actor=luc)


@pytest.mark.parametrize("day", ["9999-12-31", "1989-12-31"])
def test_a_day_of_another_age_is_refused_on_the_form(cast: Cast, client: Client, day: str) -> None:
    client.force_login(cast.luc)
    url = reverse("tfpb:new_line", args=[a_programme(cast).pk])
    answer = client.post(url, {**GIVEN, "nature": "specifique", "ends_on": day})
    assert "entre le 1er janvier 1990 et le 31 décembre 2100" in answer.content.decode()
    assert not Line.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"spending": Decimal("11000.00"), "own_funding": Decimal("8000.00")}, "12\u202f000,00"),
        ({"own_funding": Decimal("8000.00")}, "Il manque 1\u202f000,00"),
        ({"own_funding": Decimal("9500.00")}, "Les financements dépassent la dépense de 500,00"),
        ({"valued": Decimal("12500.00"), "other_funding": Decimal(0)}, "dépasse la dépense"),
    ],
)
def test_figures_that_differ_are_said_and_stop_nothing(
    cast: Cast, fields: dict[str, Any], words: str
) -> None:
    found = said(a_line(a_programme(cast), **fields))
    assert any(words in text and not stops for text, stops in found), found


def test_what_others_pay_is_not_valued_where_the_convention_refuses_it(cast: Cast) -> None:
    programme = a_programme(cast, convention=a_convention(cast))
    line = a_line(programme, valued=Decimal("10000.00"), justification="peu importe")
    ((text, stops),) = said(line)
    assert stops
    assert "en compte 1\u202f000,00" in text
    convention = programme.convention
    convention.valuation = {"part_des_autres": "allowed"}
    convention.save()
    assert said(line) == []


def test_a_rule_to_justify_asks_a_word(cast: Cast) -> None:
    programme = a_programme(cast)
    line = a_line(programme, unit="forfait", quantity=Decimal(1), unit_cost=Decimal(12000))
    ((text, stops),) = said(line)
    assert stops
    assert "Frais de structure et de siège : à justifier" in text
    assert any("siège" in words for words in acts.why_not_sendable(programme))
    luc = cast.actor(cast.luc)
    acts.write_line(line, {"justification": "5 % du marché"}, actor=luc, version=1)
    assert acts.why_not_sendable(programme) == []


def test_a_reinforcement_points_to_a_row_of_its_landlord_and_year(
    cast: Cast, client: Client
) -> None:
    programme, luc = a_programme(cast), cast.actor(cast.luc)

    def row(landlord: Any, year: int) -> UsualMeans:
        return UsualMeans.objects.create(
            landlord=landlord, year=year, domain="nettoyage", indicator="passages",
            outside_cost=Decimal(80), inside_cost=Decimal(95),
        )  # fmt: skip

    own, other = row(cast.landlord, this_year()), row(cast.other_landlord, this_year())
    older = row(cast.landlord, this_year() - 1)
    given = {**GIVEN, "nature": "renforcement"}
    for wrong in (other, older):
        with pytest.raises(ValidationError, match="droit commun de ce bailleur"):
            acts.new_line(programme, {**given, "usual_means": wrong.pk}, actor=luc)
    line = acts.new_line(programme, given, actor=luc)
    assert [stops for _, stops in said(line)] == [True]
    client.force_login(cast.luc)
    url = reverse("tfpb:write_line", args=[line.pk])
    answer = client.post(url, {**given, "version": 1})
    assert "Dites ce que la ligne renforce" in answer.content.decode()
    acts.write_line(line, {"usual_means": own.pk}, actor=luc, version=1)
    page = client.get(reverse("tfpb:line", args=[line.pk])).content.decode()
    assert "+15,00" in page


def test_axis_eight_is_refused_in_a_renewed_quartier(cast: Cast) -> None:
    programme, luc = a_programme(cast), cast.actor(cast.luc)
    works = {**GIVEN, "axis": "petits_travaux"}
    kept = acts.new_line(programme, works, actor=luc)  # no project yet
    renewed(cast, cast.rives)
    with pytest.raises(ValidationError, match="hors NPNRU"):
        acts.new_line(programme, works, actor=luc)
    assert any("hors NPNRU" in words for words in acts.why_not_sendable(programme))
    acts.write_line(kept, {"axis": "dechets"}, actor=luc, version=1)
    assert acts.why_not_sendable(programme) == []


def test_with_the_project_as_perimeter_only_its_residences_count(cast: Cast, settings: Any) -> None:
    settings.TFPB_NPNRU_PERIMETER = "project"
    Quartier.objects.create(
        code="NPNRU1", name="Site", kind="npnru", outline=cast.rives.outline,
        west=3.49, south=50.375, east=3.53, north=50.385,
    )  # fmt: skip
    bump()
    programme, luc = a_programme(cast), cast.actor(cast.luc)
    works = {**GIVEN, "axis": "petits_travaux"}
    assert said(acts.new_line(programme, works, actor=luc)) == []  # the QPV itself is in no project
    with pytest.raises(ValidationError, match="hors NPNRU"):
        acts.new_line(programme, {**works, "residences": [cast.tilleuls.pk]}, actor=luc)
    renewed(cast, cast.rives)
    line = acts.new_line(programme, works, actor=luc)  # it names no residence: a word, no refusal
    ((text, stops),) = said(line)
    assert not stops
    assert "hors du projet" in text


def test_two_write_one_line_each_keeps_what_it_touched(cast: Cast) -> None:
    line, luc = a_line(a_programme(cast)), cast.actor(cast.luc)
    read = record_of(line)
    acts.write_line(line, {**read, "title": "Le titre d’Ines"}, actor=luc, version=1, read=read)
    acts.write_line(line, {**read, "place": "Au Nord"}, actor=luc, version=1, read=read)
    mine = {**read, "title": "Le titre de Luc", "valued": "1.00"}
    with pytest.raises(Overtaken) as overtaken:
        acts.write_line(line, mine, actor=luc, version=1, read=read)
    assert overtaken.value.theirs == {"title": "Le titre d’Ines"}
    # Told of it, luc writes over: the place that he never touched stays.
    again = overtaken.value.again
    fresh = acts.write_line(line, mine, actor=luc, version=3, read=again)
    assert (fresh.title, fresh.place, fresh.valued) == (
        "Le titre de Luc",
        "Au Nord",
        Decimal("1.00"),
    )


def test_who_wrote_at_the_same_time_chooses_on_the_page(cast: Cast, client: Client) -> None:
    line = a_line(a_programme(cast))
    client.force_login(cast.luc)
    url = reverse("tfpb:write_line", args=[line.pk])
    form = client.get(url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "residences"}
    acts.write_line(
        line, {"title": "Celui d’Ines", "place": "Sud"}, actor=cast.actor(cast.ines), version=1
    )
    answer = client.post(url, {**typed, "title": "Celui de Luc"})
    assert answer.status_code == 409
    assert "Celui d’Ines" in answer.content.decode()
    again = {**dict(answer.context["posted"]), "read": answer.context["read"], "version": 2}
    assert client.post(url, again).status_code == 302
    line.refresh_from_db()
    assert (line.title, line.place, line.valued) == ("Celui de Luc", "Sud", Decimal("9000.00"))


def test_what_no_page_posts_is_an_error_of_the_form_and_no_accident(
    cast: Cast, client: Client
) -> None:
    line = a_line(a_programme(cast))
    client.force_login(cast.luc)
    url = reverse("tfpb:write_line", args=[line.pk])
    typed = {**GIVEN, "nature": "specifique", "version": 1}
    answer = client.post(url, {**typed, "residences": "99999999999999999999"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["residences"])
    assert client.post(url, {**typed, "read": "[" * 200_000}).status_code == 302


def test_one_sends_while_another_types_and_the_words_come_back(cast: Cast, client: Client) -> None:
    programme = a_programme(cast)
    line = a_line(programme)
    before = record_of(line)
    client.force_login(cast.luc)
    url = reverse("tfpb:write_line", args=[line.pk])
    assert client.get(url).status_code == 200
    Programme.objects.update(state="sent")
    typed = {**GIVEN, "nature": "specifique", "description": "Trois pages écrites avec soin"}
    for there in (url, reverse("tfpb:new_line", args=[programme.pk])):
        answer = client.post(there, {**typed, "version": 1})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "Trois pages écrites avec soin" in page
        assert "Ce programme est transmis : il ne change plus." in page
    line.refresh_from_db()
    assert (record_of(line), programme.lines.count()) == (before, 1)
    assert client.get(url).status_code == 302
    luc = cast.actor(cast.luc)
    for act in (
        lambda: acts.remove_line(line, actor=luc),
        lambda: acts.reorder(programme, [line.pk], actor=luc),
        lambda: acts.write_head(programme, {"dwellings": 1}, actor=luc, version=1),
    ):
        with pytest.raises(Refused):
            act()


@pytest.mark.django_db(transaction=True)
def test_while_many_write_one_sends_and_what_was_sent_stays(cast: Cast) -> None:
    programme, luc = a_programme(cast), cast.actor(cast.luc)
    line = a_line(programme)
    sent: list[Any] = []

    def hand(number: int) -> str:
        try:
            if number == 6:
                with transaction.atomic():
                    own = held(programme)
                    own.state = "sent"
                    own.save(update_fields=["state"])
                    sent.append([record_of(one) for one in own.lines.order_by("pk")])
                return "sent"
            if number % 2:
                acts.new_line(programme, {**GIVEN, "title": f"Ligne {number}"}, actor=luc)
            else:
                fresh = Line.objects.select_related("programme").get(pk=line.pk)
                asked = {"place": f"Lieu {number}"}
                acts.write_line(fresh, asked, actor=luc, version=fresh.version)
        except (Refused, Overtaken) as refused:
            return type(refused).__name__
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(hand, range(12)))
    now = [record_of(one) for one in programme.lines.order_by("pk")]
    assert sent == [now]
    new = [answer for number, answer in enumerate(answers) if number % 2]
    assert len(now) == 1 + new.count("written")
    assert set(answers) <= {"sent", "written", "Refused", "Overtaken"}


def test_a_removed_line_leaves_its_remarks_on_the_programme(cast: Cast) -> None:
    programme, luc = a_programme(cast, state="to_complete"), cast.actor(cast.luc)
    line = a_line(programme)
    Remark.objects.create(
        programme=programme, line=line, organisation=cast.town, text="Trop cher",
        at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(Refused, match="relisez-la"):
        acts.remove_line(line, actor=luc, version=line.version - 1)
    acts.remove_line(line, actor=luc, version=line.version)
    assert programme.remarks.get().line is None
    with pytest.raises(Refused, match="retirée entre-temps"):
        acts.write_line(line, {"title": "Perdu"}, actor=luc, version=1)


def test_a_programme_says_what_keeps_it_from_being_sent(cast: Cast) -> None:
    programme = a_programme(cast, without_usual_means="")
    assert [words[:30] for words in acts.why_not_sendable(programme)] == [
        "Le programme n’a aucune ligne.",
        "Le tableau de droit commun de ",
    ]
    a_line(programme)
    UsualMeans.objects.create(
        landlord=cast.landlord, year=this_year(), domain="social", indicator="ETP"
    )
    assert acts.why_not_sendable(programme) == []


def test_a_line_is_on_the_thread_of_its_action_and_tells_its_euros_once_published(
    cast: Cast,
) -> None:
    luc, action = cast.actor(cast.luc), fiche(cast)
    publish_action(action, actor=luc, shown=True)
    programme = a_programme(cast, state="draft")
    line = a_line(programme)
    acts.write_line(line, {"action": action.pk}, actor=luc, version=1)

    def told() -> list[Any]:
        return [one.amount for one in thread_of(NOBODY, "action", action.pk) if not one.here]

    assert Decimal("9000.00") not in told()
    Programme.objects.update(state="closed", published_at=timezone.now())
    assert told() == [Decimal("9000.00")]
    Programme.objects.update(state="draft", published_at=None)
    other = fiche(cast, action.plan, title="Une autre")
    acts.write_line(line, {"action": other.pk}, actor=luc, version=2)
    assert len(thread_of(luc, "action", action.pk)) == 1
    assert len(thread_of(luc, "action", other.pk)) == 2
