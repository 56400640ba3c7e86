"""« Mes données »: one's own mail opens what is kept of oneself; nothing tells anybody else."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from parvis.gatherings import acts as gathering_acts
from parvis.gatherings.models import RegistrationContact
from parvis.notices import digests, preferences, subscribing
from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import DigestLine, Envelope, Preference, Subscriber
from parvis.notices.outbox import Recipient
from parvis.notices.sending import send_due
from parvis.partners.models import User
from parvis.partners.readings import note_readings
from parvis.portal import my_data
from parvis.portal.models import DataRequest
from parvis.reports import acts
from parvis.reports.lists import load
from parvis.reports.models import Contact
from tests.cast import Cast
from tests.gatherings.scene import workshop
from tests.reports.scene import filed, photo

JEANNE = "jeanne@exemple.test"


@pytest.fixture
def town(cast: Cast) -> Cast:
    load()
    return cast


def last_mail() -> Any:
    send_due()
    return mail.outbox[-1]


def link_sent() -> str:
    found = re.search(r"/mes-donnees/lien/[\w-]+/", last_mail().body)
    assert found is not None
    return found[0]


def visit(client: Client, address: str = JEANNE) -> None:
    client.post("/mes-donnees/", {"email": address})
    client.post(link_sent())


def shown(client: Client) -> str:
    return client.get("/mes-donnees/contenu/").content.decode()


def everywhere(cast: Cast) -> Any:
    """Jeanne reported, registered and follows something; Ali did too."""
    voices = []
    for who in (JEANNE, "ali@exemple.test"):
        name = who.partition("@")[0]
        voices.append(filed(text=f"Mots de {name}", photos=[photo()], email=who))
        gathering_acts.register_person(workshop(cast), name=name, email=who)
        subscribing.subscribe(who, subscribing.Topic(f"x:{name}", f"Rue de {name}"), pace="now")
    return voices


def test_who_stopped_everything_or_reads_once_a_week_still_gets_the_link(
    town: Cast, client: Client
) -> None:
    preferences.choose(fingerprint(JEANNE), pace="weekly", quiet_mail=True)
    preferences.stop(fingerprint(JEANNE))
    client.post("/mes-donnees/", {"email": JEANNE})
    assert link_sent()


def test_choices_and_lines_to_come_are_told_and_erased_save_that_all_is_stopped(
    town: Cast, client: Client
) -> None:
    mark = fingerprint(JEANNE)
    preferences.stop(mark)
    Preference.objects.filter(fingerprint=mark).update(phone="+33612345678", channel="sms")
    who = Recipient("voice:1", JEANNE)
    digests.note("event:1", [who], digests.Line("Un banc réparé", "Rue X"))
    visit(client)
    page = shown(client)
    assert "06 12 34 56 78" in page
    assert "Un banc réparé" in page
    assert my_data.holdings()["choices"].erase(JEANNE) == 1
    assert my_data.holdings()["digest"].erase(JEANNE) == 1
    held = Preference.objects.get()
    assert (held.phone, held.channel, held.stopped_at is None) == ("", "", False)
    assert [one.erasable for one in my_data.kept_of(JEANNE) if one.code == "choices"] == [0]
    assert not DigestLine.objects.exists()


def test_the_answer_is_the_same_whatever_is_known(town: Cast, client: Client) -> None:
    filed(email=JEANNE)
    answers = []
    for address in (JEANNE, "personne@exemple.test"):
        answer = client.post("/mes-donnees/", {"email": address})
        answers.append((answer.status_code, answer["Location"]))
        assert last_mail().to == [address]
        assert last_mail().subject == "Ce que nous gardons de vous"
    assert answers == [(302, "/mes-donnees/demande/")] * 2


def test_the_link_opens_once_within_the_hour_and_by_a_button(
    town: Cast, client: Client, time_machine: Any
) -> None:
    filed(email=JEANNE)
    client.post("/mes-donnees/", {"email": JEANNE})
    link = link_sent()
    for _ in range(2):  # a scanner of mails opens it and uses nothing up
        assert "Ouvrir mes données" in client.get(link).content.decode()
    assert client.post(link)["Location"] == "/mes-donnees/contenu/"
    assert Client().get(link).status_code == 404
    assert Client().post(link).status_code == 404
    client.post("/mes-donnees/", {"email": JEANNE})
    other = link_sent()
    time_machine.move_to(timezone.now() + timedelta(minutes=61), tick=False)
    assert client.post(other).status_code == 404
    assert client.get("/mes-donnees/contenu/")["Location"] == "/mes-donnees/"


def test_only_the_browser_that_opened_the_link_reads(town: Cast, client: Client) -> None:
    everywhere(town)
    visit(client)
    page = client.get("/mes-donnees/contenu/")
    assert page["Cache-Control"] == "private, no-store"
    words = page.content.decode()
    for said in ("Mots de jeanne", "Rue de jeanne", "Vos inscriptions à des rendez-vous"):
        assert said in words, said
    assert "ali" not in words
    for path in ("contenu/", "contenu.zip", "confirmer/"):
        assert Client().get(f"/mes-donnees/{path}")["Location"] == "/mes-donnees/", path


def test_the_file_holds_everything_and_who_read_it(town: Cast, client: Client) -> None:
    voice, _ = everywhere(town)
    note_readings(town.actor(town.sofia), "voice", [(voice.pk, "signalement")])
    visit(client)
    answer = client.get("/mes-donnees/contenu.zip")
    pack = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    held = json.loads(pack.read("donnees.json"))
    things = {one["code"]: one["things"] for one in held["held"]}
    assert {"voice", "registration", "subscription"} <= set(things)
    assert things["voice"][0]["read"][0]["by"] == town.town.name
    page = pack.read("donnees.html").decode()
    assert f"par {town.town.name}" in page
    for code in ("voice", "registration", "subscription"):
        facts = {one["label"]: one["value"] for one in things[code][0]["facts"]}
        assert "texte n° 1" in facts["Ce que vous avez accepté"], code
    assert "Mots de jeanne" in page
    assert "ali" not in page
    assert [name for name in pack.namelist() if name.endswith(".jpg")] == [
        f"fichiers/voice-{voice.pk}-1.jpg"
    ]
    assert "sofia" not in page.lower()  # an organisation answers, not its agent


def test_erasing_needs_the_code_that_comes_by_mail(town: Cast, client: Client) -> None:
    everywhere(town)
    visit(client)
    assert client.post("/mes-donnees/effacer/", {})["Location"] == "/mes-donnees/contenu/"
    client.post("/mes-donnees/effacer/", {"what": ["voice", "subscription"]})
    code = re.search(r"\b\d{6}\b", last_mail().body)
    assert code is not None
    wrong = "000000" if code[0] != "000000" else "111111"
    page = client.post("/mes-donnees/confirmer/", {"code": wrong}).content.decode()
    assert "Ce n’est pas le code" in page
    assert Contact.objects.count() == 2
    client.post("/mes-donnees/confirmer/", {"code": code[0]})
    assert [one.email for one in Contact.objects.all()] == ["ali@exemple.test"]
    assert [one.email for one in Subscriber.objects.all()] == ["ali@exemple.test"]
    assert RegistrationContact.objects.filter(email=JEANNE).exists()  # was not ticked
    told = last_mail()
    assert (told.to, told.subject) == ([JEANNE], "Vos données sont effacées")
    assert "Vos inscriptions à des rendez-vous" in told.body
    # The code served.
    assert client.post("/mes-donnees/confirmer/", {"code": code[0]}).status_code == 302


def test_a_code_is_tried_five_times(town: Cast, client: Client) -> None:
    filed(email=JEANNE)
    visit(client)
    client.post("/mes-donnees/effacer/", {"what": ["voice"]})
    code = re.search(r"\b\d{6}\b", last_mail().body)
    assert code is not None
    wrong = "000000" if code[0] != "000000" else "111111"
    for _ in range(my_data.TRIES):
        client.post("/mes-donnees/confirmer/", {"code": wrong})
    client.post("/mes-donnees/confirmer/", {"code": code[0]})
    assert Contact.objects.exists()


def test_an_account_in_force_is_said_to_stay_and_one_that_is_over_goes(
    town: Cast, client: Client
) -> None:
    visit(client, town.karim.email)
    assert "Vous agissez aujourd’hui pour une organisation" in shown(client)
    assert 'value="account"' not in shown(client)
    other = Client()
    visit(other, town.theo.email)
    other.post("/mes-donnees/effacer/", {"what": ["account"]})
    code = re.search(r"\b\d{6}\b", last_mail().body)
    assert code is not None
    other.post("/mes-donnees/confirmer/", {"code": code[0]})
    assert not User.objects.filter(email="theo@exemple.test").exists()
    assert User.objects.filter(pk=town.karim.pk, is_active=True).exists()


def test_leaving_forgets_the_address_that_asked(town: Cast, client: Client) -> None:
    visit(client)
    client.post("/mes-donnees/terminer/")
    assert not DataRequest.objects.exists()
    assert client.get("/mes-donnees/contenu/").status_code == 302


def test_one_address_is_not_flooded_and_the_visitor_is_not_told(town: Cast, client: Client) -> None:
    for _ in range(6):
        assert client.post("/mes-donnees/", {"email": JEANNE})["Location"].endswith("/demande/")
    send_due()
    assert len(mail.outbox) == 3


def test_the_file_of_an_account_holds_what_its_owner_wrote_and_may_see(
    town: Cast, client: Client
) -> None:
    ours = filed(text="Un trou").report
    acts.note(ours, actor=town.actor(town.karim), text="Note de Karim")
    acts.note(ours, actor=town.actor(town.sofia), text="Note de Sofia")
    client.force_login(town.karim)

    def page() -> str:
        pack = zipfile.ZipFile(io.BytesIO(b"".join(client.get("/mes-donnees/compte/"))))
        return pack.read("donnees.html").decode()

    assert "Note de Karim" in page()
    assert "Note de Sofia" not in page()
    # The report goes to the neighbour's place: Karim reads it no more, his own note included.
    place = {"commune": town.raismes, "latitude": 50.38, "longitude": 3.495}
    type(ours).objects.filter(pk=ours.pk).update(**place)
    ours.parts.update(organisation=town.other_town)
    assert "Note de Karim" not in page()
    assert "Vos mandats" in page()


def test_no_preference_of_the_address_moves_or_stops_what_its_owner_asked_for(
    town: Cast, client: Client
) -> None:
    """A mail that was forwarded holds the link to the choices: whoever has it must not have the
    way to one's data sent to a telephone of theirs."""
    mark = fingerprint(JEANNE)
    Preference.objects.create(
        fingerprint=mark, channel="push", pace="weekly", stopped_at=timezone.now()
    )
    filed(email=JEANNE)
    client.post("/mes-donnees/", {"email": JEANNE})
    link = link_sent()
    assert mail.outbox[-1].to == [JEANNE]
    client.post(link)
    client.post("/mes-donnees/effacer/", {"what": "voice"})
    assert re.search(r"\b\d{6}\b", last_mail().body)


