"""Saying that a sheet was used, taking it back, and what residents think of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.thread.acts import link, unlink
from parvis.thread.edges import Node
from parvis.thread.reading import rows_of
from parvis.toolbox.models import Sheet, Use, Verdict
from parvis.toolbox.publishing import KIND


def say_used(
    actor: Actor, sheet: Any, *, useful: str, what_for: str = "", thing: Node | None = None
) -> Use:
    """The actor's organisation used this sheet; said again the same day, it replaces what was said.

    With a thing that this actor sees, the thread says that the sheet led to it.
    """
    if not sheet.live:
        raise ValidationError("Cette fiche n’est pas publiée.")
    if thing is not None and (thing[0] == KIND or thing not in rows_of(actor, {thing})):
        raise ValidationError(
            {"thing": "Cet élément ne se trouve pas. Collez l’adresse de sa page."}
        )
    with transaction.atomic():
        Sheet.objects.select_for_update().get(pk=sheet.pk)
        today = timezone.localdate()
        before = Use.objects.filter(sheet_id=sheet.pk, organisation=actor.organisation_id, on=today)
        for one in before:
            _forget(one)
        use = Use(
            sheet_id=sheet.pk,
            organisation_id=actor.organisation_id or 0,
            on=today,
            useful=useful,
            what_for=what_for.strip(),
            thing_kind=thing[0] if thing else "",
            thing_id=thing[1] if thing else None,
        )
        use.full_clean()
        use.save()
        if thing is not None:
            link(actor, (KIND, sheet.pk), thing)
    return use


def withdraw_use(use: Use) -> None:
    """Take back that an organisation used a sheet, and the link that nobody else says."""
    with transaction.atomic():
        Sheet.objects.select_for_update().get(pk=use.sheet_id)
        _forget(use)


def _forget(use: Use) -> None:
    thing = (use.thing_kind, use.thing_id)
    use.delete()
    if thing[1] is None:
        return
    others = Use.objects.filter(sheet=use.sheet_id, thing_kind=thing[0], thing_id=thing[1])
    if not others.exists():
        unlink((KIND, use.sheet_id), (thing[0], thing[1]))


def judge(sheet: Any, *, useful: bool) -> None:
    """One reader more found the sheet useful, or not; nothing is kept of who that is."""
    if not sheet.live:
        raise ValidationError("Cette fiche n’est pas publiée.")
    Verdict.objects.get_or_create(sheet_id=sheet.pk)
    column = "useful" if useful else "useless"
    Verdict.objects.filter(pk=sheet.pk).update(**{column: F(column) + 1})
