"""The list of themes: complete, versioned, loaded once."""

from __future__ import annotations

import pytest

from parvis.upkeep import lists, themes
from parvis.upkeep.models import Theme

REPORTED = {
    "proprete",
    "encombrants",
    "epaves",
    "eclairage",
    "espaces_verts",
    "aires_de_jeux",
    "voirie",
    "stationnement",
    "ascenseurs",
    "acces_immeuble",
    "parties_communes",
    "tags",
    "caves_garages",
    "logements_vacants",
    "chauffage_eau_ventilation",
    "nuisibles",
    "tranquillite",
    "accessibilite",
    "services_publics",
    "chantiers",
}


def test_every_theme_that_reports_need_is_listed() -> None:
    assert set(themes.themes()) >= REPORTED


def test_every_theme_lies_in_one_of_the_six_domains_and_each_domain_has_one() -> None:
    assert len(themes.domains()) == 6
    assert {theme.domain for theme in themes.themes().values()} == set(themes.domains())


def test_codes_stand_once() -> None:
    assert len(themes._read()["theme"]) == len(themes.themes())


def test_labels_come_in_the_order_of_the_list_and_old_codes_last() -> None:
    assert themes.labels(["voirie", "proprete", "disparu"]) == [
        "Propreté",
        "Voirie et trottoirs",
        "disparu",
    ]


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    lists.load()
    before = list(Theme.objects.order_by("pk").values())
    lists.load()
    assert list(Theme.objects.order_by("pk").values()) == before
    assert len(before) == len(themes.themes())


@pytest.mark.django_db
def test_a_new_version_leaves_the_earlier_one_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    lists.load()
    monkeypatch.setattr(themes, "version", lambda: 2)
    lists.load()
    assert Theme.objects.filter(version=1).count() == Theme.objects.filter(version=2).count()
