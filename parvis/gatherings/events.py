"""What happens to gatherings, in words, and the messages that it sends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.models import Gathering, Registration
from parvis.notices import outbox
from parvis.notices.digests import Line
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.notices.publishing import publish
from parvis.partners.models import Mandate, Organisation
from parvis.places import topics as places
from parvis.thread.acts import word_key
from parvis.thread.models import Event
from parvis.ui.words import span_in_words

SENTENCES = {
    "planned": "Rendez-vous prévu par {concerns}",
    "changed": "Rendez-vous complété",
    "moved": "Date ou lieu modifié",
    "published": "Rendez-vous publié",
    "cancelled": "Rendez-vous annulé",
    "answered": "Réponse de {concerns}",
    "attended": "Présences notées",
}
STATE_LABELS = {"awaited": "sans réponse", "coming": "sera présente", "excused": "excusée"}
_SALT = "parvis.gatherings.registration"

# By kind of gathering: which page is for whom a room of its own calls.
Linking = Callable[[Gathering, list[Recipient]], list[Recipient]]
_linked: dict[str, Linking] = {}


def say_pages(kind: str, linking: Linking) -> None:
    """A room that plans gatherings of this kind says where each one whom it calls reads about it:
    the same people come back with the address of their page."""
    _linked[kind] = linking


def called_to(gathering: Gathering, *, silent: Iterable[str] = ()) -> list[Recipient]:
    """The people of the organisations that were called, but for those that gave such an answer."""
    asked = gathering.guests.filter(invited_at__isnull=False).exclude(answer__in=list(silent))
    people = addresses_of(Organisation.objects.filter(pk__in=asked.values("organisation_id")))
    linking = _linked.get(gathering.kind)
    return linking(gathering, people) if linking else people


def page_url(pk: int) -> str:
    """The absolute address of a gathering's page."""
    return f"{settings.SITE_URL}{reverse('gatherings:gathering', args=[pk])}"


def token_of(registration: Registration) -> str:
    """The unguessable part of the link by which a registered person comes back."""
    signature = _signer().signature(f"{registration.pk}:{registration.nonce}")
    return f"{registration.pk}.{signature}"


def registration_from_token(token: str) -> Registration | None:
    """The registration of a link, with its gathering; None for a wrong or cut one."""
    number, _, signature = token.partition(".")
    if not (number.isascii() and number.isdigit() and signature and len(number) < 19):
        return None
    found = (
        Registration.objects.select_related("gathering__organiser", "contact")
        .filter(pk=int(number))
        .first()
    )
    if found is None:
        return None
    try:
        _signer().unsign(f"{found.pk}:{found.nonce}.{signature}")
    except signing.BadSignature:
        return None
    return found


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_SALT)


def addresses_of(organisations: Iterable[Organisation]) -> list[Recipient]:
    """The people to write to: who has a mandate that acts for one of these organisations, or else
    its service's address."""
    from django.utils import timezone

    wanted = {one.pk: one for one in organisations}
    mandates = (
        Mandate.objects.in_force(timezone.localdate())
        .filter(organisation__in=wanted)
        .exclude(role="lecteur")
        .order_by("pk")
        .values_list("organisation_id", "person_id", "person__email")
    )
    people: dict[str, Recipient] = {}
    reached = set()
    for organisation_id, person_id, email in mandates:
        reached.add(organisation_id)
        people.setdefault(f"user:{person_id}", Recipient(f"user:{person_id}", email))
    for pk, one in wanted.items():
        if pk not in reached and one.email:
            people[f"organisation:{pk}"] = Recipient(f"organisation:{pk}", one.email)
    return list(people.values())


def tell_person(registration: Registration, what: str, key: str) -> None:
    """To somebody who registered: the receipt, or the seat that became free."""
    outbox.put(f"registration.{what}:{key}", _reached([registration]), _words(what))


def tell_link(registration: Registration, now: datetime) -> None:
    """The receipt again, with the link, to somebody who registers a second time; once a day, so
    that nobody floods them."""
    day = timezone.localdate(now)
    tell_person(registration, "registered", f"{registration.pk}.{day:%Y%m%d}")


