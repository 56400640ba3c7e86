"""A conseil citoyen from the list its residents are drawn from to the reply that it is owed: the
draw is witnessed, two refuse and are replaced, members sit; then the town asks for an opinion on a
phase of the works, the council adopts it, and the town replies late, after being reminded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from parvis.councils.draw_models import Draw
from parvis.councils.lot_seed import commitment_of
from parvis.councils.lot_tasks import compute
from parvis.councils.models import DrawnPerson, Opinion
from parvis.councils.opinion_reminding import remind_replies
from parvis.notices.models import Message
from parvis.works.models import ProjectPhase
from tests.cast import make_cast
from tests.councils import lot_scene
from tests.councils.opinion_scene import a_sitting
from tests.councils.scene import a_body
from tests.journeys.test_word_back import sign_in
from tests.works.scene import a_project

PARTIES = {
    "Ville d’Anzin": "sept chats gris au lavoir, le matin",
    "Les Voisins": "une écluse, deux péniches et le vent",
    "Une habitante présente": "pommes vertes et trains bleus",
}
RULES = '{"sexe": {"F": [2, 2], "H": [2, 2]}}'


@pytest.fixture
def town(transactional_db: None, settings: Any, tmp_path: Path) -> Any:
    """The cast, with the lists that an installation loads."""
    settings.MEDIA_ROOT = tmp_path
    settings.SECOND_FACTOR = False
    call_command("load_lists", verbosity=0)
    return make_cast()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name).first.click()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name).first.click()


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        box = page.locator(f"main [name={name}]")
        if box.evaluate("one => one.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def compute_now() -> None:
    """What the worker does in the background."""
    draw = Draw.objects.get()
    assert draw.computing_at
    what = "prepare" if draw.rules["quotas"] else "sift"
    compute.func(draw.pk, what, draw.computing_at.isoformat())


def draw_of_the_council(page: Page, site: str, witness: Page) -> Draw:
    """Claire loads a list, publishes the rules, and draws with three parties' values."""
    page.goto(f"{site}/participation/tirages/nouveau/")
    end = timezone.localdate() + timedelta(days=60)
    fill(page, title="Collège habitants", college="habitants", seats="4", reserve="8")
    fill(page, destroy_on=end.isoformat())
    with page.expect_navigation():
        page.locator("main form button").first.click()
    follow(page, "Ajouter une liste")
    fill(page, origin="volontaires", holder="Les Voisins", basis=lot_scene.BASIS)
    page.locator("main [name=file]").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": lot_scene.csv_of()}
    )
    with page.expect_navigation():
        page.locator("main form button").first.click()
    with page.expect_navigation():  # the columns, as they were guessed
        page.locator("main form button").first.click()
    if Draw.objects.get().computing_at is None:
        press(page, "Trier les listes")
    compute_now()
    page.goto(f"{site}/participation/tirages/{Draw.objects.get().pk}/")
    expect(page.get_by_text("24 personnes gardées")).to_be_visible()
    follow(page, "Régler les quotas")
    page.locator("main details", has=page.locator("[name=text]")).locator("summary").click()
    fill(page, text=RULES)
    page.get_by_label("Une adresse, un foyer").check()
    with page.expect_navigation():
        page.locator("main form button").last.click()
    press(page, "Calculer les chances")
    compute_now()
    page.reload()
    follow(page, "Plusieurs parties")
    for number, (name, value) in enumerate(PARTIES.items(), 1):
        page.get_by_label(f"Partie {number}").fill(name)
        page.locator("main input[name^=commitment]").nth(number - 1).fill(commitment_of(value))
    press(page, "Enregistrer les engagements")
    press(page, "Publier les règles")
    draw = Draw.objects.get()
    witness.goto(f"{site}/participation/tirages/{draw.pk}/temoin/")
    expect(witness.get_by_text(draw.list_digest).first).to_be_visible()
    for name, value in PARTIES.items():
        page.get_by_label(f"Valeur révélée par {name}").fill(value)
        row = page.get_by_role("listitem").filter(has_text=name)
        with page.expect_navigation():
            row.get_by_role("button", name="Vérifier et publier").click()
    press(page, "Tirer au sort")
    return Draw.objects.get()


def answer(page: Page, site: str, person: DrawnPerson, state: str) -> None:
    page.goto(site + reverse("councils:drawn_person", args=[person.pk]))
    page.locator(f"main input[name=state][value={state}]").check()
    press(page, "Noter sa réponse")


