"""What is kept of who signs in, and of who is invited to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from parvis.notices.keeping import Held, Holding, facts
from parvis.partners.actors import Actor
from parvis.partners.invitations import withdraw
from parvis.partners.leaving import forget_person
from parvis.partners.models import Caretaker, Invitation, Mandate, PersonalReading, User
from parvis.partners.written import AT_MOST, Written
from parvis.ui.words import day_in_words, moment_in_words

ACTS = (
    "Vous agissez aujourd’hui pour une organisation : le compte reste tant que dure ce mandat. "
    "Demandez d’abord à son responsable d’y mettre fin."
)


def _user(address: str) -> User | None:
    return User.objects.filter(email__iexact=address).first()


def _acts(person: User) -> bool:
    return Mandate.objects.in_force(timezone.localdate()).filter(person=person).exists()


def _account(address: str) -> list[Held]:
    person = _user(address)
    if person is None:
        return []
    return [
        Held(
            person.pk,
            "Compte de partenaire",
            facts(
                ("Nom", person.name),
                ("Adresse électronique", person.email),
                ("Ouvert", day_in_words(person.joined_at)),
            ),
            "Tant qu’un mandat court, puis jusqu’à ce que vous demandiez l’effacement.",
            ACTS if _acts(person) else "",
        )
    ]


def _forget(address: str) -> int:
    person = _user(address)
    if person is None or _acts(person):
        return 0
    forget_person(person)
    return 1


def _invited(address: str) -> Any:
    rows = Invitation.objects.filter(email__iexact=address)
    return rows.select_related("organisation").order_by("pk")


def _invitations(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            f"Invitation à agir pour {one.organisation.name}",
            facts(("Adresse électronique", one.email), ("Envoyée", day_in_words(one.created_at))),
            "Jusqu’à votre réponse, ou un mois après la fin de sa validité.",
        )
        for one in _invited(address)
    ]


def _uninvite(address: str) -> int:
    found = list(_invited(address))
    with transaction.atomic():
        for one in found:
            withdraw(one)
        Invitation.objects.filter(pk__in=[one.pk for one in found]).update(email="")
    return len(found)


HOLDINGS = (
    Holding("account", "Votre compte de partenaire", _account, _forget),
    Holding("invitation", "Invitations", _invitations, _uninvite),
)


def _mandates(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    rows = Mandate.objects.filter(person=user_id).select_related("organisation")
    return [
        Held(
            one.pk,
            one.organisation.name,
            facts(
                ("Rôle", one.get_role_display()),
                ("Du", day_in_words(one.starts_on)),
                ("Au", day_in_words(one.ends_on) if one.ends_on else ""),
                ("Terminé", moment_in_words(one.cut_short_at) if one.cut_short_at else ""),
            ),
        )
        for one in rows.order_by("starts_on", "pk")
    ]


def _factors(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    rows = Authenticator.objects.filter(user=user_id).order_by("pk")
    found = [
        Held(one.pk, one.get_type_display(), facts(("Ajouté", day_in_words(one.created_at))))
        for one in rows
    ]
    lodges = Caretaker.objects.filter(person=user_id).select_related("lodge").order_by("pk")
    return found + [Held(one.pk, f"Code de la loge {one.lodge.name}") for one in lodges]


def _readings(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    rows = PersonalReading.objects.filter(person=user_id).select_related("organisation")
    return [
        Held(
            one.pk,
            f"Coordonnées lues, {one.get_how_display()}",
            facts(("Pour", one.organisation.name), ("Le", moment_in_words(one.at))),
        )
        for one in rows.order_by("-at", "-pk")[:AT_MOST]
    ]


WRITTEN = (
    Written("mandates", "Vos mandats", _mandates),
    Written("factors", "Vos moyens d’entrer", _factors),
    Written("readings", "Coordonnées d’habitants que vous avez affichées", _readings),
)
