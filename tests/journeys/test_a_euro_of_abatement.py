"""A euro of abatement, from what a resident saw to what everybody reads: a landlord, a town, the
State, the agglomération, and the resident who had reported it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from parvis.actions.acts import call_for, publish_action
from parvis.reports.links import token_of
from parvis.tfpb.models import Programme
from tests.actions.scene import fiche
from tests.cast import make_cast
from tests.journeys.test_word_back import sign_in
from tests.reports.scene import filed, make_public
from tests.tfpb.circuit_scene import a_decision
from tests.tfpb.scene import a_convention, a_line, a_programme, an_officer, this_year

SPENT = "11\N{NARROW NO-BREAK SPACE}500,00\N{NARROW NO-BREAK SPACE}€"


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Path) -> Any:
    """The cast, with the lists that an installation loads."""
    settings.MEDIA_ROOT = tmp_path
    call_command("load_lists", verbosity=0)
    return make_cast()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def keep(page: Page) -> None:
    """Press the one button of the form."""
    with page.expect_navigation():
        page.locator("main form.sheet button").first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def take_step(page: Page, name: str, **fields: str) -> None:
    """Follow a step of the circuit to its short page, fill it, and go."""
    follow(page, name)
    for field, value in fields.items():
        box = page.locator(f"main [name={field}]")
        if field == "decision":
            box.select_option(index=1)
        else:
            box.fill(value)
    press(page, name)


@pytest.mark.browser
def test_a_euro_goes_from_what_was_seen_to_what_everybody_reads(
    live: Any, town: Any, new_context: Any, axe: Any
) -> None:
    site, year = live.url, this_year()
    claire = town.actor(town.claire)
    officer = an_officer(town)
    convention = a_convention(town)
    last = a_programme(town, convention=convention, year=year - 1, state="closed")
    a_line(last, other_funding="0.00", own_funding="12000.00", other_funder="")
    programme = a_programme(town, convention=convention, year=year)
    voice = filed(code="encombrants_exterieur", email="habitante@exemple.test")
    make_public(voice.report)
    action = fiche(town)
    call_for(action, {("report", voice.report.pk)}, actor=claire)
    publish_action(action, actor=claire, shown=True)
    for kind in ("cotech", "copil"):
        a_decision(town, kind)
    sheet = f"{site}/tfpb/programmes/{programme.pk}/"

    # The landlord builds the sheet from last year's, and says what asked for its line.
    desk = new_context().new_page()
    sign_in(desk, site, town.luc)
    desk.goto(sheet)
    press(desk, "Reprendre les lignes de l’an dernier")
    follow(desk, "Enlèvement des encombrants en plus")
    follow(desk, "Lier à une action du plan")
    desk.get_by_text(action.title).first.click()
    press(desk, "Lier cette action")
    desk.goto(sheet)
    axe(desk)
    follow(desk, "Transmettre")
    press(desk, "Transmettre")
    line = programme.lines.get()
    assert line.action == action

    # The town and the State each ask for a change; the coordination sends the sheet back.
    for person, words in ((town.karim, "Ajoutez les épaves."), (officer, "Précisez les lieux.")):
        reader = new_context().new_page()
        sign_in(reader, site, person)
        reader.goto(f"{sheet}avis/")
        reader.locator("#id_verdict").get_by_text("demande une modification").click()
        reader.get_by_label("Motifs").fill(words)
        press(reader, "Enregistrer l’avis")
        expect(reader.get_by_text(words)).to_be_visible()
    office = new_context().new_page()
    sign_in(office, site, town.claire)
    office.goto(f"{sheet}avis/")
    take_step(office, "Demander des compléments", reason="Les épaves, et les lieux.")

    # The landlord answers on the line and sends it again; both committees decide; the year begins.
    desk.goto(f"{site}/tfpb/lignes/{line.pk}/modifier/")
    desk.get_by_label("Localisation").fill("Rue des Lilas et parking, épaves comprises")
    press(desk, "Enregistrer la ligne")
    desk.goto(f"{sheet}transmettre/")
    press(desk, "Transmettre")
    office.goto(f"{sheet}avis/")
    take_step(office, "Mettre en analyse")
    take_step(office, "Arbitrer", decision="")
    take_step(office, "Valider", decision="")
    take_step(office, "Annexer à la convention")
    take_step(office, "Démarrer")
    axe(office)
    programme.refresh_from_db()
    assert programme.state == "running"
    assert programme.sent.count() == 2

    # Spending comes in, and the bilan is written and sent.
    desk.goto(f"{sheet}depenses/nouvelle/")
    desk.locator("main [name=line]").select_option(str(line.pk))
    desk.locator("main [name=starts_on]").fill(f"{year}-01-01")
    desk.locator("main [name=ends_on]").fill(f"{year}-12-31")
    desk.locator("main [name=amount]").fill("11500")
    desk.locator("main [name=valued]").fill("9000")
    keep(desk)
    desk.goto(f"{sheet}bilan/")
    follow(desk, f"Dire ce qu’elle est devenue : {line.title}")
    desk.locator("main [name=done][value=done]").check(force=True)
    keep(desk)
    follow(desk, "Écrire le bilan")
    desk.locator("main [name=summary]").fill("Les encombrants partent deux fois par semaine.")
    desk.locator("main [name=worked]").fill("Le passage du mardi.")
    keep(desk)
    press(desk, "Transmettre le bilan")

    # The town contests it, the landlord answers; it is accepted, and published.
    hall = new_context().new_page()
    sign_in(hall, site, town.karim)
    hall.goto(f"{sheet}bilan/")
    follow(hall, "Contester")
    hall.locator("main [name=reason]").fill("Nous n’avons compté que trente passages.")
    keep(hall)
    desk.goto(f"{sheet}bilan/")
    follow(desk, "Répondre : Ville d’Anzin")
    desk.locator("main [name=answer]").fill("Quarante-huit : voici les bons d’enlèvement.")
    keep(desk)
    press(desk, "Transmettre le bilan")
    axe(desk)
    office.goto(f"{sheet}bilan/")
    press(office, "Accepter")
    press(office, "Publier")

    # Everybody reads it; the resident finds the euro on the thread of what she reported.
    street = new_context(viewport={"width": 360, "height": 740}).new_page()
    street.goto(f"{site}/quartiers/{town.rives.code}/")
    street.locator("[aria-labelledby=abattement] a").click()
    expect(street.get_by_text(SPENT).first).to_be_visible()
    axe(street)
    street.goto(f"{site}/suivre/{token_of(voice)}/")
    euro = street.locator("ol.fil li", has_text=line.title)
    expect(euro).to_contain_text("Escaut Habitat")
    expect(euro).to_contain_text("9\N{NARROW NO-BREAK SPACE}000")
    assert Programme.objects.get(pk=programme.pk).published_at is not None
