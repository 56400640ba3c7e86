"""Abandoned vehicles: on whose ground, at which step, and a plate that nobody else reads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.reports import acts
from parvis.reports.followup import greet_voices
from parvis.reports.links import token_of
from parvis.reports.models import Report, Voice, Wreck, WreckPlate
from parvis.reports.retention import erase_old
from parvis.reports.workflow import Forbidden, Ground, WreckStep
from parvis.reports.wrecks import in_words
from parvis.search.models import Entry
from parvis.thread.models import Event
from tests.cast import IN_ANZIN, IN_RAISMES, Cast
from tests.reports.pages import form_id, send, text_of
from tests.reports.scene import at_point, codes, filed, make_public

TELL = f"/signaler/dire/?latitude={IN_ANZIN[0]}&longitude={IN_ANZIN[1]}&category=voiture_epave"
PLATE = "AB-123-CD"


def wreck(**given: Any) -> Voice:
    return filed(code="voiture_epave", ground=Ground.PUBLIC, plate=" ab-123-cd ", **given)


def moved(town: Cast, report: Report, **given: Any) -> Wreck:
    values = {"ground": Ground.PUBLIC, "step": WreckStep.NOTICE, "step_on": timezone.localdate()}
    return acts.move_wreck(report, actor=town.actor(town.karim), **{**values, **given})


def test_ground_and_plate_are_asked_in_plain_words(town: Cast, client: Client) -> None:
    words = text_of(client.get(TELL))
    assert "Où est le véhicule" in words
    assert "Je ne sais pas" in words
    assert "Immatriculation" in words
    send(client, TELL, ground="public", plate="ab-123-cd")
    found = Wreck.objects.get()
    assert (found.ground, found.step) == (Ground.PUBLIC, WreckStep.SEEN)
    assert found.step_on == timezone.localdate()
    assert WreckPlate.objects.get().number == PLATE


def test_both_may_stay_unsaid_and_other_categories_ask_neither(town: Cast, client: Client) -> None:
    assert send(client, TELL).status_code == 302
    assert Wreck.objects.get().ground == ""
    assert not WreckPlate.objects.exists()
    hole = TELL.replace("voiture_epave", "trou_chaussee")
    assert "Immatriculation" not in text_of(client.get(hole))
    client.post(hole, {"form_id": form_id(client, hole), "plate": PLATE, "ground": "public"})
    assert Wreck.objects.count() == 1
    assert not WreckPlate.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("ground", "lune"), ("plate", "A" * 21)])
def test_nonsense_is_refused_with_words(town: Cast, field: str, value: str) -> None:
    with pytest.raises(ValidationError):
        filed(code="voiture_epave", **{field: value})
    assert not Report.objects.exists()


def test_the_public_reads_where_it_stands(town: Cast, client: Client) -> None:
    voice = wreck()
    make_public(voice.report)
    moved(town, voice.report)
    for url in (f"/signalements/{voice.report.reference}/", f"/suivre/{token_of(voice)}/"):
        words = text_of(client.get(url))
        assert "Sur la voie publique · mise en demeure envoyée depuis le" in words


def test_the_words_say_the_day_in_full(town: Cast) -> None:
    found = Wreck(ground=Ground.PUBLIC, step=WreckStep.NOTICE, step_on=date(2026, 3, 3))
    assert in_words(found).startswith("Sur la voie publique · mise en demeure envoyée depuis le ")
    assert "mardi 3\u00a0mars" in in_words(found)
    assert in_words(Wreck(step="seen", step_on=date(2026, 3, 3))).startswith("Constatée depuis")


def test_the_plate_is_for_those_who_handle_and_for_nobody_else(town: Cast, client: Client) -> None:
    voice = wreck(text="Une voiture")
    make_public(voice.report, text_shown=True)
    moved(town, voice.report)
    greet_voices()
    url = f"/signalements/{voice.report.reference}/"
    for page in (
        url,
        "/signalements/export.csv",
        f"/chercher/?q={PLATE}",
        f"/suivre/{token_of(voice)}/",
    ):
        body = client.get(page).getvalue().decode()
        body = body.replace(f'value="{PLATE}"', "").replace(f"« {PLATE} »", "")
        body = body.replace(f"%3Fq%3D{PLATE}", "")  # what was asked, in another language
        assert PLATE not in body, page
    assert not any("123" in one.words for one in Entry.objects.all())
    assert not any(PLATE in f"{one.old}{one.new}" for one in Event.objects.all())
    client.force_login(town.karim)
    assert PLATE in client.get(url).content.decode()
    assert PLATE not in client.get("/signalements/export.csv").getvalue().decode()
    for person in (town.nadia, town.rose):
        client.force_login(person)
        assert PLATE not in client.get(url).content.decode()


def test_the_plate_goes_with_the_contacts(town: Cast) -> None:
    voice = wreck(email="lea@exemple.test")
    acts.erase_contact(voice)
    assert not WreckPlate.objects.exists()
    old = wreck()
    Report.objects.filter(pk=old.report_id).update(
        state="settled", closed_at=timezone.now() - timedelta(days=100)
    )
    kept = wreck()
    assert erase_old().plates == 1
    assert WreckPlate.objects.get().report == kept.report


def test_whoever_handles_moves_it_on(town: Cast, client: Client) -> None:
    report = wreck().report
    client.force_login(town.sofia)
    assert "Enregistrer l’étape" in text_of(client.get(f"/signalements/{report.reference}/"))
    given = {"ground": "landlord", "step": "ordered", "step_on": "2026-01-05"}
    assert client.post(f"/signalements/{report.reference}/epave/", given).status_code == 302
    found = Wreck.objects.get()
    assert (found.ground, found.step) == ("landlord", "ordered")
    assert found.step_on == date(2026, 1, 5)
    event = Event.objects.get(code="wreck_step")
    assert (event.old, event.new, event.public) == ("seen", "ordered", True)
    client.post(f"/signalements/{report.reference}/epave/", {**given, "ground": ""})
    assert codes(report).count("wreck_step") == 1


def test_a_day_to_come_is_refused_and_what_was_typed_stays(town: Cast, client: Client) -> None:
    report = wreck().report
    client.force_login(town.karim)
    later = timezone.localdate() + timedelta(days=1)
    given = {"ground": "private", "step": "removed", "step_on": later.isoformat()}
    page = client.post(f"/signalements/{report.reference}/epave/", given)
    assert "n’est pas encore venu" in text_of(page)
    assert later.isoformat() in page.content.decode()
    assert Wreck.objects.get().step == WreckStep.SEEN


def test_only_a_wreck_has_steps(town: Cast, client: Client) -> None:
    report = filed().report
    with pytest.raises(Forbidden, match="n’est pas celui d’une épave"):
        moved(town, report)
    client.force_login(town.karim)
    assert "Enregistrer l’étape" not in text_of(client.get(f"/signalements/{report.reference}/"))


def test_who_may_move_it_here_and_at_the_neighbour_s(town: Cast) -> None:
    here = wreck().report
    there = wreck(place=at_point(IN_RAISMES)).report
    for report, wanted in ((here, {"claire", "karim", "sofia"}), (there, {"bruno", "nadia"})):
        found = {
            name
            for name, person in town.people.items()
            if Report.objects.allowed(town.actor(person), "wreck").filter(pk=report.pk).exists()
        }
        assert found == wanted
    assert not Report.objects.allowed(NOBODY, "wreck").exists()


def test_a_report_that_became_a_wreck_gets_its_step(town: Cast) -> None:
    report = filed().report
    Report.objects.update(category=wreck().report.category)
    assert moved(town, report).pk == report.pk
