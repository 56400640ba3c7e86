"""What is kept of who takes part: members, authors of propositions, people whom a draw named."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from parvis.councils.draw_models import DrawnContact
from parvis.councils.member_acts import erase_member
from parvis.councils.models import Member, Proposition, Support
from parvis.councils.presence_models import Expense
from parvis.councils.proposition_digest import person_of, support_token
from parvis.councils.proposition_events import follow_url, forget_author
from parvis.councils.proposition_supports import drop_support
from parvis.councils.workflow import ExpenseState
from parvis.notices.keeping import Held, Holding, facts
from parvis.partners.rights import Refused
from parvis.ui.words import day_in_words

SEATED = (
    "Tant que vous siégez, ou qu’une somme vous est due, l’instance doit pouvoir vous convoquer : "
    "demandez-lui d’abord de mettre fin à votre mandat."
)


def _authored(address: str) -> Any:
    rows = Proposition.objects.filter(contact__email__iexact=address)
    return rows.select_related("contact").order_by("pk")


def _propositions(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            one.title,
            facts(
                ("Nom", one.contact.name),
                ("Adresse électronique", one.contact.email),
                ("Téléphone", one.contact.phone),
                ("Texte", one.text),
                ("Proposée", day_in_words(one.at)),
            ),
            "Quatre-vingt-dix jours après le dernier mot qui vous est dit. Effacer vos coordonnées "
            "laisse la proposition, sans votre nom : sa page permet de la retirer.",
            url=follow_url(one),
        )
        for one in _authored(address)
    ]


def _forget_authored(address: str) -> int:
    found = list(_authored(address))
    for one in found:
        forget_author(one)
    return len(found)


def _supported(address: str) -> Any:
    """A support knows its person by a digest made with its proposition: each is tried."""
    asked = Support.objects.order_by("proposition").values_list("proposition", flat=True).distinct()
    digests = [person_of(pk, address) for pk in asked]
    rows = Support.objects.filter(person__in=digests).select_related("proposition")
    return rows.order_by("asked_at", "pk")


def _supports(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            one.proposition.title,
            facts(
                ("Demandé", day_in_words(one.asked_at)),
                ("Confirmé", day_in_words(one.confirmed_at) if one.confirmed_at else ""),
            ),
            "Sept jours s’il n’est pas confirmé, puis tant que la proposition reçoit des soutiens. "
            "Votre adresse n’est pas gardée : une empreinte évite de vous compter deux fois.",
            url=f"{settings.SITE_URL}{reverse('councils:my_support', args=[support_token(one)])}",
        )
        for one in _supported(address)
    ]


def _drop_supports(address: str) -> int:
    found = list(_supported(address))
    for one in found:
        drop_support(one.proposition, person=one.person)
    return len(found)


def _seated(address: str) -> Any:
    rows = Member.objects.filter(contact__email__iexact=address)
    return rows.select_related("contact", "body__organisation").order_by("pk")


def _may_go(member: Member) -> bool:
    """What `erase_member` asks for; here only to say so beforehand."""
    today = timezone.localdate()
    owed = Expense.objects.filter(
        member=member, state__in=(ExpenseState.CLAIMED, ExpenseState.AGREED)
    )
    return not (
        member.terms.lasting(today).exists()
        or member.designations.on(today).exists()
        or owed.exists()
    )


def _members(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            one.body.organisation.name,
            facts(
                ("Nom", one.name),
                ("Adresse électronique", one.contact.email),
                ("Téléphone", one.contact.phone),
                ("Adresse", one.contact.address),
            ),
            "Jusqu’à douze mois après votre dernier mandat.",
            "" if _may_go(one) else SEATED,
        )
        for one in _seated(address)
    ]


def _erase_members(address: str) -> int:
    erased = 0
    for one in _seated(address):
        try:
            erase_member(one)
        except Refused:
            continue
        erased += 1
    return erased


def _drawn(address: str) -> list[Held]:
    rows = DrawnContact.objects.filter(email__iexact=address).select_related("person__draw")
    return [
        Held(
            one.pk,
            one.person.draw.title,
            facts(
                ("Nom", one.name),
                ("Adresse", one.address),
                ("Adresse électronique", one.email),
                ("Téléphone", one.phone),
            ),
            f"Jusqu’au {day_in_words(one.person.draw.destroy_on)}, jour publié avec le tirage."
            if one.person.draw.destroy_on
            else "Jusqu’à la destruction des listes.",
            "La liste d’un tirage est scellée : dites non à qui vous appelle, et vos coordonnées "
            "sont effacées aussitôt.",
        )
        for one in rows.order_by("pk")
    ]


def _leave(address: str) -> int:
    return 0


HOLDINGS = (
    Holding("proposition", "Vos propositions", _propositions, _forget_authored),
    Holding("support", "Propositions que vous soutenez", _supports, _drop_supports),
    Holding("member", "Votre place dans une instance", _members, _erase_members),
    Holding("drawn", "Tirage au sort", _drawn, _leave),
)
WRITTEN: tuple[()] = ()
