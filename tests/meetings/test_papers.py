"""A sitting on paper, on slides and in calendars."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from django.test import Client
from django.urls import reverse
from pptx import Presentation

from parvis.meetings import acts
from parvis.meetings.models import FeedKey, Sitting
from parvis.meetings.slides import draw_plan
from parvis.reports.models import Part
from tests.cast import IN_ANZIN, IN_VALENCIENNES, Cast
from tests.documents.pdfs import assert_accessible
from tests.meetings.scene import convened, sitting
from tests.reports.scene import at_point, filed, make_public, photo


def full(cast: Cast) -> Sitting:
    """A sitting with a report, a decision that everybody spoke about, and a check to make."""
    before = convened(cast)
    claire = cast.actor(cast.claire)
    acts.decide(before, actor=claire, text="Poser un banc", organisation=cast.town)
    acts.send_releve(before, actor=claire)
    made = sitting(cast, before.instance)
    report = make_public(filed(at_point(IN_VALENCIENNES), photos=[photo()]).report)
    report.photos.update(shown=True, reviewed_at=report.at)
    acts.add_things(made, [("report", report.pk)], actor=claire)
    acts.convene(made, actor=claire)
    acts.decide(
        made,
        actor=claire,
        text="Remplacer #[les] lampes *vite*",
        organisation=cast.landlord,
        item=made.items.first(),
        usage="On n’y voit rien.",
        reason="Trois signalements.",
    )
    return made


def test_the_agenda_and_the_releve_are_accessible(cast: Cast, client: Client) -> None:
    made = full(cast)
    client.force_login(cast.claire)
    for name in ("agenda_pdf", "releve_pdf"):
        assert_accessible(client.get(reverse(f"meetings:{name}", args=[made.pk])).content)


def test_the_draft_of_a_releve_is_for_who_organises_the_sitting(cast: Cast, client: Client) -> None:
    made = full(cast)
    client.force_login(cast.luc)
    assert client.get(reverse("meetings:agenda_pdf", args=[made.pk])).status_code == 200
    assert client.get(reverse("meetings:releve_pdf", args=[made.pk])).status_code == 403


def test_the_slides_hold_the_plan_the_photo_and_what_is_asked(cast: Cast, client: Client) -> None:
    made = full(cast)
    client.force_login(cast.claire)
    answer = client.get(reverse("meetings:slides", args=[made.pk]))
    deck = Presentation(BytesIO(answer.content))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles[:3] == [
        "Comité technique des Rives",
        "Où nous en sommes",
        "Suites des décisions précédentes",
    ]
    words = " ".join(
        shape.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame
    )
    assert "Décision demandée" in words
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == 2
    assert all(one._element._nvXxPr.cNvPr.get("descr") for one in pictures)


def test_the_slides_show_no_photo_that_was_not_reviewed(cast: Cast, client: Client) -> None:
    made = full(cast)
    report_id = made.items.get(thing_kind="report").thing_id
    from parvis.reports.models import Photo

    Photo.objects.filter(report=report_id).update(shown=False)
    client.force_login(cast.claire)
    deck = Presentation(BytesIO(client.get(reverse("meetings:slides", args=[made.pk])).content))
    pictures = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == 1  # the plan


def test_signs_that_xml_refuses_are_not_on_the_slides(cast: Cast, client: Client) -> None:
    made = full(cast)
    made.items.update(title="Le\x1b banc")
    type(made.instance).objects.filter(pk=made.instance_id).update(name="Comité\x0b des Rives")
    client.force_login(cast.claire)
    deck = Presentation(BytesIO(client.get(reverse("meetings:slides", args=[made.pk])).content))
    assert deck.core_properties.title == "Comité des Rives"
    assert deck.slides[0].shapes.title.text == "Comité des Rives"
    assert "1. Le banc" in [slide.shapes.title.text for slide in deck.slides]


def test_there_is_no_plan_without_a_place() -> None:
    assert draw_plan([], []) is None
    assert draw_plan([], [IN_ANZIN])  # one point alone


def test_a_personal_calendar_holds_the_dates_of_one_s_organisation(
    cast: Cast, client: Client
) -> None:
    made = sitting(cast)
    acts.convene(made, actor=cast.actor(cast.claire))
    found = {}
    for person in (cast.luc, cast.paul):
        client.force_login(person)
        client.post(reverse("meetings:feed_address"))
        page = client.get(reverse("meetings:feed_address")).content.decode()
        address = page.split('href="http://localhost:8000')[1].split('"')[0]
        client.logout()
        found[person.name] = client.get(address).content.decode()
    assert "technique des Rives" in found["Luc"].replace("\r\n ", "")
    assert f"/seances/{made.pk}/" in found["Luc"].replace("\r\n ", "")
    assert "technique des Rives" not in found["Paul"].replace("\r\n ", "")


def test_another_address_closes_the_old_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    url = reverse("meetings:feed_address")
    client.post(url)
    old = client.get(url).content.decode().split('href="http://localhost:8000')[1].split('"')[0]
    assert client.get(old).status_code == 200
    client.post(url)
    assert client.get(old).status_code == 404
    assert FeedKey.objects.count() == 1


def test_the_slides_name_what_is_late_on_the_agenda(cast: Cast, client: Client) -> None:
    made = full(cast)
    report = made.items.get(thing_kind="report").thing_id
    Part.objects.filter(report=report).update(due_on=date(2025, 3, 3))
    client.force_login(cast.claire)
    deck = Presentation(BytesIO(client.get(reverse("meetings:slides", args=[made.pk])).content))
    (slide,) = [one for one in deck.slides if one.shapes.title.text == "En retard"]
    words = " ".join(shape.text for shape in slide.shapes if shape.has_text_frame)
    assert "lundi 3\u00a0mars\u00a02025" in words
