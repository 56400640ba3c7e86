"""What was seen of a line on the spot, by people who walked there together."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError

from parvis.partners.actors import Actor
from parvis.tfpb.bilan_models import FieldCheck
from parvis.tfpb.field_check_acts import check_line
from parvis.tfpb.programme_models import Line
from parvis.tfpb.voucher_acts import CONTROLLED
from parvis.thread.register import Seen

PUBLIC_LATER = (
    "Tout le monde lira ce texte et verra la photo quand le bilan sera publié : ne nommez personne."
)
WORDS = {"seen": "fait, vu sur place", "unseen": "pas vu", "worse": "abîmé"}


def lines_to_see(actor: Actor, lying: Any) -> Any:
    """The lines among these that this actor may check: of a programme that has begun, and whose
    bilan nobody but its parties reads yet."""
    mine = Line.objects.allowed(actor, "check").filter(
        programme__state__in=CONTROLLED, programme__published_at=None
    )
    return mine.filter(pk__in=lying).order_by().values("pk")


def keep_seen(actor: Actor, line_id: int, seen: Seen) -> None:
    """Keep it as a check on the spot, with the first picture: what is damaged was seen, and the
    note says so. Everybody reads checks once the bilan is published: the words and the picture of
    somebody who walked with a link, for no organisation, are left on the walk.

    ValidationError when the line takes no check (its programme has not begun, or its bilan is
    published).
    """
    line = Line.objects.select_related("programme").filter(pk=line_id).first()
    if line is None:
        raise ValidationError("Cette ligne a été retirée du programme.")
    if not seen.by_partner:
        seen = replace(seen, note="", pictures=())
    field: Any = FieldCheck._meta.get_field("note")
    check_line(
        line,
        actor=actor,
        seen=seen.result != "unseen",
        note=seen.in_words(WORDS[seen.result], field.max_length),
        upload=io.BytesIO(seen.pictures[0]) if seen.pictures else None,
        on=seen.on,
        organisation_id=seen.organisation_id,
        told=False,
    )
