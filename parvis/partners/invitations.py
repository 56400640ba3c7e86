"""Inviting somebody to act for an organisation, and what becomes of the invitation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.tasks import send_due_messages
from parvis.partners.actors import Actor
from parvis.partners.models import Invitation, Mandate, Organisation, Perimeter, Role, User
from parvis.partners.perimeters import Row, covers, perimeter_rows, perimeter_words
from parvis.places.models import Commune, Quartier

LASTS = timedelta(days=14)
ADDRESS_KEPT = timedelta(days=30)  # of an invitation that expired without an answer
SALT = "parvis.partners.invitation"


class InvitationRefused(Exception):  # noqa: N818  said as people say it
    """Why an invitation cannot be made or accepted, in words for the reader."""


def roles_to_give(actor: Actor, organisation: Organisation) -> list[Role]:
    """The roles that an actor may give: never above its own, coordination only at home, and to an
    organisation that nobody acts for only its first responsable."""
    if organisation.pk != actor.organisation_id:
        return [Role.RESPONSABLE]
    if actor.role == Role.COORDINATION:
        return [Role.COORDINATION, Role.RESPONSABLE, Role.CONTRIBUTEUR, Role.LECTEUR]
    if actor.role == Role.RESPONSABLE:
        return [Role.RESPONSABLE, Role.CONTRIBUTEUR, Role.LECTEUR]
    return []


def invite(
    organisation: Organisation,
    *,
    actor: Actor,
    email: str,
    role: str,
    communes: Iterable[Commune] = (),
    quartiers: Iterable[Quartier] = (),
) -> Invitation:
    """Invite an address to act for an organisation; the message leaves at once.

    Raises InvitationRefused. The right to invite is asked by the view.
    """
    email = email.strip().lower()
    communes, quartiers = list(communes), list(quartiers)
    if role not in roles_to_give(actor, organisation):
        raise InvitationRefused("Vous ne pouvez pas donner ce rôle.")
    rows = perimeter_rows([c.pk for c in communes], [q.pk for q in quartiers])
    if not rows and (communes or quartiers):
        raise InvitationRefused("Aucun de ces quartiers ne se trouve dans ces communes.")
    if not covers(actor, rows):
        raise InvitationRefused("Ce territoire dépasse le vôtre.")
    acts_already = Mandate.objects.in_force(timezone.localdate()).filter(
        organisation=organisation, person__email=email
    )
    if acts_already.exists():
        raise InvitationRefused("Cette personne agit déjà pour cette organisation.")
    with transaction.atomic():
        # Two clicks at the same time: the lock lets only one of them through.
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if Invitation.objects.open().filter(organisation=organisation, email=email).exists():
            raise InvitationRefused("Une invitation attend déjà la réponse de cette personne.")
        invitation = Invitation.objects.create(
            email=email,
            organisation=organisation,
            role=role,
            invited_by_id=actor.user_id,
            expires_at=timezone.now() + LASTS,
        )
        invitation.communes.set(communes)
        invitation.quartiers.set(quartiers)
        _write_to(invitation, actor)
    return invitation


def _write_to(invitation: Invitation, actor: Actor) -> None:
    context = {
        "invitation": invitation,
        "organisation": invitation.organisation,
        "inviter": actor.user_name,
        "perimeter": perimeter_of(invitation),
        "link": link_of(invitation),
        "brand": settings.BRAND,
    }
    event = f"invitation:{invitation.pk}"
    outbox.put(
        event,
        [outbox.Recipient(event, invitation.email, link_of(invitation))],
        lambda who: render("partners/notices/invitation", context),
        wait=timedelta(0),
        asked_for=True,
    )
    transaction.on_commit(send_due_messages.enqueue)


def perimeter_of(invitation: Invitation) -> str:
    """The perimeter that an invitation gives, in words."""
    communes = {commune.pk: commune.name for commune in invitation.communes.all()}
    quartiers = {quartier.pk: quartier.name for quartier in invitation.quartiers.all()}
    rows = perimeter_rows(communes, quartiers)
    return perimeter_words((communes.get(c or 0, ""), quartiers.get(q or 0, "")) for c, q in rows)


def token_of(invitation: Invitation) -> str:
    """What the link carries: signed, so that it cannot be guessed; when it ends is in the row."""
    return signing.Signer(salt=SALT).sign_object(invitation.pk)


def link_of(invitation: Invitation) -> str:
    """The absolute address at which this invitation is answered."""
    path = reverse("partners:invitation", kwargs={"token": token_of(invitation)})
    return f"{settings.SITE_URL}{path}"


def from_token(token: str) -> Invitation | None:
    """The invitation of a link, whatever became of it; None when the link is broken."""
    try:
        pk = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk).first()


def why_closed(invitation: Invitation) -> str:
    """Why this invitation cannot be accepted any more, in words; empty when it can."""
    if invitation.withdrawn_at:
        return "Cette invitation a été retirée."
    if invitation.used_at:
        return "Cette invitation a déjà servi. Elle ne fonctionne qu’une fois."
    if invitation.expires_at <= timezone.now():
        return "Cette invitation n’est plus valable : elle durait quatorze jours."
    closed_on = invitation.organisation.closed_on
    if closed_on and closed_on <= timezone.localdate():
        return "Cette organisation n’existe plus."
    return ""


def account_for(invitation: Invitation) -> User | None:
    """The account of the invited address, if there is one."""
    return User.objects.filter(email=invitation.email).first()


def accept(invitation: Invitation, *, name: str = "") -> Mandate:
    """Use an invitation: the account (made if need be), its mandate and perimeter.

    Works once, even when pressed twice at the same moment. Raises InvitationRefused.
    """
    with transaction.atomic():
        taken = Invitation.objects.open().filter(pk=invitation.pk).update(used_at=timezone.now())
        if not taken:
            invitation.refresh_from_db()
            raise InvitationRefused(why_closed(invitation))
        person = account_for(invitation)
        if person is None:
            person = User.objects.create_user(invitation.email, name)
        elif not person.is_active:
            raise InvitationRefused("Ce compte est fermé. Écrivez à qui vous a invité.")
        mandate = Mandate.objects.create(
            person=person,
            organisation=invitation.organisation,
            role=invitation.role,
            starts_on=timezone.localdate(),
        )
        give_perimeter(
            mandate,
            perimeter_rows(
                invitation.communes.values_list("pk", flat=True),
                invitation.quartiers.values_list("pk", flat=True),
            ),
        )
    return mandate


def give_perimeter(mandate: Mandate, rows: Iterable[Row]) -> None:
    """Write the rows of a mandate's perimeter, in one insert."""
    Perimeter.objects.bulk_create(
        Perimeter(mandate=mandate, commune_id=commune, quartier_id=quartier)
        for commune, quartier in rows
    )


def withdraw(invitation: Invitation) -> None:
    """Close an invitation that waits; its message, if it did not leave yet, does not."""
    with transaction.atomic():
        Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now())
        outbox.take_back(f"invitation:{invitation.pk}")


def with_a_useless_address(now: datetime) -> Any:
    """Invitations that have had their answer, or expired a month ago, and still hold an address."""
    answered = Q(used_at__isnull=False) | Q(withdrawn_at__isnull=False)
    expired = Q(expires_at__lt=now - ADDRESS_KEPT)
    return Invitation.objects.exclude(email="").filter(answered | expired)


def purge_addresses(now: datetime | None = None) -> int:
    """Empty these addresses; how many."""
    emptied: int = with_a_useless_address(now or timezone.now()).update(email="")
    return emptied
