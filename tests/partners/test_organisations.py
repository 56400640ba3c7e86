"""The page of an organisation, ending mandates, acting for another organisation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import actors_of
from parvis.partners.invitations import invite
from parvis.partners.leaving import end_mandate, forget_person
from parvis.partners.models import Invitation, Mandate, Organisation, Perimeter, Role, User
from tests.cast import PASSWORD, Cast


def mandate_of(person: User) -> Mandate:
    return Mandate.objects.get(person=person)


def test_my_organisation_shows_its_people_and_its_service(cast: Cast, client: Client):
    client.force_login(cast.sofia)
    page = client.get(reverse("partners:my_organisation")).content.decode()
    assert "Karim" in page
    assert "Sofia" in page
    assert "Odile" not in page  # her mandate ended yesterday
    assert cast.town.email in page
    assert "Inviter une personne" not in page
    assert "Terminer le mandat" not in page


def test_a_responsable_sees_its_buttons(cast: Cast, client: Client):
    invite(cast.town, actor=cast.actor(cast.karim), email="zoe@exemple.test", role=Role.LECTEUR)
    client.force_login(cast.karim)
    page = client.get(reverse("partners:my_organisation")).content.decode()
    assert "Inviter une personne" in page
    assert "zoe@exemple.test" in page
    assert 'Terminer le mandat<span class="vh"> de Sofia' in page
    assert 'Terminer le mandat<span class="vh"> de Karim' not in page  # not one's own


def test_a_neighbours_page_is_not_there(cast: Cast, client: Client):
    client.force_login(cast.nadia)
    for name in ("organisation", "edit_organisation", "invite"):
        assert client.get(reverse(f"partners:{name}", args=[cast.town.pk])).status_code == 404


def test_the_page_costs_the_same_with_ten_people_and_with_sixty(
    cast: Cast, client: Client, django_assert_max_num_queries
):
    client.force_login(cast.karim)
    counted = []
    for number in (10, 50):
        for index in range(number):
            person = User.objects.create_user(f"p{number}-{index}@exemple.test", f"P{index}")
            mandate = Mandate.objects.create(
                person=person,
                organisation=cast.town,
                role=Role.LECTEUR,
                starts_on=timezone.localdate(),
            )
            Perimeter.objects.create(mandate=mandate, commune=cast.anzin, quartier=cast.rives)
            Invitation.objects.create(
                email=f"i{number}-{index}@exemple.test",
                organisation=cast.town,
                role=Role.LECTEUR,
                expires_at=timezone.now() + timedelta(days=1),
            )
        with django_assert_max_num_queries(16) as seen:
            client.get(reverse("partners:my_organisation"))
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_the_service_is_edited_and_the_old_name_kept(cast: Cast, client: Client):
    client.force_login(cast.karim)
    url = reverse("partners:edit_organisation", args=[cast.town.pk])
    fields = {"name": "Mairie d’Anzin", "email": "accueil@exemple.test", "phone": "03 00 00 00 00"}
    assert client.post(url, fields).status_code == 302
    town = Organisation.objects.get(pk=cast.town.pk)
    today = timezone.localdate()
    assert (town.name, town.email, town.phone) == tuple(fields.values())
    assert town.name_on(today) == "Mairie d’Anzin"
    assert town.name_on(today - timedelta(days=1)) == "Ville d’Anzin"
    client.post(url, {**fields, "name": "Commune d’Anzin"})  # a name that lasted some minutes
    assert town.past_names.count() == 1
    assert "Ville d’Anzin" in client.get(reverse("partners:my_organisation")).content.decode()


def test_a_refused_name_keeps_what_was_typed(cast: Cast, client: Client):
    client.force_login(cast.karim)
    url = reverse("partners:edit_organisation", args=[cast.town.pk])
    page = client.post(url, {"name": "", "phone": "03 11 22 33 44"}).content.decode()
    assert "Modifier Ville d’Anzin" in page
    assert "03 11 22 33 44" in page
    cast.town.refresh_from_db()
    assert cast.town.phone == ""


def test_whoever_only_reads_does_not_edit(cast: Cast, client: Client):
    client.force_login(cast.rose)
    url = reverse("partners:edit_organisation", args=[cast.association.pk])
    assert client.post(url, {"name": "Autre"}).status_code == 403


def test_a_mandate_that_ends_takes_rights_away_at_once(cast: Cast, client: Client):
    sofia = Client()
    sofia.force_login(cast.sofia)
    assert sofia.get(reverse("partners:my_organisation")).status_code == 200
    client.force_login(cast.karim)
    pk = mandate_of(cast.sofia).pk
    client.post(reverse("partners:end_mandate", args=[pk]))
    answer = sofia.get(reverse("partners:my_organisation"))
    assert answer["Location"].startswith("/connexion/")  # it was the last one: signed out
    assert actors_of(cast.sofia) == []


def test_an_end_is_undone_within_the_hour(cast: Cast, client: Client):
    client.force_login(cast.karim)
    pk = mandate_of(cast.sofia).pk
    client.post(reverse("partners:end_mandate", args=[pk]))
    assert "Rétablir" in client.get(reverse("partners:my_organisation")).content.decode()
    client.post(reverse("partners:restore_mandate", args=[pk]))
    assert len(actors_of(cast.sofia)) == 1
    Mandate.objects.filter(pk=pk).update(cut_short_at=timezone.now() - timedelta(minutes=61))
    client.post(reverse("partners:restore_mandate", args=[pk]))
    assert actors_of(cast.sofia) == []


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ("karim", "karim", 403),  # one's own
        ("sofia", "karim", 403),
        ("nadia", "karim", 404),
        ("claire", "karim", 403),  # sees the people of the territory, does not end them
        ("bruno", "karim", 404),
        ("luc", "paul", 404),
    ],
)
def test_nobody_else_ends_a_mandate(cast: Cast, client: Client, who: str, whose: str, status: int):
    client.force_login(cast.people[who])
    pk = mandate_of(cast.people[whose]).pk
    for name in ("end_mandate", "restore_mandate"):
        assert client.post(reverse(f"partners:{name}", args=[pk])).status_code == status
    assert Mandate.objects.get(pk=pk).cut_short_at is None


def test_a_responsable_does_not_end_a_coordination(cast: Cast, client: Client):
    helper = User.objects.create_user("aide@exemple.test", "Aide")
    Mandate.objects.create(
        person=helper,
        organisation=cast.agglomeration,
        role=Role.RESPONSABLE,
        starts_on=timezone.localdate(),
    )
    client.force_login(helper)
    url = reverse("partners:end_mandate", args=[mandate_of(cast.claire).pk])
    assert client.post(url).status_code == 403
    client.force_login(cast.claire)
    url = reverse("partners:end_mandate", args=[mandate_of(helper).pk])
    assert client.post(url).status_code == 302


def test_a_neighbours_invitation_cannot_be_withdrawn(cast: Cast, client: Client):
    made = invite(cast.town, actor=cast.actor(cast.karim), email="z@exemple.test", role="lecteur")
    url = reverse("partners:withdraw_invitation", args=[made.pk])
    for name in ("nadia", "sofia", "luc", "bruno", "claire"):
        client.force_login(cast.people[name])
        assert client.post(url).status_code == 404
    made.refresh_from_db()
    assert made.withdrawn_at is None


def test_a_mandate_cut_short_counted_until_the_day_before(cast: Cast):
    mandate = mandate_of(cast.sofia)
    end_mandate(mandate)
    today = timezone.localdate()
    mine = Mandate.objects.filter(pk=mandate.pk)
    assert not mine.in_force(today).exists()
    assert mine.in_force(today - timedelta(days=1)).exists()


def test_a_mandate_runs_on_its_first_and_its_last_day(cast: Cast):
    mandate = mandate_of(cast.sofia)
    Mandate.objects.filter(pk=mandate.pk).update(
        starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 9)
    )
    mine = Mandate.objects.filter(pk=mandate.pk)
    days = [4, 5, 9, 10]
    seen = [mine.in_force(date(2026, 1, day)).exists() for day in days]
    assert seen == [False, True, True, False]


def test_a_closed_organisation_gives_no_rights(cast: Cast):
    cast.town.closed_on = timezone.localdate()
    cast.town.save(update_fields=["closed_on"])
    assert actors_of(cast.karim) == []


def test_a_perimeter_row_stands_once(cast: Cast):
    mandate = mandate_of(cast.karim)
    with pytest.raises(IntegrityError):
        Perimeter.objects.create(mandate=mandate, commune=cast.anzin)


def test_an_address_is_kept_in_lower_case(db: None):
    assert User.objects.create_user("Zoe@Exemple.Test").email == "zoe@exemple.test"
    with pytest.raises(IntegrityError):
        User.objects.create(email="Autre@exemple.test")


# --- The territory's organisations ------------------------------------------------------------


def test_a_coordination_lists_the_organisations_of_its_communes(cast: Cast, client: Client):
    client.force_login(cast.claire)
    page = client.get(reverse("partners:organisations")).content.decode()
    for name in ("Agglomération de l’Escaut", "Ville d’Anzin", "Escaut Habitat", "Les Voisins"):
        assert name in page
    assert "Raismes" not in page
    assert "Agglomération de la Porte" not in page
    opened = client.get(reverse("partners:organisation", args=[cast.town.pk])).content.decode()
    assert "Karim" in opened
    assert "Terminer le mandat" not in opened


def test_the_list_is_for_coordinations(cast: Cast, client: Client):
    client.force_login(cast.karim)
    for name in ("organisations", "create_organisation", "create_agreement"):
        assert client.get(reverse(f"partners:{name}")).status_code == 403


def test_the_list_goes_by_fifty_at_a_constant_price(
    cast: Cast, client: Client, django_assert_max_num_queries
):
    client.force_login(cast.claire)
    url = reverse("partners:organisations")
    with django_assert_max_num_queries(6) as few:
        client.get(url)
    Organisation.objects.bulk_create(
        Organisation(name=f"Association {number // 2:03}", kind="association", commune=cast.anzin)
        for number in range(120)
    )
    with django_assert_max_num_queries(6) as many:
        page = client.get(url)
    assert len(few) == len(many)
    seen = [row.pk for row in page.context["organisations"]]
    while url := page.context["next_url"]:
        page = client.get(reverse("partners:organisations") + url)
        assert "Revenir au début" in page.content.decode()
        seen += [row.pk for row in page.context["organisations"]]
    assert len(seen) == len(set(seen)) == 120 + 7


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "١", "\0"])
def test_a_broken_address_of_the_list_is_borne(cast: Cast, client: Client, after: str):
    client.force_login(cast.claire)
    url = reverse("partners:organisations")
    assert client.get(url, {"nom": "A\0", "apres": after}).status_code == 200


# --- Agir pour --------------------------------------------------------------------------------


@pytest.fixture
def second(cast: Cast) -> Mandate:
    """Karim also reads for the association."""
    return Mandate.objects.create(
        person=cast.karim,
        organisation=cast.association,
        role=Role.LECTEUR,
        starts_on=timezone.localdate(),
    )


def acting_for(client: Client) -> int:
    return client.get(reverse("partners:account")).context["actor"].organisation_id


def test_acting_for_another_organisation_lasts(cast: Cast, second: Mandate, client: Client):
    client.force_login(cast.karim)
    first = acting_for(client)
    other = {cast.town.pk, cast.association.pk} - {first}
    wanted = Mandate.objects.get(person=cast.karim, organisation_id__in=other)
    answer = client.post(
        reverse("partners:act_for"), {"mandate": wanted.pk, "next": "/organisation/"}
    )
    assert answer["Location"] == "/organisation/"
    assert acting_for(client) == wanted.organisation_id
    assert acting_for(client) == wanted.organisation_id


def test_the_choice_falls_back_when_that_mandate_ends(cast: Cast, second: Mandate, client: Client):
    client.force_login(cast.karim)
    client.post(reverse("partners:act_for"), {"mandate": second.pk})
    end_mandate(second)
    assert acting_for(client) == cast.town.pk


@pytest.mark.parametrize("whose", ["luc", "odile", "none", "words"])
def test_only_ones_own_mandates_in_force_are_chosen(cast: Cast, client: Client, whose: str):
    wanted = {"none": 10**30, "words": "x"}.get(whose)
    if wanted is None:
        wanted = mandate_of(cast.people[whose]).pk
    client.force_login(cast.karim)
    client.post(reverse("partners:act_for"), {"mandate": wanted})
    assert acting_for(client) == cast.town.pk


def test_an_ended_mandate_is_not_taken_up_again(cast: Cast, client: Client):
    client.force_login(cast.odile)
    client.post(reverse("partners:act_for"), {"mandate": mandate_of(cast.odile).pk})
    assert client.get(reverse("partners:my_organisation")).status_code == 403


@pytest.mark.parametrize("target", ["https://ailleurs.example/", "//ailleurs.example", ""])
def test_the_switch_never_leads_to_another_site(cast: Cast, client: Client, target: str):
    client.force_login(cast.karim)
    answer = client.post(
        reverse("partners:act_for"), {"mandate": mandate_of(cast.karim).pk, "next": target}
    )
    assert answer["Location"] == "/a-traiter/"


def test_the_switch_is_never_a_link(cast: Cast, client: Client):
    client.force_login(cast.karim)
    assert client.get(reverse("partners:act_for")).status_code == 405


# --- My account -------------------------------------------------------------------------------


def test_a_name_is_changed(cast: Cast, client: Client):
    client.force_login(cast.theo)
    client.post(reverse("partners:account"), {"name": "Théo"})
    assert User.objects.get(pk=cast.theo.pk).name == "Théo"
    page = client.post(reverse("partners:account"), {"name": ""})
    assert page.status_code == 200
    assert User.objects.get(pk=cast.theo.pk).name == "Théo"


def test_a_new_password_asks_for_the_old_one_and_ends_other_sessions(cast: Cast, client: Client):
    other = Client()
    for browser in (client, other):
        browser.force_login(cast.karim)
    url = reverse("partners:set_password")
    wrong = client.post(url, {"old_password": "faux", "new_password": "quatre mots bien longs"})
    assert "pas votre mot de passe" in wrong.content.decode()
    short = client.post(url, {"old_password": PASSWORD, "new_password": "court"})
    assert "id_new_password_erreur" in short.content.decode()
    client.post(url, {"old_password": PASSWORD, "new_password": "quatre mots bien longs"})
    assert User.objects.get(pk=cast.karim.pk).check_password("quatre mots bien longs")
    assert client.get(reverse("partners:account")).status_code == 200
    assert other.get(reverse("partners:account")).status_code == 302


def test_the_old_password_is_not_guessed(cast: Cast, client: Client):
    client.force_login(cast.karim)
    url = reverse("partners:set_password")
    for _ in range(5):
        client.post(url, {"old_password": "faux", "new_password": "quatre mots bien longs"})
    answer = client.post(url, {"old_password": PASSWORD, "new_password": "quatre mots bien longs"})
    assert "Trop d’essais" in answer.content.decode()


def test_whoever_forgot_a_password_comes_by_code(cast: Cast, client: Client):
    from tests.partners.test_sign_in import ask_code, received_code

    where = ask_code(client, cast.karim.email)
    client.post(where, {"code": received_code(), "action": "verify"})
    client.post(reverse("partners:set_password"), {"new_password": "quatre mots bien longs"})
    assert User.objects.get(pk=cast.karim.pk).check_password("quatre mots bien longs")


# --- Forgetting -------------------------------------------------------------------------------


def test_a_forgotten_person_leaves_no_name_and_no_access(cast: Cast, client: Client):
    client.force_login(cast.karim)
    call_command("forget_person", " Karim@exemple.test ")
    karim = User.objects.get(pk=cast.karim.pk)
    assert "karim" not in karim.email
    assert karim.name == "Personne partie"
    assert not karim.has_usable_password()
    assert not karim.is_active
    assert actors_of(karim) == []
    assert client.get(reverse("partners:account")).status_code == 302
    assert mandate_of(karim).role == Role.RESPONSABLE  # what was held stays readable


def test_forgetting_withdraws_what_waits_for_the_person(cast: Cast):
    made = invite(cast.town, actor=cast.actor(cast.karim), email=cast.theo.email, role="lecteur")
    forget_person(cast.theo)
    made.refresh_from_db()
    assert made.withdrawn_at is not None
    assert made.email == ""


def test_forgetting_nobody_is_told(db: None):
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("forget_person", "personne@exemple.test")