@pytest.mark.browser
def test_residents_are_drawn_replaced_and_seated(live: Any, town: Any, new_context: Any) -> None:
    site = live.url
    body = a_body(town, regime="2024_tirage")
    page, witness = new_context().new_page(), new_context().new_page()
    sign_in(page, site, town.claire)
    draw = draw_of_the_council(page, site, witness)
    # A stranger sees numbers on the projected page, and no name.
    witness.reload()
    panel = draw.record["draw"]["panel"]
    expect(witness.locator("ol.drawn > li")).to_have_count(4)
    expect(witness.locator("ol.drawn > li").nth(0)).to_contain_text(str(panel[0]))
    assert lot_scene.MARK not in witness.content()
    named = list(DrawnPerson.objects.filter(reserve=False).order_by("rank"))
    for person in named[:2]:
        answer(page, site, person, "refused")
    followers = list(DrawnPerson.objects.filter(replaces__in=named[:2]))
    assert len(followers) == 2
    for person in [*named[2:], *followers]:
        answer(page, site, person, "accepted")
        page.goto(site + reverse("councils:drawn_person", args=[person.pk]))
        press(page, "L’installer")
    assert body.members.filter(origin="tirage").count() == 4
    witness.goto(f"{site}/participation/{body.pk}/")
    rule = witness.get_by_role("listitem").filter(has_text="Autant de femmes que d’hommes")
    expect(rule).to_contain_text("tenue")
    assert lot_scene.MARK not in witness.content()


@pytest.mark.browser
def test_an_opinion_is_asked_adopted_and_answered_late(
    live: Any, town: Any, new_context: Any
) -> None:
    site = live.url
    body, project = a_body(town), a_project(town)
    begun = timezone.localdate() - timedelta(days=40)
    ProjectPhase.objects.create(project=project, code="operationnel", began_on=begun)
    karim, yasmine = new_context().new_page(), new_context().new_page()
    stranger = new_context().new_page()
    sign_in(karim, site, town.karim)
    sign_in(yasmine, site, town.yasmine)
    stranger.goto(f"{site}/projets/{project.pk}/")
    expect(stranger.get_by_text("sans avis des habitants").first).to_be_visible()
    # The town asks.
    karim.goto(f"{site}/participation/{body.pk}/demander-un-avis/?sujet=project:{project.pk}")
    wanted = timezone.localdate() + timedelta(days=20)
    fill(
        karim,
        title="Le chantier et l’école",
        text="Comment passer pendant les travaux ?",
        decided="Les dates.",
        still_open="Le chemin des piétons.",
        replier=str(town.town.pk),
        wanted_on=wanted.isoformat(),
        reply_days="30",
    )
    karim.locator("main [name=phase]").select_option(index=1)
    press(karim, "Enregistrer la demande")
    press(karim, "Envoyer")
    # The council takes it up, writes, adopts and sends.
    sitting = a_sitting(town, body)
    yasmine.goto(karim.url)
    with yasmine.expect_navigation():
        yasmine.locator("main form[action$='/prendre/'] button").click()
    follow(yasmine, "Écrire l’avis")
    fill(yasmine, text="Il fait nuit à l’heure de l’école.", asked="Éclairer le chemin")
    press(yasmine, "Enregistrer")
    stranger.reload()
    assert "nuit" not in stranger.content()
    opinion = Opinion.objects.get()
    yasmine.goto(f"{site}/participation/avis/{opinion.pk}/adopter/")
    fill(yasmine, sitting=str(sitting.pk), votes_for="9", votes_against="1", abstentions="0")
    with yasmine.expect_navigation():
        yasmine.locator("main form button").first.click()
    follow(yasmine, "Envoyer l’avis")
    yasmine.locator("main [name=public]").check()
    with yasmine.expect_navigation():
        yasmine.locator("main form button").first.click()
    # Nobody replies; the town is reminded, before and after the day.
    Opinion.objects.update(reply_due_on=timezone.localdate() - timedelta(days=3))
    assert remind_replies() == 1
    assert Message.objects.filter(event__startswith="opinion.recalled").exists()
    stranger.goto(f"{site}/participation/avis/")
    expect(stranger.get_by_text("en retard de 3 jours")).to_be_visible()
    karim.goto(f"{site}/participation/avis/{opinion.pk}/repondre/")
    asking = opinion.askings.get()
    fill(karim, text="Le chemin sera éclairé avant novembre.")
    karim.locator(f"main [name=outcome_{asking.pk}]").select_option("followed")
    fill(karim, **{f"why_{asking.pk}": "Il fait nuit à l’heure de l’école."})
    press(karim, "Envoyer la réponse")
    # Everybody reads it, on the opinion and on the project.
    stranger.goto(f"{site}/participation/avis/{opinion.pk}/")
    expect(stranger.get_by_text("Le chemin sera éclairé avant novembre.")).to_be_visible()
    expect(stranger.get_by_text("Rappel", exact=False).first).to_be_visible()
    stranger.goto(f"{site}/projets/{project.pk}/")
    expect(stranger.get_by_text("avis rendu").first).to_be_visible()
    expect(stranger.get_by_role("link", name="Le chantier et l’école").first).to_be_visible()
