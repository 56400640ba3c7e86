"""What is kept of who follows something by e-mail, and of who is about to be written to."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from parvis.notices.consents import agreed
from parvis.notices.fingerprints import choices_url, fingerprints
from parvis.notices.keeping import Held, Holding, facts
from parvis.notices.models import (
    DigestLine,
    Envelope,
    PhoneCheck,
    Preference,
    PushDevice,
    Subscription,
)
from parvis.notices.phones import spoken
from parvis.notices.subscribing import link_of, unsubscribe
from parvis.ui.words import day_in_words


def _followed(address: str) -> Any:
    rows = Subscription.objects.filter(subscriber__email__iexact=address)
    return rows.select_related("subscriber").order_by("label", "pk")


def _find(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            one.label,
            facts(
                ("Adresse électronique", one.subscriber.email),
                ("Demandé", day_in_words(one.asked_at)),
                ("Rythme", one.get_pace_display()),
                agreed("notices", "subscription", one.consent_version),
            ),
            "Jusqu’à ce que vous arrêtiez l’abonnement ; sept jours s’il n’est pas confirmé.",
            url=link_of(one.subscriber),
        )
        for one in _followed(address)
    ]


def _erase(address: str) -> int:
    found = list(_followed(address))
    if found:
        unsubscribe(found[0].subscriber, found)
    return len(found)


def _waiting(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            one.subject,
            facts(("Adresse électronique", one.address)),
            "Jusqu’à l’envoi, dans les minutes qui viennent.",
            "Il s’efface de lui-même en partant.",
        )
        for one in Envelope.objects.filter(address__iexact=address).order_by("pk")
    ]


def _leave(address: str) -> int:
    return 0


def _lines(address: str) -> Any:
    return DigestLine.objects.filter(address__iexact=address, told_at=None).order_by("at", "pk")


def _to_be_told(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            one.title,
            facts(("Adresse électronique", one.address), ("Écrit", day_in_words(one.at))),
            "Jusqu’à votre prochain résumé : une semaine au plus.",
        )
        for one in _lines(address)
    ]


def _forget_lines(address: str) -> int:
    erased: int = _lines(address).delete()[0]
    return erased


STOPPED = "Vous ne voulez plus rien recevoir : c’est gardé, sans votre adresse, pour être respecté."


def _choices(address: str) -> list[Held]:
    marks = fingerprints(address)
    kept = "Aussi longtemps que vous le voulez."
    chosen = Preference.objects.filter(fingerprint__in=marks).order_by("pk")
    numbers = PhoneCheck.objects.filter(fingerprint__in=marks).order_by("pk")
    devices = PushDevice.objects.filter(fingerprint__in=marks).order_by("pk")
    return [
        *(
            Held(
                one.pk,
                "Comment vous voulez être prévenu",
                facts(("Rythme", one.get_pace_display()), ("Téléphone", spoken(one.phone))),
                kept,
                STOPPED if one.stopped_at is not None and not one.phone else "",
                url=choices_url(address),
            )
            for one in chosen
        ),
        *(
            Held(
                one.pk,
                "Numéro à confirmer",
                facts(("Téléphone", spoken(one.phone))),
                "Un jour au plus.",
            )
            for one in numbers
        ),
        *(
            Held(one.pk, "Appareil prévenu", facts(("Depuis", day_in_words(one.created_at))), kept)
            for one in devices
        ),
    ]


def _forget_choices(address: str) -> int:
    """All of it, save that nothing more is to be sent."""
    marks = fingerprints(address)
    with transaction.atomic():
        erased = PhoneCheck.objects.filter(fingerprint__in=marks).delete()[0]
        erased += PushDevice.objects.filter(fingerprint__in=marks).delete()[0]
        chosen = Preference.objects.filter(fingerprint__in=marks)
        erased += chosen.filter(stopped_at=None).delete()[0]
        erased += chosen.exclude(phone="").update(phone="", channel="")
    return int(erased)


HOLDINGS = (
    Holding("subscription", "Ce que vous suivez", _find, _erase),
    Holding("digest", "Votre prochain résumé", _to_be_told, _forget_lines),
    Holding("choices", "Vos choix d’envoi", _choices, _forget_choices),
    Holding("mail", "Messages qui vont vous être envoyés", _waiting, _leave),
)
WRITTEN: tuple[()] = ()  # nobody signs in down here
