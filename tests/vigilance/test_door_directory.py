"""The directory of doors: who writes it, who opens what is sent there, what is to be checked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.notices.models import Message
from parvis.partners.models import Organisation
from parvis.vigilance import door_acts as acts
from parvis.vigilance.door_checks import remind_doors
from parvis.vigilance.door_import import HEADER, read_records, read_table
from parvis.vigilance.models import Receiver, SupportDoor
from tests.cast import Cast
from tests.vigilance.scene import a_door, a_receiver, an_orientation

pytestmark = pytest.mark.django_db
LINE = {"kind": "ccas", "name": "Accueil", "takes": ["energie"], "kept_for_days": "730"}


def given(cast: Cast, **more: Any) -> dict[str, Any]:
    return {**LINE, "answers_within_days": "7", "communes": [cast.anzin.pk], **more}


def allowed(cast: Cast, who: Any, action: str) -> set[str]:
    found = SupportDoor.objects.allowed(cast.actor(who), action)
    return set(found.values_list("name", flat=True))


def test_a_coordination_writes_doors_of_its_communes_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    client.post(reverse("vigilance:new_door"), given(cast))
    made = SupportDoor.objects.get()
    assert list(made.communes.all()) == [cast.anzin]
    assert made.checked_on == timezone.localdate()
    answer = client.post(reverse("vigilance:new_door"), given(cast, communes=[cast.raismes.pk]))
    assert answer.status_code == 200
    assert SupportDoor.objects.count() == 1


def test_a_door_over_two_agglomerations_is_corrected_by_who_keeps_it_alone(cast: Cast) -> None:
    door = a_door(cast, name="À cheval")
    door.communes.add(cast.raismes)
    assert allowed(cast, cast.claire, "edit") == set()
    assert allowed(cast, cast.bruno, "edit") == set()
    assert allowed(cast, cast.karim, "edit") == {"À cheval"}


def test_an_organisation_writes_its_own_door_and_no_other(cast: Cast, client: Client) -> None:
    theirs = a_door(cast, cast.other_town)
    client.force_login(cast.karim)
    client.post(reverse("vigilance:new_door"), given(cast, organisation=cast.association.pk))
    made = SupportDoor.objects.exclude(pk=theirs.pk).get()
    assert made.organisation == cast.town  # whatever the request says
    assert client.get(reverse("vigilance:edit_door", args=[theirs.pk])).status_code == 403


def test_what_was_sent_to_a_door_never_passes_to_another_organisation(cast: Cast) -> None:
    door = a_door(cast)
    an_orientation(cast, door)
    door.organisation = cast.association
    with pytest.raises(ValidationError, match="ne passent pas à une autre organisation"):
        acts.save_door(door, [cast.anzin])
    assert SupportDoor.objects.get().organisation == cast.town


def test_a_door_that_received_nothing_yet_may_change_hands(cast: Cast) -> None:
    door = a_door(cast)
    an_orientation(cast, door, state="draft")
    door.organisation = cast.association
    acts.save_door(door, [cast.anzin])
    assert SupportDoor.objects.get().organisation == cast.association


def test_the_responsable_names_a_colleague_and_ends_it(cast: Cast, client: Client) -> None:
    door, today = a_door(cast), timezone.localdate()
    client.force_login(cast.karim)
    sofia = cast.sofia.mandates.get()
    client.post(reverse("vigilance:name_receiver", args=[door.pk]), {"mandate": sofia.pk})
    named = Receiver.objects.get()
    assert (named.mandate, named.named_by) == (sofia, cast.karim)
    assert SupportDoor.objects.receiving(today).exists()
    client.post(reverse("vigilance:end_receiver", args=[named.pk]))
    assert not SupportDoor.objects.receiving(today).exists()


@pytest.mark.parametrize("who", ["luc", "odile"])
def test_nobody_is_named_who_does_not_act_for_the_organisation(cast: Cast, who: str) -> None:
    mandate = getattr(cast, who).mandates.get()
    with pytest.raises(ValidationError):
        acts.name_receiver(a_door(cast), mandate, actor=cast.actor(cast.karim))


@pytest.mark.parametrize("who", ["claire", "sofia", "nadia"])
def test_nobody_else_names_who_opens_a_door(cast: Cast, client: Client, who: str) -> None:
    door = a_door(cast)
    client.force_login(getattr(cast, who))
    where = reverse("vigilance:name_receiver", args=[door.pk])
    assert client.post(where, {"mandate": cast.sofia.mandates.get().pk}).status_code == 403


def test_a_door_whose_receiver_left_receives_no_more_and_the_coordination_reads_no_name(
    cast: Cast, client: Client
) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    client.force_login(cast.claire)
    page = reverse("vigilance:door", args=[door.pk])
    assert "reçoit les orientations" in client.get(page).text
    cast.sofia.mandates.update(cut_short_at=timezone.now() - timedelta(days=2))
    told = client.get(page).text
    assert "personne n’ouvre les orientations" in told
    assert cast.sofia.name not in told
    assert door.name in client.get(reverse("vigilance:doors"), {"etat": "sans-personne"}).text


def test_a_door_unchecked_for_six_months_is_asked_about_once(cast: Cast) -> None:
    today = timezone.localdate()
    door = a_door(cast, checked_on=today - timedelta(days=200))
    a_door(cast, name="Fraîche", checked_on=today - timedelta(days=20))
    a_door(cast, name="Fermée", closes_on=today - timedelta(days=1))
    assert remind_doors() == 1
    assert remind_doors() == 0
    message = Message.objects.get()
    assert message.person == f"user:{cast.karim.pk}"
    assert door.name in message.envelope.text
    assert remind_doors(timezone.now() + timedelta(days=190)) > 0


def test_of_a_door_that_nobody_keeps_the_coordination_is_asked(cast: Cast) -> None:
    door = SupportDoor.objects.create(kind="fsl", name="Fonds", takes=["loyer"])
    door.communes.set([cast.anzin])
    remind_doors()
    assert Message.objects.get().person == f"user:{cast.claire.pk}"


def test_the_directory_costs_the_same_whatever_its_length(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.claire)
    for number in range(30):
        a_receiver(a_door(cast, name=f"Service {number}"), cast.sofia)
    with django_assert_max_num_queries(12):
        client.get(reverse("vigilance:doors"), {"besoin": "energie"})


# --- Tables ---------------------------------------------------------------------------------


def row(**more: str) -> dict[str, str]:
    said = {"kind": "CCAS", "name": "Mairie", "communes": "Anzin", "takes": "dettes et crédits"}
    return {**said, **more}


def test_a_table_is_shown_then_kept(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    words = (
        "Annuaire 2026\nNature;NOM;Commune;Besoins;Tél\n"
        "ccas;Mairie;59014;dettes et crédits;03 53 01 00 09\n"
    )
    file = SimpleUploadedFile("a.csv", words.encode("cp1252"))
    page = client.post(reverse("vigilance:import_doors"), {"file": file})
    assert not SupportDoor.objects.exists()
    client.post(reverse("vigilance:import_doors"), {"lignes": page.context["sealed"]})
    made = SupportDoor.objects.get()
    assert (made.kind, made.phone, made.takes) == ("ccas", "03 53 01 00 09", ["dettes"])
    assert made.checked_on is None  # a table may be old


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "poste"}, "nature de service"),
        ({"communes": "Raismes"}, "de votre périmètre"),
        ({"takes": "argent"}, "difficulté connue"),
        ({"email": "pas une adresse"}, "adresse électronique"),
        ({"opens_on": "2026-05-01", "closes_on": "2026-04-01"}, "précède"),
        ({"closes_on": "bientôt"}, "n’est pas une date"),
    ],
)
def test_a_wrong_line_says_why(cast: Cast, wrong: dict[str, str], told: str) -> None:
    reading = read_records(cast.actor(cast.claire), [(4, row(**wrong))])
    assert [fault.number for fault in reading.faults] == [4]
    assert told in reading.faults[0].reason


def test_a_formula_in_a_table_is_refused(cast: Cast) -> None:
    words = 'nature;nom;communes;difficultés\nCCAS;"=HYPERLINK(""x"")";Anzin;loyer et charges\n'
    reading = read_table(cast.actor(cast.claire), SimpleUploadedFile("a.csv", words.encode()))
    assert "formule" in reading.faults[0].reason
    assert not reading.changes


def test_a_known_door_is_corrected_and_an_empty_cell_erases_nothing(cast: Cast) -> None:
    door = a_door(cast, name="Mairie", phone="03 53 01 00 01", hours="le matin")
    reading = read_records(cast.actor(cast.claire), [(2, row(phone="03 53 01 00 02", hours=""))])
    change = reading.changes[0]
    assert (change.door.pk, change.new) == (door.pk, False)
    assert (change.door.phone, change.door.hours) == ("03 53 01 00 02", "le matin")


def test_the_door_of_a_neighbour_is_never_taken_for_ours(cast: Cast) -> None:
    a_door(cast, cast.other_town, name="Mairie")
    assert read_records(cast.actor(cast.claire), [(2, row())]).changes[0].new


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_what_is_taken_away_reads_back_as_it_is(cast: Cast, client: Client, form: str) -> None:
    a_door(cast, phone="+33 3 53 01 00 01", hours="lundi, mardi", takes=["energie", "droits"])
    client.force_login(cast.claire)
    answer: Any = client.get(reverse("vigilance:doors_table", args=[form]))
    file = SimpleUploadedFile(f"a.{form}", b"".join(answer.streaming_content))
    reading = read_table(cast.actor(cast.claire), file)
    assert (reading.faults, reading.changes, reading.same) == ([], [], 1)
    assert len(HEADER) == 15


def test_organisations_of_the_form_are_in_reach(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    form = client.get(reverse("vigilance:new_door")).context["form"]
    offered = set(form.fields["organisation"].queryset)
    assert cast.town in offered
    assert cast.other_town not in offered
    assert Organisation.Kind.PARTICIPATION not in {one.kind for one in offered}
