"""The demonstration's mail is read on screen; nothing leaves."""

import pytest
from django.core.mail import EmailMultiAlternatives

from parvis.demo.models import Letter
from parvis.demo.views import with_links


@pytest.fixture
def letter(db, settings):
    settings.EMAIL_BACKEND = "parvis.demo.mail.DemoBackend"
    message = EmailMultiAlternatives(
        "Votre signalement", "Suivez-le : https://parvis.test/suivre/1-a/.", to=["a@demo.invalid"]
    )
    message.attach_alternative("<p>Suivez-le</p>", "text/html")
    message.send()
    return Letter.objects.get()


def test_a_message_becomes_a_letter(letter):
    assert (letter.recipient, letter.html) == ("a@demo.invalid", "<p>Suivez-le</p>")


def test_a_message_to_two_people_is_two_letters(db, settings):
    settings.EMAIL_BACKEND = "parvis.demo.mail.DemoBackend"
    EmailMultiAlternatives("Bonjour", "…", to=["a@demo.invalid", "b@demo.invalid"]).send()
    assert set(Letter.objects.values_list("recipient", flat=True)) == {
        "a@demo.invalid",
        "b@demo.invalid",
    }


def test_letters_are_listed_and_read_with_live_links(client, letter):
    assert letter.subject in client.get("/demo/courrier/").content.decode()
    page = client.get(f"/demo/courrier/{letter.pk}/").content.decode()
    assert '<a href="https://parvis.test/suivre/1-a/">' in page


def test_letters_of_one_person_are_kept_apart(client, letter):
    assert letter.subject not in client.get("/demo/courrier/?a=b@demo.invalid").content.decode()


def test_an_empty_mailbox_says_what_will_come(client, db):
    assert "Aucun message pour le moment" in client.get("/demo/courrier/").content.decode()


def test_markup_in_a_letter_is_shown_and_not_obeyed():
    assert with_links("<b>x</b> http://a.test/?q=<i>") == (
        '&lt;b&gt;x&lt;/b&gt; <a href="http://a.test/?q=">http://a.test/?q=</a>&lt;i&gt;'
    )


def ring(client, key="1.a", to="+33612345678", bearer="demo"):
    said = {"id": key, "to": to, "text": "C'est réglé https://parvis.test/1"}
    return client.post(
        "/demo/passerelle/",
        said,
        content_type="application/json",
        headers={"Authorization": f"Bearer {bearer}"},
    )


def test_an_sms_is_read_beside_the_letters_once_for_its_key(client, db, settings):
    settings.SMS_GATEWAY_KEY = "demo"
    for _ in range(2):
        assert ring(client).status_code == 202
    page = client.get("/demo/courrier/").content.decode()
    assert page.count("SMS pour") == 1
    assert "+33612345678" in page


def test_the_gateway_refuses_as_the_interface_says(client, db, settings):
    settings.SMS_GATEWAY_KEY = "demo"
    assert ring(client, bearer="other").status_code == 401
    assert ring(client, to="12").json() == {"error": "invalid_number"}
    assert ring(client, key="").status_code == 422
    assert not Letter.objects.exists()


def test_the_outbox_speaks_to_it_as_to_any_gateway(live, transactional_db, settings):
    from datetime import timedelta

    from parvis.notices import outbox

    settings.SMS_GATEWAY_URL = f"{live.url}/demo/passerelle/"
    settings.SMS_GATEWAY_KEY = "demo"
    who = outbox.Recipient("voice:1", "+33612345678", channel="sms")
    outbox.put("e:1", [who], lambda _: outbox.Mail("Réglé", "x"), wait=timedelta(0), asked_for=True)
    assert outbox.send_due() == 1
    assert Letter.objects.get().text == "Réglé"
