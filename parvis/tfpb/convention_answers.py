"""What happens to a convention once it is written: each party answers, it is declared, papers come
in, the State warns or suspends."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation, Signature
from parvis.partners.rights import Refused
from parvis.tfpb.convention_acts import KIND, held_convention
from parvis.tfpb.convention_models import Caution, Convention, ConventionPaper
from parvis.thread.acts import record


def answer_for(
    signature: Signature,
    convention: Convention,
    *,
    actor: Actor,
    voted_on: date | None = None,
    signed_on: date | None = None,
    refused_on: date | None = None,
    refusal: str = "",
    now: datetime | None = None,
) -> Signature:
    """Say what a party answers: its council voted, it signed, or it refuses and why. Given again,
    it corrects what was said; without a date it takes it back.

    ValidationError for a day to come, for both a signature and a refusal, for a refusal without a
    reason; Refused when the convention is declared and a signature would be taken back.
    """
    today = timezone.localdate(now)
    given = {"voted_on": voted_on, "signed_on": signed_on, "refused_on": refused_on}
    late = {
        name: "Ce jour n’est pas encore venu." for name, day in given.items() if day and day > today
    }
    if late:
        raise ValidationError(late)
    with transaction.atomic():
        held = held_convention(convention)
        row = Signature.objects.select_for_update().get(
            pk=signature.pk, agreement_id=held.agreement_id
        )
        if held.declared_on is not None and signed_on is None:
            raise Refused(
                "Cette convention est déclarée aux impôts : une signature ne se retire plus."
            )
        said = {
            "voted": (row.voted_on, voted_on),
            "signed": (row.signed_on, signed_on),
            "refused": (row.refused_on, refused_on),
        }
        for name, day in given.items():
            setattr(row, name, day)
        row.refusal = refusal.strip() if refused_on else ""
        row.full_clean()
        row.save(update_fields=[*given, "refusal"])
        for code, (old, new) in said.items():
            if old == new:
                continue
            record(
                actor,
                KIND,
                held.pk,
                code if new else f"{code}_back",
                old=old.isoformat() if old else "",
                new=new.isoformat() if new else "",
                concerns=row.organisation_id,
                public=False,
                at=now,
            )
    return row


def declare_convention(
    convention: Convention,
    *,
    actor: Actor,
    declared_on: date,
    file: Any = None,
    now: datetime | None = None,
) -> Convention:
    """Note the day on which the landlord declared it to the tax office, with the declaration.

    Refused while a party has not signed: the signed convention goes with the declaration.
    """
    if declared_on > timezone.localdate(now):
        raise ValidationError({"declared_on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        held = held_convention(convention)
        waited = held.agreement.signatures.filter(signed_on=None)
        if waited:
            names = ", ".join(waited.values_list("organisation__name", flat=True))
            raise Refused(f"N’ont pas encore signé : {names}.")
        held.declared_on = declared_on
        held.save(update_fields=["declared_on"])
        if file:
            _keep(
                held, actor, ConventionPaper.Kind.DECLARATION, "Déclaration aux impôts", file, now
            )
        record(actor, KIND, held.pk, "declared", new=declared_on.isoformat(), public=False, at=now)
    return held


def file_paper(
    convention: Convention,
    *,
    actor: Actor,
    kind: str,
    title: str,
    file: Any,
    now: datetime | None = None,
) -> ConventionPaper:
    """Keep a document with the convention, under the name of who files it."""
    with transaction.atomic():
        held = held_convention(convention)
        paper = _keep(held, actor, kind, title, file, now)
        record(actor, KIND, held.pk, "filed", public=False, at=now)
    return paper


def say_caution(
    convention: Convention,
    *,
    actor: Actor,
    kind: str,
    said_on: date,
    reason: str,
    by: Organisation | None = None,
    file: Any = None,
    now: datetime | None = None,
) -> Caution:
    """Warn the landlord, or suspend its abatement: from which day, why, with the letter. `by`: who
    says it, when the coordination notes it for the State."""
    if said_on > timezone.localdate(now):
        raise ValidationError({"said_on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        held = held_convention(convention)
        letter = ConventionPaper.Kind.LETTER
        title = str(Caution.Kind(kind).label).capitalize()
        caution = Caution(
            convention=held,
            kind=kind,
            said_on=said_on,
            by_id=by.pk if by else actor.organisation_id or 0,
            reason=reason.strip(),
            paper=_keep(held, actor, letter, title, file, now) if file else None,
        )
        caution.full_clean()
        caution.save()
        record(actor, KIND, held.pk, kind, concerns=held.landlord_id, public=False, at=now)
    return caution


def lift_caution(
    caution: Caution,
    *,
    actor: Actor,
    lifted_on: date,
    because: str,
    now: datetime | None = None,
) -> Caution:
    """Say from which day a mise en garde or a suspension no longer holds, and why.

    ValidationError for a day to come or before it was said; a second time changes nothing.
    """
    if lifted_on > timezone.localdate(now):
        raise ValidationError({"lifted_on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        held = Caution.objects.select_for_update().get(pk=caution.pk)
        if held.lifted_on is not None:
            return held
        held.lifted_on, held.lifted_because = lifted_on, because.strip()
        held.full_clean()
        held.save(update_fields=["lifted_on", "lifted_because"])
        record(actor, KIND, held.convention_id, f"{held.kind}_lifted", public=False, at=now)
    return held


def _keep(
    convention: Convention, actor: Actor, kind: str, title: str, file: Any, now: datetime | None
) -> ConventionPaper:
    paper = ConventionPaper(
        convention=convention,
        kind=kind,
        title=title,
        file=file,
        organisation_id=actor.organisation_id or 0,
        at=now or timezone.now(),
    )
    paper.full_clean()
    paper.save()
    return paper
