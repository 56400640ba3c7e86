"""Objects of the part `bilan` for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.tfpb.models import Bilan, BilanWord, FieldCheck, Voucher
from tests.cast import Cast
from tests.tfpb.scene import spent

ARGUMENTS: dict[str, Any] = {
    "tfpb:edit_spending": lambda side: {"pk": side.tfpb_programme.pk, "part": side.spending.pk},
    "tfpb:remove_spending": lambda side: {"pk": side.tfpb_programme.pk, "part": side.spending.pk},
    "tfpb:answer_bilan": lambda side: {"pk": side.tfpb_programme.pk, "part": side.word.pk},
    "tfpb:judge_bilan": lambda side: {"pk": side.tfpb_programme.pk, "code": "contest"},
    "tfpb:settle_bilan": lambda side: {"pk": side.tfpb_programme.pk, "code": "reserve"},
    "tfpb:justification": lambda side: {"pk": side.tfpb_convention.pk, "year": 2026},
    "tfpb:quartier_abatement": lambda side: {"code": side.tfpb_programme.quartier.code},
}
BY_RESOURCE: dict[str, Any] = {
    "tfpb.voucher": lambda side: {"pk": side.voucher.pk},
    "tfpb.fieldcheck": lambda side: {"pk": side.check.pk},
}
OBJECTS: dict[str, str] = {"tfpb.voucher": "voucher", "tfpb.fieldcheck": "check"}


def side(cast: Cast, *, ours: bool, public: bool, base: dict[str, Any]) -> dict[str, Any]:
    """A spending of the line, a voucher that was given, a check with its picture, and a bilan that
    the town has questioned."""
    line, programme, now = base["tfpb_line"], base["tfpb_programme"], timezone.now()
    town = cast.town if ours else cast.other_town
    bilan = Bilan.objects.create(programme=programme, state="questioned", moved_at=now)
    return {
        "spending": spent(line, starts_on=f"{programme.year}-01-01"),
        "voucher": Voucher.objects.create(
            line=line,
            asked_by=town,
            asked_at=now,
            note="La facture de mars",
            title="Facture",
            file=ContentFile(b"%PDF-1.7", "facture.pdf"),
            given_at=now,
        ),
        "check": FieldCheck.objects.create(
            line=line,
            on=now.date(),
            seen=True,
            organisation=town,
            file=ContentFile(b"jpeg", "a.jpg"),
            width=4,
            height=3,
            at=now,
        ),
        "word": BilanWord.objects.create(
            bilan=bilan, organisation=town, kind="question", text="Combien de passages ?", at=now
        ),
    }
