"""What is kept of who learns, and of who is found in the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from parvis.notices.consents import agreed
from parvis.notices.keeping import Held, Holding, facts
from parvis.partners.actors import Actor
from parvis.partners.written import Written, written_by
from parvis.toolbox.course_seats import withdraw_enrolment
from parvis.toolbox.models import DirectoryEntry, Enrolment, NeedVoice, NetworkAnswer, Question
from parvis.ui.words import day_in_words

CODE = "enrolment"


def _enrolled(address: str) -> Any:
    rows = Enrolment.objects.filter(contact__email__iexact=address)
    return rows.select_related("contact", "course__organiser", "person").order_by("pk")


def _find(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            one.course.title,
            facts(
                ("Nom", one.contact.name),
                ("Adresse électronique", one.contact.email),
                ("Téléphone", one.contact.phone),
                agreed(
                    "toolbox",
                    "enrolment",
                    one.contact.consent_version,
                    organiser=one.course.organiser.name,
                ),
                ("Inscrit", day_in_words(one.at)),
            ),
            "Jusqu’à cent vingt jours après la dernière date. L’effacer avant rend votre place.",
        )
        for one in _enrolled(address)
    ]


def _erase(address: str) -> int:
    found = list(_enrolled(address))
    for one in found:
        withdraw_enrolment(one)
    return len(found)


def _listed(address: str) -> Any:
    mine = Q(email__iexact=address) | Q(mandate__person__email__iexact=address)
    return DirectoryEntry.objects.filter(mine).select_related("mandate").order_by("pk")


def _entries(address: str) -> list[Held]:
    return [
        Held(
            one.pk,
            one.function,
            facts(
                ("Adresse montrée", one.email),
                ("Téléphone montré", one.phone),
                ("Montrée", one.get_shown_display()),
                ("Aide pour", one.help),
                agreed("toolbox", "directory", one.consent_version),
            ),
            "Tant que dure le mandat, et sept jours.",
        )
        for one in _listed(address)
    ]


def _leave(address: str) -> int:
    ids = list(_listed(address).values_list("pk", flat=True))
    DirectoryEntry.objects.filter(pk__in=ids).delete()
    return len(ids)


HOLDINGS = (
    Holding(CODE, "Vos inscriptions à des formations", _find, _erase),
    Holding("directory", "Annuaire du réseau", _entries, _leave),
)


def _questions(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    rows = written_by(Question.objects.order_by("at", "pk"), user_id, actors)
    return [Held(one.pk, one.title, facts(("Texte", one.text))) for one in rows]


def _answers(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    rows = NetworkAnswer.objects.select_related("question").order_by("at", "pk")
    found = written_by(rows, user_id, actors)
    return [Held(one.pk, one.question.title, facts(("Réponse", one.text))) for one in found]


def _seats(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    rows = Enrolment.objects.filter(person=user_id).select_related("course").order_by("at", "pk")
    return [
        Held(one.pk, one.course.title, facts(("État", one.get_state_display()))) for one in rows
    ]


def _needs(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    rows = NeedVoice.objects.filter(by=user_id).select_related("need").order_by("pk")
    return [Held(one.pk, str(one.need)) for one in rows]


WRITTEN = (
    Written("questions", "Vos questions au réseau", _questions),
    Written("network_answers", "Vos réponses au réseau", _answers),
    Written("seats", "Vos formations", _seats),
    Written("needs", "Formations que vous avez demandées", _needs),
)
