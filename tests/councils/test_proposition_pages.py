"""Proposing, reviewing, reading and supporting, on the pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from parvis.councils import proposition_acts as acts
from parvis.councils.models import Proposition, PropositionContact, Support
from parvis.councils.proposition_digest import author_token
from parvis.councils.proposition_listing import SHOWN
from parvis.councils.workflow import PropositionState as State
from parvis.notices.models import Envelope
from parvis.partners.actors import NOBODY
from parvis.partners.models import PersonalReading
from parvis.search import index
from parvis.thread.acts import link
from parvis.thread.models import Link
from parvis.thread.reading import moved_since, rows_lying, thread_of
from parvis.thread.register import Where, kind_of
from tests.cast import Cast
from tests.councils.proposition_scene import EMAIL, TITLE, proposed, published
from tests.councils.scene import a_body, other_body

LIST = "/participation/propositions/"


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Limits of other tests are forgotten."""
    cache.clear()


def send(client: Client, cast: Cast, **fields: Any) -> Any:
    """Fill in the form as a person does."""
    page = client.get(f"{LIST}nouvelle/").content.decode()
    found = re.search(r'name="form_id" value="([^"]+)"', page)
    assert found
    given = {
        "form_id": found[1],
        "quartier": cast.rives.pk,
        "title": TITLE,
        "text": "Pour attendre.",
        "email": EMAIL,
        **fields,
    }
    return client.post(f"{LIST}nouvelle/", given)


