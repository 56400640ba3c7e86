"""Following one's report by link or by code: what is told, and what may still be said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.reports import acts, sending
from parvis.reports.links import code_of, token_of
from parvis.reports.models import Contact, Message, Photo, Report, Voice
from parvis.reports.workflow import State
from tests.cast import Cast
from tests.reports.pages import hidden, picture, text_of
from tests.reports.scene import filed, only_part, photo


def page_of(voice: Voice) -> str:
    return f"/suivre/{token_of(voice)}/"


def test_the_page_tells_state_owner_day_and_thread(town: Cast, client: Client) -> None:
    voice = filed(text="Un trou profond")
    part = only_part(voice.report)
    acts.advance_part(part, "take", actor=town.actor(town.karim))
    page = text_of(client.get(page_of(voice)))
    for words in ("Pris en charge", "Ville d’Anzin", "Un trou profond", "Le fil", "C’est réglé ?"):
        assert words in page


def test_the_page_is_never_kept_nor_told_to_another_site(town: Cast, client: Client) -> None:
    voice = filed()
    for url in ("/suivre/", page_of(voice), page_of(voice) + "retirer/"):
        answer = client.get(url)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]


@pytest.mark.parametrize("token", ["x", "1.x", "0", "99999999999999999999.a", "1.%00", "é.é"])
def test_a_wrong_link_opens_nothing(town: Cast, client: Client, token: str) -> None:
    filed()
    assert client.get(f"/suivre/{token}/").status_code == 404
    for act in ("ajouter", "regle", "pas-encore", "retirer", "oublier"):
        assert client.post(f"/suivre/{token}/{act}/").status_code == 404


def test_reference_and_code_lead_to_the_page(town: Cast, client: Client) -> None:
    voice = filed()
    given = {"reference": voice.report.reference.lower(), "code": code_of(voice).lower()}
    assert client.post("/suivre/", given)["Location"] == page_of(voice)


@pytest.mark.parametrize(
    ("reference", "code", "said"),
    [
        ("", "", "Écrivez la référence"),
        ("R-2026-XXXXX", "ABCD-EFGH", "Aucun signalement ne porte"),
        ("licorne", "x", "Aucun signalement ne porte"),
        ("a" * 41, "x", "trop longue"),
        ("R-2026-XXXXX", "a" * 41, "trop long"),
    ],
)
def test_a_wrong_code_says_so_and_keeps_what_was_typed(
    town: Cast, client: Client, reference: str, code: str, said: str
) -> None:
    page = client.post("/suivre/", {"reference": reference, "code": code})
    assert said in text_of(page)
    assert f'value="{reference}"' in page.content.decode() or not reference


def test_codes_cannot_be_tried_for_ever(town: Cast, client: Client) -> None:
    voice = filed()
    wrong = {"reference": voice.report.reference, "code": "AAAA-AAAA"}
    for _ in range(sending.CODES_TRIED):
        assert client.post("/suivre/", wrong).status_code == 200
    right = {**wrong, "code": code_of(voice)}
    page = client.post("/suivre/", right)
    assert page.status_code == 429
    assert "quart d’heure" in text_of(page)


def test_settled_is_said_by_one_press(town: Cast, client: Client) -> None:
    voice = filed()
    client.post(page_of(voice) + "regle/")
    voice.refresh_from_db()
    assert voice.says == "settled"
    assert client.get(page_of(voice) + "regle/").status_code == 405


def test_not_yet_reopens_what_was_closed(town: Cast, client: Client) -> None:
    voice = filed()
    acts.advance_part(
        only_part(voice.report), "settle", actor=town.actor(town.karim), answer="Rebouché."
    )
    assert "sera rouvert" in text_of(client.get(page_of(voice)))
    client.post(page_of(voice) + "pas-encore/", {"text": "Le trou est revenu"})
    voice.report.refresh_from_db()
    assert voice.report.state == State.TAKEN
    assert Message.objects.filter(text="Le trou est revenu").exists()


def test_not_yet_in_too_many_words_is_kept_and_said(town: Cast, client: Client) -> None:
    voice = filed()
    page = client.post(page_of(voice) + "pas-encore/", {"text": "z" * 2001})
    assert "raccourcissez-le" in text_of(page)
    assert "z" * 2001 in page.content.decode()


def add(client: Client, voice: Voice, **fields: Any) -> Any:
    html = client.get(page_of(voice)).content.decode()
    given = {"form_id": hidden(html, "form_id"), "website": "", **fields}
    return client.post(page_of(voice) + "ajouter/", given)


def test_a_word_and_a_photo_are_added(town: Cast, client: Client) -> None:
    voice = filed()
    assert add(client, voice, text="Voici", photos=[picture()]).status_code == 302
    page = text_of(client.get(page_of(voice)))
    assert "Voici" in page
    assert "pas encore publique" in page
    assert Photo.objects.get().voice == voice


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "y" * 2001}, "raccourcissez-le"),
        ({"text": "Bonjour", "website": "x"}, "robot"),
        ({"text": "Bonjour", "form_id": "faux"}, "ouverte depuis longtemps"),
    ],
)
def test_a_faulty_word_is_said_and_kept_with_its_photo(
    town: Cast, client: Client, fields: dict[str, str], said: str
) -> None:
    voice = filed()
    page = add(client, voice, photos=[picture()], **fields)
    assert said in text_of(page)
    assert fields["text"] in page.content.decode()
    assert 'name="kept"' in page.content.decode()
    assert not Message.objects.exists()


def test_a_photo_alone_is_enough(town: Cast, client: Client) -> None:
    voice = filed()
    page = add(client, voice, text=" ", photos=[picture()])
    assert page.status_code == 302
    assert Photo.objects.get().voice == voice
    assert not Message.objects.exists()


def test_nothing_at_all_is_asked_again(town: Cast, client: Client) -> None:
    page = add(client, filed(), text=" ")
    assert "Écrivez quelques mots, ou ajoutez une photo." in text_of(page)
    assert not Message.objects.exists()


def test_a_word_pressed_twice_is_written_once(town: Cast, client: Client) -> None:
    voice = filed()
    html = client.get(page_of(voice)).content.decode()
    given = {"form_id": hidden(html, "form_id"), "website": "", "text": "Bonjour"}
    for _ in range(2):
        client.post(page_of(voice) + "ajouter/", given)
    assert Message.objects.count() == 1


def test_withdrawing_asks_first_and_then_erases(town: Cast, client: Client) -> None:
    voice = filed(text="Un trou", email="lea@exemple.test")
    url = page_of(voice) + "retirer/"
    assert "On ne peut pas revenir en arrière" in text_of(client.get(url))
    assert Report.objects.get().text == "Un trou"
    assert "C’est retiré" in text_of(client.post(url))
    assert Report.objects.get().text == ""
    assert not Contact.objects.exists()
    assert client.get(page_of(voice)).status_code == 404


def test_erasing_ones_contact_asks_first(town: Cast, client: Client) -> None:
    voice = filed(email="lea@exemple.test")
    url = page_of(voice) + "oublier/"
    client.get(url)
    assert Contact.objects.exists()
    page = text_of(client.post(url, follow=True))
    assert "Vos coordonnées sont effacées" in page
    assert "Effacer mes coordonnées" not in page


def test_who_said_moi_aussi_does_not_read_the_others_unreviewed_words(
    town: Cast, client: Client
) -> None:
    author = filed(text="Texte-secret", photos=[photo()])
    acts.speak(author, text="Mot-secret")
    report = author.report
    Report.objects.filter(pk=report.pk).update(public=True, reviewed_at=timezone.now())
    other = acts.join_report(report, actor=town.actor(town.theo))
    page = client.get(page_of(other)).content.decode()
    assert "Texte-secret" not in page
    assert "Mot-secret" not in page
    picture_id = Photo.objects.get().pk
    assert client.get(f"{page_of(other)}photos/{picture_id}/small.jpg").status_code == 404
    assert client.get(f"{page_of(author)}photos/{picture_id}/small.jpg").status_code == 200


def test_internal_notes_are_never_on_the_page(town: Cast, client: Client) -> None:
    voice = filed()
    acts.note(voice.report, actor=town.actor(town.karim), text="Note-secrete")
    assert "Note-secrete" not in client.get(page_of(voice)).content.decode()


def test_a_partner_who_follows_their_own_report_is_a_resident_there(
    town: Cast, client: Client
) -> None:
    voice = filed()
    acts.note(voice.report, actor=town.actor(town.karim), text="Note-secrete")
    client.force_login(town.karim)
    page = client.get(page_of(voice))
    assert "Note-secrete" not in page.content.decode()
    assert "Moi aussi" not in text_of(page)


def test_the_page_takes_the_same_queries_with_one_word_or_thirty(
    town: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    voice = filed(text="Un trou", photos=[photo()])
    start = timezone.now() - timedelta(days=20)
    for number in range(30):
        acts.speak(voice, text=f"Mot {number}", photos=[photo()], now=start)
    with django_assert_max_num_queries(12):
        client.get(page_of(voice))
