"""A partner enters a report for somebody who telephoned or came."""

from __future__ import annotations

from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from parvis.reports import acts
from parvis.reports.followup import greet_voices
from parvis.reports.links import code_of
from parvis.reports.models import Callback, Contact, Report, Voice
from parvis.reports.placing import Place
from parvis.reports.workflow import Forbidden
from parvis.thread.models import Event
from tests.cast import IN_ANZIN, IN_RAISMES, Cast
from tests.reports.pages import HERE, hidden
from tests.reports.scene import at_point, category, codes, in_hall, only_part, waiting

ENTER = f"/saisir/?{HERE}&category=trou_chaussee"


def entered(town: Cast, who: str = "karim", place: Place | None = None, **told: object) -> Voice:
    return acts.enter_report(
        actor=town.actor(getattr(town, who)),
        channel="phone",
        place=place or at_point(),
        category=category(),
        **told,
    )


def post(client: Client, url: str = ENTER, **given: str) -> str:
    form = {"form_id": hidden(client.get(url).content.decode(), "form_id"), "channel": "phone"}
    return unescape(client.post(url, {**form, **given}, follow=True).content.decode())


def test_it_is_entered_in_the_organisation_s_name_and_the_voice_is_the_person_s(
    town: Cast,
) -> None:
    voice = entered(town, email="jeanne@exemple.test", agreed=True)
    report = voice.report
    assert (report.channel, report.commune) == ("phone", town.anzin)
    assert codes(report) == ["filed", "contact_agreed"]
    assert Event.objects.get(code="filed").organisation == town.town
    greet_voices()
    (letter,) = waiting().values()
    assert letter.address == "jeanne@exemple.test"
    assert code_of(voice) in letter.text


def test_who_left_a_telephone_is_called_at_the_end(town: Cast) -> None:
    voice = entered(town, phone="06 12 34 56 78", agreed=True)
    karim = town.actor(town.karim)
    acts.advance_part(only_part(voice.report), "settle", actor=karim, answer="Fait.")
    assert Callback.objects.get().voice == voice


def test_a_contact_is_kept_with_the_person_s_agreement_alone(town: Cast) -> None:
    with pytest.raises(ValidationError, match="accepte d’être recontactée"):
        entered(town, phone="0612345678")
    entered(town)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("channel", ["web", "pigeon", ""])
def test_it_says_how_the_person_reached_us(town: Cast, channel: str) -> None:
    karim = town.actor(town.karim)
    with pytest.raises(ValidationError, match="vous a joint"):
        acts.enter_report(actor=karim, channel=channel, place=at_point(), category=category())


def test_each_enters_at_home_and_not_at_a_neighbour_s(town: Cast) -> None:
    for who in ("claire", "karim", "sofia"):
        entered(town, who)
    for who in ("luc", "ines"):
        entered(town, who, in_hall(town))
    kept = Report.objects.count()
    elsewhere = [
        ("karim", at_point(IN_RAISMES)),
        ("claire", at_point(IN_RAISMES)),
        ("nadia", at_point(IN_ANZIN)),
        ("luc", at_point(IN_ANZIN)),
        ("paul", in_hall(town)),
        ("rose", at_point(IN_ANZIN)),
    ]
    for who, place in elsewhere:
        with pytest.raises(Forbidden, match="pas de ceux"):
            entered(town, who, place)
    assert Report.objects.count() == kept


def test_who_entered_it_sees_it_and_another_landlord_does_not(town: Cast) -> None:
    """In the landlord's residence, of a matter that is the town's."""
    voice = entered(town, "luc", in_hall(town))
    part = only_part(voice.report)
    acts.give_part(part, actor=town.actor(town.claire), organisation=town.town)
    seen = Report.objects.filter(pk=voice.report_id)
    assert seen.visible_to(town.actor(town.luc)).exists()
    assert not seen.visible_to(town.actor(town.paul)).exists()


def test_the_page_files_once_and_hands_the_code_over(town: Cast, client: Client) -> None:
    client.force_login(town.karim)
    page = post(client, text="Un trou.", phone="0612345678", agreed="on")
    voice = Voice.objects.get()
    assert voice.report.reference in page
    assert code_of(voice) in page
    assert "sera rappelée" in page
    page = client.get(f"/signalements/{voice.report.reference}/").content.decode()
    assert "par téléphone" in page
    client.force_login(town.sofia)
    assert client.get("/saisir/remettre/")["Location"] == "/saisir/"


def test_the_page_keeps_what_was_typed_when_something_is_missing(
    town: Cast, client: Client
) -> None:
    client.force_login(town.karim)
    page = post(client, text="Un grand trou.", email="jeanne@exemple.test")
    assert "Un grand trou." in page
    assert "accepte d’être recontactée, ou" in page
    page = post(client, ENTER.replace(str(IN_ANZIN[1]), str(IN_RAISMES[1])), text="Loin")
    assert "pas de ceux" in page
    assert not Report.objects.exists()


def test_a_place_is_found_by_its_name(town: Cast, client: Client) -> None:
    client.force_login(town.luc)
    page = client.get("/saisir/?q=tilleuls").content.decode()
    assert f"/saisir/?residence={town.tilleuls.pk}" in page
    page = client.get(f"/saisir/?residence={town.tilleuls.pk}").content.decode()
    assert 'name="category"' in page


def test_the_ordinary_path_stays_online(town: Cast, client: Client) -> None:
    voice = acts.file_report(actor=town.actor(town.karim), place=at_point(), category=category())
    assert voice.report.channel == "web"


def test_where_in_the_residence_is_asked_with_the_words(town: Cast, client: Client) -> None:
    client.force_login(town.luc)
    url = f"/saisir/?residence={town.tilleuls.pk}&category=hall_sale"
    page = client.get(url).content.decode()
    assert town.entrance.name in page
    spot = f"entrance:{town.entrance.pk}"
    post(client, url, text="C’est sale", spot=spot, inside="hall")
    report = Report.objects.get()
    assert (report.entrance, report.inside) == (town.entrance, "hall")


def test_where_in_the_residence_is_kept_when_something_is_missing(
    town: Cast, client: Client
) -> None:
    client.force_login(town.luc)
    url = f"/saisir/?residence={town.tilleuls.pk}&category=hall_sale"
    spot = f"entrance:{town.entrance.pk}"
    page = post(client, url, email="lea@exemple.test", spot=spot, inside="hall")
    assert f'value="{spot}" selected' in page
    assert 'value="hall" selected' in page
    assert not Report.objects.exists()
