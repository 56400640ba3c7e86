"""Where a point is, from memory: edges, dates, versions, and the command that says it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.db import transaction

from parvis.places import atlas_version
from parvis.places import locate as locating
from parvis.places.locate import TOLERANCE_M, locate
from parvis.places.models import AtlasVersion, Quartier
from tests.places.conftest import commune, quartier, square

pytestmark = pytest.mark.django_db
Run = Callable[..., str]
METRE_NORTH = 1 / 111_195  # degrees of latitude


def codes(found: locating.Found) -> list[str]:
    return [ref.code for ref in found.quartiers]


def test_a_point_in_the_middle_is_certain() -> None:
    anzin = commune("59014", "Anzin", square(3.4, 50.2, 0.2), epci_siren="245901160")
    verrerie = quartier("QN05920M", "Verrerie", square(3.5, 50.3), anzin)
    found = locate(50.305, 3.505)
    assert found.commune == locating.CommuneRef(anzin.pk, "59014", "Anzin", "245901160", False)
    assert found.quartiers == (
        locating.QuartierRef(verrerie.pk, "QN05920M", "Verrerie", "qpv", False, True),
    )
    assert not found.to_confirm


@pytest.mark.parametrize(
    ("metres", "listed", "to_confirm", "inside"),
    [
        (-TOLERANCE_M - 1, True, False, True),
        (-TOLERANCE_M + 1, True, True, True),
        (TOLERANCE_M - 1, True, True, False),
        (TOLERANCE_M + 1, False, False, False),
    ],
)
def test_near_an_edge_a_quartier_is_listed_to_be_confirmed(
    metres: int, listed: bool, to_confirm: bool, inside: bool
) -> None:
    quartier("QN05920M", "Verrerie", square(3.5, 50.3))
    found = locate(50.31 + metres * METRE_NORTH, 3.505)
    assert bool(found.quartiers) is listed
    assert found.to_confirm is to_confirm
    if found.quartiers:
        assert found.quartiers[0].to_confirm is to_confirm
        assert found.quartiers[0].inside is inside


def test_the_tolerance_is_in_metres_east_as_it_is_north() -> None:
    quartier("QN05920M", "Verrerie", square(3.5, 50.3))
    metre_east = METRE_NORTH / 0.6388  # cosine of the latitude
    assert locate(50.305, 3.51 + 14 * metre_east).to_confirm
    assert not locate(50.305, 3.51 + 16 * metre_east).quartiers


def test_the_edge_of_a_hole_counts_as_an_edge() -> None:
    ring = square(3.5, 50.3)["coordinates"][0]
    hole = square(3.504, 50.304, 0.002)["coordinates"][0]
    quartier("QN05920M", "Verrerie", {"type": "Polygon", "coordinates": [ring, hole]})
    assert not locate(50.305, 3.505).quartiers
    assert locate(50.304 - 10 * METRE_NORTH, 3.505).to_confirm


def test_a_quartier_over_two_communes_of_two_epci_is_found_on_each_side() -> None:
    anzin = commune("59014", "Anzin", square(3.49, 50.3, 0.01), epci_siren="245901160")
    raismes = commune("59491", "Raismes", square(3.50, 50.3, 0.01), epci_siren="200042190")
    quartier("QN05920M", "Verrerie", square(3.495, 50.3, 0.01), anzin, raismes)
    west, east = locate(50.305, 3.4965), locate(50.305, 3.5035)
    assert west.commune is not None
    assert east.commune is not None
    assert (west.commune.epci_siren, east.commune.epci_siren) == ("245901160", "200042190")
    assert codes(west) == codes(east) == ["QN05920M"]


def test_on_the_line_between_two_communes_one_is_named_and_to_be_confirmed() -> None:
    commune("59014", "Anzin", square(3.49, 50.3, 0.01))
    commune("59491", "Raismes", square(3.50, 50.3, 0.01))
    found = locate(50.305, 3.50)
    assert found.commune is not None
    assert found.commune.code == "59014"
    assert found.to_confirm


def test_an_official_outline_wins_over_a_schematic_one() -> None:
    commune("59014", "Anzin", square(3.5, 50.3), schematic=True)
    commune("59491", "Raismes", square(3.5, 50.3, 0.02))
    found = locate(50.305, 3.505)
    assert found.commune is not None
    assert found.commune.code == "59491"
    assert found.commune.to_confirm


def test_several_quartiers_hold_one_point_the_certain_ones_first() -> None:
    quartier("A", "Site", square(3.4, 50.2, 0.3), kind=Quartier.Kind.NPNRU)
    quartier("QN05920M", "Verrerie", square(3.5, 50.3))
    found = locate(50.31 - 5 * METRE_NORTH, 3.505)
    assert [(ref.code, ref.to_confirm) for ref in found.quartiers] == [
        ("A", False),
        ("QN05920M", True),
    ]


def test_without_outlines_of_communes_a_quartier_of_a_single_one_names_it() -> None:
    anzin = commune("59014", "Anzin")
    quartier("QN05924M", "Centre", square(3.5, 50.3), anzin)
    quartier("QN05925M", "Rives", square(3.6, 50.3), anzin, commune("59491", "Raismes"))
    found = locate(50.305, 3.505).commune
    assert found is not None
    assert found.code == "59014"
    assert locate(50.305, 3.605).commune is None


def test_quartiers_answer_only_for_the_days_they_are_in_force() -> None:
    old = {"valid_from": date(2015, 1, 1), "valid_until": date(2023, 12, 31)}
    quartier("QP059001", "Ancien", square(3.5, 50.3), **old)
    quartier("QN05920M", "Nouveau", square(3.5, 50.3), valid_from=date(2024, 1, 1))
    assert codes(locate(50.305, 3.505, date(2014, 12, 31))) == []
    assert codes(locate(50.305, 3.505, date(2023, 12, 31))) == ["QP059001"]
    assert codes(locate(50.305, 3.505, date(2024, 1, 1))) == ["QN05920M"]
    assert codes(locate(50.305, 3.505)) == ["QN05920M"]


def test_a_point_out_of_everything_or_off_the_globe_is_nowhere() -> None:
    commune("59014", "Anzin", square(3.5, 50.3))
    nowhere = locating.Found(None, (), False)
    assert locate(48.0, 2.0) == nowhere
    assert locate(500.0, 2.0) == nowhere
    assert locate(float("nan"), 2.0) == nowhere


def test_an_outline_wider_than_the_grid_is_found_too() -> None:
    commune("97302", "Vaste", square(-54, 3, 2.0))
    found = locate(4.0, -53.0).commune
    assert found is not None
    assert found.code == "97302"


def test_an_answer_makes_no_query(django_assert_num_queries: Any) -> None:
    quartier("QN05920M", "Verrerie", square(3.5, 50.3), commune("59014", "Anzin"))
    with django_assert_num_queries(4):  # version, communes, links, quartiers
        locate(50.305, 3.505)
    with django_assert_num_queries(0):
        for step in range(200):
            locate(50.3 + step / 10_000, 3.505)


def test_the_version_is_looked_at_every_ten_seconds_in_one_query(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    quartier("QN05920M", "Verrerie", square(3.5, 50.3))
    now = 1_000.0
    monkeypatch.setattr(locating.time, "monotonic", lambda: now)
    locate(50.305, 3.505)
    now += 9.9
    with django_assert_num_queries(0):
        locate(50.305, 3.505)
    now += 0.2
    with django_assert_num_queries(1):
        locate(50.305, 3.505)
        locate(50.305, 3.505)


def test_an_import_by_another_process_is_seen_ten_seconds_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1_000.0
    monkeypatch.setattr(locating.time, "monotonic", lambda: now)
    assert not locate(50.305, 3.505).quartiers
    # Another process: rows and number change, nothing is told here.
    quartier("QN05920M", "Verrerie", square(3.5, 50.3))
    AtlasVersion.objects.create(pk=1, number=1)
    now += 5
    assert not locate(50.305, 3.505).quartiers
    now += 6
    assert codes(locate(50.305, 3.505)) == ["QN05920M"]


def test_a_change_made_here_is_seen_at_once() -> None:
    assert not locate(50.305, 3.505).quartiers
    quartier("QN05920M", "Verrerie", square(3.5, 50.3))
    locating.bump()
    assert codes(locate(50.305, 3.505)) == ["QN05920M"]


def test_a_change_undone_with_its_transaction_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1_000.0
    monkeypatch.setattr(locating.time, "monotonic", lambda: now)
    with transaction.atomic():
        quartier("QN05920M", "Verrerie", square(3.5, 50.3))
        locating.bump()
        assert codes(locate(50.305, 3.505)) == ["QN05920M"]
        transaction.set_rollback(True)
    now += 11
    assert not locate(50.305, 3.505).quartiers


def test_each_bump_raises_the_number_by_one() -> None:
    seen = []
    for _ in range(3):
        locating.bump()
        seen.append(atlas_version.current())
    assert seen == [1, 2, 3]


def test_many_threads_get_the_same_answers() -> None:
    for number in range(40):
        quartier(f"L{number:02}", f"L{number:02}", square(3 + number / 100, 50.3, 0.009))
    atlas = locating.atlas()
    wrong: list[object] = []

    def ask() -> None:
        for step in range(400):
            number = step % 40
            found = atlas.find(3.0045 + number / 100, 50.3045, date(2026, 1, 1))
            if codes(found) != [f"L{number:02}"]:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_while_one_thread_loads_the_others_answer_with_what_they_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quartier("QN05920M", "Verrerie", square(3.5, 50.3))
    before = locating.atlas()
    locating.look_again()
    with locating._kept.lock:  # held by the thread that loads
        assert locating.atlas() is before


def test_a_number_used_twice_after_an_undone_change_hides_nothing() -> None:
    with transaction.atomic():
        locating.bump()
        assert not locate(50.305, 3.505).quartiers
        transaction.set_rollback(True)
    quartier("QN05920M", "Verrerie", square(3.5, 50.3))
    locating.bump()
    assert atlas_version.current() == 1
    assert codes(locate(50.305, 3.505)) == ["QN05920M"]


def test_a_database_that_fails_is_asked_again_at_the_next_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1_000.0
    monkeypatch.setattr(locating.time, "monotonic", lambda: now)
    assert not locate(50.305, 3.505).quartiers
    quartier("QN05920M", "Verrerie", square(3.5, 50.3))
    AtlasVersion.objects.create(pk=1, number=1)
    now += 11

    def fails() -> int:
        raise OSError("database is away")

    with monkeypatch.context() as patch:
        patch.setattr(atlas_version, "current", fails)
        with pytest.raises(OSError, match="away"):
            locate(50.305, 3.505)
    assert codes(locate(50.305, 3.505)) == ["QN05920M"]


# --- The command -----------------------------------------------------------------------------


@pytest.fixture
def anzin() -> None:
    place = commune("59014", "Anzin", square(3.4, 50.2, 0.2))
    quartier("QN05920M", "Verrerie", square(3.5, 50.3), place, valid_from=date(2024, 1, 1))


@pytest.mark.usefixtures("anzin")
def test_the_command_prints_the_commune_then_quartiers_with_their_codes(parvis: Run) -> None:
    assert parvis("locate", "50.305", "3.505") == "59014 Anzin\nQN05920M Verrerie\n"


@pytest.mark.usefixtures("anzin")
def test_the_command_says_what_is_to_be_confirmed_and_the_tolerance(parvis: Run) -> None:
    said = parvis("locate", "50,30001", "3,505").splitlines()
    assert said[:2] == ["59014 Anzin", "QN05920M Verrerie (à confirmer)"]
    assert "moins de 15 m" in said[2]


@pytest.mark.usefixtures("anzin")
def test_the_command_answers_for_another_day(parvis: Run) -> None:
    said = parvis("locate", "50.305", "3.505", "--on", "2023-12-31")
    assert said == "59014 Anzin\nAucun quartier à ce point.\n"


@pytest.mark.usefixtures("anzin")
def test_the_command_guesses_that_latitude_and_longitude_were_swapped(parvis: Run) -> None:
    assert "inversé" in parvis("locate", "3.505", "50.305")


@pytest.mark.usefixtures("anzin")
def test_the_command_says_that_a_point_is_nowhere(parvis: Run) -> None:
    said = parvis("locate", "48.0", "-2.0")
    assert said == "Ce point n’est dans aucune commune ni aucun quartier connus.\n"


def test_the_command_says_that_no_outline_is_loaded(parvis: Run) -> None:
    assert "parvis import_communes" in parvis("locate", "50.305", "3.505")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nord", "3.5"), "n’est pas un nombre"),
        (("50.3", "350"), "n’est pas une coordonnée"),
        (("nan", "3.5"), "n’est pas une coordonnée"),
        (("123.4", "3.5"), "de -90 à 90"),
        (("50.3", "3.5", "--on", "hier"), "n’est pas une date"),
        (("50.3",), "LON"),
    ],
)
def test_the_command_refuses_what_is_no_point(
    parvis: Run, words: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        parvis("locate", *words)
