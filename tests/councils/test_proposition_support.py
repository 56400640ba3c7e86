"""Supporting: one person counts once, and no mailbox is flooded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from parvis.councils import proposition_acts as acts
from parvis.councils import proposition_supports as supporting
from parvis.councils.holdings import HOLDINGS
from parvis.councils.models import Proposition, Support
from parvis.councils.proposition_digest import one_address, person_of, support_token
from parvis.councils.proposition_retention import erase_proposition_people
from parvis.notices.models import Envelope
from parvis.partners.rights import Refused
from tests.cast import Cast
from tests.councils.proposition_scene import proposed, published
from tests.councils.scene import a_body

LIST = "/participation/propositions/"
ME = "voisine@exemple.test"
NAMES = some.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789.-_", min_size=1, max_size=20)


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Limits of other tests are forgotten."""
    cache.clear()


@pytest.fixture
def shown(cast: Cast) -> Proposition:
    """A published proposition of Rives."""
    a_body(cast)
    return published(cast)


def supporters(proposition: Proposition) -> int:
    """How many are counted."""
    return Proposition.objects.get(pk=proposition.pk).supporters


@given(NAMES, NAMES, some.text("abcXYZ09+.", max_size=8))
def test_case_and_what_follows_a_plus_make_no_other_person(name: str, host: str, tag: str) -> None:
    plain = one_address(f"{name}@{host}")
    assert one_address(f" {name.upper()}+{tag}@{host.title()} ") == plain
    assert one_address(plain) == plain


@given(NAMES, NAMES)
def test_two_mailboxes_are_two_people_and_two_propositions_know_them_apart(
    one: str, other: str
) -> None:
    same = one.casefold() == other.casefold()
    digests = {person_of(1, f"{name}@exemple.test") for name in (one, other)}
    assert len(digests) == (1 if same else 2)
    assert person_of(2, f"{one}@exemple.test") not in digests


def test_a_support_counts_once_the_link_that_was_mailed_is_pressed(
    shown: Proposition, client: Client
) -> None:
    client.post(f"{LIST}{shown.pk}/soutenir/", {"email": ME})
    support = Support.objects.get()
    there = f"{LIST}soutien/{support_token(support)}/"
    assert there in Envelope.objects.get(address=ME).text
    client.get(there)  # a program that opens the links of a mail confirms nothing
    assert supporters(shown) == 0
    client.post(there)
    client.post(there)
    assert supporters(shown) == 1
    assert ME not in repr(list(Support.objects.values()))
    client.post(f"{there}retirer/")
    assert supporters(shown) == 0
    assert not Support.objects.exists()
    assert client.get(there).status_code == 404


def test_a_mail_about_a_support_that_counts_does_not_say_that_nothing_is_counted(
    shown: Proposition,
) -> None:
    supporting.ask_support(shown, ME)
    first = Envelope.objects.get(address=ME)
    supporting.confirm_support(Support.objects.get())
    supporting.ask_support(shown, ME, now=timezone.now() + timedelta(hours=2))
    second = Envelope.objects.exclude(pk=first.pk).get(address=ME)
    assert "rien ne sera compté" in first.text
    assert "est compté" in second.text
    assert "rien ne sera compté" not in second.text


def test_one_person_by_both_ways_counts_once(shown: Proposition, cast: Cast) -> None:
    client = Client()
    client.post(f"{LIST}{shown.pk}/soutenir/", {"email": "HUGO+tag@exemple.test"})
    support = Support.objects.get()
    client.post(f"{LIST}soutien/{support_token(support)}/")
    client.force_login(cast.hugo)
    client.post(f"{LIST}{shown.pk}/soutenir/")
    assert supporters(shown) == 1
    assert "Vous soutenez" in client.get(f"{LIST}{shown.pk}/").content.decode()
    client.post(f"{LIST}{shown.pk}/ne-plus-soutenir/")
    assert supporters(shown) == 0


def test_a_mailbox_gets_one_mail_an_hour_about_one_proposition(shown: Proposition) -> None:
    now = timezone.now()
    sent = [supporting.ask_support(shown, address, now=now) for address in (ME, ME.upper())]
    sent.append(supporting.ask_support(shown, "voisine+1@exemple.test", now=now))
    assert sent == [True, False, False]
    assert Envelope.objects.filter(address__iexact=ME).count() == 1
    later = now + timedelta(minutes=61)
    assert supporting.ask_support(shown, ME, now=later)


