"""What is kept of who registered for a gathering."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.gatherings.acts import withdraw_registration
from parvis.gatherings.events import forget_person
from parvis.gatherings.models import RegistrationContact
from parvis.notices.consents import agreed
from parvis.notices.keeping import Held, Holding, facts
from parvis.ui.words import span_in_words

CODE = "registration"


def _mine(address: str) -> Any:
    rows = RegistrationContact.objects.filter(email__iexact=address)
    return rows.select_related("registration__gathering__organiser").order_by("pk")


def _find(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            one.registration.gathering.title,
            facts(
                (
                    "Quand",
                    span_in_words(
                        one.registration.gathering.starts_at, one.registration.gathering.ends_at
                    ),
                ),
                ("Nom", one.name),
                ("Adresse électronique", one.email),
                ("Téléphone", one.phone),
                agreed(
                    "gatherings",
                    "registration",
                    one.consent_version,
                    organiser=one.registration.gathering.organiser.name,
                ),
            ),
            "Jusqu’à trente jours après le rendez-vous. L’effacer avant rend votre place.",
        )
        for one in _mine(address)
    ]


def _erase(address: str) -> int:
    found = list(_mine(address))
    now = timezone.now()
    for one in found:
        with transaction.atomic():
            if one.registration.gathering.ends_at > now:
                withdraw_registration(one.registration, now=now)
            else:  # who came stays counted
                forget_person(one.registration)
                one.delete()
    return len(found)


HOLDINGS = (Holding(CODE, "Vos inscriptions à des rendez-vous", _find, _erase),)
WRITTEN: tuple[()] = ()
