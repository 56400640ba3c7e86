"""What leaves a body without its saying so: titles on agendas, names in what happened, readers that
somebody else adds, what goes on after a seat is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import space_network_acts as network
from parvis.councils.body_acts import end_term
from parvis.councils.models import Body, Term
from parvis.meetings.acts import add_things, convene, decide, send_releve
from parvis.partners.actors import Actor
from parvis.partners.models import User
from parvis.thread.reading import events_of, thread_of
from tests.cast import Cast
from tests.councils import challenge_scene
from tests.councils import proposition_scene as propositions
from tests.councils.opinion_scene import a_sitting
from tests.councils.scene import a_body, hugo_in
from tests.councils.space_scene import a_referent, a_topic
from tests.meetings.scene import begun
from tests.works.scene import a_project

SECRET = "Marque-de-titre"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def of_kind(cast: Cast, body: Body, kind: str) -> int:
    """Something that the body has not sent yet, and whose title is its own."""
    if kind == "challenge":
        return challenge_scene.drafted(body, title=SECRET).pk
    return propositions.a_project(cast, body, title=SECRET).pk


@pytest.mark.parametrize("kind", ["challenge", "micro_project"])
def test_who_is_called_to_a_sitting_reads_no_title_of_what_is_not_sent(
    cast: Cast, kind: str
) -> None:
    body = a_body(cast)
    sitting, yasmine = a_sitting(cast, body, over=False), cast.actor(cast.yasmine)
    assert add_things(sitting, [(kind, of_kind(cast, body, kind))], actor=yasmine) == 1
    convene(sitting, actor=yasmine)
    words = signed_in(cast.karim).get(f"/seances/{sitting.pk}/").text  # his town sits there
    assert "préparer" in words or "débattre" in words
    assert SECRET not in words


@pytest.mark.parametrize("author", ["hugo", "theo"])
def test_a_proposition_does_not_tell_who_made_it(cast: Cast, author: str) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    person = getattr(cast, author)
    actor = cast.actor(person) if author == "hugo" else Actor(user_id=person.pk)
    made = propositions.published(cast, actor=actor, name="", email="")
    page = reverse("councils:proposition", args=[made.pk])
    for who in ("claire", "karim", "bruno", "lila"):
        reader = getattr(cast, who)
        words = signed_in(reader).get(page).text
        assert "Proposition reçue" in words, who
        assert person.name not in words, who
        assert cast.yasmine.name not in words, who  # she reviewed it, for the body
    mine = events_of(cast.actor(cast.yasmine), "proposition", made.pk)
    assert [one.person for one in mine] == [
        person.name if author == "hugo" else "",
        cast.yasmine.name,
    ]


def test_who_has_one_step_of_a_case_lets_nobody_else_read_it(cast: Cast) -> None:
    case = challenge_scene.sent(cast, a_body(cast))
    client = signed_in(cast.karim)
    code = challenge_scene.step_of(case, "mayor").code
    adding = reverse("councils:new_challenge_step", args=[case.pk])
    given = {"code": code, "organisation": cast.landlord.pk}
    assert client.post(adding, given).status_code == 403
    case_page = reverse("councils:challenge", args=[case.pk])
    assert signed_in(cast.luc).get(case_page).status_code == 404
    assert adding not in client.get(case_page).text
    assert signed_in(cast.yasmine).post(adding, given).status_code == 302


def test_the_network_closes_to_who_lost_their_seat(cast: Cast) -> None:
    body = a_body(cast)
    hugo = hugo_in(cast, body)
    a_referent(hugo, cast)
    topic = a_topic(body, cast.actor(cast.yasmine))
    page = reverse("councils:topic", args=[topic.pk])
    assert signed_in(cast.hugo).get(page).status_code == 200
    today = timezone.localdate()
    end_term(
        Term.objects.get(member=hugo),
        actor=cast.actor(cast.yasmine),
        ends_on=today - timedelta(days=1),
        reason="resignation",
    )
    assert signed_in(cast.hugo).get(page).status_code == 404
    assert cast.hugo not in network.followers(body.coordinator, today)


def test_a_grant_does_not_show_a_body_that_is_not_presented_yet(cast: Cast) -> None:
    made = propositions.granted(cast, a_body(cast, public=False))
    page = reverse("councils:micro_project", args=[made.pk])
    for who, answer in (("karim", 200), ("hugo", 200), ("bruno", 404), ("lila", 404)):
        assert signed_in(getattr(cast, who)).get(page).status_code == answer, who
    assert Client().get(page).status_code == 404


def test_the_page_of_its_organisation_names_to_the_coordination_who_animates_it_alone(
    cast: Cast,
) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    page = reverse("partners:organisation", args=[cast.council.pk])
    words = signed_in(cast.claire).get(page).text
    assert cast.yasmine.name in words
    assert cast.hugo.name not in words
    assert (
        cast.hugo.name
        not in signed_in(cast.claire).get(reverse("councils:add_member", args=[body.pk])).text
    )
    mine = signed_in(cast.yasmine).get(reverse("partners:my_organisation"), follow=True).text
    assert cast.hugo.name in mine


def test_what_a_body_decides_is_no_step_of_a_project_before_it_tells_it(cast: Cast) -> None:
    body, project = a_body(cast), a_project(cast)
    sitting, yasmine = a_sitting(cast, body, over=False), cast.actor(cast.yasmine)
    add_things(sitting, [("project", project.pk)], actor=yasmine)
    convene(sitting, actor=yasmine)
    item = begun(sitting).items.get()
    decide(sitting, actor=yasmine, text="Refuser ce plan.", item=item)
    claire = cast.actor(cast.claire)
    assert not [one for one in thread_of(claire, "project", project.pk) if not one.here]
    send_releve(sitting, actor=yasmine)
    assert [one.hidden for one in thread_of(claire, "project", project.pk) if not one.here] == [
        True
    ]
