"""Registering without an account: seats, the waiting list in its order, a freed seat."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings import acts, events
from parvis.gatherings.models import Gathering, Registration, RegistrationContact
from parvis.notices.models import Envelope
from tests.cast import Cast
from tests.gatherings.scene import in_days, workshop


def states(gathering: Gathering) -> list[str]:
    return list(gathering.registrations.order_by("rank").values_list("state", flat=True))


def person(gathering: Gathering, number: int) -> Registration:
    return acts.register_person(
        gathering, name=f"Personne {number}", email=f"personne{number}@exemple.test"
    )


def test_beyond_the_seats_people_wait_in_their_order(cast: Cast) -> None:
    gathering = workshop(cast, seats=2)
    for number in range(4):
        person(gathering, number)
    assert states(gathering) == ["seated", "seated", "waiting", "waiting"]


def test_a_freed_seat_goes_to_the_first_who_waits_and_tells_them(cast: Cast) -> None:
    gathering = workshop(cast, seats=1)
    first, second, third = (person(gathering, number) for number in range(3))
    Envelope.objects.all().delete()
    acts.withdraw_registration(first)
    assert states(gathering) == ["withdrawn", "seated", "waiting"]
    mail = Envelope.objects.get()
    assert mail.address == "personne1@exemple.test"
    assert events.token_of(second) in mail.text
    acts.withdraw_registration(second)
    assert states(gathering) == ["withdrawn", "withdrawn", "seated"]
    assert third.pk == gathering.registrations.get(state="seated").pk


def test_withdrawing_erases_the_contact_at_once(cast: Cast) -> None:
    registration = person(workshop(cast), 1)
    acts.withdraw_registration(registration)
    acts.withdraw_registration(registration)
    assert not RegistrationContact.objects.exists()
    assert not Envelope.objects.exists()


def test_more_seats_go_to_who_waits(cast: Cast) -> None:
    gathering = workshop(cast, seats=1)
    for number in range(3):
        person(gathering, number)
    acts.change_gathering(gathering, actor=cast.actor(cast.sofia), seats=2)
    assert states(gathering) == ["seated", "seated", "waiting"]


def test_the_same_address_has_one_seat(cast: Cast) -> None:
    gathering = workshop(cast)
    one = acts.register_person(gathering, name="Léa", email="Lea@exemple.test")
    assert acts.register_person(gathering, name="Léa", email="lea@exemple.test ") == one


@pytest.mark.parametrize(
    "said", [{"name": ""}, {"name": "Léa"}, {"name": "Léa", "email": "pas une adresse"}]
)
def test_what_cannot_be_answered_is_refused(cast: Cast, said: dict[str, str]) -> None:
    gathering = workshop(cast)
    with pytest.raises(ValidationError):
        acts.register_person(gathering, **said)
    assert states(gathering) == []


def test_closed_registrations_take_nobody(cast: Cast) -> None:
    gathering = workshop(cast, closes_at=in_days(1))
    with pytest.raises(acts.Refused):
        acts.register_person(gathering, name="Léa", phone="0612345678", now=in_days(2))


def test_a_resident_registers_on_the_page_and_comes_back_by_the_link(
    cast: Cast, client: Client
) -> None:
    gathering = workshop(cast)
    page = reverse("gatherings:gathering", args=[gathering.pk])
    assert "20 places libres" in client.get(page).content.decode().replace("\xa0", " ")
    answer = client.post(f"{page}inscription/", {"name": "Léa", "email": "lea@exemple.test"})
    assert answer.status_code == 302
    own = client.get(answer["Location"])
    assert "Votre place est retenue" in own.content.decode()
    assert own["Cache-Control"] == "private, no-store"
    client.post(f"{answer['Location']}retirer/")
    assert states(gathering) == ["withdrawn"]


def test_a_machine_that_fills_every_field_takes_no_seat(cast: Cast, client: Client) -> None:
    gathering = workshop(cast)
    said = {"name": "x", "email": "x@exemple.test", "website": "https://exemple.test"}
    client.post(reverse("gatherings:register", args=[gathering.pk]), said)
    assert states(gathering) == []


def test_too_many_from_one_place_are_asked_to_wait(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parvis.gatherings.views.REGISTRATIONS_AN_HOUR", 2)
    gathering = workshop(cast)
    url = reverse("gatherings:register", args=[gathering.pk])
    for number in range(4):
        last = client.post(url, {"name": "x", "email": f"x{number}@exemple.test"})
    assert "réessayez dans une heure" in last.content.decode()
    assert len(states(gathering)) == 2


def test_names_are_read_by_who_organises_and_nobody_else(cast: Cast, client: Client) -> None:
    gathering = workshop(cast)
    person(gathering, 1)
    url = reverse("gatherings:people", args=[gathering.pk])
    for who, status in ((cast.sofia, 200), (cast.claire, 403), (cast.nadia, 403), (cast.luc, 403)):
        client.force_login(who)
        answer = client.get(url)
        assert answer.status_code == status, who
        assert ("Personne 1" in answer.content.decode()) == (status == 200)


def test_attendance_is_noted(cast: Cast, client: Client) -> None:
    gathering = workshop(cast)
    one = person(gathering, 1)
    acts.ask_organisations(gathering, [cast.landlord], at=in_days(0))
    guest = gathering.guests.get()
    client.force_login(cast.sofia)
    client.post(
        reverse("gatherings:people", args=[gathering.pk]),
        {f"p{one.pk}": "yes", f"g{guest.pk}": "no"},
    )
    one.refresh_from_db()
    guest.refresh_from_db()
    assert (one.came, guest.came) == (True, False)


def test_who_has_a_seat_is_reminded_once_and_forgotten_a_month_after(
    cast: Cast, time_machine: Any
) -> None:
    gathering = workshop(cast, seats=1)
    person(gathering, 1)
    person(gathering, 2)
    Envelope.objects.all().delete()
    time_machine.move_to(gathering.starts_at - timedelta(hours=20), tick=False)
    call_command("remind_gatherings", verbosity=0)
    call_command("remind_gatherings", verbosity=0)
    assert [mail.address for mail in Envelope.objects.all()] == ["personne1@exemple.test"]
    time_machine.move_to(gathering.ends_at + timedelta(days=29), tick=False)
    call_command("retention", stdout=StringIO())
    assert RegistrationContact.objects.count() == 2
    time_machine.move_to(gathering.ends_at + timedelta(days=31), tick=False)
    call_command("retention", stdout=StringIO())
    assert not RegistrationContact.objects.exists()
    assert timezone.now() > gathering.ends_at


def test_whoever_types_an_address_is_not_led_to_the_page_of_its_owner(
    cast: Cast, client: Client
) -> None:
    gathering = workshop(cast)
    url = reverse("gatherings:register", args=[gathering.pk])
    said = {"name": "Léa", "email": "lea@exemple.test"}
    assert "/inscription/" in client.post(url, said)["Location"]
    again = client.post(url, {**said, "name": "Un autre"})
    assert again["Location"] == reverse("gatherings:gathering", args=[gathering.pk])
    assert Registration.objects.count() == 1
