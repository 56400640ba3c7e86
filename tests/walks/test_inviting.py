"""Inviting to a walk: who is chosen, who is called once, residents, the link for telephones."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.acts import cancel_gathering, register_person
from parvis.gatherings.models import Gathering, Guest
from parvis.notices.models import Envelope
from parvis.notices.sending import send_due
from parvis.partners.models import Organisation
from parvis.thread.reading import events_of
from parvis.walks import inviting
from parvis.walks.events import WALK
from parvis.walks.links import address_of, token_of, walk_from_token
from parvis.walks.models import Walk
from tests.cast import Cast
from tests.figures.counting import counted
from tests.gatherings.scene import in_days
from tests.walks.scene import a_walk, again, called, walking


def chosen(cast: Cast, *organisations: Organisation, **fields: Any) -> Walk:
    """A walk to which these organisations (by default a landlord and an association) are chosen."""
    walk = a_walk(cast, **fields)
    wanted = organisations or (cast.landlord, cast.association)
    inviting.choose_guests(walk, wanted, among=wanted)
    return again(walk)


def convened(cast: Cast, walk: Walk) -> int:
    return inviting.convene(walk, actor=cast.actor(cast.claire))


def a_service(cast: Cast, email: str = "lampes@exemple.test") -> Organisation:
    """An organisation for which nobody signs in."""
    return Organisation.objects.create(
        kind="operator", name="Lumières", email=email, commune=cast.anzin
    )


def letters() -> dict[str, str]:
    """What left, by address."""
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(hours=1))
    return {one.to[0]: str(one.body) for one in mail.outbox}


def page(client: Client, walk: Walk) -> str:
    answer = client.get(reverse("walks:guests", args=[walk.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


# --- Choosing ---------------------------------------------------------------------------------


def test_who_is_chosen_knows_nothing_before_being_called(cast: Cast) -> None:
    walk = chosen(cast)
    luc = cast.actor(cast.luc)
    assert not Envelope.objects.exists()
    assert not Walk.objects.allowed(luc, "follow").filter(pk=walk.pk).exists()
    assert not Gathering.objects.visible_to(luc).filter(pk=walk.gathering_id).exists()
    convened(cast, walk)
    assert Walk.objects.allowed(luc, "observe").filter(pk=walk.pk).exists()


def test_one_who_is_added_after_the_call_knows_nothing_yet(cast: Cast) -> None:
    walk = called(cast)
    inviting.choose_guests(walk, [cast.other_landlord], among=[cast.other_landlord])
    paul = cast.actor(cast.paul)
    assert not Walk.objects.visible_to(paul).filter(pk=walk.pk).exists()


def test_who_is_chosen_is_told_of_no_other_date(cast: Cast) -> None:
    from parvis.walks.planning import change_walk

    walk = called(cast)
    inviting.choose_guests(walk, [cast.other_landlord], among=[cast.other_landlord])
    change_walk(
        walk, actor=cast.actor(cast.claire), purpose="", starts_at=in_days(9), ends_at=in_days(9, 2)
    )
    told = letters()
    assert cast.luc.email in told
    assert cast.paul.email not in told


def test_a_ticked_off_organisation_leaves_unless_it_was_called(cast: Cast) -> None:
    walk = called(cast)
    both = [cast.landlord, cast.other_landlord]
    inviting.choose_guests(walk, both, among=both)
    inviting.choose_guests(walk, [], among=both)
    names = set(walk.gathering.guests.values_list("organisation__name", flat=True))
    assert names == {"Escaut Habitat", "Ville d’Anzin", "Les Voisins"}


def test_what_the_chooser_does_not_see_stays_chosen(cast: Cast) -> None:
    walk = chosen(cast, cast.other_landlord)
    inviting.choose_guests(walk, [cast.landlord], among=[cast.landlord])
    assert walk.gathering.guests.count() == 2


def test_organisations_are_ticked_by_kind(cast: Cast, client: Client) -> None:
    walk = a_walk(cast)
    client.force_login(cast.claire)
    shown = page(client, walk)
    assert "<legend>Bailleur</legend>" in shown
    assert "Hainaut Logis" in shown
    url = reverse("walks:choose", args=[walk.pk])
    client.post(url, {"bailleur": [cast.landlord.pk], "association": [cast.association.pk]})
    assert set(walk.gathering.guests.values_list("organisation_id", flat=True)) == {
        cast.landlord.pk,
        cast.association.pk,
    }


def test_nobody_is_chosen_whom_the_chooser_does_not_know(cast: Cast, client: Client) -> None:
    hidden = Organisation.objects.create(
        kind="bailleur", name="Bailleur fermé", closed_on=timezone.localdate()
    )
    walk = a_walk(cast)
    client.force_login(cast.claire)
    url = reverse("walks:choose", args=[walk.pk])
    answer = client.post(url, {"bailleur": [cast.landlord.pk, hidden.pk]})
    assert answer.status_code == 200
    assert "gardé" in answer.content.decode()
    assert not walk.gathering.guests.exists()


# --- Calling ----------------------------------------------------------------------------------


def test_the_call_says_what_when_where_and_puts_the_date_one_click_away(cast: Cast) -> None:
    walk = chosen(cast)
    # The association has nobody who acts for it: its service's address is written to.
    assert convened(cast, walk) > 1
    words = letters()[cast.luc.email]
    for part in (
        "Diagnostic des Rives",
        "Départ : Devant la maison de quartier",
        "Regarder la propreté",
        "Rue des Lilas",
        f"/diagnostics/{walk.pk}/\n",
        reverse("gatherings:calendar", args=[walk.gathering_id]),
        reverse("walks:guests", args=[walk.pk]),
    ):
        assert part in words, part
    assert token_of(walk) not in words
    assert again(walk).convened_at
    assert "convened" in [one.code for one in events_of(cast.actor(cast.claire), WALK, walk.pk)]


def test_called_again_it_tells_who_was_added_alone(cast: Cast) -> None:
    walk = chosen(cast)
    convened(cast, walk)
    letters()
    before = walk.gathering.guests.get(organisation=cast.landlord).invited_at
    inviting.choose_guests(walk, [cast.other_landlord], among=[cast.other_landlord])
    assert convened(cast, walk) == 1
    assert set(letters()) == {cast.paul.email}
    assert walk.gathering.guests.get(organisation=cast.landlord).invited_at == before


def test_called_twice_it_says_that_everybody_is(cast: Cast) -> None:
    walk = chosen(cast)
    convened(cast, walk)
    count = Envelope.objects.count()
    with pytest.raises(ValidationError, match="déjà invité"):
        convened(cast, walk)
    assert Envelope.objects.count() == count


@pytest.mark.parametrize(
    ("fault", "word"), [("past", "passée"), ("stops", "arrêt"), ("nobody", "organisation")]
)
def test_a_call_needs_a_date_to_come_a_stop_and_somebody(cast: Cast, fault: str, word: str) -> None:
    if fault == "nobody":
        walk = a_walk(cast)
    else:
        walk = chosen(cast, days=-1 if fault == "past" else 7, stops=fault != "stops")
    with pytest.raises(ValidationError, match=word):
        convened(cast, walk)
    assert again(walk).convened_at is None
    assert not Guest.objects.filter(invited_at__isnull=False).exists()


def test_a_walk_that_is_called_off_calls_nobody(cast: Cast) -> None:
    walk = chosen(cast)
    cancel_gathering(walk.gathering, actor=cast.actor(cast.claire), reason="Orage.")
    with pytest.raises(ValidationError, match="annulé"):
        convened(cast, walk)


def test_a_service_without_account_gets_the_link_and_its_own_date(
    cast: Cast, client: Client
) -> None:
    walk = chosen(cast, cast.landlord, a_service(cast))
    convened(cast, walk)
    words = letters()["lampes@exemple.test"]
    assert address_of(walk) in words
    assert f"/diagnostics/{walk.pk}/" not in words
    date = client.get(inviting.date_by_link(walk).removeprefix("http://localhost:8000"))
    assert inviting.date_by_link(walk) in words
    assert f"DTSTART:{walk.gathering.starts_at:%Y%m%dT%H%M%SZ}" in date.content.decode()
    assert date["Cache-Control"] == "private, no-store"


def test_the_date_by_a_cut_link_is_not_found(cast: Cast, client: Client) -> None:
    walk = chosen(cast)
    url = reverse("walks:date_by_link", args=[token_of(walk)[:-1]])
    assert client.get(url).status_code == 404


def test_preparing_is_not_for_who_is_called(cast: Cast, client: Client) -> None:
    walk = called(cast)
    for person, status in ((cast.luc, 403), (cast.paul, 404), (cast.bruno, 404)):
        client.force_login(person)
        for name in ("choose", "convene", "welcome", "new_link"):
            answer = client.post(reverse(f"walks:{name}", args=[walk.pk]))
            assert answer.status_code == status, (person.name, name)


# --- The page ---------------------------------------------------------------------------------


def test_the_page_tells_who_answered(cast: Cast, client: Client) -> None:
    walk = called(cast)
    client.force_login(cast.luc)
    assert "Nous serons là" in page(client, walk)
    client.post(
        reverse("gatherings:answer", args=[walk.gathering_id]), {"answer": "coming"}, follow=True
    )
    client.force_login(cast.claire)
    shown = page(client, walk)
    assert "sera présente" in shown
    assert "sans réponse" in shown


def test_who_is_chosen_is_shown_to_who_prepares_alone(cast: Cast, client: Client) -> None:
    walk = called(cast)
    inviting.choose_guests(walk, [cast.other_landlord], among=[cast.other_landlord])
    client.force_login(cast.luc)
    assert "Hainaut Logis" not in page(client, walk)
    client.force_login(cast.claire)
    assert "choisie, pas encore invitée" in page(client, walk)


def test_residents_are_counted_and_not_named(cast: Cast, client: Client) -> None:
    walk = called(cast, entry=Gathering.Entry.REGISTERED)
    inviting.welcome_residents(walk, actor=cast.actor(cast.claire))
    register_person(again(walk).gathering, name="Léa Dupont", email="lea@exemple.test")
    names = reverse("gatherings:people", args=[walk.gathering_id])
    for person, may in ((cast.claire, True), (cast.luc, False)):
        client.force_login(person)
        shown = page(client, walk)
        assert "1\xa0personne inscrite" in shown
        assert "Léa" not in shown
        assert (names in shown) == may


def test_the_link_is_shown_to_who_may_note(cast: Cast, client: Client) -> None:
    walk = a_walk(cast)
    for person, may in ((cast.claire, True), (cast.karim, False)):
        client.force_login(person)
        assert (token_of(walk) in page(client, walk)) == may


def test_the_page_asks_the_same_whatever_the_number_of_guests(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    walk = chosen(cast)
    page(client, walk)
    with counted() as few:
        page(client, walk)
    many = [
        Organisation(kind="association", name=f"Association {number}") for number in range(1000)
    ]
    Organisation.objects.bulk_create(many)
    made = Organisation.objects.filter(name__startswith="Association ")
    inviting.choose_guests(walk, made, among=made)
    with counted() as more:
        page(client, walk)
    assert len(few) == len(more)


# --- Residents --------------------------------------------------------------------------------


def test_residents_see_the_walk_once_it_is_opened_to_them(cast: Cast, client: Client) -> None:
    walk = called(cast)
    url = reverse("gatherings:gathering", args=[walk.gathering_id])
    assert client.get(url).status_code == 404
    staff = Client()
    staff.force_login(cast.claire)
    staff.post(reverse("walks:welcome", args=[walk.pk]))
    shown = client.get(url).content.decode()
    assert "Regarder la propreté" in shown
    assert "Entrée libre" in shown
    quartier = client.get(reverse("portal:quartier", args=[cast.rives.code])).content.decode()
    assert "Diagnostic des Rives" in quartier


def test_a_presentation_written_before_stays(cast: Cast) -> None:
    walk = called(cast, summary="Venez marcher avec nous.")
    inviting.welcome_residents(walk, actor=cast.actor(cast.claire))
    assert again(walk).gathering.summary == "Venez marcher avec nous."


def test_a_walk_that_is_over_is_not_opened_to_residents(cast: Cast) -> None:
    walk = called(cast, days=-2)
    with pytest.raises(ValidationError, match="passé"):
        inviting.welcome_residents(walk, actor=cast.actor(cast.claire))
    assert again(walk).gathering.published_at is None


# --- The link for telephones ------------------------------------------------------------------


def test_a_new_link_closes_the_old_one(cast: Cast, client: Client) -> None:
    walk = walking(cast)
    old = token_of(walk)
    client.force_login(cast.claire)
    client.post(reverse("walks:new_link", args=[walk.pk]))
    assert walk_from_token(old) is None
    assert walk_from_token(token_of(again(walk))) == walk


# --- Reminders --------------------------------------------------------------------------------


def test_the_reminder_leads_each_one_to_the_page_made_for_it(cast: Cast) -> None:
    walk = chosen(cast, cast.landlord, a_service(cast), days=1)
    convened(cast, walk)
    letters()
    inviting.choose_guests(walk, [cast.other_landlord], among=[cast.other_landlord])
    call_command("remind_gatherings", stdout=StringIO())
    told = letters()
    assert reverse("walks:guests", args=[walk.pk]) in told[cast.luc.email]
    assert address_of(walk) in told["lampes@exemple.test"]
    assert cast.paul.email not in told
    call_command("remind_gatherings", stdout=StringIO())
    assert letters() == {}
