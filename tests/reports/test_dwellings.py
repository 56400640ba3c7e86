"""What concerns one dwelling: seen by its author and its landlord, by nobody else, anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from parvis.notices.models import Envelope
from parvis.partners.actors import NOBODY
from parvis.reports import acts, figures
from parvis.reports.followup import greet_voices, tell_organisations
from parvis.reports.links import token_of
from parvis.reports.models import (
    Callback,
    Contact,
    DwellingDesk,
    Message,
    Note,
    Part,
    Photo,
    PrivatePlace,
    Report,
    Voice,
)
from parvis.reports.placing import Place
from parvis.reports.similar import similar_open_reports
from parvis.upkeep.models import Holding, ManagedArea
from tests.cast import Cast
from tests.reports.pages import form_id, picture, send, text_of
from tests.reports.scene import category, filed, in_hall, only_part, photo

LEAK = "moisissurenoire"
MODELS: list[Any] = [Report, Part, Photo, Message, Note, Contact, PrivatePlace, Callback]


def in_flat(town: Cast, **given: Any) -> Voice:
    """Mould in a flat of Escaut Habitat, with something of every kind."""
    voice = filed(
        in_hall(town),
        "logement_humidite",
        text=LEAK,
        photos=[photo()],
        phone="06 12 34 56 78",
        dwelling="A 32",
        **given,
    )
    acts.speak(voice, text=LEAK)
    acts.note(voice.report, actor=town.actor(town.luc), text="Note")
    Callback.objects.create(report=voice.report, voice=voice, why="closed", created_at=voice.at)
    return voice


def who_sees(town: Cast, model: Any, report: Report) -> set[str]:
    path = "pk" if model is Report else "report_id"
    return {
        name
        for name, person in town.people.items()
        if model.objects.visible_to(town.actor(person)).filter(**{path: report.pk}).exists()
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_landlord_alone_sees_it_not_even_the_coordination(town: Cast, model: Any) -> None:
    report = in_flat(town).report
    assert report.private
    assert who_sees(town, model, report) == {"luc", "ines"}
    assert not model.objects.visible_to(NOBODY).exists()


def test_a_managed_area_never_takes_it_from_the_landlord(town: Cast) -> None:
    ManagedArea.objects.create(
        name="Résidence", manager=town.town, owner=town.town, residence=town.tilleuls
    )
    assert only_part(in_flat(town).report).organisation == town.landlord


def test_its_author_follows_it(town: Cast, client: Client) -> None:
    voice = in_flat(town)
    page = client.get(f"/suivre/{token_of(voice)}/")
    assert LEAK in page.content.decode()
    assert "Concerne un logement" in text_of(page)
    assert "pas encore publique" not in text_of(page)


def test_no_page_list_map_export_or_search_of_others_shows_it(town: Cast, client: Client) -> None:
    report = in_flat(town).report
    greet_voices()
    urls = [
        "/",
        "/signalements/",
        "/signalements/?all=1",
        f"/signalements/?q={LEAK}",
        "/signalements/carte.json",
        "/signalements/export.csv",
        f"/chercher/?q={LEAK}",
        f"/chercher/?q={report.reference}",
        f"/quartiers/{town.rives.code}/",
    ]
    for person in (None, town.claire, town.karim, town.rose, town.paul, town.bruno):
        client.logout()
        if person:
            client.force_login(person)
            assert client.get("/a-traiter/").content.decode().count(report.place_label) == 0
        assert client.get(f"/signalements/{report.reference}/").status_code == 404
        assert client.get(f"/photos/{report.photos.get().pk}/small.jpg").status_code == 404
        for url in urls:
            answer = client.get(url)
            body = answer.getvalue().decode()
            assert f"/signalements/{report.reference}/" not in body, (url, person)
            assert LEAK not in body.replace(f"q={LEAK}", "").replace(f'value="{LEAK}"', "") or (
                url.endswith(LEAK)
            ), (url, person)


def test_the_landlord_finds_it_in_its_own_list(town: Cast, client: Client) -> None:
    report = in_flat(town).report
    greet_voices()
    client.force_login(town.luc)
    for url in ("/signalements/", f"/signalements/?q={LEAK}"):
        assert report.reference in client.get(url).content.decode()
    page = text_of(client.get(f"/signalements/{report.reference}/"))
    assert LEAK in page
    assert "A 32" in page
    assert "à relire" not in page


def test_a_quartier_s_page_counts_no_dwelling_even_for_its_landlord(
    town: Cast, client: Client
) -> None:
    luc = town.actor(town.luc)
    for _ in range(figures.MINIMUM):
        part = only_part(in_flat(town).report)
        acts.advance_part(part, "settle", actor=luc, answer="Fait.")
    in_flat(town)
    client.force_login(town.luc)
    page = client.get(f"/quartiers/{town.rives.code}/")
    assert "Humidité" not in text_of(page)
    told = figures.of_quartier(luc, town.rives.pk)
    assert (told.delays.count, told.open_count, told.closed_count) == (0, 0, 0)


def test_me_too_never_proposes_it(town: Cast, client: Client) -> None:
    report = in_flat(town).report
    for actor in (NOBODY, town.actor(town.luc)):
        found = similar_open_reports(
            actor, category("logement_humidite"), None, None, town.tilleuls
        )
        assert found == []
    client.force_login(town.luc)
    assert client.get(f"/signaler/moi-aussi/{report.reference}/").status_code == 403


def test_nobody_can_make_it_public(town: Cast) -> None:
    report = in_flat(town).report
    with pytest.raises(ValidationError, match="jamais public"):
        acts.review(
            report,
            actor=town.actor(town.luc),
            public=True,
            text_shown=True,
            shown_photos=set(),
            shown_messages=set(),
        )
    # Even filed anew under a category that may be public.
    Report.objects.update(category=category())
    with pytest.raises(ValidationError, match="jamais public"):
        acts.review(
            report,
            actor=town.actor(town.luc),
            public=True,
            text_shown=False,
            shown_photos=set(),
            shown_messages=set(),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(public=True, reviewed_at=report.at)


def test_without_a_known_landlord_the_coordination_keeps_it_until_it_is_given(town: Cast) -> None:
    Holding.objects.all().delete()
    voice = filed(in_hall(town), "logement_fuite", text=LEAK, phone="06 12 34 56 78")
    report, part = voice.report, only_part(voice.report)
    assert part.organisation is None
    for model in (Report, Part, Contact):
        assert who_sees(town, model, report) == {"claire"}
    acts.give_part(part, actor=town.actor(town.claire), organisation=town.landlord)
    for model in (Report, Part, Contact):
        assert who_sees(town, model, report) == {"luc", "ines"}


def test_the_resident_is_told_who_will_read_it(town: Cast, client: Client) -> None:
    url = f"/signaler/dire/?residence={town.tilleuls.pk}&category=logement_fuite"
    assert "seul Escaut Habitat le lira" in text_of(client.get(url))
    Holding.objects.all().delete()
    assert "n’est pas connu ici" in text_of(client.get(url))


def test_it_asks_for_a_residence(town: Cast, client: Client) -> None:
    with pytest.raises(ValidationError):
        filed(code="logement_fuite")
    answer = client.get("/signaler/dire/?latitude=50.38&longitude=3.51&category=logement_fuite")
    assert answer["Location"].startswith("/signaler/quoi/")


# --- the landlord's own desk
def desk(town: Cast, **given: Any) -> DwellingDesk:
    values = {"handled_here": False, "phone": "03 20 00 00 01", "hours": "9 h – 12 h"}
    return DwellingDesk.objects.create(organisation=town.landlord, **{**values, **given})


def test_the_resident_is_shown_the_landlord_s_desk_and_nothing_is_filed(
    town: Cast, client: Client
) -> None:
    url = f"/signaler/dire/?residence={town.tilleuls.pk}&category=logement_fuite"
    number = form_id(client, url)
    desk(town)
    page = client.get(url)
    assert 'href="tel:0320000001"' in page.content.decode()
    assert "Rien n’est enregistré" in text_of(page)
    client.post(url, {"form_id": number, "text": LEAK, "photos": [picture()]})
    assert not Report.objects.exists()
    assert not Photo.objects.exists()
    with pytest.raises(ValidationError, match="reçoit lui-même"):
        filed(Place(residence=town.tilleuls), "logement_fuite")


def test_the_desk_is_for_dwellings_of_that_landlord_alone(town: Cast, client: Client) -> None:
    desk(town)
    others = f"/signaler/dire/?residence={town.peupliers.pk}&category=logement_fuite"
    assert send(client, others, text=LEAK).status_code == 302
    hall = f"/signaler/dire/?residence={town.tilleuls.pk}&inside=hall&category=hall_sale"
    assert send(client, hall, text="Sale").status_code == 302
    assert Report.objects.count() == 2


def test_a_landlord_sets_its_desk(town: Cast, client: Client) -> None:
    client.force_login(town.luc)
    assert "/locataires/" in client.get("/locataires/").content.decode()
    refused = client.post("/locataires/", {"handled_here": "0"})
    assert "Donnez un téléphone" in text_of(refused)
    assert not DwellingDesk.objects.exists()
    given = {"handled_here": "0", "phone": "03 20 00 00 01", "hours": "9 h – 12 h"}
    assert client.post("/locataires/", given)["Location"] == "/locataires/"
    assert DwellingDesk.objects.get().organisation == town.landlord
    client.post("/locataires/", {"handled_here": "1"})
    assert DwellingDesk.objects.get().handled_here


def test_nobody_sets_another_s_desk(town: Cast, client: Client) -> None:
    desk(town)
    given = {"handled_here": "0", "phone": "03 99 99 99 99"}
    for person in (town.ines, town.claire, town.rose):
        client.force_login(person)
        assert client.post("/locataires/", given).status_code == 403
    client.force_login(town.karim)
    assert "n’en est pas un" in text_of(client.post("/locataires/", given))
    client.force_login(town.paul)
    client.post("/locataires/", given)
    assert DwellingDesk.objects.get(pk=town.landlord.pk).phone == "03 20 00 00 01"
    assert DwellingDesk.objects.get(pk=town.other_landlord.pk).phone == "03 99 99 99 99"


def test_mail_goes_to_the_landlord_and_says_no_words_of_the_tenant(town: Cast) -> None:
    in_flat(town)
    tell_organisations()
    assert {one.address for one in Envelope.objects.all()} == {town.landlord.email}
    message = Envelope.objects.get().message
    assert LEAK not in str(vars(message))