def test_a_mailbox_gets_few_mails_an_hour_whatever_the_propositions(
    cast: Cast, shown: Proposition
) -> None:
    others = [published(cast, title=f"Idée {number}") for number in range(6)]
    sent = [supporting.ask_support(one, ME) for one in [shown, *others]]
    assert sent.count(True) == supporting.MAILS_AN_HOUR
    assert Support.objects.count() == supporting.MAILS_AN_HOUR


def test_whether_an_address_supports_already_cannot_be_told(shown: Proposition) -> None:
    first, again = (
        Client().post(f"{LIST}{shown.pk}/soutenir/", {"email": ME}, follow=True) for _ in range(2)
    )
    said = [next(iter(page.context["messages"])).message for page in (first, again)]
    assert said[0] == said[1]


def test_what_is_closed_takes_no_support(shown: Proposition, cast: Cast) -> None:
    acts.answer_proposition(shown, actor=cast.actor(cast.yasmine), answer="Non.")
    with pytest.raises(Refused):
        supporting.ask_support(shown, ME)
    with pytest.raises(Refused):
        supporting.support_signed_in(shown, ME)


def test_a_support_taken_back_meanwhile_is_not_confirmed(shown: Proposition) -> None:
    assert supporting.ask_support(shown, "nour@exemple.test")
    support = Support.objects.get()
    supporting.drop_support(shown, person=support.person)
    with pytest.raises(Refused, match="retiré"):
        supporting.confirm_support(support)


def test_signatures_on_paper_stand_apart(shown: Proposition, cast: Cast, client: Client) -> None:
    client.force_login(cast.hugo)
    client.post(f"{LIST}{shown.pk}/papier/", {"number": "31"})
    shown.refresh_from_db()
    assert (shown.supporters, shown.on_paper) == (0, 31)
    client.force_login(cast.lila)
    assert client.post(f"{LIST}{shown.pk}/papier/", {"number": "99"}).status_code == 403


def test_what_is_personal_goes_in_time_and_the_count_stays(shown: Proposition, cast: Cast) -> None:
    supporting.support_signed_in(shown, cast.hugo.email)
    supporting.ask_support(shown, ME)
    now = timezone.now()
    erase_proposition_people(now + timedelta(days=8))
    assert Support.objects.count() == 1  # what was never confirmed is gone
    acts.answer_proposition(shown, actor=cast.actor(cast.yasmine), answer="C’est fait.")
    assert erase_proposition_people(now + timedelta(days=89)) == 1  # the digest
    shown.refresh_from_db()
    assert shown.supporters == 1
    assert shown.contact
    assert erase_proposition_people(now + timedelta(days=91)) == 1
    assert not Proposition.objects.filter(contact__isnull=False).exists()
    assert erase_proposition_people(now + timedelta(days=92)) == 0


def test_what_was_refused_is_emptied_ninety_days_after(cast: Cast) -> None:
    a_body(cast)
    made, kept = proposed(cast), published(cast)
    acts.refuse_proposition(made, actor=cast.actor(cast.yasmine), reason="Elle vise un voisin.")
    now = timezone.now()
    erase_proposition_people(now + timedelta(days=89))
    made.refresh_from_db()
    assert made.text
    erase_proposition_people(now + timedelta(days=91))
    made.refresh_from_db(), kept.refresh_from_db()
    assert (made.text, bool(kept.text)) == ("", True)
    assert erase_proposition_people(now + timedelta(days=92)) == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_supports_of_one_person_at_once_count_one(cast: Cast) -> None:
    a_body(cast)
    shown = published(cast)
    start = Barrier(20)

    def support(number: int) -> None:
        start.wait(20)
        try:
            if number % 2:
                supporting.ask_support(shown, f"hugo+{number}@exemple.test")
            else:
                supporting.support_signed_in(shown, cast.hugo.email)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(support, range(20)))
    assert Support.objects.count() == 1
    assert supporters(shown) == 1


def test_ones_own_data_tells_what_one_supports_and_takes_it_back(
    cast: Cast, shown: Proposition
) -> None:
    other = published(cast, title="Un banc")
    for one, who in ((shown, ME), (shown, "autre@exemple.test"), (other, "autre@exemple.test")):
        supporting.support_signed_in(one, who)
    held = next(one for one in HOLDINGS if one.code == "support")
    (mine,) = held.find("voisine+quartier@exemple.test")
    assert mine.title == shown.title
    assert mine.url.endswith(f"/soutien/{support_token(Support.objects.get(pk=mine.pk))}/")
    assert held.find("inconnue@exemple.test") == []
    assert held.erase(ME) == 1
    assert held.erase(ME) == 0
    assert (supporters(shown), supporters(other)) == (1, 1)
