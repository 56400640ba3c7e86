"""Ending mandates, and forgetting a person."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from parvis.notices import outbox
from parvis.partners.models import Caretaker, Invitation, Mandate, User
from parvis.partners.sessions import end_sessions

MAY_BE_UNDONE = timedelta(hours=1)
FORGOTTEN = "@oubliee.invalid"


def end_mandate(mandate: Mandate) -> None:
    """Cut a mandate short: its rights go with the next page asked for; with the last one, its
    person is signed out everywhere."""
    with transaction.atomic():
        running = Mandate.objects.filter(pk=mandate.pk, cut_short_at=None)
        running.update(cut_short_at=timezone.now())
        others = Mandate.objects.in_force(timezone.localdate())
        if not others.filter(person_id=mandate.person_id).exists():
            end_sessions(mandate.person)


def restore_mandate(mandate: Mandate) -> bool:
    """Undo a mandate's end, within the hour; tells whether it could be undone."""
    since = timezone.now() - MAY_BE_UNDONE
    recent = Mandate.objects.filter(pk=mandate.pk, cut_short_at__gte=since)
    return bool(recent.update(cut_short_at=None))


def forget_person(person: User) -> None:
    """Take a person's name and address away and close their account; what they did stays, without
    a name. Their mandates end."""
    address = person.email
    with transaction.atomic():
        now = timezone.now()
        Mandate.objects.in_force(timezone.localdate()).filter(person=person).update(
            cut_short_at=now
        )
        Invitation.objects.open().filter(email=address).update(withdrawn_at=now)
        for pk in Invitation.objects.filter(email=address).values_list("pk", flat=True):
            outbox.take_back(f"invitation:{pk}")
        Invitation.objects.filter(email=address).update(email="")
        EmailAddress.objects.filter(user=person).delete()
        Authenticator.objects.filter(user=person).delete()
        Caretaker.objects.filter(person=person).delete()
        outbox.forget(f"user:{person.pk}")
        person.email = f"personne-{person.pk}{FORGOTTEN}"
        person.name = "Personne partie"
        person.is_active = False
        person.set_unusable_password()  # its open sessions end with it
        person.save(update_fields=["email", "name", "is_active", "password"])


def is_forgotten(person: User) -> bool:
    """Whether the name and the address of this account were erased."""
    return person.email.endswith(FORGOTTEN)
