"""Residents choose their language; it is kept, and what is written to them follows it."""

from __future__ import annotations

import json
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from parvis.gatherings.models import RegistrationContact
from parvis.notices import digests, publishing, subscribing
from parvis.notices.digests import Line
from parvis.notices.models import Envelope, Subscriber, Subscription
from parvis.notices.subscribing import Topic
from parvis.reports.followup import greet_voices
from parvis.reports.lists import load
from parvis.reports.models import Contact, Report
from parvis.ui import words
from parvis.ui.languages import COOKIE
from tests.cast import IN_ANZIN, Cast
from tests.gatherings.scene import in_days, workshop
from tests.reports.pages import HERE, send

pytestmark = pytest.mark.django_db


def reader(language: str, **given: Any) -> Client:
    """A browser whose reader chose that language."""
    client = Client(**given)
    client.cookies[COOKIE] = language
    return client


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_choice_is_kept_for_a_year_and_leads_back(client: Client) -> None:
    answer = client.get("/langue/ar/", {"vers": "/signaler/?q=lilas"})
    assert (answer.status_code, answer["Location"]) == (302, "/signaler/?q=lilas")
    kept = answer.cookies[COOKIE]
    assert kept.value == "ar"
    assert (kept["max-age"], kept["samesite"], kept["httponly"]) == (365 * 86400, "Lax", True)
    assert '<html lang="ar" dir="rtl">' in said(client.get("/"))
    client.get("/langue/fr/")
    assert '<html lang="fr">' in said(client.get("/"))


@pytest.mark.parametrize(
    "back", ["https://ailleurs.example/", "//ailleurs.example/", "\\\\ailleurs", ""]
)
def test_a_choice_never_leads_to_another_site(client: Client, back: str) -> None:
    assert client.get("/langue/en/", {"vers": back})["Location"] == "/"


def test_a_language_without_pages_is_not_there(client: Client) -> None:
    assert client.get("/langue/de/").status_code == 404
    assert '<html lang="fr">' in said(reader("de").get("/"))


def test_what_a_browser_prefers_is_proposed_and_no_more() -> None:
    page = said(Client(headers={"accept-language": "ar-DZ,ar;q=0.9,fr;q=0.5"}).get("/"))
    assert '<html lang="fr">' in page
    assert "اقرأ هذا الموقع بالعربية" in page
    settled = reader("fr", headers={"accept-language": "ar"})
    assert "اقرأ هذا الموقع بالعربية" not in said(settled.get("/"))
    french = Client(headers={"accept-language": "fr-FR,en;q=0.5"})
    assert "Read this site" not in said(french.get("/"))


def test_pages_that_depend_on_the_reader_say_so_to_caches(client: Client) -> None:
    assert {"Cookie", "Accept-Language"} <= set(client.get("/")["Vary"].split(", "))


def test_a_page_in_french_only_says_so_in_the_language_of_the_reader(cast: Cast) -> None:
    page = said(reader("ar").get("/projets/"))
    assert '<html lang="fr">' in page
    assert "هذه الصفحة متاحة بالفرنسية فقط." in page


def test_partners_read_french(cast: Cast) -> None:
    partner = reader("ar")
    partner.force_login(cast.karim)
    page = said(partner.get("/signalements/"))
    assert '<html lang="fr">' in page
    assert "/langue/" not in page


def test_a_page_that_does_not_exist_says_so_in_the_language_of_the_reader() -> None:
    answer = reader("en").get("/nulle-part/")
    assert answer.status_code == 404
    assert "This page does not exist" in said(answer)


def test_the_language_of_one_reader_never_reaches_the_next(cast: Cast) -> None:
    reader("ar").get("/")
    assert translation.get_language() == "fr"
    assert '<html lang="fr">' in said(Client().get("/"))


def test_a_refused_form_speaks_the_language_of_the_reader(cast: Cast) -> None:
    page = said(reader("en").post("/suivre/", {"reference": "", "code": ""}))
    assert "Write the reference of the report." in page
    assert "2 points remain to be corrected." in page
    assert "/langue/" not in page  # what was typed would be lost


