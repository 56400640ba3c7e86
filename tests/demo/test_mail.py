"""The demonstration's mail is read on screen; nothing leaves."""

import pytest
from django.core.mail import EmailMultiAlternatives

from parvis.demo.models import Letter
from parvis.demo.views import with_links


@pytest.fixture
def letter(db, settings):
    settings.EMAIL_BACKEND = "parvis.demo.mail.DemoBackend"
    message = EmailMultiAlternatives(
        "Votre signalement", "Suivez-le : https://parvis.test/suivre/1-a/.", to=["a@demo.invalid"]
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
