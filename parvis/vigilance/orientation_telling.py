"""The messages that an orientation sends. They hold its code and the name of a service: never a
name, a need, a commune or a word of what was written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.models import Mandate, Organisation, User
from parvis.vigilance.models import Entry, Orientation, Receiver
from parvis.vigilance.orientation_doors import who_receives
from parvis.vigilance.scopes import FIELD_ROLES

TO_RECEIVER = "Vous recevez ce message parce que vous ouvrez les orientations de ce service."
TO_SENDER = "Vous recevez ce message parce que vous avez envoyé cette orientation."
TO_SERVICE = "Vous recevez ce message parce que c’est l’adresse de votre organisation sur ce site."
TO_OFFICER = (
    "Vous recevez ce message parce que vous veillez sur les données personnelles de ce site."
)


def tell_arrival(one: Orientation, entry: Entry) -> None:
    """To who receives at its door: an orientation waits for them."""
    _tell(
        f"orientation.sent:{entry.pk}",
        _people(who_receives(one.door_id, timezone.localdate())),
        f"Une orientation vous attend ({one.code})",
        [
            f"Une personne est orientée vers votre service, avec son accord : {one.door.name}.",
            "Ouvrez la page pour lire, puis dire si vous la prenez en charge.",
        ],
        TO_RECEIVER,
        one,
    )


def take_back_arrival(one: Orientation) -> None:
    """What did not leave yet of what told that it arrived does not leave."""
    told = one.entries.filter(code__in=(Entry.Code.SENT, Entry.Code.REDIRECTED))
    for pk in told.values_list("pk", flat=True):
        outbox.take_back(f"orientation.sent:{pk}")


def tell_sender(one: Orientation, entry: Entry, news: str) -> None:
    """To its sender, as long as they act for their organisation: what became of it."""
    _tell(
        f"orientation.news:{entry.pk}",
        _sender(one),
        f"Des nouvelles de l’orientation {one.code}",
        [f"La personne que vous avez orientée ({one.code}) : {news}."],
        TO_SENDER,
        one,
    )


def tell_withdrawal(one: Orientation, entry: Entry, *, by_sender: bool) -> None:
    """To the other side: the person took her word back, what was sent is erased."""
    receivers = _people(who_receives(one.door_id, timezone.localdate()))
    words = [f"La personne orientée ({one.code}) ne souhaite plus l’être. Le contenu est effacé."]
    if by_sender:
        words.append("Merci d’effacer aussi ce que vous auriez noté ailleurs.")
    _tell(
        f"orientation.withdrawn:{entry.pk}",
        receivers if by_sender else _sender(one),
        f"Orientation {one.code} retirée",
        words,
        TO_RECEIVER if by_sender else TO_SENDER,
        one,
    )


def tell_late(one: Orientation, entry: Entry) -> None:
    """To who receives: an answer is late."""
    _tell(
        f"orientation.late:{entry.pk}",
        _people(who_receives(one.door_id, timezone.localdate())),
        f"Une orientation attend votre réponse ({one.code})",
        [
            f"L’orientation {one.code}, envoyée à {one.door.name}, n’a pas encore de réponse.",
            "Si vous ne pouvez pas la prendre en charge, dites-le : une autre aide sera cherchée.",
        ],
        TO_RECEIVER,
        one,
    )


def tell_service(one: Orientation, entry: Entry) -> None:
    """To the organisation that keeps the door, then to the sender: still no answer."""
    kept_by = one.door.organisation
    if kept_by is not None:
        _tell(
            f"orientation.late:{entry.pk}",
            [Recipient(f"organisation:{kept_by.pk}", kept_by.email)],
            "Une orientation reste sans réponse",
            [
                f"Une orientation envoyée à {one.door.name} ({one.code}) reste sans réponse.",
                "Les personnes chargées de la lire ont déjà été relancées. Une personne "
                "responsable peut en désigner d’autres sur la page de ce service.",
            ],
            TO_SERVICE,
            one,
        )
    reached = f" Vous pouvez l’appeler au {one.door.phone}." if one.door.phone else ""
    _tell(
        f"orientation.unanswered:{entry.pk}",
        _sender(one),
        f"L’orientation {one.code} n’a pas encore de réponse",
        [
            f"{one.door.name} n’a pas encore répondu. Son organisation vient d’être relancée."
            f"{reached} Donnez le code {one.code}, sans dire de nom.",
        ],
        TO_SENDER,
        one,
    )


def tell_glass_broken(one: Orientation, entry: Entry) -> None:
    """At once, to who watches over personal data and to who receives: it was read out of turn."""
    read = (
        f"Une orientation envoyée à {one.door.name} a été lue sans que son lecteur ait été désigné"
    )
    address, named = _officer([one.commune.epci_siren])
    _tell(
        f"orientation.glass:{entry.pk}",
        [Recipient("officer", address)],
        "Une orientation a été lue en urgence",
        [
            f"{read}{f' ({one.code})' if named else ''}. Le motif écrit est dans son journal, que "
            "l’organisation de ce service peut vous montrer.",
        ],
        TO_OFFICER,
        None,
        at_once=True,
    )
    _tell(
        f"orientation.glass:{entry.pk}",
        _people(who_receives(one.door_id, timezone.localdate())),
        f"L’orientation {one.code} a été lue en urgence",
        [f"{read}. Qui, quand et pourquoi : c’est écrit dans son journal."],
        TO_RECEIVER,
        one,
        at_once=True,
    )


def tell_named_herself(receiver: Receiver) -> None:
    """At once, to who watches over personal data and to who receives there: somebody gave herself
    the right to read what was sent to a door already."""
    door, who = receiver.door, receiver.mandate.person
    address, _ = _officer(list(door.communes.values_list("epci_siren", flat=True)))
    others = [one for one in who_receives(door.pk, timezone.localdate()) if one.pk != who.pk]
    _tell(
        f"orientation.named:{receiver.pk}",
        [Recipient("officer", address)],
        "Une personne s’est désignée pour lire des orientations",
        [
            f"Une personne responsable de {door.name} s’est désignée elle-même pour ouvrir les "
            "orientations de ce service, qui en a déjà reçu. Chacune de ses lectures est notée.",
        ],
        TO_OFFICER,
        None,
        at_once=True,
    )
    _tell(
        f"orientation.named:{receiver.pk}",
        _people(others),
        f"{who.name} ouvre maintenant les orientations",
        [
            f"{who.name} s’est désignée pour ouvrir, comme vous, les orientations envoyées à "
            f"{door.name}. Chaque lecture reste notée dans le journal.",
        ],
        TO_RECEIVER,
        None,
        at_once=True,
    )


def _officer(sirens: list[str]) -> tuple[str, bool]:
    """Whom to tell, and whether the code may be told there.

    The data officer, or else the service of the coordination, which follows nobody's file: it
    learns that it happened and where, not to which orientation.
    """
    if settings.PUBLISHER["dpo_email"]:
        return settings.PUBLISHER["dpo_email"], True
    coordination = (
        Organisation.objects.filter(
            kind=Organisation.Kind.AGGLOMERATION,
            commune__epci_siren__in=[one for one in sirens if one],
            closed_on=None,
        )
        .exclude(email="")
        .order_by("pk")
        .first()
    )
    return (coordination.email if coordination else settings.PUBLISHER["email"]), False


def _sender(one: Orientation) -> list[Recipient]:
    """Its sender, while they have the mandate they wrote it by; nobody afterwards."""
    running = Mandate.objects.in_force(timezone.localdate()).filter(
        person_id=one.sender_id,
        organisation_id=one.sender_organisation_id,
        role__in=FIELD_ROLES,
        person__is_active=True,
    )
    return _people(User.objects.filter(pk__in=running.values("person_id")))


def _people(users: Iterable[User]) -> list[Recipient]:
    return [Recipient(f"user:{user.pk}", user.email) for user in users]


def _tell(
    event: str,
    recipients: list[Recipient],
    subject: str,
    words: list[str],
    why: str,
    one: Orientation | None,
    *,
    at_once: bool = False,
) -> None:
    page = reverse("vigilance:orientation", args=[one.pk]) if one else ""
    context = {
        "subject": subject,
        "paragraphs": words,
        "why": why,
        "link": f"{settings.SITE_URL}{page}" if page else "",
    }

    def compose(who: Recipient) -> Mail:
        return render("vigilance/notices/orientation", context)

    if at_once:
        # What somebody did out of turn is no news to be grouped or kept silent.
        outbox.put(event, recipients, compose, wait=timedelta(0), asked_for=True)
    else:
        outbox.put(event, recipients, compose, lane=f"orientation:{one.pk}" if one else "")