@pytest.fixture
def town(cast: Cast, settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    load()
    return cast


def letter() -> Envelope:
    return Envelope.objects.order_by("pk").latest("pk")


def test_a_receipt_follows_the_language_of_the_report(town: Cast) -> None:
    url = f"/signaler/dire/?{HERE}&category=trou_chaussee"
    assert send(reader("ar"), url, text="حفرة", email="lea@exemple.test").status_code == 302
    assert Contact.objects.get().language == "ar"
    greet_voices()
    assert "بلاغ" in letter().subject
    assert "حفرة في الطريق أو الرصيف" in letter().text
    assert '<html lang="ar" dir="rtl">' in letter().html


def test_what_is_kept_for_partners_stays_french(town: Cast) -> None:
    place = f"residence={town.tilleuls.pk}&inside=hall"
    send(reader("ar"), f"/signaler/dire/?{place}&category=hall_sale", text="متّسخ")
    report = Report.objects.get()
    assert "hall d’entrée" in report.place_label


def test_a_report_that_leaves_by_itself_brings_its_language(town: Cast) -> None:
    browser = Client(headers={"sec-fetch-site": "same-origin"})
    told = {
        "sent_as": str(uuid.uuid4()),
        "latitude": IN_ANZIN[0],
        "longitude": IN_ANZIN[1],
        "category": "trou_chaussee",
        "text": "A hole",
        "email": "lea@",
        "langue": "en",
    }
    refused = json.loads(browser.post("/signaler/envoi/", told).content)
    assert "This e-mail address is not complete" in refused["errors"]["email"][0]
    assert browser.post("/signaler/envoi/", told | {"email": "lea@exemple.test"}).status_code == 200
    assert Contact.objects.get().language == "en"


def test_who_follows_a_place_is_written_to_in_their_language(cast: Cast) -> None:
    topic = Topic("residence:5", "Les Tilleuls")
    form = {"sujet": subscribing.offer(topic), "email": "lea@exemple.test", "pace": "now"}
    reader("en").post("/abonnements/", form)
    assert Subscriber.objects.get().language == "en"
    assert letter().subject == "Please confirm: Les Tilleuls"
    subscribing.confirm(Subscription.objects.get())
    publishing.publish([topic.key], "news:1", Line("Eau coupée mardi"))
    assert "You receive this message because you follow" in letter().text


def test_a_digest_is_made_in_the_language_of_its_reader(cast: Cast) -> None:
    with translation.override("ar"):
        subscribing.subscribe("lea@exemple.test", Topic("quartier:1", "Rives"), pace="daily")
    subscribing.confirm(Subscription.objects.get())
    line = Line("Réunion publique")
    publishing.publish(["quartier:1"], "news:2", line, now=in_days(-2))
    digests.send_digests(timezone.now().replace(hour=12))
    assert "ملخّصك" in letter().subject
    assert "خبر واحد" in letter().subject


def test_who_registers_is_written_to_in_their_language(cast: Cast) -> None:
    gathering = workshop(cast)
    form = {"name": "Léa", "email": "lea@exemple.test", "website": ""}
    reader("en").post(f"/rendez-vous/{gathering.pk}/inscription/", form)
    assert RegistrationContact.objects.get().language == "en"
    assert letter().subject == "Your place is booked: Bien vivre avec sa ventilation"


def test_days_and_counts_are_said_as_each_language_does(cast: Cast) -> None:
    day = date(2020, 3, 3)
    with translation.override("en"):
        assert words.day_in_words(day) == "Tuesday 3\u00a0March\u00a02020"
        assert words.counted(1200, "signalement", "signalements") == "1,200 reports"
        assert words.euros_in_words(Decimal("-1234.5")) == "−€1,234.50"
    with translation.override("ar"):
        assert words.day_in_words(day) == "الثلاثاء 3\u00a0مارس\u00a02020"
        counts = [words.counted(n, "signalement", "signalements") for n in (1, 2, 3, 11, 100)]
        assert counts == ["بلاغ واحد", "بلاغان", "3 بلاغات", "11 بلاغًا", "100 بلاغ"]
    assert words.counted(2, "signalement", "signalements") == "2\u00a0signalements"
