"""Who comes into the editor's office, as what, and what stays shut."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.partners.models import Mandate, Organisation
from parvis.toolbox.models import Sheet
from parvis.toolbox.office import desk_of, library_of
from tests.cast import Cast
from tests.toolbox.scene import a_sheet, other_sheet

HOME = "/redaction/"


def inside(person: Any) -> Client:
    """A browser of somebody who opened the office."""
    client = Client()
    client.force_login(person)
    answer = client.post(reverse("toolbox:office"))
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == HOME
    return client


def test_who_did_not_open_the_office_is_led_to_its_door(cast: Cast, client: Client) -> None:
    client.force_login(cast.karim)
    assert client.get(HOME)["Location"] == reverse("toolbox:office")


@pytest.mark.parametrize("who", ["claire", "karim", "sofia", "luc", "ines", "yasmine"])
def test_who_writes_for_an_organisation_comes_in(cast: Cast, who: str) -> None:
    assert inside(getattr(cast, who)).get(HOME).status_code == 200


@pytest.mark.parametrize("who", ["rose", "hugo", "odile", "theo"])
def test_who_only_reads_or_acts_for_nobody_stays_outside(cast: Cast, who: str) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    assert client.post(reverse("toolbox:office")).status_code == 403
    assert client.get(HOME).status_code == 403


def test_the_office_asks_for_a_second_factor(cast: Cast, settings: Any, client: Client) -> None:
    client.force_login(cast.ines)
    client.post(reverse("toolbox:office"))
    settings.SECOND_FACTOR = True
    assert client.get(HOME)["Location"].startswith(reverse("mfa_index"))


def test_a_mandate_that_ends_closes_the_office_at_once(cast: Cast) -> None:
    client = inside(cast.sofia)
    Mandate.objects.filter(person=cast.sofia).delete()
    assert client.get(HOME).status_code == 403


def test_a_role_that_changes_closes_the_office_until_it_is_opened_again(cast: Cast) -> None:
    client = inside(cast.sofia)
    Mandate.objects.filter(person=cast.sofia).update(role="responsable")
    assert client.get(HOME)["Location"] == reverse("toolbox:office")


def test_an_organisation_that_no_agglomeration_covers_is_told_what_to_do(
    cast: Cast, client: Client
) -> None:
    Organisation.objects.filter(pk=cast.landlord.pk).update(commune=None)
    client.force_login(cast.luc)
    assert "commune de son siège" in client.post(reverse("toolbox:office")).content.decode()


@pytest.mark.parametrize(
    ("who", "code"), [("sofia", 302), ("karim", 200), ("claire", 200), ("nadia", 302), ("luc", 302)]
)
def test_a_draft_is_edited_by_its_organisation_and_its_coordination_alone(
    cast: Cast, who: str, code: int
) -> None:
    # sofia may only add: the draft is of nobody in particular, so not hers.
    sheet = a_sheet(cast, published=False)
    address = reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    assert inside(getattr(cast, who)).get(address).status_code == code


def test_another_desk_is_neither_listed_nor_opened(cast: Cast) -> None:
    sheet = other_sheet(cast, title="Un secret de Raismes", published=False)
    client = inside(cast.karim)
    for name, arguments in (
        ("wagtailadmin_explore_root", []),
        ("wagtailadmin_choose_page", []),
        ("wagtailadmin_pages:search", []),
        ("wagtailadmin_explore", [sheet.get_parent().pk]),
        ("wagtailadmin_choose_page_child", [sheet.get_parent().pk]),
        ("wagtailadmin_pages:view_draft", [sheet.pk]),
    ):
        answer = client.get(f"{reverse(name, args=arguments)}?q=secret", follow=True)
        assert "Un secret de Raismes" not in answer.content.decode(), name


def test_only_the_coordination_publishes(cast: Cast) -> None:
    sheet = a_sheet(cast, published=False)
    tester = sheet.permissions_for_user
    inside(cast.karim)
    inside(cast.claire)
    inside(cast.bruno)
    assert not tester(cast.karim).can_publish()
    assert tester(cast.claire).can_publish()
    assert not tester(cast.bruno).can_publish()


def test_a_draft_is_read_by_nobody_else(cast: Cast) -> None:
    sheet = a_sheet(cast, published=False)
    seen = {
        who
        for who, person in cast.people.items()
        if Sheet.objects.visible_to(cast.actor(person)).filter(pk=sheet.pk).exists()
    }
    assert seen == {"claire", "karim", "sofia"}


def test_a_desk_and_a_library_are_made_once(cast: Cast) -> None:
    assert desk_of(cast.town) == desk_of(cast.town)
    assert library_of(cast.agglomeration) == library_of(cast.agglomeration)
    assert desk_of(cast.town).get_parent().pk == library_of(cast.agglomeration).pk


def test_the_office_alone_runs_under_a_looser_policy(cast: Cast) -> None:
    client = inside(cast.karim)
    assert "unsafe-inline" in client.get(HOME)["Content-Security-Policy"]
    assert "unsafe-inline" not in client.get("/boite-a-outils/")["Content-Security-Policy"]
    assert "unsafe-inline" not in client.get(reverse("toolbox:office"))["Content-Security-Policy"]
