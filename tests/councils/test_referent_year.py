"""What was held without référents, phases without an opinion, and the figures of a year."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import referent_acts as acts
from parvis.councils.models import Body, Presence, TrainingFollowed, TrainingOffer
from parvis.councils.referent_held import held_in, published_bodies
from parvis.councils.referent_year import year_of
from parvis.gatherings.models import Gathering
from parvis.meetings.models import Sitting
from parvis.partners.actors import NOBODY, Actor
from parvis.thread.register import said_beside
from tests.cast import Cast
from tests.councils.referent_scene import (
    a_request,
    an_opinion,
    called_to,
    held_sittings,
    over,
    phase,
    referent,
    steering,
)
from tests.councils.scene import a_body, a_member, hugo_in, other_body
from tests.documents.pdfs import assert_accessible
from tests.figures.counting import counted
from tests.meetings.scene import cotech, sitting
from tests.works.scene import a_project, day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    """A folder of its own for files."""
    settings.MEDIA_ROOT = tmp_path / "media"


def noon() -> datetime:
    """A moment that is over, in this year whenever the test runs."""
    now = timezone.now()
    return (
        now - timedelta(hours=2)
        if timezone.localdate().timetuple().tm_yday == 1
        else (now - timedelta(days=1))
    )


def lacks(at: datetime | None = None) -> list[bool]:
    """Whether each sitting that was held lacks a référent, the oldest first."""
    year = timezone.localdate(at or noon()).year
    found = held_in(year, timezone.now(), published_bodies())
    return [bool(one.lacking()) for one in sorted(found, key=lambda one: one.pk)]


def came(made: Sitting, value: bool = True) -> None:
    Presence.objects.filter(sitting=made).update(came=value)


# --- Held without them -------------------------------------------------------------------------


def test_a_sitting_counts_as_held_without_them_until_a_référent_came(cast: Cast) -> None:
    body, project = a_body(cast), a_project(cast)
    referent(cast, hugo_in(cast, body), project)
    uninvited = over(called_to(cast, cotech(cast)))
    made = called_to(cast, steering(cast, project))
    acts.invite(made, actor=None)
    over(made)
    assert lacks() == [True, True]
    came(made, False)
    assert lacks() == [True, True]
    came(made)
    assert lacks() == [True, False]
    assert [one.pk for one in Sitting.objects.order_by("pk")] == [uninvited.pk, made.pk]


def test_a_référent_of_another_instance_does_not_speak_for_the_quartier(cast: Cast) -> None:
    body = a_body(cast)
    member = hugo_in(cast, body)
    referent(cast, member, cotech(cast))
    made = over(called_to(cast, cotech(cast)))
    Presence.objects.create(member=member, sitting=made, as_referent=True, came=True)
    assert lacks() == [True]


def test_each_quartier_with_a_body_wants_its_own_référent(cast: Cast) -> None:
    body = a_body(cast)
    instance = cotech(cast, quartiers=[cast.rives, cast.faubourg])
    referent(cast, hugo_in(cast, body), instance)
    made = called_to(cast, instance)
    acts.invite(made, actor=None)
    over(made)
    came(made)
    assert lacks() == [False]  # no body speaks for the Faubourg yet
    theirs = other_body(cast)
    (held,) = held_in(noon().year, timezone.now(), published_bodies())
    assert held.lacking() == [cast.faubourg.pk]
    assert held.lacking([cast.rives.pk]) == []
    Body.objects.filter(pk=theirs.pk).update(closed_on=day(-10))
    assert lacks() == [False]


def test_what_is_to_come_called_off_never_convened_or_a_body_s_own_is_not_counted(
    cast: Cast,
) -> None:
    a_body(cast)
    called_to(cast, cotech(cast))
    off = over(called_to(cast, cotech(cast)))
    Gathering.objects.filter(pk=off.gathering_id).update(cancelled_at=timezone.now())
    over(sitting(cast, cotech(cast)))  # prepared, and never convened
    held_sittings(cast, cotech(cast, organiser=cast.council), 1, at=noon())
    held_sittings(cast, cotech(cast, quartiers=[cast.faubourg]), 1, at=noon())
    assert lacks() == []


def test_a_body_that_is_not_published_is_not_told_by_the_figures(cast: Cast) -> None:
    a_body(cast, public=False)
    over(called_to(cast, cotech(cast)))
    assert lacks() == []


def test_figures_are_for_everybody_and_days_for_the_perimeter_and_the_bodies(
    cast: Cast, client: Client
) -> None:
    a_body(cast)
    other_body(cast)
    instance = cotech(cast, name="Comité technique secret")
    over(called_to(cast, instance))
    url = reverse("councils:referent_sittings")
    year = f"?annee={noon().year}"
    detail = f"{url}{year}&instance={instance.pk}"
    for person, details, titled in (
        (None, False, False),
        (cast.lila, False, False),
        (cast.nadia, True, False),  # Rives lies in Raismes too
        (cast.karim, True, True),
        (cast.hugo, True, False),
        (cast.claire, True, True),
    ):
        client.logout()
        if person:
            client.force_login(person)
        words = client.get(url + year).content.decode().replace("&nbsp;", " ")
        assert "dont <b>1 sans référents</b>" in words, person
        assert ("secret" in words) is titled, person
        words = client.get(detail).content.decode()
        assert ("Personne pour Rives" in words) is details, person
        assert ("secret" in words) is titled, person
        assert ("détail n’est pas ouvert" in words) is not details, person


@pytest.mark.parametrize("mode", ["", "&instance="])
def test_the_page_asks_as_much_for_a_thousand_sittings(
    cast: Cast, client: Client, mode: str
) -> None:
    body, instance = a_body(cast), cotech(cast)
    referent(cast, hugo_in(cast, body), instance)
    client.force_login(cast.claire)
    url = f"{reverse('councils:referent_sittings')}?annee={noon().year}"
    url += f"{mode}{instance.pk}" if mode else ""
    held_sittings(cast, instance, 10, at=noon())

    def asked() -> int:
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = asked()
    held_sittings(cast, instance, 990, at=noon())
    assert asked() == few
    assert few <= 16, few
    assert client.get(url).context["without"] == 1000


def test_the_referents_page_asks_as_much_for_many_instances(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    member = hugo_in(cast, body)

    def asked() -> int:
        url = reverse("councils:referents")
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    referent(cast, member, cotech(cast))
    referent(cast, member, a_project(cast))
    few = asked()
    for _ in range(8):
        referent(cast, member, cotech(cast))
        referent(cast, member, a_project(cast))
    assert asked() == few
    assert few <= 16, few


# --- Phases ------------------------------------------------------------------------------------


def told(actor: Actor, project: Any) -> list[str]:
    return [
        f"{one.label} [{one.state}] {one.text}"
        for _, remarks in said_beside(actor, "project", project.pk)
        for one in remarks
    ]


def test_each_phase_that_began_is_told_with_its_opinion_or_without(cast: Cast) -> None:
    body, project = a_body(cast), a_project(cast)
    made = over(called_to(cast, cotech(cast)))
    first, second = phase(project, "conception"), phase(project, "protocole", -90)
    phase(project, "convention", 30)  # to come
    an_opinion(cast, body, made, phase=second, published=True)
    assert told(NOBODY, project) == [
        "Phase protocole et diagnostic [done] avis n° 1 « Des bancs à l’ombre »",
        "Phase conception [missing] phase sans avis des habitants",
    ]
    assert first.label == "conception"


@pytest.mark.parametrize(
    ("given", "stranger", "town", "coordination", "own", "neighbour"),
    [
        ({}, "missing", "missing", "missing", "votre avis", "missing"),
        ({"sent": True}, "missing", "done", "missing", "done", "missing"),
        ({"sent": True, "published": True}, "done", "done", "done", "done", "done"),
    ],
)
def test_what_a_body_has_not_sent_shows_to_itself_alone(
    cast: Cast, given: Any, stranger: str, town: str, coordination: str, own: str, neighbour: str
) -> None:
    body, project = a_body(cast), a_project(cast)
    other_body(cast)
    one = phase(project, "conception")
    an_opinion(cast, body, over(called_to(cast, cotech(cast))), phase=one, **given)
    for actor, wanted in (
        (NOBODY, stranger),
        (cast.actor(cast.karim), town),
        (cast.actor(cast.claire), coordination),
        (cast.actor(cast.hugo), own),
        (cast.actor(cast.lila), neighbour),
    ):
        (line,) = told(actor, project)
        assert wanted in line, (actor.user_name, line)
        assert ("bancs" in line) is (wanted == "done"), (actor.user_name, line)


def test_a_request_without_opinion_is_told_to_those_who_may_read_it(cast: Cast) -> None:
    body, project = a_body(cast), a_project(cast)
    request = a_request(cast, body, phase=phase(project, "conception"), wanted_on=day(-1))
    (own,) = told(cast.actor(cast.hugo), project)
    assert "[late] avis demandé pour le" in own
    assert told(NOBODY, project) == ["Phase conception [missing] phase sans avis des habitants"]
    request.level = "inform"
    request.save()
    assert "informés" in told(cast.actor(cast.karim), project)[0]


def test_the_project_s_page_says_it_to_a_stranger(cast: Cast, client: Client) -> None:
    body, project = a_body(cast), a_project(cast)
    an_opinion(cast, body, None, phase=phase(project, "conception"))
    words = client.get(reverse("works:project", args=[project.pk])).content.decode()
    assert "La parole des habitants" in words
    assert "Phase sans avis des habitants" in words
    bare = a_project(cast)
    bare.quartiers.set([cast.faubourg])
    words = client.get(reverse("works:project", args=[bare.pk])).content.decode()
    assert "La parole des habitants" not in words


# --- The year ----------------------------------------------------------------------------------


def a_year(cast: Cast) -> dict[str, Any]:
    """Two sittings of a project, one with hugo; requests, opinions, a training."""
    body, project = a_body(cast), a_project(cast)
    theirs = other_body(cast)
    member = hugo_in(cast, body)
    referent(cast, member, project)
    steers = steering(cast, project)
    for there in (True, False):
        made = called_to(cast, steers)
        acts.invite(made, actor=None)
        over(made, days=0 if timezone.localdate().timetuple().tm_yday == 1 else 1)
        came(made, there)
    one, _ = phase(project, "protocole", -60), phase(project, "conception")
    an_opinion(cast, body, made, sent=True, published=True, phase=one)
    for replied, due in ((day(0), day(3)), (day(0), day(-3)), (None, day(-3))):
        fields: dict[str, Any] = {"reply_due_on": due}
        if replied:
            fields |= {"reply": "Voici.", "replied_at": timezone.now(), "state": "answered"}
        an_opinion(cast, body, made, sent=True, **fields)
    an_opinion(cast, body, made)
    for level in ("inform", "consult", "consult"):
        a_request(cast, body, level=level)
    a_request(cast, body, sent_at=None)
    a_request(cast, body, withdrawn_at=timezone.now())
    training = TrainingOffer.objects.create(
        coordinator=cast.agglomeration,
        title="Lire un plan",
        starts_on=day(0),
        ends_on=day(0),
        hours=Decimal("3.5"),
    )
    for there, number in ((True, 1), (True, 2), (False, 3)):
        who = member if number == 1 else a_member(body, f"Essai {number}")
        TrainingFollowed.objects.create(
            offer=training, member=who, asked_at=timezone.now(), came=there
        )
    return {"body": body, "project": project, "theirs": theirs}


def test_the_figures_of_a_year(cast: Cast) -> None:
    made = a_year(cast)
    found = year_of(timezone.localdate().year, timezone.now(), cast.agglomeration.pk)
    (one,) = found.bodies
    assert one.body.pk == made["body"].pk
    assert (one.seats, one.vacant, one.hours) == (8, 7, Decimal(7))
    assert (one.held, one.without) == (2, 1)
    assert (one.requests, one.informed) == ({"inform": 1, "consult": 2}, 1)
    answers = one.answers
    assert (answers.sent, answers.in_time, answers.late) == (4, 1, 1)
    assert (answers.overdue, answers.awaited, answers.unanswered) == (1, 1, 2)
    (project,) = found.projects
    assert (project.held, project.without) == (2, 1)
    assert (project.phases, project.unspoken) == (2, 1)


def test_the_figures_equal_the_pages_they_come_from(cast: Cast, client: Client) -> None:
    made = a_year(cast)
    year = timezone.localdate().year
    found = year_of(year, timezone.now())
    one = next(line for line in found.bodies if line.body.pk == made["body"].pk)
    page = reverse("councils:referent_sittings")
    for cut in (f"conseil={made['body'].pk}", f"projet={made['project'].pk}"):
        context = client.get(f"{page}?annee={year}&{cut}").context
        assert (context["total"], context["without"]) == (one.held, one.without)
    beside = told(NOBODY, made["project"])
    assert len(beside) == found.projects[0].phases
    assert sum("[missing]" in line for line in beside) == found.projects[0].unspoken
    assert sum(1 for line in found.bodies if line.held == 0) == 1  # the neighbour's


def test_the_year_is_public_by_agglomération_and_on_paper(cast: Cast, client: Client) -> None:
    a_year(cast)
    url = reverse("councils:yearly", args=[timezone.localdate().year])
    words = client.get(url).content.decode()
    assert "Conseil citoyen des Rives" in words
    assert "Table de quartier du Faubourg" in words
    ours = client.get(f"{url}?agglomeration={cast.agglomeration.pk}").content.decode()
    assert "Table de quartier du Faubourg" not in ours
    assert client.get(f"{url}?agglomeration={cast.town.pk}").status_code == 404
    assert client.get(reverse("councils:yearly", args=[2000])).status_code == 404
    paper = client.get(f"{url}pdf/?agglomeration={cast.agglomeration.pk}")
    assert_accessible(paper.content)
    Body.objects.filter(organisation=cast.other_council).update(published_at=None)
    assert "Table de quartier du Faubourg" not in client.get(url).content.decode()


def test_the_year_asks_as_much_for_a_thousand_sittings(cast: Cast, client: Client) -> None:
    made = a_year(cast)
    url = reverse("councils:yearly", args=[noon().year])
    instance = steering(cast, made["project"])

    def asked() -> int:
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    held_sittings(cast, instance, 10, at=noon())
    few = asked()
    held_sittings(cast, instance, 990, at=noon())
    assert asked() == few
    assert few <= 24, few
