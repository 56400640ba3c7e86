"""What each commune wants done with what is reported: here, its own tool, or partners only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parvis.notices.outbox import send_due
from parvis.partners.actors import NOBODY
from parvis.partners.models import Organisation
from parvis.reports import acts
from parvis.reports.acts import file_report
from parvis.reports.followup import greet_voices, tell_organisations
from parvis.reports.links import part_from_token, service_url
from parvis.reports.models import Part, Report, Route, Voice
from parvis.reports.routes import rule_for
from parvis.reports.workflow import Forbidden
from parvis.thread.models import Event
from tests.cast import IN_ANZIN_OUTSIDE_RIVES, IN_RAISMES, Cast
from tests.figures.counting import counted
from tests.reports.pages import TELL, send, text_of
from tests.reports.scene import (
    at_point,
    category,
    codes,
    filed,
    in_hall,
    make_public,
    only_part,
    photo,
    sent_to,
)

TOOL = {"tool": "Allô Anzin", "email": "outil@exemple.test", "url": "https://exemple.test/allo"}


def route(town: Cast, way: str, code: str = "", **given: Any) -> Route:
    """A route of Anzin, for a category, a family, or all."""
    values = {**(TOOL if way == "handed" else {}), **given}
    chosen = category(code) if code else None
    karim = town.actor(town.karim)
    return acts.write_route(
        None, actor=karim, commune=town.anzin, category=chosen, way=way, **values
    )


def follow_up() -> None:
    """What leaves by itself within some minutes."""
    greet_voices()
    moment = timezone.now() - timedelta(minutes=3)  # what was given can no longer be taken back
    Part.objects.exclude(moved_at=None).update(moved_at=moment)
    tell_organisations()
    send_due(timezone.now() + timedelta(minutes=3))


# --- Which route
def test_the_most_precise_route_wins(town: Cast) -> None:
    def ways() -> list[str]:
        leaf, family = category("trou_chaussee"), category("trou_chaussee").parent
        codes = ("trou_chaussee", "salete")
        assert family.pk != leaf.pk
        return [str(rule_for(town.anzin.pk, category(code)).way) for code in codes]

    assert ways() == ["here", "here"]
    everything = route(town, "partners")
    assert ways() == ["partners", "partners"]
    route(town, "handed", category("trou_chaussee").parent.code)
    assert ways() == ["handed", "partners"]
    precise = route(town, "here", "trou_chaussee")
    assert ways() == ["here", "partners"]
    acts.remove_route(precise)
    acts.remove_route(everything)
    assert ways() == ["handed", "here"]
    assert rule_for(town.raismes.pk, category()).way == "here"
    assert rule_for(None, category()).way == "here"


def test_routes_are_asked_from_memory(town: Cast) -> None:
    route(town, "handed", "trou_chaussee")
    rule_for(town.anzin.pk, category())
    leaf = category()
    with counted() as queries:
        assert rule_for(town.anzin.pk, leaf).tool == "Allô Anzin"
    assert len(queries) == 0


# --- Handed to the commune's own tool
def test_a_handed_report_goes_to_the_tool_without_any_contact(town: Cast) -> None:
    route(town, "handed", "trou_chaussee")
    voice = filed(
        text="Un trou. Appelez le 06 12 34 56 78.",
        email="lea@exemple.test",
        phone="0612345678",
        photos=[photo()],
    )
    report = voice.report
    assert (report.way, only_part(report).organisation) == ("handed", town.town)
    assert codes(report) == ["filed", "handed"]
    follow_up()
    (letter,) = sent_to("outil@exemple.test")
    assert not sent_to(town.town.email)
    for body in (letter.body, letter.alternatives[0][0]):
        for words in (report.reference, "Un trou.", "12 rue des Lilas", "50.380000, 3.510000"):
            assert words in body
        assert service_url(only_part(report)) in body
        for secret in ("lea@exemple.test", "06 12 34 56 78", "33612345678"):
            assert secret not in body


def test_the_resident_is_told_which_tool_has_it(town: Cast, client: Client) -> None:
    route(town, "handed", "trou_chaussee")
    answer = send(client, text="Un trou.", email="lea@exemple.test")
    page = client.get(answer["Location"])
    assert "Transmis à « Allô Anzin », l’outil de la commune" in text_of(page)
    assert "https://exemple.test/allo" in page.content.decode()
    follow_up()
    (receipt,) = sent_to("lea@exemple.test")
    for body in (receipt.body, receipt.alternatives[0][0]):
        assert "Allô Anzin" in body
        assert "outil@exemple.test" not in body
    assert "outil@exemple.test" not in page.content.decode()


def test_other_receipts_name_no_tool(town: Cast) -> None:
    filed(email="lea@exemple.test")
    follow_up()
    assert "propre outil" not in sent_to("lea@exemple.test")[0].body


def test_the_tool_sends_back_its_number_and_progress(town: Cast, client: Client) -> None:
    route(town, "handed", "trou_chaussee")
    part = only_part(filed(email="lea@exemple.test").report)
    page = service_url(part).removeprefix("http://localhost:8000")
    page = page[page.index("/service/") :]
    client.post(page + "numero/", {"own_number": "  DEM-2026  118 "})
    client.post(page + "numero/", {"own_number": "DEM-2026 118"})
    client.post(page + "etape/settle/", {"answer": "Rebouché."})
    part.refresh_from_db()
    assert (part.own_number, part.state) == ("DEM-2026 118", "settled")
    assert codes(part.report) == ["filed", "handed", "numbered", "settle", "closed"]
    assert not Event.objects.get(code="numbered").public
    assert "DEM-2026 118" in client.get(page).content.decode()
    follow_up()
    told = [one.body for one in sent_to("lea@exemple.test")]
    assert any("Rebouché." in body and "Ville d’Anzin" in body for body in told)
    assert not any("DEM-2026" in body for body in told)


def test_a_number_that_is_too_long_is_refused(town: Cast, client: Client) -> None:
    part = only_part(filed().report)
    page = service_url(part)
    answer = client.post(page[page.index("/service/") :] + "numero/", {"own_number": "9" * 61})
    assert "60 caractères" in text_of(answer)
    assert only_part(part.report).own_number == ""


def test_what_another_answers_for_is_not_handed(town: Cast) -> None:
    route(town, "handed")
    report = filed(in_hall(town), "encombrants_immeuble").report
    assert (report.way, only_part(report).organisation) == ("here", town.landlord)
    follow_up()
    assert not sent_to("outil@exemple.test")
    assert sent_to(town.landlord.email)


def test_a_neighbour_s_report_is_not_handed(town: Cast) -> None:
    route(town, "handed")
    assert filed(at_point(IN_RAISMES)).report.way == "here"
    assert filed(at_point(IN_ANZIN_OUTSIDE_RIVES)).report.way == "handed"


def test_chase_and_reopening_reach_the_tool_and_the_next_owner_does_not(town: Cast) -> None:
    route(town, "handed", "trou_chaussee")
    voice = filed()
    part = only_part(voice.report)
    claire = town.actor(town.claire)
    acts.chase(part, actor=claire)
    acts.advance_part(part, "settle", actor=town.actor(town.karim), answer="Fait.")
    acts.say_not_yet(voice)
    follow_up()
    subjects = {one.subject.partition(" ")[0] for one in sent_to("outil@exemple.test")}
    assert subjects == {"Relance", "Rouvert", "Signalement"}
    part.refresh_from_db()
    acts.give_part(part, actor=claire, organisation=town.landlord)
    follow_up()
    (letter,) = sent_to(town.landlord.email)
    assert voice.report.reference in letter.body
    assert len(sent_to("outil@exemple.test")) == 3


def test_a_part_that_comes_back_is_told_again(town: Cast) -> None:
    part = only_part(filed().report)
    follow_up()
    claire = town.actor(town.claire)
    acts.give_part(part, actor=claire, organisation=town.landlord)
    acts.give_part(part, actor=claire, organisation=town.town)
    follow_up()
    assert len(sent_to(town.town.email)) == 2


# --- Open to partners only
def test_a_resident_is_told_whom_to_ask_before_writing(town: Cast, client: Client) -> None:
    Organisation.objects.filter(pk=town.town.pk).update(phone="03 00 00 00 00", hours="le matin")
    route(town, "partners", "trou_chaussee", url="https://exemple.test/mairie")
    page = client.get(TELL)
    for words in ("n’est pas pris en ligne", "Ville d’Anzin", "03 00 00 00 00", "le matin"):
        assert words in text_of(page)
    assert 'href="tel:0300000000"' in page.content.decode()
    assert "https://exemple.test/mairie" in page.content.decode()
    assert "<textarea" not in page.content.decode()
    assert "Pas en ligne ici" in text_of(client.get(TELL.replace("dire", "quoi")))
    assert client.get(TELL.replace("trou_chaussee", "salete")).status_code == 200


def test_words_typed_before_the_route_changed_are_not_lost(town: Cast, client: Client) -> None:
    from tests.reports.pages import form_id

    number = form_id(client)
    route(town, "partners", "trou_chaussee")
    answer = client.post(
        TELL, {"form_id": number, "website": "", "text": "Mes mots", "email": "lea@exemple.test"}
    )
    assert "Mes mots" in text_of(answer)
    assert "pas pris en ligne" in text_of(answer)
    assert not Report.objects.exists()


def test_partners_file_what_residents_may_not(town: Cast, client: Client) -> None:
    route(town, "partners", "trou_chaussee")
    with pytest.raises(Forbidden, match="pas pris en ligne"):
        file_report(actor=NOBODY, place=at_point(), category=category())
    client.force_login(town.sofia)
    assert "<textarea" in client.get(TELL).content.decode()
    send(client, text="Un trou.")
    assert Voice.objects.get().report.way == "partners"


# --- Changing routes
def test_a_change_does_not_touch_past_reports(town: Cast, client: Client) -> None:
    made = route(town, "handed", "trou_chaussee")
    report = make_public(filed().report)
    acts.remove_route(made)
    assert Report.objects.get().way == "handed"
    page = text_of(client.get(f"/signalements/{report.reference}/"))
    assert "Transmis à « Allô Anzin »" in page
    follow_up()  # the tool is gone: the town itself is told
    assert sent_to(town.town.email)
    assert filed().report.way == "here"


def fields(town: Cast, **given: Any) -> dict[str, Any]:
    leaf = category()
    return {"commune": town.anzin.pk, "category": leaf.pk, "way": "handed", **TOOL, **given}


def test_the_town_writes_changes_and_removes_its_routes(town: Cast, client: Client) -> None:
    client.force_login(town.karim)
    assert "Aucun circuit" in text_of(client.get("/circuits/"))
    client.post("/circuits/nouveau/", fields(town))
    made = Route.objects.get()
    assert "Allô Anzin" in text_of(client.get("/circuits/"))
    client.post(f"/circuits/{made.pk}/", fields(town, way="partners"))
    made.refresh_from_db()
    assert made.way == "partners"
    client.post(f"/circuits/{made.pk}/retirer/")
    assert not Route.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tool": ""}, "Nommez l’outil"),
        ({"email": ""}, "adresse qui reçoit"),
        ({"email": "x"}, "pas complète"),
        ({"way": ""}, "Choisissez ce que devient"),
    ],
)
def test_a_route_says_where_it_leads(
    town: Cast, client: Client, given: dict[str, str], words: str
) -> None:
    client.force_login(town.karim)
    assert words in text_of(client.post("/circuits/nouveau/", fields(town, **given)))
    assert not Route.objects.exists()


@pytest.mark.parametrize("code", ["", "trou_chaussee"])
def test_a_commune_routes_a_category_once(town: Cast, client: Client, code: str) -> None:
    route(town, "here", code)
    client.force_login(town.claire)
    chosen = category(code).pk if code else ""
    answer = client.post("/circuits/nouveau/", fields(town, category=chosen))
    assert "Cette commune a déjà un circuit" in text_of(answer)
    assert Route.objects.count() == 1


def test_a_neighbour_s_routes_are_neither_seen_nor_written(town: Cast, client: Client) -> None:
    made = route(town, "handed", "trou_chaussee")
    for person in (town.nadia, town.bruno, town.luc):
        client.force_login(person)
        assert "Allô Anzin" not in text_of(client.get("/circuits/"))
        assert client.get(f"/circuits/{made.pk}/").status_code == 404
        assert client.post(f"/circuits/{made.pk}/retirer/").status_code == 404
        answer = client.post("/circuits/nouveau/", fields(town, category=""))
        assert answer.status_code == 200
    with pytest.raises(ValidationError, match="périmètre"):
        acts.write_route(
            made,
            actor=town.actor(town.nadia),
            commune=town.anzin,
            category=None,
            way="here",
        )
    assert Route.objects.get().way == "handed"


def test_a_contributor_reads_no_route(town: Cast, client: Client) -> None:
    client.force_login(town.sofia)
    assert client.get("/circuits/").status_code == 403


def test_the_link_of_a_handed_part_is_its_town_s(town: Cast) -> None:
    route(town, "handed", "trou_chaussee")
    part = only_part(filed().report)
    token = service_url(part).rstrip("/").rpartition("/")[2]
    assert part_from_token(token) == Part.objects.get()