def forget_person(registration: Registration) -> None:
    """What still waits for somebody who withdrew does not leave."""
    outbox.forget(f"registration:{registration.pk}")


def tell_everybody(gathering: Gathering, event: Event, what: str) -> None:
    """To who registered and to the organisations that are asked: it moved, or is called off."""
    standing = gathering.registrations.exclude(state="withdrawn").select_related("contact")
    people = _reached(standing) + called_to(gathering)
    outbox.put(word_key(event), people, _words(what, gathering))


def organiser_topic(organisation_id: int) -> str:
    """The dates of an organisation, wherever they are."""
    return f"dates:{organisation_id}"


HEADINGS = {"published": "Rendez-vous", "moved": "Date ou lieu modifié", "cancelled": "Annulé"}


def tell_followers(gathering: Gathering, event: Event, what: str) -> None:
    """To who follows the place, or who organises it, by e-mail: what was published, moved or called
    off. Who registered is told of it otherwise, and once."""
    ids = gathering.quartiers.values_list("pk", flat=True)
    topics = [places.of_quartier(pk) for pk in ids]
    if gathering.residence_id:
        topics.append(places.of_residence(gathering.residence_id))
    elif gathering.commune_id and not topics:
        topics.append(places.of_commune(gathering.commune_id))
    topics.append(organiser_topic(gathering.organiser_id))
    where = [span_in_words(gathering.starts_at, gathering.ends_at), gathering.place_label]
    words = [", ".join(filter(None, where)), gathering.reason or gathering.summary]
    line = Line(
        title=f"{HEADINGS[what]} : {gathering.title}",
        text="\n".join(filter(None, words)),
        url=page_url(gathering.pk),
    )
    standing = gathering.registrations.exclude(state="withdrawn").select_related("contact")
    publish(
        topics,
        word_key(event),
        line,
        told=None if what == "published" else lambda: _reached(standing) + called_to(gathering),
        urgent=what != "published",
    )


def remind(gathering: Gathering) -> int:
    """The day before: to who has a seat; how many are told. Once, whatever is repeated."""
    seated = gathering.registrations.filter(state="seated").select_related("contact")
    return outbox.put(
        f"gathering.reminded:{gathering.pk}", _reached(seated), _words("reminded", gathering)
    )


def ask_opinions(gathering: Gathering) -> int:
    """After it: to who had a seat and was not noted as absent; how many are asked. Once."""
    there = gathering.registrations.filter(state="seated", evaluated=False).exclude(came=False)
    return outbox.put(
        f"gathering.evaluated:{gathering.pk}",
        _reached(there.select_related("contact"), "gatherings:opinion"),
        _words("evaluated", gathering),
    )


def remind_guests(gathering: Gathering) -> int:
    """The day before: to the organisations that were called and did not say that they cannot
    come. Once, whatever is repeated."""
    people = called_to(gathering, silent=["excused"])
    return outbox.put(f"gathering.recalled:{gathering.pk}", people, _words("recalled", gathering))


def _reached(
    registrations: Iterable[Registration], page: str = "gatherings:registered"
) -> list[Recipient]:
    found = []
    for one in registrations:
        contact = getattr(one, "contact", None)
        if contact is not None and contact.email:
            link = settings.SITE_URL + reverse(page, args=[token_of(one)])
            found.append(Recipient(f"registration:{one.pk}", contact.email, link, contact.language))
    return found


def _words(what: str, gathering: Gathering | None = None) -> Any:
    def compose(who: Recipient) -> Mail:
        registration = None
        if who.key.startswith("registration:"):
            rows = Registration.objects.select_related("gathering__organiser")
            registration = rows.get(pk=who.key.partition(":")[2])
        shown = gathering or (registration.gathering if registration else None)
        assert shown is not None  # noqa: S101 - one of both is always given
        context = {
            "gathering": shown,
            "waiting": registration is not None and registration.state == "waiting",
            "link": who.link or page_url(shown.pk),
            "what": what,
        }
        return render(f"gatherings/notices/{what}", context)

    return compose