def test_somebody_without_account_proposes_and_comes_back_by_their_link(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    answer = send(client, cast)
    made = Proposition.objects.get()
    assert (made.state, made.origin, made.body) == (State.TO_REVIEW, "online", body)
    page = client.get(answer["Location"])
    assert TITLE in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    told = Envelope.objects.get(address=EMAIL)
    assert author_token(made) in told.text
    assert TITLE not in told.text  # nobody read it yet: a stranger's words leave with no mail


def test_the_same_form_sent_twice_proposes_once(cast: Cast, client: Client) -> None:
    page = client.get(f"{LIST}nouvelle/").content.decode()
    form_id = re.search(r'name="form_id" value="([^"]+)"', page)[1]  # type: ignore[index]
    first, again = send(client, cast, form_id=form_id), send(client, cast, form_id=form_id)
    assert first["Location"] == again["Location"]
    assert Proposition.objects.count() == 1


def test_a_robot_and_a_flood_are_told_and_nothing_is_kept(cast: Cast, client: Client) -> None:
    assert "robot" in send(client, cast, website="x").content.decode()
    for _ in range(acts.ONLINE_AN_HOUR):
        proposed(cast)
    before = Proposition.objects.count()
    told = send(client, cast).content.decode()
    assert "Beaucoup de propositions viennent d’arriver pour ce quartier" in told
    assert TITLE in told
    assert Proposition.objects.count() == before
    # The other quartier still takes some, and so does a desk.
    assert send(client, cast, quartier=cast.faubourg.pk).status_code == 302
    proposed(cast, actor=cast.actor(cast.karim))


def test_a_visitor_who_sends_too_many_is_asked_to_wait(cast: Cast, client: Client) -> None:
    answers = [send(client, cast) for _ in range(11)]
    assert answers[0].status_code == 302
    assert "votre connexion" in answers[-1].content.decode()


@pytest.mark.parametrize(
    ("who", "where", "origin"),
    [
        ("hugo", "rives", "member"),
        ("hugo", "faubourg", "online"),
        ("sofia", "rives", "desk"),  # the town, on its commune
        ("sofia", "faubourg", "online"),
        ("ines", "rives", "desk"),  # the landlord, where it lets homes
        ("rose", "rives", "online"),  # who only reads writes nothing down for others
        ("theo", "rives", "online"),
    ],
)
def test_how_a_proposition_came_depends_on_who_writes_it_down(
    cast: Cast, who: str, where: str, origin: str
) -> None:
    a_body(cast), other_body(cast)
    made = proposed(cast, actor=cast.actor(getattr(cast, who)), quartier=getattr(cast, where))
    assert made.origin == origin


def test_a_body_that_is_closed_or_not_public_follows_nothing(cast: Cast) -> None:
    body = a_body(cast, public=False)
    assert proposed(cast).body is None
    other = other_body(cast)
    other.closed_on = other.created_on
    other.save()
    assert proposed(cast, quartier=cast.faubourg).body is None
    assert Proposition.objects.allowed(cast.actor(cast.claire), "review").count() == 2
    assert not Proposition.objects.allowed(cast.actor(cast.yasmine), "review").exists()
    assert body.published_at is None


HIDDEN = ["to review", "refused", "withdrawn"]


@pytest.mark.parametrize("how", HIDDEN)
def test_what_was_not_reviewed_shows_nowhere(cast: Cast, client: Client, how: str) -> None:
    a_body(cast)
    word = "girouette"
    secret = proposed(cast, title=f"Une {word}")
    yasmine = cast.actor(cast.yasmine)
    if how == "refused":
        acts.refuse_proposition(secret, actor=yasmine, reason="Elle nomme quelqu’un.")
    if how == "withdrawn":
        words = {"title": secret.title, "text": secret.text, "theme_code": ""}
        acts.publish_proposition(secret, actor=yasmine, **words)
        acts.withdraw_proposition(secret, actor=NOBODY)
    reached = published(cast, title="Un banc public")
    link(yasmine, ("proposition", secret.pk), ("proposition", reached.pk))
    where = Where(quartiers=frozenset({cast.rives.pk}))
    for person in (None, cast.nadia, cast.lila, cast.karim, cast.theo):
        visitor = Client()
        if person:
            visitor.force_login(person)
        actor = cast.actor(person) if person else NOBODY
        for query in ("", f"?q={word}", "?tri=recentes", f"?quartier={cast.rives.pk}"):
            page = visitor.get(LIST + query)
            assert f"Une {word}" not in page.content.decode(), query
        table = b"".join(visitor.get(f"{LIST}tableau.csv").streaming_content)  # type: ignore[arg-type]
        assert word not in table.decode()
        assert visitor.get(f"{LIST}{secret.pk}/").status_code == 404
        assert visitor.post(f"{LIST}{secret.pk}/soutenir/").status_code == 404
        seen = thread_of(actor, "proposition", reached.pk)
        assert all(word not in step.title for step in seen)
        assert ("proposition", secret.pk) not in {(r.kind, r.id) for r in rows_lying(actor, where)}
        assert all(one.thing_id != secret.pk for one in moved_since(actor, secret.at))
    # Nor in the index itself, whoever asks.
    assert not list(index.matching("proposition", word) or [])


def test_the_animator_reads_it_again_and_publishes_other_words(cast: Cast, client: Client) -> None:
    a_body(cast)
    made = proposed(cast)
    client.force_login(cast.yasmine)
    assert TITLE in client.get(f"{LIST}a-relire/").content.decode()
    client.post(
        f"{LIST}{made.pk}/relire/",
        {"title": "Un banc", "text": "Devant l’école.", "decision": "publish"},
    )
    page = Client().get(f"{LIST}{made.pk}/").content.decode()
    assert "Devant l’école." in page
    assert "Relue le" in page
    assert "habite au 3" not in page
    assert EMAIL not in page
    assert list(index.matching("proposition", "école") or []) == [made.pk]


def test_a_refusal_needs_its_reason_and_is_told(cast: Cast, client: Client) -> None:
    a_body(cast)
    made = proposed(cast)
    client.force_login(cast.yasmine)
    words = {"title": made.title, "text": made.text, "decision": "refuse"}
    client.post(f"{LIST}{made.pk}/relire/", words)
    assert Proposition.objects.get().state == State.TO_REVIEW
    client.post(f"{LIST}{made.pk}/relire/", {**words, "reason": "Elle vise un voisin."})
    told = Envelope.objects.get(address=EMAIL, message__event__startswith="proposition.refused")
    assert "Elle vise un voisin." in told.text


def test_who_gave_only_a_telephone_is_on_the_list_of_calls(cast: Cast, client: Client) -> None:
    a_body(cast)
    made = published(cast, email="", phone="06 12 34 56 78")
    client.force_login(cast.yasmine)
    queue = client.get(f"{LIST}a-relire/").content.decode()
    assert "Voir le numéro" in queue
    assert "06 12 34 56 78" not in queue
    shown = client.post(f"{LIST}{made.pk}/numero/")
    assert "06 12 34 56 78" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    client.post(f"{LIST}{made.pk}/prevenu/")
    assert "Voir le numéro" not in client.get(f"{LIST}a-relire/").content.decode()
    logged = PersonalReading.objects.values_list("kind", "thing_id", "person")
    assert list(logged) == [("proposition", made.pk, cast.yasmine.pk)]


def test_how_to_reach_an_author_shows_by_a_button_and_that_is_logged(
    cast: Cast, client: Client
) -> None:
    a_body(cast), other_body(cast)
    made = published(cast)
    page = f"{LIST}{made.pk}/"
    assert client.post(f"{page}joindre/").status_code == 403
    for who in (cast.hugo, cast.nadia):  # a member, and who animates elsewhere
        client.force_login(who)
        assert client.post(f"{page}joindre/").status_code == 403
        assert client.post(f"{page}numero/").status_code == 403
    client.force_login(cast.yasmine)
    assert EMAIL not in client.get(page).content.decode()
    assert not PersonalReading.objects.exists()
    assert EMAIL in client.post(f"{page}joindre/").content.decode()
    assert PersonalReading.objects.get().about == f"proposition n° {made.pk}"


@pytest.mark.parametrize("who", ["bruno", "lila", "nadia", "karim", "hugo"])
def test_only_the_animator_and_the_coordination_of_the_place_review(cast: Cast, who: str) -> None:
    # Rives reaches into bruno's commune: the body is claire's agglomération's all the same.
    a_body(cast), other_body(cast)
    made = proposed(cast, quartier=cast.rives)
    client = Client()
    client.force_login(getattr(cast, who))
    known = Proposition.objects.visible_to(cast.actor(getattr(cast, who))).exists()
    assert known == (who == "hugo")
    words = {"title": "x", "text": "x", "decision": "publish"}
    answer = client.post(f"{LIST}{made.pk}/relire/", words)
    assert answer.status_code == (403 if known else 404)
    made.refresh_from_db()
    assert made.state == State.TO_REVIEW


def test_an_author_link_that_is_cut_forged_or_anothers_opens_nothing(
    cast: Cast, client: Client
) -> None:
    one, other = proposed(cast), proposed(cast)
    token = author_token(one)
    signature = token.partition(".")[2]
    forged = f"{other.pk}.{signature}"
    for wrong in (token[:-1], f"{token}x", forged, f"{one.pk}.", str(one.pk), f"{one.pk}.é"):
        assert client.get(f"{LIST}suivi/{wrong}/").status_code == 404, wrong
        assert client.post(f"{LIST}suivi/{wrong}/retirer/").status_code == 404, wrong
    assert client.get(f"{LIST}suivi/{token}/").status_code == 200


def test_withdrawing_erases_who_wrote_and_what_waited_for_them(cast: Cast, client: Client) -> None:
    a_body(cast)
    made = published(cast)
    client.post(f"{LIST}{made.pk}/soutenir/", {"email": "voisin@exemple.test"})
    client.post(f"{LIST}suivi/{author_token(made)}/retirer/")
    made.refresh_from_db()
    assert made.state == State.WITHDRAWN
    assert not PropositionContact.objects.exists()
    assert not Support.objects.exists()
    assert not Envelope.objects.filter(address=EMAIL).exists()
    assert client.get(f"{LIST}{made.pk}/").status_code == 404


def test_the_body_takes_it_up_and_answers_and_its_author_is_told(
    cast: Cast, client: Client
) -> None:
    a_body(cast)
    made = published(cast)
    client.force_login(cast.hugo)  # a member writes, and decides nothing in the body's name
    assert client.post(f"{LIST}{made.pk}/porter/").status_code == 403
    assert client.post(f"{LIST}{made.pk}/repondre/", {"answer": "Oui."}).status_code == 403
    client.force_login(cast.yasmine)
    client.post(f"{LIST}{made.pk}/porter/")
    client.post(f"{LIST}{made.pk}/repondre/", {"answer": "Un banc est posé."})
    page = Client().get(f"{LIST}{made.pk}/").content.decode()
    assert "Un banc est posé." in page
    assert "portée par Conseil citoyen des Rives" in page
    told = set(Envelope.objects.filter(address=EMAIL).values_list("message__event", flat=True))
    assert {one.partition(":")[0] for one in told} >= {
        "proposition.taken_up",
        "proposition.answered",
    }


def test_a_proposition_is_linked_to_what_led_to_it(cast: Cast, client: Client) -> None:
    a_body(cast)
    made, other = published(cast), published(cast, title="Un abri")
    client.force_login(cast.hugo)
    there = f"{LIST}{made.pk}/liens/"
    assert "Un abri" in client.get(f"{there}?mot=abri").content.decode()
    client.post(there, {"things": f"proposition:{other.pk}", "do": "before"})
    assert Link.objects.get().source_id == other.pk
    assert "Un abri" in Client().get(f"{LIST}{made.pk}/").content.decode()
    client.force_login(cast.claire)  # the coordination did not make this link
    client.post(there, {"things": f"proposition:{other.pk}", "do": "remove"})
    assert Link.objects.exists()
    client.force_login(cast.yasmine)
    client.post(there, {"things": f"proposition:{other.pk}", "do": "remove"})
    assert not Link.objects.exists()
    client.force_login(cast.lila)
    assert client.get(there).status_code == 403


def test_a_proposition_to_review_is_due_three_days_after_for_who_reviews(cast: Cast) -> None:
    a_body(cast)
    made = proposed(cast)
    kind = kind_of("proposition")
    assert kind.due is not None
    row = kind.due(cast.actor(cast.yasmine)).get()
    assert (row[-2] - made.at.date()).days in (2, 3, 4)
    assert row[2] == "Proposition à relire"  # its words are not told before they are read
    for who in (cast.hugo, cast.lila, cast.karim):
        assert not kind.due(cast.actor(who)).exists()


@pytest.mark.parametrize("count", [10, 1000])
def test_the_list_asks_as_much_for_ten_as_for_a_thousand(
    cast: Cast, client: Client, django_assert_num_queries: Any, count: int
) -> None:
    body = a_body(cast)
    one = published(cast)
    Proposition.objects.bulk_create(
        Proposition(
            quartier=cast.rives,
            body=body,
            title=f"Idée {number}",
            text="Essai",
            state=State.OPEN,
            at=one.at,
            reviewed_at=one.reviewed_at,
        )
        for number in range(count - 1)
    )
    with django_assert_num_queries(2):  # the quartiers of the filter, the page
        page = client.get(reverse("councils:propositions"))
    shown = page.content.decode().count("tag plain end")
    assert shown == min(count, SHOWN)
    assert ("Voir la suite" in page.content.decode()) == (count > SHOWN)