@pytest.mark.parametrize("twin", ["mıra@exemple.test", "mira@ſite.test", "mira@ﬁne.test"])
def test_an_address_that_a_database_takes_for_another_is_not_written_to(
    town: Cast, client: Client, twin: str
) -> None:
    """PostgreSQL compares in capitals, where these letters become those of another address."""
    client.post("/mes-donnees/", {"email": twin})
    send_due()
    assert not mail.outbox
    assert not Envelope.objects.filter(address=twin).exists()


def test_opening_the_link_changes_the_key_of_the_session(town: Cast, client: Client) -> None:
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    visit(client)
    assert client.session.session_key != key


def test_a_number_that_was_kept_for_texts_is_shown_and_erased(town: Cast, client: Client) -> None:
    mark = fingerprint(JEANNE)
    Preference.objects.create(
        fingerprint=mark, channel="sms", phone="+33612345678", stopped_at=timezone.now()
    )
    visit(client)
    assert "06 12 34 56 78" in shown(client)
    client.post("/mes-donnees/effacer/", {"what": "choices"})
    found = re.search(r"\b\d{6}\b", last_mail().body)
    assert found is not None
    client.post("/mes-donnees/confirmer/", {"code": found[0]})
    held = Preference.objects.get()
    assert (held.phone, held.channel) == ("", "")
    assert held.stopped_at is not None  # who wanted silence keeps it
    assert "06 12 34 56 78" not in shown(client)
