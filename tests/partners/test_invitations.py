"""Inviting a colleague: what may be given, and what becomes of the link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.notices.models import Envelope
from parvis.notices.sending import send_due
from parvis.partners import invitations
from parvis.partners.actors import actors_of
from parvis.partners.invitations import InvitationRefused, accept, invite, link_of, token_of
from parvis.partners.models import Invitation, Mandate, Organisation, Role, User
from tests.cast import PASSWORD, Cast

NEW = "zoe@exemple.test"


@pytest.fixture
def open_hand(cast: Cast) -> Invitation:
    """Karim invites Zoé to the town of Anzin."""
    return invite(
        cast.town,
        actor=cast.actor(cast.karim),
        email=NEW,
        role=Role.CONTRIBUTEUR,
        communes=[cast.anzin],
        quartiers=[cast.rives],
    )


def path_of(invitation: Invitation) -> str:
    return reverse("partners:invitation", args=[token_of(invitation)])


def send(client: Client, organisation: Organisation, **fields: object):
    return client.post(reverse("partners:invite", args=[organisation.pk]), fields)


def test_the_message_leaves_at_once_with_its_link(open_hand: Invitation):
    send_due()
    letter = mail.outbox[-1]
    assert letter.to == [NEW]
    assert letter.subject == "Invitation à agir pour Ville d’Anzin"
    assert link_of(open_hand) in letter.body
    assert "Karim vous invite" in letter.body
    assert "Rives de l’Escaut (partie d’Anzin)" in letter.body
    assert link_of(open_hand) in letter.alternatives[0].content


def test_somebody_new_gives_a_name_and_is_in(cast: Cast, open_hand: Invitation, client: Client):
    assert "Prénom et nom" in client.get(path_of(open_hand)).content.decode()
    answer = client.post(path_of(open_hand), {"name": "Zoé"})
    assert answer["Location"] == "/a-traiter/"
    zoe = User.objects.get(email=NEW)
    assert client.session["_auth_user_id"] == str(zoe.pk)
    assert not zoe.has_usable_password()
    [actor] = actors_of(zoe)
    assert (actor.organisation_id, actor.role) == (cast.town.pk, "contributeur")
    assert actor.crossings == {(cast.anzin.pk, cast.rives.pk)}
    assert not actor.communes
    assert not actor.quartiers


def test_the_name_is_asked(open_hand: Invitation, client: Client):
    answer = client.post(path_of(open_hand), {"name": " "})
    assert answer.status_code == 200
    open_hand.refresh_from_db()
    assert open_hand.used_at is None


def test_a_mail_scanner_that_opens_the_link_does_not_use_it_up(
    open_hand: Invitation, client: Client
):
    for _ in range(3):
        assert client.get(path_of(open_hand)).status_code == 200
        assert client.head(path_of(open_hand)).status_code in (200, 405)
    open_hand.refresh_from_db()
    assert open_hand.used_at is None
    assert not User.objects.filter(email=NEW).exists()


def test_an_invitation_works_once(open_hand: Invitation, client: Client):
    client.post(path_of(open_hand), {"name": "Zoé"})
    again = Client().post(path_of(open_hand), {"name": "Zoé"})
    assert again.status_code == 410
    assert "a déjà servi" in again.content.decode()
    assert Mandate.objects.filter(person__email=NEW).count() == 1
    with pytest.raises(InvitationRefused, match="déjà servi"):
        accept(open_hand)


def test_an_invitation_expires_after_fourteen_days(open_hand: Invitation, client: Client):
    left = open_hand.expires_at - timezone.now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for answer in (client.get(path_of(open_hand)), client.post(path_of(open_hand), {"name": "Z"})):
        assert answer.status_code == 410
        assert "n’est plus valable" in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_a_withdrawn_invitation_does_not_open(cast: Cast, open_hand: Invitation, client: Client):
    karim = Client()
    karim.force_login(cast.karim)
    answer = karim.post(reverse("partners:withdraw_invitation", args=[open_hand.pk]))
    assert answer["Location"] == reverse("partners:organisation", args=[cast.town.pk])
    closed = client.post(path_of(open_hand), {"name": "Zoé"})
    assert closed.status_code == 410
    assert "a été retirée" in closed.content.decode()
    assert not Envelope.objects.exists()  # its message had not left yet


@pytest.mark.parametrize("token", ["abime", "1", "MQ:x", "é", "MQ", ":", "a:b:c"])
def test_a_broken_link_says_so(db: None, client: Client, token: str):
    answer = client.get(reverse("partners:invitation", args=[token]))
    assert answer.status_code == 404
    assert "Copiez-le en entier" in answer.content.decode()


def test_an_invitation_is_bound_to_its_address(cast: Cast, open_hand: Invitation, client: Client):
    client.force_login(cast.theo)
    page = client.get(path_of(open_hand)).content.decode()
    assert f"ne vaut que pour {NEW}" in page
    client.post(path_of(open_hand), {"name": "Theo"})
    open_hand.refresh_from_db()
    assert open_hand.used_at is None
    assert not Mandate.objects.filter(person=cast.theo).exists()
    client.post(path_of(open_hand), {"sign_out": "1"})
    assert "_auth_user_id" not in client.session


def test_an_account_that_exists_signs_in_before_it_accepts(cast: Cast, client: Client):
    made = invite(
        cast.town, actor=cast.actor(cast.karim), email="Theo@Exemple.test", role=Role.LECTEUR
    )
    answer = client.post(path_of(made))
    assert answer["Location"].startswith("/connexion/?next=%2Finvitation%2F")
    assert "_auth_user_id" not in client.session
    client.post(
        reverse("account_login"),
        {"login": cast.theo.email, "password": PASSWORD, "next": path_of(made)},
    )
    client.post(path_of(made))
    assert [actor.organisation_id for actor in actors_of(cast.theo)] == [cast.town.pk]


def test_an_organisation_that_closed_takes_nobody_in(open_hand: Invitation, client: Client):
    Organisation.objects.filter(pk=open_hand.organisation_id).update(closed_on=timezone.localdate())
    answer = client.post(path_of(open_hand), {"name": "Zoé"})
    assert "n’existe plus" in answer.content.decode()


# --- What may be given ------------------------------------------------------------------------


def test_a_responsable_does_not_give_a_role_above_its_own(cast: Cast, client: Client):
    client.force_login(cast.karim)
    answer = send(client, cast.town, email=NEW, role="coordination")
    assert answer.status_code == 200
    assert not Invitation.objects.exists()
    with pytest.raises(InvitationRefused, match="ce rôle"):
        invite(cast.town, actor=cast.actor(cast.karim), email=NEW, role="coordination")


def test_a_coordination_gives_every_role_at_home(cast: Cast, client: Client):
    client.force_login(cast.claire)
    for number, role in enumerate(Role.values):
        send(client, cast.agglomeration, email=f"p{number}@exemple.test", role=role)
    assert sorted(Invitation.objects.values_list("role", flat=True)) == sorted(Role.values)


@pytest.mark.parametrize("person", ["sofia", "rose", "ines"])
def test_whoever_only_helps_or_reads_does_not_invite(cast: Cast, client: Client, person: str):
    user = cast.people[person]
    client.force_login(user)
    host = cast.actor(user).organisation_id
    url = reverse("partners:invite", args=[host])
    assert client.get(url).status_code == 403
    assert client.post(url, {"email": NEW, "role": "lecteur"}).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("person", ["karim", "nadia", "luc", "paul", "bruno"])
def test_nobody_invites_for_a_neighbour(cast: Cast, client: Client, person: str):
    user = cast.people[person]
    client.force_login(user)
    hosts = {cast.town, cast.other_town, cast.landlord, cast.agglomeration, cast.neighbour}
    for host in hosts:
        if host.pk != cast.actor(user).organisation_id and (person, host) != (
            "bruno",
            cast.other_town,
        ):
            assert client.get(reverse("partners:invite", args=[host.pk])).status_code == 404


def test_a_territory_outside_ones_own_is_not_offered(cast: Cast, client: Client):
    client.force_login(cast.karim)
    page = client.get(reverse("partners:invite", args=[cast.town.pk])).content.decode()
    assert "Anzin" in page
    assert "Valenciennes" not in page
    answer = send(client, cast.town, email=NEW, role="lecteur", communes=[cast.valenciennes.pk])
    assert answer.status_code == 200
    assert not Invitation.objects.exists()


def test_a_whole_quartier_that_overflows_is_too_large(cast: Cast, client: Client):
    client.force_login(cast.karim)
    answer = send(client, cast.town, email=NEW, role="lecteur", quartiers=[cast.rives.pk])
    assert "dépasse le vôtre" in answer.content.decode()
    send(
        client,
        cast.town,
        email=NEW,
        role="lecteur",
        communes=[cast.anzin.pk],
        quartiers=[cast.rives.pk],
    )
    assert Invitation.objects.count() == 1


def test_a_commune_and_a_quartier_that_do_not_touch_are_told(cast: Cast, client: Client):
    client.force_login(cast.claire)
    answer = send(
        client,
        cast.agglomeration,
        email=NEW,
        role="lecteur",
        communes=[cast.anzin.pk],
        quartiers=[cast.faubourg.pk],
    )
    assert "Aucun de ces quartiers" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_landlord_invites_without_a_territory(cast: Cast, client: Client):
    client.force_login(cast.luc)
    send(client, cast.landlord, email=NEW, role="contributeur")
    made = Invitation.objects.get()
    assert "toute l’organisation" in invitations.perimeter_of(made)


def test_the_same_person_is_not_invited_twice(cast: Cast, client: Client):
    client.force_login(cast.karim)
    send(client, cast.town, email=NEW, role="lecteur")
    again = send(client, cast.town, email=NEW.upper(), role="lecteur")
    assert "attend déjà" in again.content.decode()
    present = send(client, cast.town, email=cast.sofia.email, role="lecteur")
    assert "agit déjà" in present.content.decode()
    assert Invitation.objects.count() == 1


def test_a_false_address_is_told_and_nothing_typed_is_lost(cast: Cast, client: Client):
    client.force_login(cast.karim)
    page = send(client, cast.town, email="zoe@", role="lecteur").content.decode()
    assert 'value="zoe@"' in page
    assert "id_email_erreur" in page


def test_invitations_are_counted_by_day(cast: Cast, client: Client, monkeypatch):
    monkeypatch.setattr("parvis.partners.organisation_views.INVITATIONS_A_DAY", 1)
    client.force_login(cast.karim)
    send(client, cast.town, email=NEW, role="lecteur")
    answer = send(client, cast.town, email="autre@exemple.test", role="lecteur")
    assert "Revenez demain" in answer.content.decode()
    assert Invitation.objects.count() == 1


# --- The first responsable of an organisation of the territory ---------------------------------


def test_a_coordination_creates_an_organisation_and_invites_its_first_responsable(
    cast: Cast, client: Client
):
    client.force_login(cast.claire)
    answer = client.post(
        reverse("partners:create_organisation"),
        {"kind": "bailleur", "name": "Val Logis", "siren": "732 829 320", "commune": cast.anzin.pk},
    )
    made = Organisation.objects.get(name="Val Logis")
    assert made.siren == "732829320"
    assert answer["Location"] == reverse("partners:invite", args=[made.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "Responsable" in page
    assert "Contributeur" not in page
    send(client, made, email=NEW, role="contributeur")
    assert not Invitation.objects.exists()
    send(client, made, email=NEW, role="responsable")
    accept(Invitation.objects.get(), name="Zoé")
    # Somebody acts for it now: it invites its own people.
    assert client.get(reverse("partners:invite", args=[made.pk])).status_code == 403
    assert client.get(reverse("partners:edit_organisation", args=[made.pk])).status_code == 403


def test_a_coordination_does_not_reach_into_the_next_agglomeration(cast: Cast, client: Client):
    orphan = Organisation.objects.create(
        name="Sans personne", kind="association", commune=cast.raismes
    )
    client.force_login(cast.claire)
    for name in ("organisation", "edit_organisation", "invite"):
        assert client.get(reverse(f"partners:{name}", args=[orphan.pk])).status_code == 404
    client.force_login(cast.bruno)
    assert client.get(reverse("partners:invite", args=[orphan.pk])).status_code == 200


def test_a_rival_agglomeration_in_the_same_commune_stays_apart(cast: Cast, client: Client):
    rival = Organisation.objects.create(
        name="Autre agglomération", kind="agglomeration", commune=cast.anzin
    )
    client.force_login(cast.claire)
    assert client.get(reverse("partners:organisation", args=[rival.pk])).status_code == 404
    listed = client.get(reverse("partners:organisations")).content.decode()
    assert "Autre agglomération" not in listed


@pytest.mark.parametrize(
    ("siren", "told"),
    [
        ("12345678", "neuf chiffres"),
        ("12345678A", "neuf chiffres"),
        ("732829321", "n’existe pas"),
        ("١٢٣٤٥٦٧٨٩", "neuf chiffres"),
    ],
)
def test_a_false_siren_is_told(cast: Cast, client: Client, siren: str, told: str):
    client.force_login(cast.claire)
    answer = client.post(
        reverse("partners:create_organisation"),
        {"kind": "bailleur", "name": "Val Logis", "siren": siren, "commune": cast.anzin.pk},
    )
    page = answer.content.decode()
    assert told in page
    assert 'value="Val Logis"' in page
    assert not Organisation.objects.filter(name="Val Logis").exists()


def test_a_siren_serves_once(cast: Cast, client: Client):
    Organisation.objects.filter(pk=cast.landlord.pk).update(siren="732829320")
    client.force_login(cast.claire)
    answer = client.post(
        reverse("partners:create_organisation"),
        {"kind": "bailleur", "name": "Double", "siren": "732829320", "commune": cast.anzin.pk},
    )
    assert "porte déjà ce SIREN" in answer.content.decode()


def test_an_organisation_is_created_in_ones_own_communes_only(cast: Cast, client: Client):
    client.force_login(cast.claire)
    for fields in ({"commune": cast.raismes.pk}, {"kind": "agglomeration"}):
        client.post(
            reverse("partners:create_organisation"),
            {"kind": "bailleur", "name": "Ailleurs", "commune": cast.anzin.pk, **fields},
        )
    assert not Organisation.objects.filter(name="Ailleurs").exists()


# --- What remains -----------------------------------------------------------------------------


def test_addresses_of_finished_invitations_are_emptied(cast: Cast, open_hand: Invitation):
    karim = cast.actor(cast.karim)

    def another(email: str, **fields: object) -> Invitation:
        made = invite(cast.town, actor=karim, email=email, role=Role.LECTEUR)
        Invitation.objects.filter(pk=made.pk).update(**fields)
        return made

    now = timezone.now()
    another("used@exemple.test", used_at=now)
    another("withdrawn@exemple.test", withdrawn_at=now)
    another("long-ago@exemple.test", expires_at=now - timedelta(days=31))
    another("yesterday@exemple.test", expires_at=now - timedelta(days=1))
    assert invitations.purge_addresses() == 3
    kept = Invitation.objects.exclude(email="").values_list("email", flat=True)
    assert sorted(kept) == ["yesterday@exemple.test", NEW]
