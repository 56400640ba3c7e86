"""A training of three dates, from its plan to what it left: karim plans and publishes it, three
caretakers and officers ask for its two seats, one gives hers back; then presences, certificates,
opinions, and whom each organisation has trained once somebody has left for another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from parvis.gatherings.models import Gathering
from parvis.notices.models import Message
from parvis.partners.models import Mandate
from parvis.toolbox.models import Certificate, Course, CourseEvaluation, Enrolment
from tests.cast import make_cast
from tests.journeys.test_word_back import sign_in

TITLE = "Parler d’un impayé sans blesser"


@pytest.fixture
def town(transactional_db: None, settings: Any) -> Any:
    """The cast, with the lists that an installation loads."""
    settings.SECOND_FACTOR = False
    call_command("load_lists", verbosity=0)
    return make_cast()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def plan(page: Page, site: str) -> Course:
    """Plan a training of three mornings with two seats, and publish it."""
    page.goto(f"{site}{reverse('toolbox:course_new')}")
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Durée en tout, en heures").fill("9")
    page.locator("[name=seats]").fill("2")
    with page.expect_navigation():
        page.locator("main form button.btn").first.click()
    course = Course.objects.get()
    for week in (1, 2, 3):
        day = timezone.localdate() + timedelta(weeks=week)
        page.goto(f"{site}{reverse('toolbox:course_date_new', args=[course.pk])}")
        for name, hour in (("starts_at", 9), ("ends_at", 12)):
            page.locator(f"[name={name}]").fill(f"{day:%Y-%m-%d}T{hour:02}:00")
        page.locator("[name=place_label]").fill("Maison du projet")
        with page.expect_navigation():
            page.locator("main form button.btn").first.click()
    press(page, "Publier")
    return course


def let_it_pass() -> None:
    """The three dates are over: the last one was yesterday."""
    back = timedelta(weeks=3, days=1)
    Gathering.objects.update(starts_at=F("starts_at") - back, ends_at=F("ends_at") - back)
    Course.objects.update(
        starts_at=F("starts_at") - back,
        ends_at=F("ends_at") - back,
        published_at=F("published_at") - back,
    )


@pytest.mark.browser
def test_a_course_from_its_plan_to_its_certificates(
    town: Any, live: Any, new_context: Callable[..., Any]
) -> None:
    karim, luc, ines, paul, claire = (new_context().new_page() for _ in range(5))
    for page, person in (
        (karim, town.karim),
        (luc, town.luc),
        (ines, town.ines),
        (paul, town.paul),
        (claire, town.claire),
    ):
        sign_in(page, live.url, person)
    course = plan(karim, live.url)
    public = f"{live.url}{reverse('toolbox:course', args=[course.pk])}"

    # Two seats, three people: the third waits, and gets the seat that is given back.
    for page in (luc, ines):
        page.goto(public)
        press(page, "Je m’inscris")
        expect(page.get_by_text("Votre place est retenue.").first).to_be_visible()
    paul.goto(public)
    press(paul, "Me mettre sur la liste d’attente")
    expect(paul.get_by_text("Vous êtes sur la liste d’attente.").first).to_be_visible()
    luc.goto(public)
    press(luc, "Je ne viendrai pas")
    paul.goto(public)
    expect(paul.get_by_text("Votre place est retenue.").first).to_be_visible()
    assert Message.objects.filter(event__contains=".seated:").exists()

    # The dates pass; ines came to all three, paul to the first alone.
    let_it_pass()
    for number in (1, 2, 3):
        karim.goto(f"{live.url}{reverse('toolbox:after_marks', args=[course.pk, number])}")
        if number == 1:
            press(karim, "Tout le monde est là")
        else:
            karim.get_by_label("Ines").check()
            press(karim, "Enregistrer")
    karim.goto(f"{live.url}{reverse('toolbox:after_certificates', args=[course.pk])}")
    press(karim, "Délivrer les attestations")
    assert Certificate.objects.get().enrolment.person_id == town.ines.pk

    # Ines fetches hers, says what she thought, and anybody who holds the paper may check it.
    ines.goto(f"{live.url}{reverse('toolbox:course_mine')}")
    ines.get_by_role("link", name="Ma présence, mon avis, mon attestation").click()
    paper = ines.request.get(
        live.url + str(ines.get_by_role("link", name="Télécharger (PDF)").get_attribute("href"))
    )
    assert paper.body().startswith(b"%PDF")
    ines.get_by_role("link", name="Donner mon avis").click()
    ines.locator("main textarea").first.fill("Les exercices à deux.")
    press(ines, "Envoyer ma réponse")
    expect(ines.get_by_role("heading", name="Merci pour votre réponse")).to_be_visible()
    assert CourseEvaluation.objects.count() == 1

    # Ines leaves for the other landlord: what hers has trained stays its own.
    yesterday = timezone.localdate() - timedelta(days=1)
    Mandate.objects.filter(person=town.ines).update(ends_on=yesterday)
    Mandate.objects.create(
        person=town.ines,
        organisation=town.other_landlord,
        role="contributeur",
        starts_on=timezone.localdate(),
    )
    assert Enrolment.objects.get(person=town.ines).organisation == town.landlord
    claire.goto(f"{live.url}{reverse('toolbox:after_trained')}")
    # By organisation: paul came once for Hainaut Logis, ines three times for Escaut Habitat.
    told = claire.get_by_role("row", name="Escaut Habitat").inner_text()
    assert "9 h" in told.replace("\u202f", " ").replace("\xa0", " ")
