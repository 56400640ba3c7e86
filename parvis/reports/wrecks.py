"""Abandoned vehicles: their plate as it is kept, and in words where their removal stands."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop

from parvis.reports.counting import local_day
from parvis.reports.models import Report, Wreck
from parvis.reports.workflow import Ground, WreckStep
from parvis.ui.words import day_in_words

PLATE_LENGTH = 20  # characters
STANDS = {
    Ground.PUBLIC: gettext_noop("sur la voie publique"),
    Ground.LANDLORD: gettext_noop("sur le terrain du bailleur"),
    Ground.PRIVATE: gettext_noop("sur un autre terrain privé"),
}


def clean_plate(words: str) -> str:
    """A number plate in capitals, blanks made one; empty without any."""
    plate = " ".join(words.upper().split())
    if len(plate) > PLATE_LENGTH:
        raise ValidationError({"plate": gettext("Cette immatriculation est trop longue.")})
    return plate


def clean_ground(code: str) -> str:
    """The code of a ground, or nothing when it is not known."""
    if code and code not in Ground.values:
        raise ValidationError({"ground": gettext("Choisissez une des réponses proposées.")})
    return code


def wreck_of(report: Report) -> Wreck | None:
    """The wreck of a report; one just seen when nothing was written yet; None for other reports."""
    if not report.category.wreck:
        return None
    found = Wreck.objects.filter(report=report).first()
    return found or Wreck(report=report, step_on=local_day(report.at))


def in_words(wreck: Wreck) -> str:
    """ "Sur la voie publique · mise en demeure envoyée depuis le mardi 3 mars"."""
    step = gettext("{step} depuis le {day}").format(
        step=gettext(WreckStep(wreck.step).label), day=day_in_words(wreck.step_on)
    )
    ground = gettext(STANDS[Ground(wreck.ground)]) if wreck.ground else ""
    words = f"{ground} · {step}" if ground else step
    return words[:1].upper() + words[1:]
