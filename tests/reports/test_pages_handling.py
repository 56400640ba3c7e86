"""The page of one report, and what partners do on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.partners.models import PersonalReading
from parvis.reports import acts
from parvis.reports.models import Callback, Message, Note, Part, Photo, Report
from parvis.reports.workflow import State
from tests.cast import IN_RAISMES, Cast
from tests.reports.pages import picture, text_of
from tests.reports.scene import at_point, filed, make_public, only_part, photo


def page_of(report: Report) -> str:
    return f"/signalements/{report.reference}/"


def test_a_stranger_sees_a_public_report_without_its_unreviewed_words(
    town: Cast, client: Client
) -> None:
    voice = filed(
        text="Texte-secret", photos=[photo()], email="lea@exemple.test", dwelling="LOGT-7"
    )
    acts.speak(voice, text="Mot-secret")
    report = voice.report
    assert client.get(page_of(report)).status_code == 404
    make_public(report)
    page = client.get(page_of(report)).content.decode()
    for secret in ("Texte-secret", "Mot-secret", "lea@exemple.test", "LOGT-7", "/photos/"):
        assert secret not in page
    assert "Moi aussi" in page
    make_public(report, text_shown=True)
    assert "Texte-secret" in client.get(page_of(report)).content.decode()


def test_a_number_leads_to_the_reference(town: Cast, client: Client) -> None:
    report = make_public(filed().report)
    assert client.get(f"/signalements/{report.pk}/")["Location"] == page_of(report)
    hidden = filed().report
    assert client.get(f"/signalements/{hidden.pk}/").status_code == 404
    assert client.get(f"/signalements/{'9' * 30}/").status_code == 404


def test_the_town_reads_everything_and_the_neighbour_nothing(town: Cast, client: Client) -> None:
    voice = filed(text="Texte-secret", phone="0612345678", photos=[photo()])
    report = voice.report
    client.force_login(town.karim)
    page = client.get(page_of(report)).content.decode()
    for words in ("Texte-secret", "Voir les coordonnées", "Prendre en charge", "À relire"):
        assert words in page
    assert "06 12 34 56 78" not in page
    read = client.post(page_of(report) + "coordonnees/")
    assert "06 12 34 56 78" in read.content.decode()
    assert read["Cache-Control"] == "private, no-store"
    client.force_login(town.nadia)
    assert client.get(page_of(report)).status_code == 404
    make_public(report)
    page = client.get(page_of(report)).content.decode()
    for secret in ("Texte-secret", "06 12 34 56 78", "Prendre en charge", "Notes internes"):
        assert secret not in page


def test_a_reader_has_no_button_and_no_contact(town: Cast, client: Client) -> None:
    report = filed(text="Mots", phone="0612345678").report
    acts.assign_part(report, actor=town.actor(town.claire), organisation=town.association)
    client.force_login(town.rose)
    page = client.get(page_of(report)).content.decode()
    assert "Mots" in page
    for button in ("Prendre en charge", "Voir les coordonnées", "Relancer", "Garder la note"):
        assert button not in page
    assert client.post(page_of(report) + "coordonnees/").status_code == 404
    assert not PersonalReading.objects.exists()


def test_review_shows_what_is_ticked_and_nothing_else(town: Cast, client: Client) -> None:
    voice = filed(text="Texte", photos=[photo(), photo("blue")])
    message = acts.speak(voice, text="Mot")
    report = voice.report
    first, second = Photo.objects.order_by("pk")
    client.force_login(town.claire)
    client.post(
        page_of(report) + "relire/", {"public": "on", "text_shown": "on", "photos": [first.pk]}
    )
    client.logout()
    page = client.get(page_of(report)).content.decode()
    assert "Texte" in page
    assert "Mot" not in page
    assert client.get(f"/photos/{first.pk}/small.jpg").status_code == 200
    assert client.get(f"/photos/{second.pk}/small.jpg").status_code == 404
    message.refresh_from_db()
    assert not message.shown


@pytest.mark.parametrize("photos", ["abc", "999999", "-1"])
def test_a_review_of_what_is_gone_changes_nothing(town: Cast, client: Client, photos: str) -> None:
    report = filed().report
    client.force_login(town.claire)
    given = {"public": "on", "photos": photos}
    page = client.post(page_of(report) + "relire/", given, follow=True)
    assert "n’est plus là" in text_of(page)
    report.refresh_from_db()
    assert not report.public


def test_a_photo_of_another_report_is_not_shown_by_a_review(town: Cast, client: Client) -> None:
    mine, other = filed().report, filed(photos=[photo()]).report
    stolen = Photo.objects.get(report=other)
    client.force_login(town.claire)
    client.post(page_of(mine) + "relire/", {"public": "on", "photos": stolen.pk})
    stolen.refresh_from_db()
    assert not stolen.shown


def test_what_may_never_be_public_says_so(town: Cast, client: Client) -> None:
    report = filed().report
    type(report.category).objects.filter(pk=report.category_id).update(may_be_public=False)
    client.force_login(town.claire)
    assert "ne sont jamais publics" in text_of(client.get(page_of(report)))
    page = client.post(page_of(report) + "relire/", {"public": "on"}, follow=True)
    assert "jamais public" in text_of(page)


def test_a_part_goes_all_the_way_by_its_buttons(town: Cast, client: Client) -> None:
    report = filed(email="lea@exemple.test").report
    part = only_part(report)
    client.force_login(town.karim)
    client.post(f"/parts/{part.pk}/etape/take/")
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    client.post(f"/parts/{part.pk}/etape/schedule/", {"due_on": day})
    page = client.get(f"/parts/{part.pk}/etape/settle/")
    assert "chaque personne qui a parlé reçoit ce message" in text_of(page)
    given = {"answer": "C’est rebouché.", "photos": [picture()]}
    page = client.post(f"/parts/{part.pk}/etape/settle/", given, follow=True)
    part.refresh_from_db()
    assert part.state == State.SETTLED
    assert part.person == town.karim
    assert Photo.objects.get().moment == "after"
    assert "Annuler cette étape" in text_of(page)
    client.post(f"/parts/{part.pk}/annuler/")
    part.refresh_from_db()
    assert part.state == State.SCHEDULED


@pytest.mark.parametrize(
    ("code", "fields", "said"),
    [
        ("schedule", {}, "Dites pour quel jour"),
        ("schedule", {"due_on": "demain"}, "Cette date n’a pas été comprise"),
        ("schedule", {"due_on": "2020-01-01"}, "Ce jour est passé"),
        ("schedule", {"due_on": "2999-01-01"}, "trop lointain"),
        ("settle", {"answer": ""}, "elles recevront ce message"),
        ("settle", {"answer": "é" * 2001}, "raccourcissez-le"),
        ("drop", {"answer": "Non."}, "Dites pourquoi"),
        ("drop", {"reason": "r" * 301, "answer": "Non."}, "300 caractères au plus"),
        ("drop", {"reason": "Doublon"}, "elles recevront ce message"),
        ("doubt", {}, "Dites pourquoi"),
    ],
)
def test_a_step_that_lacks_something_says_what_and_keeps_the_rest(
    town: Cast, client: Client, code: str, fields: dict[str, str], said: str
) -> None:
    part = only_part(filed().report)
    client.force_login(town.karim)
    page = client.post(f"/parts/{part.pk}/etape/{code}/", fields)
    assert page.status_code == 200
    assert said in text_of(page)
    for value in fields.values():
        assert value in page.content.decode()
    part.refresh_from_db()
    assert part.state == State.NEW


def test_a_good_after_photo_is_kept_when_the_answer_is_missing(town: Cast, client: Client) -> None:
    part = only_part(filed().report)
    client.force_login(town.karim)
    page = client.post(f"/parts/{part.pk}/etape/settle/", {"photos": [picture()]})
    assert 'name="kept"' in page.content.decode()


def test_a_step_that_no_longer_leads_anywhere_says_so(town: Cast, client: Client) -> None:
    part = only_part(filed().report)
    client.force_login(town.karim)
    client.post(f"/parts/{part.pk}/etape/take/")
    page = client.post(f"/parts/{part.pk}/etape/take/", follow=True)
    assert "n’est pas possible" in text_of(page)
    assert client.post(f"/parts/{part.pk}/etape/licorne/").status_code == 404
    assert "trop tard" in text_of(_after_undo(client, part))


def _after_undo(client: Client, part: Part) -> Any:
    client.post(f"/parts/{part.pk}/annuler/")
    return client.post(f"/parts/{part.pk}/annuler/", follow=True)


@pytest.mark.parametrize("act", ["etape/take", "confier", "relancer", "annuler", "m-en-charger"])
def test_nobody_moves_the_part_of_another(town: Cast, client: Client, act: str) -> None:
    report = make_public(filed(at_point(IN_RAISMES)).report)
    part = only_part(report)
    assert client.post(f"/parts/{part.pk}/{act}/").status_code == 302  # to sign in
    client.force_login(town.luc)
    assert client.post(f"/parts/{part.pk}/{act}/").status_code == 403
    Report.objects.filter(pk=report.pk).update(public=False)
    assert client.post(f"/parts/{part.pk}/{act}/").status_code == 404
    part.refresh_from_db()
    assert part.state == State.NEW


def test_a_report_is_shared_given_and_chased(town: Cast, client: Client) -> None:
    report = filed().report
    client.force_login(town.claire)
    given = {"organisation": town.landlord.pk, "title": "Nettoyer le hall"}
    page = client.post(page_of(report) + "confier/", given, follow=True)
    assert "Nettoyer le hall" in text_of(page)
    again = client.post(page_of(report) + "confier/", given)
    assert "déjà une part ouverte" in text_of(again)
    part = report.parts.get(organisation=town.landlord)
    client.post(f"/parts/{part.pk}/relancer/")
    page = client.post(f"/parts/{part.pk}/relancer/", follow=True)
    assert "déjà été relancée" in text_of(page)
    other = {"organisation": town.other_landlord.pk, "reason": "Ce n’est pas sa résidence"}
    client.post(f"/parts/{part.pk}/confier/", other)
    part.refresh_from_db()
    assert part.organisation == town.other_landlord
    assert Note.objects.get().text == "Ce n’est pas sa résidence"


@pytest.mark.parametrize("organisation", ["", "999999", "abc"])
def test_an_organisation_out_of_the_list_is_refused(
    town: Cast, client: Client, organisation: str
) -> None:
    report = filed().report
    client.force_login(town.claire)
    for url in (page_of(report) + "confier/", f"/parts/{only_part(report).pk}/confier/"):
        page = client.post(url, {"organisation": organisation, "title": "Titre", "reason": "R"})
        assert page.status_code == 200
        said = text_of(page)
        assert "Choisissez une organisation" in said or "n’existe plus" in said


def test_answers_are_public_and_notes_are_not(town: Cast, client: Client) -> None:
    report = make_public(filed(email="lea@exemple.test").report)
    client.force_login(town.karim)
    client.post(page_of(report) + "repondre/", {"text": "Nous passons lundi."})
    client.post(page_of(report) + "noter/", {"text": "Note-secrete"})
    assert Message.objects.get().shown
    client.logout()
    page = client.get(page_of(report)).content.decode()
    assert "Nous passons lundi." in page
    assert "Note-secrete" not in page


@pytest.mark.parametrize("act", ["repondre", "noter"])
@pytest.mark.parametrize("text", ["", "   ", "o" * 2001])
def test_an_empty_or_endless_word_is_refused(
    town: Cast, client: Client, act: str, text: str
) -> None:
    report = filed().report
    client.force_login(town.karim)
    page = client.post(page_of(report) + act + "/", {"text": text})
    assert page.status_code == 200
    assert "Écrivez quelques mots" in text_of(page) or "raccourcissez-le" in text_of(page)
    assert not Message.objects.exists()
    assert not Note.objects.exists()


def test_those_with_a_phone_only_are_called_and_ticked(town: Cast, client: Client) -> None:
    report = filed(phone="0612345678").report
    acts.advance_part(only_part(report), "settle", actor=town.actor(town.karim), answer="Fait.")
    client.force_login(town.karim)
    call = Callback.objects.get()
    assert "33612345678" not in client.get("/a-rappeler/").content.decode()
    page = client.post(f"/a-rappeler/{call.pk}/numero/")
    assert page["Cache-Control"] == "private, no-store"
    assert 'href="tel:+33612345678"' in page.content.decode()
    assert PersonalReading.objects.get().about == f"signalement {report.reference}"
    client.force_login(town.nadia)
    assert client.post(f"/a-rappeler/{call.pk}/numero/").status_code == 404
    assert PersonalReading.objects.count() == 1
    assert "Personne à rappeler" in text_of(client.get("/a-rappeler/"))
    assert client.post(f"/a-rappeler/{call.pk}/fait/").status_code == 404
    client.force_login(town.karim)
    assert "Personne à rappeler" in text_of(
        client.post(f"/a-rappeler/{call.pk}/fait/", follow=True)
    )


def test_the_page_takes_the_same_queries_whatever_hangs_from_it(
    town: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    voice = filed(text="Un trou", photos=[photo()])
    for organisation in (town.landlord, town.other_landlord, town.association):
        acts.assign_part(voice.report, actor=town.actor(town.claire), organisation=organisation)
    for number in range(20):
        acts.speak(voice, text=f"Mot {number}")
        acts.note(voice.report, actor=town.actor(town.karim), text=f"Note {number}")
    client.force_login(town.claire)
    with django_assert_max_num_queries(22):
        client.get(page_of(voice.report))


# --- Photos ------------------------------------------------------------------------------------


def test_a_photo_is_cached_by_the_reader_alone_when_it_is_not_public(
    town: Cast, client: Client
) -> None:
    filed(photos=[photo()])
    shown = Photo.objects.get()
    assert client.get(f"/photos/{shown.pk}/large.jpg").status_code == 404
    client.force_login(town.karim)
    answer = client.get(f"/photos/{shown.pk}/large.jpg")
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content[:2] == b"\xff\xd8"


@pytest.mark.parametrize("size", ["huge", "..", "%2e%2e%2fsecret", "small.jpg%00"])
def test_no_other_size_nor_file_is_served(town: Cast, client: Client, size: str) -> None:
    filed(photos=[photo()])
    client.force_login(town.karim)
    found = Photo.objects.get()
    assert client.get(f"/photos/{found.pk}/{size}.jpg").status_code == 404
    assert client.get("/media/" + found.file.name).status_code == 404


def test_a_photo_whose_file_is_lost_is_not_found(town: Cast, client: Client) -> None:
    filed(photos=[photo()])
    found = Photo.objects.get()
    found.file.storage.delete(found.file.name)
    client.force_login(town.karim)
    assert client.get(f"/photos/{found.pk}/large.jpg").status_code == 404
