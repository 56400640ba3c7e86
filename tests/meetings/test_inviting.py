"""An organisation that does not sign in: its own link, and the letter."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.meetings import acts
from parvis.meetings.documents import give_document
from parvis.meetings.inviting import token_of
from parvis.meetings.models import Sitting
from parvis.notices.sending import send_due
from parvis.partners.models import Organisation
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.figures.counting import counted
from tests.gatherings.scene import in_days
from tests.meetings.scene import begun, cotech, sitting


def operator(cast: Cast, email: str = "lampes@exemple.test") -> Organisation:
    """An organisation for which nobody signs in."""
    return Organisation.objects.create(
        kind="operator", name="Lumières", email=email, commune=cast.anzin
    )


def called(cast: Cast, guest: Organisation) -> Sitting:
    made = sitting(cast, cotech(cast, members=[cast.landlord, guest]))
    give_document(made, title="Plan", file=SimpleUploadedFile("plan.pdf", b"%PDF-1.7"))
    acts.convene(made, actor=cast.actor(cast.claire))
    return made


def page_of(made: Sitting, guest: Organisation) -> str:
    return reverse(
        "meetings:invited", args=[token_of(made.gathering.guests.get(organisation=guest))]
    )


def test_the_convocation_to_a_service_s_address_holds_its_own_link(cast: Cast) -> None:
    lamps = operator(cast)
    made = called(cast, lamps)
    send_due(timezone.now() + timedelta(hours=1))
    bodies = {one.to[0]: str(one.body) for one in mail.outbox}
    assert page_of(made, lamps) in bodies["lampes@exemple.test"]
    assert "/convie/" not in bodies[cast.luc.email]


def test_the_link_opens_agenda_papers_and_answer_without_an_account(
    cast: Cast, client: Client
) -> None:
    lamps = operator(cast)
    made = called(cast, lamps)
    url = page_of(made, lamps)
    page = client.get(url)
    words = page.content.decode()
    assert "Éclairage de la rue des Lilas" in words
    assert page["Cache-Control"] == "private, no-store"
    assert_accessible(client.get(f"{url}agenda/").content)
    assert b"BEGIN:VEVENT" in client.get(f"{url}calendrier/").content
    document = made.documents.get()
    assert client.get(f"{url}documents/{document.pk}/").status_code == 200
    assert client.get(f"{url}releve/").status_code == 404
    client.post(url, {"answer": "excused"})
    assert made.gathering.guests.get(organisation=lamps).answer == "excused"
    assert made.gathering.guests.get(organisation=cast.landlord).answer == "awaited"


def test_the_link_tells_what_was_decided_once_the_releve_is_sent(
    cast: Cast, client: Client
) -> None:
    lamps = operator(cast)
    made = begun(called(cast, lamps))
    claire = cast.actor(cast.claire)
    acts.decide(made, actor=claire, text="Changer les lampes", organisation=lamps)
    url = page_of(made, lamps)
    assert "Changer les lampes" not in client.get(url).content.decode()
    acts.send_releve(made, actor=claire)
    assert "Changer les lampes" in client.get(url).content.decode()
    assert_accessible(client.get(f"{url}releve/").content)


def test_a_wrong_link_and_the_document_of_another_sitting_are_not_found(
    cast: Cast, client: Client
) -> None:
    lamps = operator(cast)
    made = called(cast, lamps)
    other = sitting(cast, made.instance)
    foreign = give_document(other, title="Autre", file=SimpleUploadedFile("b.pdf", b"%PDF-1.7"))
    url = page_of(made, lamps)
    assert client.get(f"{url}documents/{foreign.pk}/").status_code == 404
    assert client.get(url[:-2] + "/").status_code == 404
    number, _, rest = url.removeprefix("/seances/convie/").partition(".")
    assert client.get(f"/seances/convie/{int(number) + 1}.{rest}").status_code == 404


def test_who_has_no_address_is_told_to_the_organiser_and_gets_a_letter(
    cast: Cast, client: Client
) -> None:
    made = called(cast, operator(cast, email=""))
    client.force_login(cast.claire)
    words = client.get(reverse("meetings:sitting", args=[made.pk])).content.decode()
    assert "Sans adresse électronique&nbsp;: Lumières" in words
    content = client.get(reverse("meetings:letters", args=[made.pk])).content
    assert_accessible(content)
    assert page_count(content) == made.gathering.guests.count()
    client.force_login(cast.luc)
    assert client.get(reverse("meetings:letters", args=[made.pk])).status_code == 403


def test_the_page_of_a_link_asks_the_same_for_a_long_agenda(cast: Cast, client: Client) -> None:
    lamps = operator(cast)
    made = called(cast, lamps)
    url = page_of(made, lamps)

    def asked(count: int) -> int:
        for number in range(count):
            acts.add_point(made, title=f"Point {number}")
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = asked(1)
    assert asked(50) == few
    assert few <= 8, few


def test_the_link_closes_with_the_organisation_and_a_year_after(cast: Cast, client: Client) -> None:
    lamps = operator(cast)
    made = called(cast, lamps)
    url = page_of(made, lamps)
    Organisation.objects.filter(pk=lamps.pk).update(closed_on=timezone.localdate())
    assert client.get(url).status_code == 404
    Organisation.objects.filter(pk=lamps.pk).update(closed_on=None)
    assert client.get(url).status_code == 200
    hours = {"starts_at": in_days(-367), "ends_at": in_days(-366)}
    Gathering.objects.filter(pk=made.gathering_id).update(**hours)
    assert client.get(url).status_code == 404


def test_the_reminder_to_a_service_s_address_holds_its_own_link(cast: Cast) -> None:
    lamps = operator(cast)
    made = called(cast, lamps)
    near = {"starts_at": in_days(0, 20), "ends_at": in_days(0, 22)}
    Gathering.objects.filter(pk=made.gathering_id).update(**near)
    send_due(timezone.now() + timedelta(hours=1))
    mail.outbox.clear()
    call_command("remind_gatherings", verbosity=0)
    send_due(timezone.now() + timedelta(hours=1))
    bodies = {one.to[0]: str(one.body) for one in mail.outbox}
    assert page_of(made, lamps) in bodies["lampes@exemple.test"]
    assert "/convie/" not in bodies[cast.luc.email]
