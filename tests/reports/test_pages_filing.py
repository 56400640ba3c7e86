"""Telling: three steps without JavaScript, and every wrong thing that may be fed to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.reports import drafts, sending
from parvis.reports.models import Category, Contact, Photo, PrivatePlace, Report, Voice
from tests.cast import Cast
from tests.reports.pages import HERE, TELL, form_id, hidden, picture, send, text_of
from tests.reports.scene import filed, make_public


@pytest.fixture
def ready(town: Cast) -> Cast:
    return town


# --- The whole way -----------------------------------------------------------------------------


def test_a_resident_reports_in_three_steps_without_javascript(ready: Cast, client: Client) -> None:
    found = client.get("/signaler/", {"q": "tilleul"})
    assert "Les Tilleuls" in text_of(found)
    where = client.get("/signaler/", {"residence": ready.tilleuls.pk})
    assert "Entrée 3" in text_of(where)
    place = f"residence={ready.tilleuls.pk}&spot=entrance:{ready.entrance.pk}&inside=hall"
    what = client.get(f"/signaler/quoi/?{place}")
    assert "Tags" in text_of(what)
    assert f"category={_inside_category()}" in what.content.decode()
    url = f"/signaler/dire/?{place}&category={_inside_category()}"
    sent = send(
        client,
        url,
        text="La porte ne ferme plus",
        photos=[picture(), picture("b.png", "PNG")],
        email="lea@exemple.test",
        dwelling="12",
    )
    assert sent.status_code == 302
    followed = client.get(sent["Location"])
    report = Report.objects.get()
    assert report.reference in text_of(followed)
    assert "Gardez ce lien" in text_of(followed)
    assert (report.residence, report.entrance, report.inside) == (
        ready.tilleuls,
        ready.entrance,
        "hall",
    )
    assert report.text == "La porte ne ferme plus"
    assert Photo.objects.filter(report=report).count() == 2
    assert Contact.objects.get().email == "lea@exemple.test"
    assert PrivatePlace.objects.get().dwelling == "12"


def _inside_category() -> str:
    rows = Category.objects.filter(inside_only=True, stop="", active=True).exclude(parent=None)
    free = [
        row
        for row in rows.order_by("position")
        if not any(q.get("required") for q in row.questions)
    ]
    return free[0].code


def test_nothing_is_stored_before_the_last_step(ready: Cast, client: Client) -> None:
    for url in ("/signaler/", f"/signaler/quoi/?{HERE}", TELL):
        assert client.get(url).status_code == 200
    assert not Report.objects.exists()
    assert "sessionid" not in client.cookies


# --- Where -------------------------------------------------------------------------------------


def test_accents_and_case_do_not_matter_to_the_search(ready: Cast, client: Client) -> None:
    assert "Rives de l’Escaut" in text_of(client.get("/signaler/", {"q": "RÎVES escaut"}))


def test_a_search_that_finds_nothing_says_what_to_do(ready: Cast, client: Client) -> None:
    page = text_of(client.get("/signaler/", {"q": "zzz"}))
    assert "Montrez l’endroit sur la carte" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Dites d’abord où cela se passe"),
        ("latitude=abc&longitude=3", "Ce point n’a pas été compris"),
        ("latitude=nan&longitude=3", "Ce point n’a pas été compris"),
        ("latitude=95&longitude=3", "Ce point n’a pas été compris"),
        ("latitude=50.38", "Ce point n’a pas été compris"),
        ("residence=999999", "Ce lieu n’est plus dans la liste"),
        ("residence=99999999999999999999999", "Ce lieu n’est plus dans la liste"),
        ("residence=x'--", "Ce lieu n’est plus dans la liste"),
        ("quartier=0", "Ce lieu n’est plus dans la liste"),
    ],
)
def test_a_place_that_makes_no_sense_leads_back_to_the_first_step(
    ready: Cast, client: Client, query: str, said: str
) -> None:
    for step in ("quoi", "dire", "attention"):
        page = client.get(f"/signaler/{step}/?{query}")
        assert page.status_code == 200
        assert said in text_of(page)
        assert "Où cela se passe-t-il" in text_of(page)


@pytest.mark.parametrize("spot", ["entrance:999", "cellar:1", "entrance:", "building:x", ":"])
def test_an_entrance_of_another_residence_is_refused(
    ready: Cast, client: Client, spot: str
) -> None:
    page = client.get(f"/signaler/quoi/?residence={ready.tilleuls.pk}&spot={spot}")
    assert "Ce lieu n’est plus dans la liste" in text_of(page)
    own = f"residence={ready.peupliers.pk}&spot=entrance:{ready.entrance.pk}"
    assert "Ce lieu n’est plus" in text_of(client.get(f"/signaler/quoi/?{own}"))


# --- What --------------------------------------------------------------------------------------


def test_an_unknown_category_leads_back_to_the_second_step(ready: Cast, client: Client) -> None:
    page = client.get(f"/signaler/dire/?{HERE}&category=licorne")
    assert page.status_code == 302
    assert page["Location"].startswith("/signaler/quoi/")


def test_a_category_of_buildings_asks_for_a_residence_first(ready: Cast, client: Client) -> None:
    page = client.get(f"/signaler/dire/?{HERE}&category={_inside_category()}")
    assert page["Location"].startswith("/signaler/quoi/")
    assert "choisissez d’abord votre résidence" in text_of(client.get(page["Location"]))


def test_danger_is_told_before_anything_is_asked(ready: Cast, client: Client) -> None:
    page = client.get(f"/signaler/dire/?{HERE}&category=seringues")
    assert page["Location"].startswith("/signaler/attention/")
    stop = client.get(page["Location"])
    assert 'href="tel:112"' in stop.content.decode()
    going_on = client.get(f"/signaler/dire/?{HERE}&category=seringues&read=1")
    assert "Envoyer le signalement" in text_of(going_on)


def test_a_category_without_a_stop_message_has_no_stop_page(ready: Cast, client: Client) -> None:
    page = client.get(f"/signaler/attention/?{HERE}&category=trou_chaussee")
    assert page["Location"].startswith("/signaler/quoi/")


# --- The words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "lea@"}, "Cette adresse électronique n’est pas complète"),
        ({"phone": "06 12"}, "Ce numéro de téléphone n’est pas complet"),
        ({"phone": "6" * 31}, "Ce numéro est trop long"),
        ({"phone": "appelez-moi"}, "Ce numéro de téléphone n’est pas complet"),
        ({"text": "a" * 2001}, "dépasse 2000 caractères"),
        ({"text": "a\x00b"}, "nul"),
        ({"website": "http://pub.test"}, "pris pour celui d’un robot"),
        ({"form_id": ""}, "ouverte depuis longtemps"),
        ({"form_id": "forged:1:xx"}, "ouverte depuis longtemps"),
    ],
)
def test_a_wrong_field_is_said_and_everything_typed_is_kept(
    ready: Cast, client: Client, fields: dict[str, str], said: str
) -> None:
    given = {"text": "Un grand trou", "email": "lea@exemple.test", **fields}
    page = send(client, **given)
    assert page.status_code == 200
    assert said in text_of(page)
    assert not Report.objects.exists()
    for name in ("text", "email", "phone"):
        if (value := given.get(name, "")) and "\x00" not in value:
            assert value in page.content.decode()


def test_a_filled_trap_passes_at_the_second_try(ready: Cast, client: Client) -> None:
    page = send(client, text="Un trou", website="spam")
    html = page.content.decode()
    again = client.post(
        TELL, {"text": "Un trou", "website": "", "form_id": hidden(html, "form_id")}
    )
    assert again.status_code == 302


def test_an_answer_out_of_the_list_is_refused(ready: Cast, client: Client) -> None:
    category = Category.objects.get(code="salete")
    url = f"/signaler/dire/?{HERE}&category={category.code}"
    page = send(client, url, q_quoi="Une licorne", text="Sale")
    assert "Choisissez une des réponses proposées" in text_of(page)
    assert send(client, url, q_quoi="Verre cassé").status_code == 302
    assert Report.objects.get().answers == {"quoi": "Verre cassé"}


def test_a_required_question_must_be_answered(ready: Cast, client: Client) -> None:
    question = {"code": "ou", "label": "Où ?", "required": True}
    Category.objects.filter(code="trou_chaussee").update(questions=[question])
    assert "Répondez en quelques mots" in text_of(send(client, text="x"))
    assert "200 caractères au plus" in text_of(send(client, q_ou="a" * 201))


def test_words_of_another_become_no_code(ready: Cast, client: Client) -> None:
    page = send(client, text="<script>alert(1)</script>", email="non")
    assert "<script>alert" not in page.content.decode()


# --- Photos ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vide.jpg", b"", "vide"),
        ("plan.pdf", b"%PDF-1.7 x", "PDF"),
        ("dessin.svg", b"<svg xmlns='x'/>", "SVG"),
        ("vieux.gif", b"GIF89a....", "format d’image"),
        ("iphone.heic", b"\0\0\0\x18ftypheic....", "abîmée"),
        ("film.mp4", b"\0\0\0\x18ftypisom....", "vidéo"),
        ("virus.jpg", b"MZ\x90", "pas une photo"),
    ],
)
def test_a_file_that_is_no_photo_is_named_and_said(
    ready: Cast, client: Client, name: str, content: bytes, said: str
) -> None:
    wrong = SimpleUploadedFile(name, content, "image/jpeg")
    page = send(client, text="Un trou", photos=[wrong])
    assert page.status_code == 200
    assert said in text_of(page)
    assert not Report.objects.exists()


def test_a_cut_photo_is_refused(ready: Cast, client: Client) -> None:
    whole = picture().read()
    cut = SimpleUploadedFile("coupee.jpg", whole[: len(whole) // 2], "image/jpeg")
    assert "« coupee.jpg » : Cette photo est abîmée" in text_of(send(client, photos=[cut]))


def test_good_photos_are_kept_when_another_is_faulty(ready: Cast, client: Client) -> None:
    wrong = SimpleUploadedFile("plan.pdf", b"%PDF-1.7", "application/pdf")
    page = send(client, text="Un trou", photos=[picture(), wrong])
    html = page.content.decode()
    token = hidden(html, "kept")
    shown = client.get(f"/signaler/photos/{token}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Cache-Control"] == "private, no-store"
    again = client.post(
        TELL,
        {"text": "Un trou", "website": "", "form_id": hidden(html, "form_id"), "kept": token},
    )
    assert again.status_code == 302
    assert Photo.objects.count() == 1
    assert client.get(f"/signaler/photos/{token}/").status_code == 404


def test_a_kept_photo_may_be_left_out(ready: Cast, client: Client) -> None:
    html = send(client, email="non", photos=[picture()]).content.decode()
    token = hidden(html, "kept")
    client.post(
        TELL, {"form_id": hidden(html, "form_id"), "website": "", "kept": token, "drop": token}
    )
    assert Report.objects.count() == 1
    assert not Photo.objects.exists()


@pytest.mark.parametrize("token", ["x", "..%2F..%2Fsecret", "a:b:c", "%00"])
def test_a_forged_name_of_a_draft_opens_nothing(ready: Cast, client: Client, token: str) -> None:
    assert client.get(f"/signaler/photos/{token}/").status_code == 404
    page = send(client, text="x", kept=token)
    assert "Une photo gardée n’est plus là" in text_of(page)


def test_six_photos_are_one_too_many_and_five_are_kept(ready: Cast, client: Client) -> None:
    page = send(client, text="x", photos=[picture(f"{n}.jpg") for n in range(6)])
    assert "5 photos au plus" in text_of(page)
    assert page.content.decode().count('name="kept"') == 5


def test_drafts_go_after_a_day(ready: Cast, client: Client) -> None:
    from datetime import timedelta

    send(client, email="non", photos=[picture()])
    assert drafts.purge() == 0
    assert drafts.purge(timedelta(seconds=-1)) == 2
    assert drafts.purge() == 0


def test_the_place_of_a_photo_is_not_kept(ready: Cast, client: Client) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F] = "MarqueSecrete"
    send(client, text="x", photos=[picture(exif=exif)])
    with Photo.objects.get().file.open() as file:
        assert b"MarqueSecrete" not in file.read()


# --- Guards ------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_files_one_report(ready: Cast, client: Client) -> None:
    given = {"form_id": form_id(client), "website": "", "text": "Un trou"}
    first = client.post(TELL, given)
    second = client.post(TELL, given)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_a_sending_that_is_still_at_work_is_not_started_again(
    ready: Cast, client: Client, monkeypatch: Any
) -> None:
    from django.core import signing
    from django.core.cache import cache

    monkeypatch.setattr(sending, "WAIT", 0.0)
    given = {"form_id": form_id(client), "website": "", "text": "Un trou"}
    number = signing.TimestampSigner(salt="parvis.reports.form").unsign(given["form_id"])
    cache.add(f"reports:form:{number}", 0, 60)
    page = client.post(TELL, given)
    assert "en cours" in text_of(page)
    assert not Report.objects.exists()


def test_what_failed_may_be_sent_again(ready: Cast, client: Client, monkeypatch: Any) -> None:
    given = {"form_id": form_id(client), "website": "", "text": "Un trou"}
    with monkeypatch.context() as broken:
        broken.setattr("parvis.reports.views.filing.file_report", _fails)
        with pytest.raises(OSError, match="disk"):
            client.post(TELL, given)
    assert client.post(TELL, given).status_code == 302


def _fails(**given: Any) -> Voice:
    raise OSError("disk")


def test_the_sixth_report_of_an_hour_waits_and_keeps_what_was_typed(
    ready: Cast, client: Client
) -> None:
    for _ in range(sending.UNPROVED_AN_HOUR):
        assert send(client, text="Un trou").status_code == 302
    page = send(client, text="Encore un trou", photos=[picture()])
    assert page.status_code == 429
    assert "Réessayez dans une heure" in text_of(page)
    assert "Encore un trou" in page.content.decode()
    assert 'name="kept"' in page.content.decode()
    assert Report.objects.count() == sending.UNPROVED_AN_HOUR


def test_the_limit_counts_each_visitor_apart_behind_a_trusted_proxy(
    ready: Cast, client: Client, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    for number in range(sending.UNPROVED_AN_HOUR + 2):
        given = {"form_id": form_id(client), "website": "", "text": "Un trou"}
        sent = client.post(TELL, given, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        assert sent.status_code == 302


def test_a_visitor_who_invents_addresses_is_still_one_visitor(ready: Cast, client: Client) -> None:
    statuses = []
    for number in range(sending.UNPROVED_AN_HOUR + 1):
        given = {"form_id": form_id(client), "website": "", "text": "Un trou"}
        sent = client.post(TELL, given, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        statuses.append(sent.status_code)
    assert statuses[-1] == 429


def test_a_partner_who_is_signed_in_needs_no_proof(ready: Cast, client: Client) -> None:
    client.force_login(ready.karim)
    for _ in range(sending.REPORTS_AN_HOUR):
        assert send(client, text="Un trou").status_code == 302
    assert send(client, text="Encore un").status_code == 429


def test_a_partner_sends_with_the_session_and_its_secret_never_by_the_page_itself(
    ready: Cast, client: Client
) -> None:
    report = make_public(filed().report)
    pages = (TELL, f"/signaler/moi-aussi/{report.reference}/")
    assert all("data-by-self" in client.get(url).content.decode() for url in pages)
    client.force_login(ready.karim)
    assert not any("data-by-self" in client.get(url).content.decode() for url in pages)


def test_a_form_from_another_site_is_refused(ready: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(TELL, {"text": "x"}).status_code == 403
    assert not Report.objects.exists()


# --- Moi aussi ---------------------------------------------------------------------------------


def test_similar_reports_are_shown_before_the_form_once_reviewed(
    ready: Cast, client: Client
) -> None:
    report = filed(text="Un trou profond").report
    assert "Est-ce déjà signalé" not in text_of(client.get(TELL))
    make_public(report)
    page = text_of(client.get(TELL))
    assert "Est-ce déjà signalé" in page
    assert "Un trou profond" not in page
    make_public(report, text_shown=True)
    assert "Un trou profond" in text_of(client.get(TELL))


def test_moi_aussi_joins_and_leads_to_a_page_of_ones_own(ready: Cast, client: Client) -> None:
    report = make_public(filed().report)
    url = f"/signaler/moi-aussi/{report.reference}/"
    sent = send(client, url, phone="06 12 34 56 78")
    assert "votre voix est comptée" in text_of(client.get(sent["Location"]))
    report.refresh_from_db()
    assert report.voice_count == 2
    assert Contact.objects.get().phone == "+33612345678"


def test_moi_aussi_pressed_twice_counts_once(ready: Cast, client: Client) -> None:
    report = make_public(filed().report)
    url = f"/signaler/moi-aussi/{report.reference}/"
    given = {"form_id": form_id(client, url), "website": ""}
    client.post(url, given)
    client.post(url, given)
    report.refresh_from_db()
    assert report.voice_count == 2


def test_moi_aussi_says_what_is_wrong_and_keeps_it(ready: Cast, client: Client) -> None:
    report = make_public(filed().report)
    url = f"/signaler/moi-aussi/{report.reference}/"
    page = send(client, url, email="lea@")
    assert "n’est pas complète" in text_of(page)
    assert 'value="lea@"' in page.content.decode()
    assert "robot" in text_of(send(client, url, website="x"))


def test_nobody_joins_what_they_may_not_see(ready: Cast, client: Client) -> None:
    report = filed().report
    assert client.get(f"/signaler/moi-aussi/{report.reference}/").status_code == 404
    assert client.get("/signaler/moi-aussi/R-2026-XXXXX/").status_code == 404


def test_a_closed_report_is_not_joined(ready: Cast, client: Client) -> None:
    report = make_public(filed().report)
    url = f"/signaler/moi-aussi/{report.reference}/"
    given = {"form_id": form_id(client, url), "website": ""}
    Report.objects.filter(pk=report.pk).update(state="settled", closed_at=report.at)
    assert "est clos" in text_of(client.post(url, given))


# --- Figures -----------------------------------------------------------------------------------


def test_sending_a_report_takes_at_most_twelve_queries_photos_included(
    ready: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    given = {
        "form_id": form_id(client),
        "website": "",
        "text": "Un trou",
        "email": "lea@exemple.test",
        "photos": [picture(f"{n}.jpg") for n in range(5)],
    }
    with django_assert_max_num_queries(40) as counted:
        client.post(TELL, given)
    asked = [
        query["sql"]
        for query in counted.captured_queries
        if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    assert len(asked) <= 12, "\n".join(asked)
