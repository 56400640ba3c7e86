"""A draw in the room, from its lists to its panel: what is taken, refused, sealed and published."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from parvis.councils import lot_acts, lot_lists
from parvis.councils.draw_record import canonical
from parvis.councils.lot_reading import Ages, ages_on, read_upload, sex_of
from parvis.councils.lot_seed import commitment_of, seed_of
from parvis.councils.models import Draw, ListedPerson, SeedParty
from parvis.councils.workflow import DrawState
from parvis.documents.ods import pieces
from parvis.partners.rights import Refused
from parvis.places.importing.outcome import FileRefused
from parvis.places.locate import bump
from parvis.places.models import Address, Street
from parvis.thread.models import Event
from tests.cast import IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, Cast
from tests.councils import lot_scene as scene
from tests.councils.scene import a_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw(cast: Cast) -> Draw:
    return scene.begun(cast, a_body(cast))


# --- Lists -----------------------------------------------------------------------------------


def test_a_body_that_does_not_draw_its_members_has_no_draw(cast: Cast) -> None:
    body = a_body(cast)
    given = {"title": "Essai", "college": "habitants", "destroy_on": date(2999, 1, 1)}
    with pytest.raises(Refused, match="ne prévoient pas"):
        lot_acts.begin_draw(body, actor=cast.actor(cast.claire), seats=1, reserve=0, **given)


@pytest.mark.parametrize("days", [0, 400])
def test_a_draw_says_when_its_lists_are_destroyed_within_a_year(cast: Cast, days: int) -> None:
    with pytest.raises(ValidationError, match="détruites"):
        scene.begun(cast, a_body(cast), destroy_on=timezone.localdate() + timedelta(days=days))


def test_a_list_without_a_legal_basis_is_not_taken(cast: Cast, draw: Draw) -> None:
    with pytest.raises(Refused, match="base légale"):
        scene.with_list(draw, cast.actor(cast.claire), basis=" ")
    assert not ListedPerson.objects.exists()


def test_a_workbook_is_read_like_a_csv() -> None:
    raw = b"".join(pieces(["Nom", "Âge"], [["Essai", 33]]))
    sheet = read_upload(scene.upload(raw, "liste.ods"))
    assert (sheet.columns, [row.values["Nom"] for row in sheet.rows]) == (["Nom", "Âge"], ["Essai"])
    with pytest.raises(FileRefused, match="csv, xlsx ou ods"):
        read_upload(scene.upload(raw, "liste.pdf"))


def test_columns_that_nobody_chose_are_erased(cast: Cast, draw: Draw) -> None:
    source = scene.with_list(draw, cast.actor(cast.claire))
    values = source.rows.order_by("pk")[0].values
    assert values["last_name"] == f"{scene.MARK} A"
    assert values["phone"] == f"{scene.PHONE}000000"
    assert not {"Inutile", "extra"} & set(values)
    assert source.confirmed_at is not None
    with pytest.raises(Refused, match="déjà confirmées"):
        lot_lists.confirm_columns(source, {"last_name": "Nom"}, [])


def test_lists_are_crossed_and_the_young_left_out(cast: Cast, draw: Draw) -> None:
    actor = cast.actor(cast.claire)
    scene.with_list(draw, actor, scene.csv_of(0, 4))
    child = timezone.localdate().year - 10
    again = (
        f"nom,prenom,date de naissance,adresse,quartier\n"
        f"essai {scene.MARK.upper()} b,,1985-02-01,,rives de l'escaut\n"
        f"Enfant,Essai,{child}-01-01,2 rue {scene.STREET},QN05921M\n"
        f"Loin,Essai,1980-01-01,2 rue {scene.STREET},Faubourg\n"
    )
    scene.with_list(draw, actor, again.encode(), holder="Escaut Habitat")
    scene.sifted(draw)
    assert lot_lists.counts_of(draw) == {"": 4, "duplicate": 1, "too_young": 1, "outside": 1}


def test_a_father_and_a_son_of_one_name_are_two_people(cast: Cast, draw: Draw) -> None:
    lines = [f"Essai;1 rue A;{year}-01-01;QN05921M" for year in (1950, 1980)]
    raw = "\n".join(["nom;adresse;naissance;quartier", *lines])
    scene.with_list(draw, cast.actor(cast.claire), raw.encode())
    assert lot_lists.counts_of(scene.sifted(draw)) == {"": 2}


def test_who_lives_there_is_told_by_the_address_and_else_by_hand(cast: Cast, draw: Draw) -> None:
    for number, (latitude, longitude) in enumerate((IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES), 1):
        street = Street.objects.create(
            code=f"59014_{number}",
            name=f"Rue du Test {'Nord' if number == 1 else 'Sud'}",
            commune=cast.anzin,
            latitude=latitude,
            longitude=longitude,
        )
        Address.objects.create(
            code=f"59014_{number}_3",
            street=street,
            number=3,
            latitude=latitude,
            longitude=longitude,
        )
    bump()
    rows = [f"P{n};{where};Anzin;1980-01-01" for n, where in enumerate(
        ("3 rue du Test Nord", "3, r. du test sud", "4 rue du Test Nord", "ici"))]  # fmt: skip
    raw = "\n".join(["nom;adresse;ville;naissance", *rows]).encode()
    scene.with_list(draw, cast.actor(cast.claire), raw)
    scene.sifted(draw)
    told = ListedPerson.objects.order_by("pk").values_list("left_out", flat=True)
    assert list(told) == ["", "outside", "address", "address"]
    kept, left = ListedPerson.objects.filter(left_out="address").order_by("pk")
    lot_lists.decide(kept, keep=True)
    lot_lists.decide(left, keep=False)
    assert lot_lists.counts_of(scene.sifted(draw)) == {"": 2, "outside": 1, "by_hand": 1}


@pytest.mark.parametrize(
    ("birth", "age", "wanted"),
    [
        ("2000-11-27", "", Ages(25, 25)),
        ("26/11/2000", "", Ages(26, 26)),
        ("2000", "", Ages(25, 26)),
        ("", "18-29 ans", Ages(18, 29)),
        ("", "60 ans et plus", Ages(60, None)),
        ("", "", None),
    ],
)
def test_an_age_is_that_of_the_day(birth: str, age: str, wanted: Ages | None) -> None:
    assert ages_on(date(2026, 11, 26), birth, age) == wanted


def test_a_sex_is_read_from_what_lists_write() -> None:
    assert [sex_of(words) for words in ("Mme", "F", "2", "M.", "homme", "?")] == [*"FFFHH", ""]


# --- Rules and chances -----------------------------------------------------------------------


def test_the_list_is_drawn_from_in_an_order_that_tells_nothing(cast: Cast, draw: Draw) -> None:
    scene.with_list(draw, cast.actor(cast.claire))
    scene.prepared(scene.sifted(draw))
    lines = ListedPerson.objects.order_by("pk").values_list("line", flat=True)
    assert sorted(lines) == list(range(2, 26))
    assert list(lines) != sorted(lines)


def test_quotas_that_cannot_be_met_are_answered_with_near_ones(cast: Cast, draw: Draw) -> None:
    scene.with_list(draw, cast.actor(cast.claire))
    scene.prepared(scene.sifted(draw), {"sexe": {"F": [1, 1], "H": [1, 1]}})
    assert draw.record is None
    assert "sexe" in draw.trouble


def test_a_changed_rule_forgets_what_was_computed(cast: Cast) -> None:
    draw = scene.ready(cast, a_body(cast))
    lot_acts.set_rules(draw, household="", quotas={})
    draw.refresh_from_db()
    assert (draw.record, draw.list_digest, draw.salt) == (None, "", "")
    with pytest.raises(Refused, match="chances"):
        lot_acts.seal_draw(draw, actor=cast.actor(cast.claire))


def test_nobody_is_drawn_from_lists_that_were_not_sifted_since(cast: Cast, draw: Draw) -> None:
    scene.with_list(draw, cast.actor(cast.claire))
    assert "Triez" in scene.prepared(draw).trouble
    assert scene.prepared(scene.sifted(draw)).record is not None
    given = {"title": draw.title, "college": draw.college, "destroy_on": draw.destroy_on}
    lot_acts.change_draw(draw, seats=4, reserve=8, youngest=40, inside=True, **given)
    assert "Triez" in scene.prepared(draw).trouble
    assert lot_lists.counts_of(scene.sifted(draw)) == {"": 16, "too_young": 8}
    assert scene.prepared(draw).record is not None


def test_a_list_that_is_taken_back_leaves_nothing_on_the_others(cast: Cast, draw: Draw) -> None:
    actor = cast.actor(cast.claire)
    first = scene.with_list(draw, actor, b"Nom;Adresse;QPV;Sexe\nEssai;1 rue A;QN05921M;F")
    other = f"Nom;Adresse;Portable\nEssai;1 rue A;{scene.PHONE}000001".encode()
    second = scene.with_list(draw, actor, other, holder="Escaut Habitat")
    scene.sifted(draw)
    assert scene.PHONE in str(first.rows.get().values)
    lot_lists.drop_list(second, actor=actor)
    assert scene.PHONE not in str(first.rows.get().values)


def test_no_quota_names_people_or_homes(cast: Cast, draw: Draw) -> None:
    scene.with_list(draw, cast.actor(cast.claire))
    scene.sifted(draw)
    for column in ("nom", "foyer", "naissance"):
        with pytest.raises(Refused, match="pas de quota"):
            lot_acts.set_rules(draw, household="", quotas={column: {f"{scene.MARK} A": [1, 1]}})


def test_a_computation_that_is_asked_no_more_writes_nothing(cast: Cast, draw: Draw) -> None:
    scene.with_list(draw, cast.actor(cast.claire))
    scene.sifted(draw)
    asked = lot_acts.ask(draw)
    lot_acts.set_rules(draw, household="", quotas={})
    assert not lot_acts.prepare_now(draw, asked)
    draw.refresh_from_db()
    assert draw.record is None


# --- Sealing and the seed --------------------------------------------------------------------


def test_sealing_asks_for_a_seed_to_come_and_nobody_undecided(cast: Cast, draw: Draw) -> None:
    actor = cast.actor(cast.claire)
    scene.with_list(draw, actor)
    scene.prepared(scene.sifted(draw))
    with pytest.raises(Refused, match="graine"):
        lot_acts.seal_draw(draw, actor=actor)
    lot_acts.set_parties(draw, [("A", "a" * 64), ("B", "b" * 64)], actor=actor)
    ListedPerson.objects.filter(line=2).update(left_out="address")
    with pytest.raises(Refused, match="Décidez"):
        lot_acts.seal_draw(draw, actor=actor)


def test_rules_are_not_published_with_a_list_that_nobody_read(cast: Cast, draw: Draw) -> None:
    actor = cast.actor(cast.claire)
    scene.with_list(draw, actor)
    sheet = read_upload(scene.upload(scene.csv_of()))
    given = {"origin": "volontaires", "holder": "Autre", "basis": scene.BASIS}
    lot_lists.take_list(draw, sheet, actor=actor, **given)
    scene.prepared(scene.sifted(draw))
    lot_acts.set_parties(draw, [("A", "a" * 64), ("B", "b" * 64)], actor=actor)
    with pytest.raises(Refused, match="Confirmez"):
        lot_acts.seal_draw(draw, actor=actor)


def test_a_seed_is_known_before_the_lists_go(cast: Cast) -> None:
    draw, actor = scene.ready(cast, a_body(cast)), cast.actor(cast.claire)
    assert draw.destroy_on is not None
    lot_acts.await_number(draw, label="Loto", on=draw.destroy_on)
    with pytest.raises(Refused, match="avant que ce résultat"):
        lot_acts.seal_draw(draw, actor=actor)


def test_what_lists_say_of_who_is_left_out_goes_at_the_sealing(cast: Cast, draw: Draw) -> None:
    actor = cast.actor(cast.claire)
    scene.with_list(draw, actor)
    scene.with_list(draw, actor, scene.csv_of(0, 3), holder="Escaut Habitat")
    scene.prepared(scene.sifted(draw))
    lot_acts.set_parties(draw, [("A", "a" * 64), ("B", "b" * 64)], actor=actor)
    sealed = lot_acts.seal_draw(draw, actor=actor)
    assert sealed.left_out == {"duplicate": 3}
    assert (
        list(ListedPerson.objects.exclude(left_out="").values_list("values", flat=True)) == [{}] * 3
    )
    with pytest.raises(Refused, match="ne se fait plus"):
        lot_acts.set_rules(sealed, household="", quotas={})


def test_parties_commit_each_to_a_value_of_their_own(cast: Cast, draw: Draw) -> None:
    actor = cast.actor(cast.claire)
    for pairs in (
        [("A", "a" * 64)],
        [("A", "a" * 64), ("A", "b" * 64)],
        [("A", "a" * 64), ("B", "a" * 64)],
        [("A", "a" * 64), ("B", "xyz")],
    ):
        with pytest.raises(Refused):
            lot_acts.set_parties(draw, pairs, actor=actor)
    assert not SeedParty.objects.exists()


def test_a_value_is_told_after_the_sealing_and_checked(cast: Cast) -> None:
    body, actor = a_body(cast), cast.actor(cast.claire)
    draw = scene.ready(cast, body)
    party = draw.parties.order_by("position")[0]
    with pytest.raises(Refused, match="ne se fait plus"):
        lot_acts.reveal(party, scene.VALUES[party.name], actor=actor)
    lot_acts.seal_draw(draw, actor=actor)
    with pytest.raises(Refused, match="n’est pas celle"):
        lot_acts.reveal(party, "une toute autre valeur que dite", actor=actor)
    with pytest.raises(Refused, match="Il manque"):
        lot_acts.draw_now(draw, actor=actor)
    lot_acts.reveal(party, f"  {scene.VALUES[party.name]} ", actor=actor)
    party.refresh_from_db()
    assert party.value == scene.VALUES[party.name]


def test_the_seed_is_the_one_that_the_page_of_the_algorithm_tells() -> None:
    page = (Path(__file__).parents[2] / "docs" / "draw.md").read_text(encoding="utf-8")
    values = list(scene.VALUES.values())
    digest = "e605a1f24ebbbdbcb34d160a58c45dddd21e21afa44437e2b6baa9853fb659d8"
    for told in (*values, *map(commitment_of, values), seed_of(digest, values)):
        assert told in page


def test_a_party_that_keeps_its_value_is_replaced_before_everybody(cast: Cast) -> None:
    draw, actor = scene.sealed(cast, a_body(cast)), cast.actor(cast.claire)
    first = draw.parties.order_by("position")[0]
    lot_acts.reveal(first, scene.VALUES[first.name], actor=actor)
    with pytest.raises(Refused, match="nouveau"):
        lot_acts.set_parties(draw, [(first.name, first.commitment), ("B", "b" * 64)], actor=actor)
    with pytest.raises(Refused, match="cette partie reste"):
        lot_acts.set_parties(draw, [("A", "a" * 64), ("B", "b" * 64)], actor=actor)
    lot_acts.set_parties(draw, [(first.name, "a" * 64), ("B", "b" * 64)], actor=actor)
    assert draw.parties.filter(dropped_at=None).count() == 2
    assert draw.parties.filter(dropped_at__isnull=False, value=scene.VALUES[first.name]).exists()
    assert Event.objects.get(code="recommitted").public


def test_a_public_number_is_refused_before_its_day(cast: Cast) -> None:
    draw, actor = scene.ready(cast, a_body(cast)), cast.actor(cast.claire)
    with pytest.raises(Refused, match="après aujourd’hui"):
        lot_acts.await_number(draw, label="Loto", on=timezone.localdate())
    lot_acts.await_number(draw, label="Loto", on=timezone.localdate() + timedelta(days=1))
    sealed = lot_acts.seal_draw(draw, actor=actor)
    told: dict[str, Any] = {"told": "4  8 15", "source": "Journal officiel", "actor": actor}
    with pytest.raises(Refused, match="attendez"):
        lot_acts.tell_number(sealed, **told)
    later = timezone.now() + timedelta(days=1)
    lot_acts.tell_number(sealed, **told, now=later)
    done = lot_acts.draw_now(sealed, actor=actor, now=later)
    assert done.seed == seed_of(done.record["preparation_digest"], ["4 8 15"])


def test_the_record_of_the_room_passes_the_command(cast: Cast, tmp_path: Path) -> None:
    draw = scene.drawn(cast, a_body(cast))
    file = tmp_path / "tirage.json"
    file.write_bytes(canonical(draw.record))
    call_command("verify_draw", str(file), published=draw.record["preparation_digest"])
    assert draw.state == DrawState.DRAWN
    panel = draw.drawn.filter(reserve=False).order_by("seat")
    assert list(panel.values_list("line", flat=True)) == draw.record["draw"]["panel"]
    kept = ListedPerson.objects.filter(line__in=draw.record["draw"]["panel"])
    assert sorted(sex_of(row.values["sex"]) for row in kept) == ["F", "F", "H", "H"]


def test_a_list_touched_after_the_sealing_is_not_drawn_from(cast: Cast) -> None:
    draw, actor = scene.sealed(cast, a_body(cast)), cast.actor(cast.claire)
    for party in draw.parties.all():
        lot_acts.reveal(party, scene.VALUES[party.name], actor=actor)
    row = ListedPerson.objects.get(line=2)
    row.values["last_name"] = "Autre"
    row.save()
    with pytest.raises(Refused, match="n’est plus celle"):
        lot_acts.draw_now(draw, actor=actor)


def test_rules_published_read_the_same_from_the_database(cast: Cast) -> None:
    draw = scene.sealed(cast, a_body(cast))
    draw.refresh_from_db()
    assert json.loads(canonical(draw.record)) == draw.record
    assert lot_acts.record_of(draw).preparation.list_digest == draw.list_digest
