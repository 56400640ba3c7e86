"""The pages of meetings, from the instance to the relevé, as people use them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.meetings import acts
from parvis.meetings.models import Decision, Document, Instance, Sitting
from tests.cast import IN_VALENCIENNES, Cast
from tests.figures.counting import counted
from tests.meetings.scene import convened, cotech, sitting
from tests.reports.scene import at_point, filed


def test_from_the_instance_to_the_releve_by_hand(cast: Cast, client: Client) -> None:
    report = filed(at_point(IN_VALENCIENNES)).report
    client.force_login(cast.claire)
    client.post(
        reverse("meetings:new"),
        {
            "kind": "cotech",
            "name": "Comité technique",
            "quartiers": [cast.rives.pk],
            "chairs": [cast.agglomeration.pk],
            "members": [cast.town.pk, cast.landlord.pk],
            "cadence": "monthly",
        },
    )
    instance = Instance.objects.get()
    day = timezone.localdate()
    client.post(
        reverse("meetings:plan", args=[instance.pk]),
        {"starts_at": f"{day.year + 1}-03-02T09:00", "ends_at": f"{day.year + 1}-03-02T11:00"},
    )
    made = Sitting.objects.get()
    client.post(reverse("meetings:add", args=[made.pk]), {"things": [f"report:{report.pk}"]})
    client.post(reverse("meetings:convene", args=[made.pk]))
    item = made.items.get()
    client.post(
        f"{reverse('meetings:decide', args=[made.pk])}?point={item.pk}",
        {"text": "La ville ramasse", "organisation": cast.town.pk, "making": "part"},
    )
    assert Decision.objects.get().item == item
    page = client.get(reverse("meetings:sitting", args=[made.pk])).content.decode()
    assert "La ville ramasse" in page
    assert "Envoyer le relevé" not in page  # it has not taken place


def test_proposals_that_are_gone_are_said_and_nothing_is_added(cast: Cast, client: Client) -> None:
    made = sitting(cast)
    client.force_login(cast.claire)
    answer = client.post(
        reverse("meetings:add", args=[made.pk]), {"things": ["report:999"]}, follow=True
    )
    assert "ne sont plus proposés" in answer.content.decode()
    assert made.items.count() == 1


@pytest.mark.parametrize("number", ["", "x", "0", "9" * 30, "²"])
def test_a_point_that_is_not_there_is_said(cast: Cast, client: Client, number: str) -> None:
    made = sitting(cast)
    client.force_login(cast.claire)
    url = reverse("meetings:item", args=[made.pk])
    answer = client.post(url, {"item": number, "do": "remove"}, follow=True)
    assert "n’est plus à l’ordre du jour" in answer.content.decode()
    assert made.items.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.exe", b"MZ", "Ce genre de fichier"),
        ("plan.pdf", b"<html>", "abîmé"),
        ("plan.docx", b"%PDF-1.7", "abîmé"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    cast: Cast, client: Client, name: str, content: bytes, words: str
) -> None:
    made = sitting(cast)
    client.force_login(cast.claire)
    answer = client.post(
        reverse("meetings:give", args=[made.pk]),
        {"title": "Plan", "file": SimpleUploadedFile(name, content)},
    )
    assert words in answer.content.decode()
    assert not Document.objects.exists()


def test_a_document_goes_with_the_convocation_and_to_nobody_else(
    cast: Cast, client: Client
) -> None:
    made = sitting(cast)
    client.force_login(cast.claire)
    upload = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 plan")
    client.post(reverse("meetings:give", args=[made.pk]), {"title": "Plan", "file": upload})
    url = reverse("meetings:document", args=[Document.objects.get().pk])
    client.force_login(cast.luc)
    assert client.get(url).status_code == 404
    acts.convene(made, actor=cast.actor(cast.claire))
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 plan"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    client.force_login(cast.paul)
    assert client.get(url).status_code == 404


def test_the_pages_ask_the_same_with_many_rows(cast: Cast, client: Client) -> None:
    instance = cotech(cast)
    made = convened(cast, instance)
    client.force_login(cast.claire)
    names = ("instance", "sitting", "agenda")
    urls = [reverse("meetings:instances"), reverse("meetings:instance", args=[instance.pk])]
    urls += [reverse(f"meetings:{name}", args=[made.pk]) for name in names[1:]]

    def asked() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with counted() as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    claire = cast.actor(cast.claire)
    first = filed(at_point(IN_VALENCIENNES)).report
    acts.add_things(made, [("report", first.pk)], actor=claire)
    acts.decide(made, actor=claire, text="Une", item=made.items.last())
    few = asked()
    for number in range(12):
        report = filed(at_point(IN_VALENCIENNES)).report
        if number % 2:
            acts.add_things(made, [("report", report.pk)], actor=claire)
        acts.decide(made, actor=claire, text=f"Décision {number}", item=made.items.last())
        sitting(cast, instance, days=20 + number)
    assert asked() == few
    assert max(few) <= 16, few
