"""Organisations served by e-mail: the signed link of a part, and what it opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.notices.outbox import send_due
from parvis.partners.actors import Actor
from parvis.partners.models import Mandate, Organisation
from parvis.reports import acts
from parvis.reports.followup import tell_organisations
from parvis.reports.links import (
    LinkGone,
    part_from_token,
    report_url,
    service_token,
    service_url,
)
from parvis.reports.masking import MASK, PLATE_MASK, without_contacts
from parvis.reports.models import (
    Callback,
    Contact,
    Message,
    Note,
    Part,
    Photo,
    PrivatePlace,
    Report,
)
from parvis.reports.workflow import Forbidden
from parvis.thread.models import Event
from tests.cast import IN_RAISMES, Cast
from tests.reports.pages import picture, text_of
from tests.reports.scene import at_point, codes, filed, in_hall, only_part, photo, sent_to


def page_of(part: Part) -> str:
    return f"/service/{service_token(part)}/"


def leave() -> None:
    """Two minutes pass: what waits is sent."""
    send_due(timezone.now() + timedelta(minutes=3))


@pytest.fixture
def part(town: Cast) -> Part:
    """A part of the town of Anzin, whose people do not sign in any more."""
    Mandate.objects.filter(organisation=town.town).delete()
    return only_part(filed(text="Un trou.", email="lea@exemple.test", photos=[photo()]).report)


# --- The link
def test_a_link_leads_to_its_part_and_no_other(town: Cast) -> None:
    mine, other = only_part(filed().report), only_part(filed().report)
    assert part_from_token(service_token(mine)) == mine
    value, _, signature = service_token(mine).partition(".")
    assert part_from_token(f"{other.pk}-{other.organisation_id}.{signature}") is None
    assert part_from_token(f"{value}.{signature[:-1]}") is None


@pytest.mark.parametrize("token", ["", ".", "1", "1-1", "1-1.", "²-1." + "a" * 43, "1-1.é\x00"])
def test_a_wrong_link_opens_nothing(town: Cast, client: Client, token: str) -> None:
    filed()
    assert part_from_token(token) is None


def test_a_link_holds_while_a_key_is_being_retired(part: Part, settings: Any) -> None:
    token = service_token(part)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "une-autre-clef"
    assert part_from_token(token) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert part_from_token(token) == part


def test_a_link_ends_when_the_part_passes_to_another(
    town: Cast, part: Part, client: Client
) -> None:
    page = page_of(part)
    claire = town.actor(town.claire)
    acts.give_part(part, actor=claire, organisation=town.landlord)
    for answer in (client.get(page), client.post(page + "etape/take/")):
        assert answer.status_code == 410
        assert "Ce lien ne sert plus" in text_of(answer)
        assert "Un trou." not in text_of(answer)
    assert only_part(part.report).state == "new"
    assert client.get(page_of(part)).status_code == 200  # the landlord's own


def test_a_link_ends_with_its_organisation(part: Part, client: Client) -> None:
    today = timezone.localdate()
    Organisation.objects.filter(pk=part.organisation_id).update(closed_on=today)
    with pytest.raises(LinkGone):
        part_from_token(service_token(part))
    Organisation.objects.filter(pk=part.organisation_id).update(closed_on=today + timedelta(days=1))
    assert client.get(page_of(part)).status_code == 200


def test_a_page_of_a_link_is_never_kept_nor_told(part: Part, client: Client) -> None:
    photo_url = f"{page_of(part)}photos/{Photo.objects.get().pk}/small.jpg"
    for url in (page_of(part), photo_url):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]


# --- The mail
def test_the_service_gets_the_link_in_plain_text(part: Part) -> None:
    tell_organisations()
    leave()
    (letter,) = sent_to(part.organisation.email)
    for body in (letter.body, letter.alternatives[0][0]):
        assert service_url(part) in body
        assert "sans compte" in body
        assert "lea@exemple.test" not in body


def test_each_part_of_one_mail_has_its_own_link(town: Cast, part: Part) -> None:
    other = only_part(filed().report)
    tell_organisations()
    leave()
    (letter,) = sent_to(town.town.email)
    assert service_url(part) in letter.body
    assert service_url(other) in letter.body


def test_the_address_of_a_person_gets_no_signed_link(town: Cast) -> None:
    Organisation.objects.filter(pk=town.town.pk).update(email="")
    part = only_part(filed().report)
    tell_organisations()
    acts.chase(part, actor=town.actor(town.claire))
    leave()
    letters = sent_to("karim@exemple.test")
    assert len(letters) == 2
    for letter in letters:
        assert report_url(part.report) in letter.body
        assert "/service/" not in letter.body + letter.alternatives[0][0]
        assert "sans compte" not in letter.body


def test_a_chase_and_a_reopening_bring_the_link(town: Cast, part: Part) -> None:
    acts.chase(part, actor=town.actor(town.claire))
    voice = part.report.voices.get()
    acts.advance_part(part, "settle", actor=town.actor(town.claire), answer="Fait.")
    acts.say_not_yet(voice)
    leave()
    letters = sent_to(part.organisation.email)
    assert [letter.subject.partition(" :")[0] for letter in letters] == ["Relance", "Rouvert"]
    assert all(service_url(part) in letter.body for letter in letters)


# --- What is shown
SECRETS = ("lea@exemple.test", "06 12 34 56 78", "0612345678", "LOGT-7", "Note-interne", "voisin@")


def test_a_link_shows_what_the_work_needs_and_no_contact(town: Cast, client: Client) -> None:
    voice = filed(
        in_hall(town),
        "encombrants_immeuble",
        text="Un canapé. Appelez-moi au 06 12 34 56 78 ou lea@exemple.test.",
        photos=[photo()],
        email="lea@exemple.test",
        dwelling="LOGT-7",
    )
    report = voice.report
    acts.join_report(report, actor=town.actor(town.theo), email="voisin@exemple.test")
    acts.speak(voice, text="Toujours là, rappelez le 0612345678.")
    acts.note(report, actor=town.actor(town.luc), text="Note-interne")
    page = text_of(client.get(page_of(only_part(report))))
    for words in ("Un canapé.", "Les Tilleuls", "Entrée 3", "Toujours là", "Escaut Habitat", MASK):
        assert words in page
    html = client.get(page_of(only_part(report))).content.decode()
    for secret in SECRETS:
        assert secret not in html
    assert PrivatePlace.objects.get().dwelling == "LOGT-7"


def test_a_link_shows_no_plate(town: Cast, client: Client) -> None:
    report = filed(
        code="voiture_epave", text="Une AB-123-CD brûlée.", ground="public", plate="AB-123-CD"
    ).report
    html = client.get(page_of(only_part(report))).content.decode()
    assert "brûlée" in html
    assert "AB-123-CD" not in html


def test_a_link_opens_the_photos_of_its_report_alone(part: Part, client: Client) -> None:
    own = part.report.photos.get()
    other = filed(photos=[photo()]).report.photos.get()
    for size in ("small", "large"):
        assert client.get(f"{page_of(part)}photos/{own.pk}/{size}.jpg").status_code == 200
        assert client.get(f"{page_of(part)}photos/{other.pk}/{size}.jpg").status_code == 404
    assert client.get(f"/photos/{own.pk}/small.jpg").status_code == 404


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Au 06 12 34 56 78 svp", f"Au {MASK} svp"),
        ("Au 06.12.34.56.78.", f"Au {MASK}."),
        ("+33 (0)6 12 34 56 78 et +32471123456", f"{MASK} et {MASK}"),
        ("Écrire à l.petit+rue@exemple.test, merci", f"Écrire à {MASK}, merci"),
        ("Le 01/02/2026 à 14 h 30, 120 rue des Lilas, 59300", None),
        ("Une AB-123-CD, ou ab-123-cd", f"Une {PLATE_MASK}, ou {PLATE_MASK}"),
        ("Une 1234 AB 59 sans roues", f"Une {PLATE_MASK} sans roues"),
        ("Au carrefour rd 123 et RN 12, 25 kg", None),
        ("Depuis 3 jours, 12 sacs de 25 kg, réf. R-2026-K7PMX", None),
    ],
)
def test_contacts_are_hidden_in_words_and_nothing_else(words: str, left: str | None) -> None:
    assert without_contacts(words) == (words if left is None else left)


# --- What is done
def test_reading_changes_nothing(part: Part, client: Client) -> None:
    before = Part.objects.values().get()
    for path in ("", "etape/take/", "etape/settle/", "rendre/", "annuler/"):
        for method in (client.get, client.head):
            assert method(page_of(part) + path).status_code == (405 if path else 200)
    assert Part.objects.values().get() == before
    assert codes(part.report) == ["filed"]


def test_a_part_is_taken_scheduled_and_settled_for_the_organisation(
    town: Cast, part: Part, client: Client
) -> None:
    page = page_of(part)
    day = timezone.localdate() + timedelta(days=3)
    client.post(page + "etape/take/")
    client.post(page + "etape/schedule/", {"due_on": day.isoformat()})
    part.refresh_from_db()
    assert (part.state, part.due_on, part.person) == ("scheduled", day, None)
    answer = client.post(page + "etape/settle/", {"answer": "Rebouché.", "photos": [picture()]})
    assert answer["Location"] == page
    report = Report.objects.get()
    assert report.state == "settled"
    message = Message.objects.get()
    assert (message.organisation, message.by, message.shown) == (town.town, None, True)
    after = report.photos.get(moment="after")
    assert (after.organisation, after.shown) == (town.town, True)
    done = Event.objects.exclude(code="filed")
    assert {(event.organisation, event.concerns or town.town, event.by) for event in done} == {
        (town.town, town.town, None)
    }
    leave()
    closing = next(one for one in sent_to("lea@exemple.test") if "C’est réglé" in one.subject)
    assert "Ville d’Anzin" in closing.body
    assert "Rebouché." in closing.body


def test_closing_the_last_part_asks_for_the_word_back(part: Part, client: Client) -> None:
    answer = client.post(page_of(part) + "etape/settle/", {"answer": "", "photos": [picture()]})
    assert "Dites aux personnes ce qui a été fait" in text_of(answer)
    assert "Photos gardées" in text_of(answer)
    part.refresh_from_db()
    assert part.state == "new"


def test_a_form_sent_twice_does_a_thing_once(part: Part, client: Client) -> None:
    for _ in range(2):
        answer = client.post(page_of(part) + "etape/take/", follow=True)
    assert "n’est pas possible" in text_of(answer)
    assert codes(part.report) == ["filed", "take"]


def test_a_step_is_undone_within_two_minutes(part: Part, client: Client) -> None:
    client.post(page_of(part) + "etape/take/")
    assert "Annuler cette étape" in text_of(client.get(page_of(part)))
    client.post(page_of(part) + "annuler/")
    part.refresh_from_db()
    assert part.state == "new"
    client.post(page_of(part) + "etape/take/")
    Part.objects.update(moved_at=timezone.now() - timedelta(minutes=3))
    assert "Annuler cette étape" not in text_of(client.get(page_of(part)))
    answer = client.post(page_of(part) + "annuler/", follow=True)
    assert "trop tard" in text_of(answer)
    assert only_part(part.report).state == "taken"


@pytest.mark.parametrize("code", ["doubt", "drop", "return", "licorne"])
def test_other_steps_are_not_opened_by_a_link(part: Part, client: Client, code: str) -> None:
    given = {"reason": "Non", "answer": "Non"}
    assert client.post(f"{page_of(part)}etape/{code}/", given).status_code == 404
    assert only_part(part.report).state == "new"


def test_a_link_is_for_reading_only_long_after_the_closing(part: Part, client: Client) -> None:
    page = page_of(part)
    client.post(page + "etape/settle/", {"answer": "Fait."})
    assert "Rouvrir" in text_of(client.get(page))
    Part.objects.update(closed_at=timezone.now() - timedelta(days=61))
    shown = text_of(client.get(page))
    assert "ne sert plus qu’à la lire" in shown
    assert "Rouvrir" not in shown
    for path, given in (("etape/reopen/", {}), ("rendre/", {"reason": "Non"}), ("annuler/", {})):
        answer = client.post(page + path, given, follow=True)
        assert "ne sert plus qu’à la lire" in text_of(answer)
    assert only_part(part.report).state == "settled"


def test_a_withdrawn_report_asks_for_nothing(part: Part, client: Client) -> None:
    acts.withdraw(part.report.voices.get())
    shown = text_of(client.get(page_of(part)))
    assert "il n’y a plus rien à faire" in shown
    assert "Un trou." not in shown
    client.post(page_of(part) + "etape/reopen/")
    assert only_part(part.report).state == "dropped"


def test_whoever_is_signed_in_acts_for_the_organisation_of_the_link(
    town: Cast, part: Part, client: Client
) -> None:
    client.force_login(town.nadia)
    client.post(page_of(part) + "etape/take/")
    event = Event.objects.get(code="take")
    assert (event.organisation, event.by) == (town.town, None)


def test_too_many_forms_are_stopped(part: Part, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("parvis.reports.sending.posted_too_often", lambda request: True)
    for path, given in (
        ("etape/settle/", {"answer": "Mes mots"}),
        ("rendre/", {"reason": "Mes mots"}),
    ):
        answer = client.post(page_of(part) + path, given)
        assert answer.status_code == 429
        assert "Mes mots" in text_of(answer)
    assert only_part(part.report).state == "new"


# --- Not ours
def test_a_part_is_given_back_to_the_coordination(town: Cast, part: Part, client: Client) -> None:
    page, due_on = page_of(part), part.due_on
    client.post(page + "etape/take/")
    answer = client.post(page + "rendre/", {"reason": "Voirie départementale"})
    assert "C’est rendu" in text_of(answer)
    assert client.get(page).status_code == 410
    part = only_part(part.report)
    assert (part.organisation, part.state, part.reason) == (None, "new", "Voirie départementale")
    assert part.due_on == due_on
    note = Note.objects.get()
    assert (note.text, note.organisation) == ("Voirie départementale", town.town)
    event = Event.objects.get(code="returned")
    assert (event.organisation, event.concerns) == (town.town, town.town)
    leave()  # "taken in charge" was not true
    assert not [one for one in sent_to("lea@exemple.test") if "charge" in one.subject.lower()]
    client.force_login(town.claire)
    assert part.report.reference in client.get("/signalements/?ownerless=1").content.decode()
    assert "Voirie départementale" in text_of(client.get(f"/signalements/{part.report.reference}/"))


def test_giving_back_says_why(part: Part, client: Client) -> None:
    answer = client.post(page_of(part) + "rendre/", {"reason": " "})
    assert "Dites pourquoi" in text_of(answer)
    assert only_part(part.report).organisation is not None


def test_a_part_that_came_back_can_be_given_and_taken_again(
    town: Cast, part: Part, client: Client
) -> None:
    page = page_of(part)
    client.post(page + "rendre/", {"reason": "Non"})
    acts.give_part(only_part(part.report), actor=town.actor(town.claire), organisation=town.town)
    assert client.get(page).status_code == 200
    assert only_part(part.report).reason == ""


def test_a_closed_part_is_not_given_back(town: Cast, part: Part) -> None:
    actor = town.actor(town.claire)
    acts.advance_part(part, "settle", actor=actor, answer="Fait.")
    with pytest.raises(Forbidden, match="Pas de mon ressort"):
        acts.return_part(part, actor=replace(actor, organisation_id=town.town.pk), reason="Non")


def test_only_the_organisation_that_has_it_gives_a_part_back(town: Cast, part: Part) -> None:
    with pytest.raises(Forbidden, match="pas celle de votre organisation"):
        acts.return_part(part, actor=town.actor(town.luc), reason="Non")


def test_a_step_asked_for_before_the_part_passed_on_is_refused(town: Cast, part: Part) -> None:
    held_before = Part.objects.get(pk=part.pk)
    acts.give_part(part, actor=town.actor(town.claire), organisation=town.landlord)
    with pytest.raises(Forbidden, match="changé de mains"):
        acts.advance_part(held_before, "take", actor=town.actor(town.karim))


def test_the_bearer_of_a_link_has_no_right_elsewhere(town: Cast, part: Part) -> None:
    other = only_part(filed(at_point(IN_RAISMES), photos=[photo()]).report)
    acts.speak(other.report.voices.get(), text="Mot")
    bearer = Actor(organisation_id=town.town.pk).bearing("part", part.pk)
    stranger = Actor(organisation_id=town.other_town.pk).bearing("part", part.pk)
    for model, action in ((Report, "see"), (Report, "read"), (Part, "see"), (Part, "handle")):
        mine = model.objects.allowed(bearer, action)
        assert [getattr(one, "report_id", one.pk) for one in mine] == [part.report_id]
        assert not model.objects.allowed(stranger, action).exists()
    for hidden in (Contact, Note, PrivatePlace, Callback):
        assert not hidden.objects.visible_to(bearer).exists()
    assert [one.report_id for one in Photo.objects.visible_to(bearer)] == [part.report_id]
    assert not Message.objects.visible_to(bearer).exists()
