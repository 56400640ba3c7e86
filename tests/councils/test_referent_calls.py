"""Designating référents, inviting them to sittings of others, and who may read what there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import body_acts
from parvis.councils import referent_acts as acts
from parvis.councils.models import Call, Presence, Referent
from parvis.meetings import acts as meetings
from parvis.meetings.models import Document, Sitting
from parvis.notices.models import Envelope
from parvis.notices.sending import send_due
from parvis.partners.models import PersonalReading
from parvis.thread.models import Event
from parvis.thread.reading import events_of
from tests.cast import Cast
from tests.councils.referent_scene import (
    a_document,
    called_to,
    over,
    referent,
    seated,
    steering,
)
from tests.councils.scene import a_body, a_member, hugo_in, other_body
from tests.councils.space_scene import a_sitting
from tests.figures.counting import counted
from tests.meetings.scene import cotech, sitting
from tests.works.scene import a_project, day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    """A folder of its own for files."""
    settings.MEDIA_ROOT = tmp_path / "media"


def words_of(act: Any, *args: Any, **said: Any) -> str:
    with pytest.raises(ValidationError) as told:
        act(*args, **said)
    return " ".join(told.value.messages)


def members_called(made: Sitting) -> list[int]:
    rows = Presence.objects.filter(sitting=made, as_referent=True, invited_at__isnull=False)
    return list(rows.order_by("member_id").values_list("member_id", flat=True))


# --- Designating -------------------------------------------------------------------------------


def test_a_place_that_is_held_is_refused_in_words_and_by_the_database(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    instance = cotech(cast, members=[cast.council])
    held = referent(cast, hugo_in(cast, body), instance)
    other = seated(cast, body, "Jeanne Essai")
    client.force_login(cast.yasmine)
    given = {
        "member": other.pk,
        "quartier": cast.rives.pk,
        "where": f"i{instance.pk}",
        "place": 1,
        "substitute": 0,
        "starts_on": day(-2).isoformat(),
    }
    url = reverse("councils:designate", args=[body.pk])
    answer = client.post(url, given)
    assert answer.status_code == 200
    assert "Cette place de référent est déjà tenue à cette date." in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Referent.objects.create(
            member=other, quartier=cast.rives, instance=instance, starts_on=day(3)
        )
    acts.end_designation(
        held, actor=cast.actor(cast.yasmine), ends_on=day(-3), reason="À sa demande"
    )
    assert client.post(url, given).status_code == 302
    assert Referent.objects.count() == 2


def test_only_a_member_with_a_running_term_of_a_body_of_that_quartier(cast: Cast) -> None:
    body, instance = a_body(cast), cotech(cast)
    member = hugo_in(cast, body)
    said = words_of(referent, cast, a_member(body), instance)
    assert "pas de mandat en cours" in said
    said = words_of(referent, cast, member, instance, quartier=cast.faubourg)
    assert "n’est pas de ceux" in said
    said = words_of(referent, cast, member, instance, starts_on=day(-60))
    assert "pas de mandat en cours" in said
    far = a_project(cast)
    far.quartiers.set([cast.faubourg])
    assert "ne touche pas" in words_of(referent, cast, member, far)
    own = cotech(cast, organiser=cast.council)
    assert "sa propre instance" in words_of(referent, cast, member, own)


def test_the_animator_and_the_coordination_designate_and_no_other(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    made = referent(cast, hugo_in(cast, body), cotech(cast))
    for name, args in (("designate", body.pk), ("end_designation", made.pk)):
        url = reverse(f"councils:{name}", args=[args])
        for person, status in (
            (cast.yasmine, 200),
            (cast.claire, 200),
            (cast.hugo, 403),
            (cast.lila, 403),
            (cast.bruno, 403),
            (cast.karim, 403),
        ):
            client.force_login(person)
            assert client.get(url).status_code == status, (name, person)


def test_an_event_says_it_without_a_name(cast: Cast) -> None:
    body = a_body(cast)
    made = referent(cast, hugo_in(cast, body), cotech(cast))
    (event,) = Event.objects.filter(thing_kind="referent", thing_id=made.pk)
    assert (event.old, event.new) == ("", "")
    told = events_of(cast.actor(cast.theo), "referent", made.pk)
    assert "Référent désigné par Conseil citoyen des Rives" in str(told)
    assert "Hugo" not in str(told)


def test_everybody_reads_public_names_and_the_places_that_nobody_holds(
    cast: Cast, client: Client
) -> None:
    body, project = a_body(cast), a_project(cast)
    cotech(cast, name="Comité secret")
    referent(cast, hugo_in(cast, body), project, substitute=True)
    url = reverse("councils:referents")
    words = client.get(url).content.decode()
    assert "Renouvellement des Rives" in words
    assert "sans référent" in words
    assert "membre n° 1" in words
    assert "Hugo" not in words
    assert "Comité secret" not in words  # of what kind it is, is told
    client.force_login(cast.hugo)
    assert "Hugo Essai" in client.get(url).content.decode()


def test_a_member_whose_term_is_over_holds_no_place(cast: Cast, client: Client) -> None:
    body, project = a_body(cast), a_project(cast)
    member = hugo_in(cast, body)
    referent(cast, member, project)
    made = called_to(cast, steering(cast, project), days=5)
    body_acts.end_term(
        member.terms.get(), actor=cast.actor(cast.yasmine), ends_on=day(-1), reason="resignation"
    )
    assert "membre n° 1" not in client.get(reverse("councils:referents")).content.decode()
    assert acts.invite(made, actor=None) == 0


# --- Inviting ----------------------------------------------------------------------------------


def test_a_project_s_référent_is_called_to_each_instance_that_steers_it(cast: Cast) -> None:
    body, project = a_body(cast), a_project(cast)
    member = hugo_in(cast, body)
    referent(cast, member, project)
    steers = called_to(cast, steering(cast, project))
    beside = called_to(cast, cotech(cast))
    assert acts.invite(steers, actor=cast.actor(cast.claire)) == 1
    assert acts.invite(beside, actor=cast.actor(cast.claire)) == 0
    assert members_called(steers) == [member.pk]


def test_inviting_again_tells_nobody_twice_and_sends_documents_that_came_since(
    cast: Cast,
) -> None:
    body, instance = a_body(cast), cotech(cast)
    referent(cast, hugo_in(cast, body), instance)
    made = called_to(cast, instance)
    claire = cast.actor(cast.claire)
    before = Envelope.objects.count()
    assert acts.invite(made, actor=claire) == 1
    assert acts.invite(made, actor=claire) == 0
    assert Envelope.objects.count() == before + 1
    assert Call.objects.get().documents_at is None
    a_document(made)
    assert acts.invite(made, actor=claire) == 0
    assert acts.invite(made, actor=claire) == 0
    assert Envelope.objects.count() == before + 2
    assert Call.objects.get().documents_at is not None


def test_the_agenda_is_told_only_to_a_body_that_was_called(cast: Cast) -> None:
    body = a_body(cast)
    member = hugo_in(cast, body)
    bodies = {}
    for seats in ([cast.landlord], [cast.landlord, cast.council]):
        instance = cotech(cast, members=seats)
        referent(cast, member, instance)
        made = called_to(cast, instance)
        a_document(made)
        mail.outbox.clear()
        acts.invite(made, actor=None)
        send_due(timezone.now() + timedelta(hours=1))
        (told,) = [one for one in mail.outbox if "Référents invités" in one.subject]
        assert told.to == [cast.hugo.email]
        bodies[len(seats)] = str(told.body)
        assert "Hôtel de ville" in str(told.body)
        assert "Plan des abords" in str(told.body)
    assert "Éclairage" not in bodies[1]
    assert "Éclairage" in bodies[2]


def test_the_substitute_is_called_when_the_holder_is_excused(cast: Cast, client: Client) -> None:
    body, instance = a_body(cast), cotech(cast)
    holder = hugo_in(cast, body)
    substitute = seated(cast, body, "Jeanne Essai")
    referent(cast, holder, instance)
    referent(cast, substitute, instance, substitute=True)
    made = called_to(cast, instance)
    acts.invite(made, actor=cast.actor(cast.yasmine))
    assert members_called(made) == [holder.pk]
    client.force_login(cast.hugo)
    call = Call.objects.get()
    client.post(reverse("councils:answer_call", args=[call.pk]), {"answer": "excused"})
    assert members_called(made) == sorted([holder.pk, substitute.pk])
    client.force_login(cast.lila)
    assert client.get(reverse("councils:answer_call", args=[call.pk])).status_code == 404


def test_an_excuse_noted_elsewhere_calls_the_substitute_by_night(cast: Cast) -> None:
    body, instance = a_body(cast), cotech(cast)
    holder, substitute = hugo_in(cast, body), seated(cast, body, "Jeanne Essai")
    referent(cast, holder, instance)
    referent(cast, substitute, instance, substitute=True)
    made = called_to(cast, instance, days=4)
    call_command("invite_referents")
    assert members_called(made) == [holder.pk]
    Presence.objects.filter(sitting=made).update(answer="excused")
    call_command("invite_referents")
    call_command("invite_referents")
    assert members_called(made) == sorted([holder.pk, substitute.pk])


def test_the_night_calls_to_convened_sittings_within_the_days(cast: Cast) -> None:
    body, instance = a_body(cast), cotech(cast)
    referent(cast, hugo_in(cast, body), instance)
    near, far = called_to(cast, instance, days=10), called_to(cast, instance, days=11)
    draft = sitting(cast, instance, days=5)
    off = called_to(cast, instance, days=5)
    meetings.cancel_sitting(off, actor=cast.actor(cast.claire), reason="Grève")
    assert acts.invite_due() == 1
    assert [len(members_called(one)) for one in (near, far, draft, off)] == [1, 0, 0, 0]
    assert acts.invite_due() == 0


def test_a_late_invitation_and_late_documents_are_said(cast: Cast, client: Client) -> None:
    body, instance = a_body(cast), cotech(cast)
    referent(cast, hugo_in(cast, body), instance)
    made = called_to(cast, instance, days=3)
    acts.invite(made, actor=None)
    client.force_login(cast.hugo)
    url = reverse("councils:referent_sitting", args=[made.pk])
    words = client.get(url).content.decode()
    assert "invitation 3 jours avant, au lieu de 10 jours avant" in words
    assert "documents pas encore envoyés" in words
    a_document(made)
    acts.invite(made, actor=None)
    assert "documents 3 jours avant, au lieu de 10 jours avant" in client.get(url).content.decode()
    early = called_to(cast, instance, days=10)
    a_document(early)
    acts.invite(early, actor=None)
    url = reverse("councils:referent_sitting", args=[early.pk])
    assert "au lieu de" not in client.get(url).content.decode()


def test_the_animator_calls_their_own_and_the_organiser_those_whose_body_they_see(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    theirs = other_body(cast, public=False)
    theirs.quartiers.add(cast.rives)
    instance = cotech(cast)
    mine, hidden = hugo_in(cast, body), seated(cast, theirs, "Lila Essai")
    referent(cast, mine, instance)
    referent(cast, hidden, instance, place=2)
    made = called_to(cast, instance)
    assert acts.invite(made, actor=cast.actor(cast.claire)) == 1
    assert members_called(made) == [mine.pk]
    assert acts.invite(made, actor=cast.actor(cast.yasmine)) == 0
    assert acts.invite(made, actor=cast.actor(cast.lila)) == 1
    url = reverse("councils:invite_referents", args=[made.pk])
    for person, status in ((cast.claire, 302), (cast.yasmine, 302), (cast.hugo, 403)):
        client.force_login(person)
        assert client.post(url).status_code == status, person
    for person in (cast.karim, cast.luc, cast.bruno):
        client.force_login(person)
        assert client.post(url).status_code == 404, person


def test_documents_open_to_bodies_whose_référents_were_invited_and_to_no_other(
    cast: Cast, client: Client
) -> None:
    body, instance = a_body(cast), cotech(cast)
    theirs = other_body(cast)
    theirs.quartiers.add(cast.rives)
    referent(cast, hugo_in(cast, body), instance)
    made = called_to(cast, instance)
    document: Document = a_document(made)
    url = reverse("councils:referent_document", args=[document.pk])
    client.force_login(cast.hugo)
    assert client.get(url).status_code == 404  # not invited yet
    acts.invite(made, actor=None)
    for person, status in (
        (cast.hugo, 200),
        (cast.yasmine, 200),
        (cast.lila, 404),
        (cast.karim, 404),
        (cast.bruno, 404),
    ):
        client.force_login(person)
        assert client.get(url).status_code == status, person
    # A référent of the neighbour's body who is designated, and not invited, opens nothing.
    referent(cast, seated(cast, theirs, "Lila Essai"), instance, place=2)
    client.force_login(cast.lila)
    assert client.get(url).status_code == 404
    assert client.get(reverse("councils:referent_sitting", args=[made.pk])).status_code == 200
    client.logout()
    assert client.get(url).status_code == 302


def test_who_has_no_e_mail_stands_on_a_list_for_the_animator_alone(
    cast: Cast, client: Client
) -> None:
    body, instance = a_body(cast), cotech(cast)
    silent = seated(cast, body, "Jeanne Essai", contact={"phone": "03 27 00 00 00"})
    referent(cast, silent, instance)
    made = called_to(cast, instance)
    before = Envelope.objects.count()
    acts.invite(made, actor=None)
    assert Envelope.objects.count() == before
    url = reverse("councils:referent_sitting", args=[made.pk])
    for person, told in ((cast.yasmine, True), (cast.hugo, False), (cast.claire, False)):
        client.force_login(person)
        words = client.get(url).content.decode()
        assert "03 27 00 00 00" not in words
        assert ("Voir les coordonnées" in words) is told, person
        assert ("Jeanne" in words) is (person != cast.claire), person
    assert "référent n’a" in words
    there = reverse("councils:referent_contacts", args=[made.pk])
    for person, told in ((cast.yasmine, True), (cast.hugo, False), (cast.claire, False)):
        client.force_login(person)
        shown = client.post(there)
        assert ("03 27 00 00 00" in shown.content.decode()) is told, person
        assert "no-store" in shown["Cache-Control"]
    client.force_login(cast.lila)
    assert client.post(there).status_code == 404
    logged = PersonalReading.objects.values_list("kind", "thing_id", "person")
    assert list(logged) == [("member", silent.pk, cast.yasmine.pk)]


def test_the_sittings_to_which_référents_go_are_those_of_others(cast: Cast, client: Client) -> None:
    body, instance = a_body(cast), cotech(cast)
    referent(cast, hugo_in(cast, body), instance)
    theirs = called_to(cast, instance)
    acts.invite(theirs, actor=None)
    own = a_sitting(body, cast.actor(cast.yasmine))
    client.force_login(cast.yasmine)
    words = client.get(reverse("councils:body_referents", args=[body.pk])).content.decode()
    assert reverse("councils:referent_sitting", args=[theirs.pk]) in words
    assert reverse("councils:referent_sitting", args=[own.pk]) not in words


def test_the_space_of_a_référent_leads_to_the_documents_of_a_sitting(
    cast: Cast, client: Client
) -> None:
    body, instance = a_body(cast), cotech(cast)
    referent(cast, hugo_in(cast, body), instance)
    made = called_to(cast, instance)
    acts.invite(made, actor=None)
    client.force_login(cast.hugo)
    there = reverse("councils:referent_sitting", args=[made.pk])
    assert f'href="{there}"' in client.get(reverse("councils:space")).content.decode()
    assert client.get(there).status_code == 200


# --- Who came ----------------------------------------------------------------------------------


def test_the_organiser_or_the_animator_notes_who_came_once_it_has_begun(
    cast: Cast, client: Client
) -> None:
    body, instance = a_body(cast), cotech(cast)
    referent(cast, hugo_in(cast, body), instance)
    made = called_to(cast, instance)
    acts.invite(made, actor=None)
    call = Call.objects.get()
    url = reverse("councils:attest_referents", args=[made.pk])
    given = {f"came-{call.pk}": "1", "came-999999": "1", "came-x": "1"}
    client.force_login(cast.yasmine)
    client.post(url, given)
    assert Call.objects.get().came is None
    over(made)
    for person, value in ((cast.yasmine, "1"), (cast.claire, "0")):
        client.force_login(person)
        client.post(url, {**given, f"came-{call.pk}": value})
        assert Call.objects.get().came is (value == "1")
    for person, status in ((cast.hugo, 403), (cast.lila, 404), (cast.karim, 404)):
        client.force_login(person)
        assert client.post(url, given).status_code == status, person
    assert Call.objects.get().came is False


def test_the_page_of_a_sitting_asks_as_much_for_many_référents(cast: Cast, client: Client) -> None:
    body, instance = a_body(cast), cotech(cast)
    referent(cast, hugo_in(cast, body), instance)
    made = called_to(cast, instance)
    acts.invite(made, actor=None)
    client.force_login(cast.yasmine)
    url = reverse("councils:referent_sitting", args=[made.pk])

    def asked() -> int:
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = asked()
    for number in range(12):
        one = a_member(body, f"Essai {number}")
        Presence.objects.create(
            member=one, sitting=made, as_referent=True, invited_at=timezone.now()
        )
    assert asked() == few
    assert few <= 16, few


def test_a_référent_of_two_quartiers_is_called_once(cast: Cast) -> None:
    body = a_body(cast, quartiers=[cast.rives, cast.faubourg])
    instance = cotech(cast, quartiers=[cast.rives, cast.faubourg])
    member = hugo_in(cast, body)
    referent(cast, member, instance)
    referent(cast, member, instance, quartier=cast.faubourg)
    made = called_to(cast, instance)
    assert acts.invite(made, actor=None) == 1
