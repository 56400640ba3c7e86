"""Vouchers: asked for by sample at control, never a condition; given by the landlord."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.tfpb.bilan_models import Bilan, Voucher
from parvis.tfpb.holding import held
from parvis.tfpb.programme_events import LINE
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.voucher_words import refuse_pay_slip
from parvis.tfpb.workflow import BILAN_SETTLED, SPENT, ProgrammeState
from parvis.thread.acts import record

CONTROLLED = (*SPENT, ProgrammeState.CLOSED)  # states in which money has been, or is, spent


def ask_voucher(line: Line, *, actor: Actor, note: str) -> Voucher:
    """A party asks the landlord for a proof of what was spent on a line."""
    with transaction.atomic():
        fresh = held(line.programme)
        if fresh.state not in CONTROLLED:
            raise Refused("Rien n’est encore dépensé sur ce programme : il n’y a rien à justifier.")
        asked = Voucher(
            line=line,
            asked_by_id=actor.organisation_id or 0,
            asked_at=timezone.now(),
            note=note.strip(),
        )
        asked.full_clean(exclude=["line", "asked_by", "file"])
        asked.save()
        record(actor, LINE, line.pk, "voucher_asked", concerns=fresh.landlord_id, public=False)
    return asked


def settled(programme: Programme) -> bool:
    """Whether its bilan is accepted: a voucher that was given is not replaced any more."""
    return Bilan.objects.filter(programme=programme, state__in=BILAN_SETTLED).exists()


def give_voucher(voucher: Voucher, *, actor: Actor, title: str, file: Any) -> Voucher:
    """The landlord gives it; again replaces the file, as long as the bilan is not accepted.
    ValidationError when it is a pay slip."""
    refuse_pay_slip(title, file)
    with transaction.atomic():
        programme = held(voucher.line.programme)
        fresh = Voucher.objects.select_for_update(of=("self",)).get(pk=voucher.pk)
        if fresh.given_at is not None and settled(programme):
            raise Refused("Le bilan est accepté : le justificatif déjà donné ne change plus.")
        storage, old = fresh.file.storage, str(fresh.file.name or "")
        fresh.title, fresh.file, fresh.given_at = title.strip(), file, timezone.now()
        fresh.save(update_fields=["title", "file", "given_at"])
        record(
            actor,
            LINE,
            fresh.line_id,
            "voucher_given",
            concerns=fresh.asked_by_id,
            public=False,
        )
        if old:
            transaction.on_commit(lambda: storage.delete(old))
    return fresh
