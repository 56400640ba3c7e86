"""Entering a report for somebody who telephoned, came to the desk, or was met."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.partners.actors import Actor
from parvis.reports.acts.filing import file_report
from parvis.reports.models import Channel, Report, Voice
from parvis.reports.workflow import Forbidden
from parvis.thread.acts import record

OUTSIDE = (
    "Ce lieu n’est pas de ceux où votre organisation saisit des signalements. La personne peut le "
    "signaler elle-même, sans compte."
)
NOT_AGREED = (
    "Demandez à la personne si elle accepte d’être recontactée, ou effacez ses coordonnées."
)


def enter_report(*, actor: Actor, channel: str, agreed: bool = False, **told: Any) -> Voice:
    """File a report for somebody else; `told` is what `file_report` takes. The voice is theirs: its
    link, code and receipt are for them, the entering stays in the name of the actor's organisation.

    Raises ValidationError for a contact that the person did not agree to leave, Forbidden for a
    place where this actor may not enter any: where that is, only the report itself tells.
    """
    if channel not in Channel.values or channel == Channel.WEB:
        raise ValidationError({"channel": "Dites comment la personne vous a joint."})
    has_contact = bool(told.get("email", "").strip() or told.get("phone", "").strip())
    if has_contact and not agreed:
        raise ValidationError({"agreed": NOT_AGREED})
    with transaction.atomic():
        voice = file_report(actor=actor, channel=channel, **told)
        if not Report.objects.allowed(actor, "enter").filter(pk=voice.report_id).exists():
            raise Forbidden(OUTSIDE)
        if has_contact:
            record(actor, "report", voice.report_id, "contact_agreed", public=False)
    return voice
