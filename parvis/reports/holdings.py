"""What is kept of who reported something, and what partners wrote on reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from parvis.notices.consents import agreed
from parvis.notices.keeping import Held, Holding, facts
from parvis.partners.actors import Actor
from parvis.partners.written import Written, written_by
from parvis.reports.acts import erase_contact
from parvis.reports.links import follow_url
from parvis.reports.models import Message, Note, PrivatePlace, Voice, WreckPlate
from parvis.ui.words import counted, day_in_words

CODE = "voice"


def _mine(address: str) -> Any:
    rows = Voice.objects.filter(contact__email__iexact=address)
    rows = rows.select_related("contact", "report__category")
    return rows.prefetch_related("messages", "photos").order_by("at", "pk")


def _find(address: str) -> list[Held]:
    voices = list(_mine(address))
    reports = [one.report_id for one in voices if one.kind == Voice.Kind.AUTHOR]
    dwellings = dict(
        PrivatePlace.objects.filter(report__in=reports).values_list("report", "dwelling")
    )
    plates = dict(WreckPlate.objects.filter(report__in=reports).values_list("report", "number"))
    return [_held(one, dwellings, plates) for one in voices]


def _held(voice: Voice, dwellings: dict[int, str], plates: dict[int, str]) -> Held:
    report, author = voice.report, voice.kind == Voice.Kind.AUTHOR
    said = [message.text for message in voice.messages.all()]
    photos = len(voice.photos.all())
    return Held(
        voice.pk,
        f"{report.category.label}, {report.reference}",
        facts(
            ("Ce que vous avez fait", f"{voice.get_kind_display()}, {day_in_words(voice.at)}"),
            ("Lieu", report.place_label),
            ("Adresse électronique", voice.contact.email),
            ("Téléphone", voice.contact.phone),
            agreed("reports", "contact", voice.contact.consent_version),
            ("Logement", dwellings.get(report.pk, "") if author else ""),
            ("Immatriculation", plates.get(report.pk, "") if author else ""),
            ("Votre texte", report.text if author else ""),
            *(("Votre message", text) for text in said),
            ("Photos", counted(photos, "photo", "photos") if photos else ""),
        ),
        "Vos coordonnées, quelques semaines après la clôture. Les effacer ne retire ni vos mots ni "
        "vos photos : la page du signalement le permet, ouvrez-la d’abord.",
        url=follow_url(voice),
        files=tuple(photo.file for photo in voice.photos.all()),
    )


def _erase(address: str) -> int:
    found = list(_mine(address))
    for one in found:
        erase_contact(one)
    return len(found)


HOLDINGS = (Holding(CODE, "Vos signalements", _find, _erase),)


def _notes(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    rows = Note.objects.select_related("report").order_by("at", "pk")
    return _told(written_by(rows, user_id, actors))


def _answers(user_id: int, actors: Sequence[Actor]) -> list[Held]:
    rows = Message.objects.select_related("report").order_by("at", "pk")
    return _told(written_by(rows, user_id, actors))


def _told(rows: Any) -> list[Held]:
    return [
        Held(
            one.pk,
            f"Signalement {one.report.reference}",
            facts(("Le", day_in_words(one.at)), ("Texte", one.text)),
        )
        for one in rows
    ]


WRITTEN = (
    Written("notes", "Vos notes internes", _notes),
    Written("answers", "Vos réponses aux habitants", _answers),
)
