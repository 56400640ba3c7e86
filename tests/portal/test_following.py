"""From « À ma porte »: what may be followed there, and one way in a browser from door to mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from parvis.notices import subscribing
from parvis.notices.models import Subscriber, Subscription
from parvis.notices.outbox import send_due
from parvis.notices.subscribing import Topic
from parvis.places.models import Entrance
from parvis.portal.following import wider
from parvis.reports import acts
from parvis.reports.followers import every_report
from tests.cast import IN_ANZIN_OUTSIDE_RIVES, Cast
from tests.reports.scene import filed, in_hall, make_public, only_part


@pytest.fixture
def town(cast: Cast, settings: Any, tmp_path: Path) -> Cast:
    """The cast with the categories of reports."""
    from parvis.reports.lists import load

    settings.MEDIA_ROOT = tmp_path / "media"
    load()
    return cast


def offered(client: Client, **place: Any) -> list[Topic]:
    boxes = client.get("/a-ma-porte/", place).context["choices"].boxes
    return [topic for one in boxes if (topic := subscribing.offered(one.signed)) is not None]


def at_entrance(cast: Cast) -> dict[str, Any]:
    return {"residence": cast.tilleuls.pk, "spot": f"entrance:{cast.entrance.pk}"}


@pytest.mark.django_db
def test_an_entrance_is_followed_with_what_it_stands_in(cast: Cast, client: Client) -> None:
    here, residence, quartier = offered(client, **at_entrance(cast))
    rives, tilleuls = f"quartier:{cast.rives.pk}", f"residence:{cast.tilleuls.pk}"
    assert here.key == f"entrance:{cast.entrance.pk}"
    assert {f"building:{cast.entrance.building_id}", tilleuls, rives} < set(here.hears)
    assert every_report(rives) not in here.hears
    assert (residence.key, residence.hears) == (tilleuls, (every_report(tilleuls),))
    assert (quartier.key, quartier.hears) == (rives, (every_report(rives),))


@pytest.mark.django_db
def test_a_residence_shows_its_entrances_and_an_entrance_none(cast: Cast, client: Client) -> None:
    Entrance.objects.create(building=cast.entrance.building, name="Entrée 5")
    page = client.get("/a-ma-porte/", {"residence": cast.tilleuls.pk})
    assert [name for _, name in page.context["entrances"]] == [
        "Bâtiment A, Entrée 3",
        "Bâtiment A, Entrée 5",
    ]
    query = page.context["entrances"][0][0]
    here = client.get(f"/a-ma-porte/?{query}")
    assert here.context["door"].topic == f"entrance:{cast.entrance.pk}"
    assert here.context["entrances"] == []


@pytest.mark.django_db
def test_outside_every_quartier_there_is_the_address_alone(cast: Cast, client: Client) -> None:
    north, east = IN_ANZIN_OUTSIDE_RIVES
    page = client.get("/a-ma-porte/", {"latitude": north, "longitude": east})
    choices = page.context["choices"]
    assert len(choices.boxes) == 1
    assert choices.themes == []


@pytest.mark.django_db
def test_themes_are_those_of_the_quartier(cast: Cast, client: Client) -> None:
    page = client.get("/a-ma-porte/", {"quartier": cast.rives.pk})
    topics = [subscribing.offered(signed) for signed, _ in page.context["choices"].themes]
    assert len(topics) > 10
    assert all(one and one.key.endswith(f":{cast.rives.pk}") for one in topics)


@pytest.mark.django_db
def test_what_is_wider_than_an_entrance_is_proposed(cast: Cast) -> None:
    heard = {f"entrance:{cast.entrance.pk}", f"residence:{cast.tilleuls.pk}", "quartier:x"}
    heard.add(f"quartier:{cast.rives.pk}")
    assert [one.key for one in wider(heard)] == [
        f"residence:{cast.tilleuls.pk}",
        f"quartier:{cast.rives.pk}",
    ]


def leave() -> None:
    send_due(timezone.now() + timedelta(minutes=3))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_the_door_to_the_mail_and_out_again(
    live: Any, phone: Page, axe: Callable[[Any], None], town: Cast
) -> None:
    phone.goto(f"{live}/a-ma-porte/?residence={town.tilleuls.pk}")
    phone.get_by_text("Choisir votre entrée").click()
    phone.get_by_role("link", name="Bâtiment A, Entrée 3").click()
    axe(phone)
    phone.get_by_label("Votre adresse électronique").fill("lea@exemple.test")
    phone.get_by_label("À chaque nouvelle").check()
    phone.get_by_role("button", name="Me prévenir").click()
    expect(phone.get_by_role("main")).to_contain_text("Ouvrez le lien")
    leave()
    asked = mail.outbox.pop()
    link = re.search(rf"{live}/abonnements/\S+", str(asked.body))
    assert link is not None
    phone.goto(link.group())
    axe(phone)
    phone.get_by_role("button", name="Oui, me prévenir").click()
    expect(phone.get_by_role("main")).to_contain_text("vous suivez")
    axe(phone)
    # Filed, and read: then only does the mail leave.
    report = filed(in_hall(town), "parties_communes").report
    leave()
    assert mail.outbox == []
    claire = town.actor(town.claire)
    nothing: dict[str, Any] = {"shown_photos": set(), "shown_messages": set()}
    acts.review(report, actor=claire, public=True, text_shown=False, **nothing)
    leave()
    (news,) = mail.outbox
    assert news.subject.startswith("Nouveau signalement")
    assert f"/signalements/{report.reference}/" in news.body
    phone.goto(link.group())
    phone.get_by_role("button", name="Ne plus suivre").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("vous ne recevrez plus rien")
    assert not Subscriber.objects.exists()
    acts.advance_part(only_part(report), "take", actor=town.actor(town.luc))
    leave()
    assert [one for one in mail.outbox if one.to == ["lea@exemple.test"]] == [news]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_following_a_report_and_the_page_of_subscriptions_look_well(
    live: Any, phone: Page, desk: Page, axe: Callable[[Any], None], town: Cast
) -> None:
    report = make_public(filed().report)
    phone.goto(f"{live}/signalements/{report.reference}/")
    phone.get_by_role("link", name="Suivre", exact=True).last.click()
    phone.get_by_label("Votre adresse électronique").fill("lea@exemple.test")
    phone.get_by_role("button", name="Me prévenir").click()
    for topic in (
        Topic(f"quartier:{town.rives.pk}", "Tout le quartier : Rives de l’Escaut"),
        Topic(
            f"entrance:{town.entrance.pk}",
            "Les Tilleuls, Bâtiment A, Entrée 3",
            (f"residence:{town.tilleuls.pk}", f"quartier:{town.rives.pk}"),
        ),
    ):
        subscribing.subscribe("lea@exemple.test", topic, pace="daily")
    mine = list(Subscription.objects.order_by("pk"))
    link = subscribing.link_of(Subscriber.objects.get())
    for page in (phone, desk):
        page.goto(link)
        expect(page.get_by_role("button", name="Oui, me prévenir de tout")).to_be_visible()
        axe(page)
    subscribing.confirm(*mine)
    for page in (phone, desk):
        page.goto(link)
        axe(page)
        inside = "() => document.documentElement.scrollWidth <= window.innerWidth"
        assert page.evaluate(inside)
    phone.get_by_role("button", name="Suivre Toute la résidence").click()
    expect(phone.get_by_role("main")).to_contain_text("C’est noté")
