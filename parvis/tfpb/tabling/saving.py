"""Writing what a table says, once a person has read what it changes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Max, ProtectedError
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.tfpb.axes import exclusions
from parvis.tfpb.bilan_models import Bilan, LineReview, Spending
from parvis.tfpb.holding import held, refuse_sent
from parvis.tfpb.line_exclusions import kept_out, renewal_of
from parvis.tfpb.programme_acts import remove_line
from parvis.tfpb.programme_models import Line, Programme, UsualMeans
from parvis.tfpb.programme_things import PROGRAMME
from parvis.tfpb.spending_acts import check_spending, why_closed
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling.choosing import plan_from
from parvis.tfpb.tabling.entries import entry_of
from parvis.tfpb.tabling.grids import Grid
from parvis.tfpb.tabling.mapping import Mapping
from parvis.tfpb.tabling.planning import CHANGED, NEW, Plan
from parvis.tfpb.usual_acts import refuse_joined
from parvis.thread import acts as thread


class Overtaken(Exception):  # noqa: N818 - what happened
    """Something changed since the person read: here is what the file would change now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


def save_table(
    programme: Programme,
    grids: list[Grid],
    models: list[Mapping],
    *,
    document: str,
    digest: str,
    removing: bool,
    actor: Actor,
) -> Plan:
    """Write what was read under that digest, whole. Overtaken when it would change something else
    by now, Refused when the programme is not written any more; nothing is written then."""
    with transaction.atomic():
        mine = held(programme)
        refuse_closed(mine, document)
        plan = plan_from(grids, models, document, mine)
        if plan.digest != digest:
            raise Overtaken(plan)
        if document == f.PROGRAMME:
            _write_programme(mine, plan, removing=removing, actor=actor)
        elif document == f.BILAN:
            _write_bilan(mine, plan)
        else:
            _write_usual_means(mine, plan)
        thread.record(actor, PROGRAMME, mine.pk, "written", public=False)
    return plan


def refuse_closed(programme: Programme, document: str) -> None:
    """Refused when that document of the programme is not written now."""
    if document != f.BILAN:
        refuse_sent(programme)
        return
    bilan = Bilan.objects.filter(programme=programme).first()
    if why := why_closed(programme, bilan):
        raise Refused(f"{why} Rien n’a été enregistré.")


def _write_programme(programme: Programme, plan: Plan, *, removing: bool, actor: Actor) -> None:
    if plan.head:
        after = {code: now for code, (_, now) in plan.head.items()}
        if "forecast" in after:
            after |= {"forecast_on": timezone.localdate(), "forecast_source": "tableau importé"}
        Programme.objects.filter(pk=programme.pk).update(version=F("version") + 1, **after)
    last = programme.lines.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    new = [Line(programme=programme, **one.values) for one in plan.of_kind(NEW)]
    for place, line in enumerate(new, position):
        line.position = place
    Line.objects.bulk_create(new)
    for one in plan.of_kind(CHANGED):
        Line.objects.filter(pk=one.pk).update(version=F("version") + 1, **one.differing())
    if removing and plan.removable:
        gone = programme.lines.filter(pk__in=[pk for pk, _ in plan.removable])
        try:
            for line in gone.order_by("pk"):
                remove_line(line, actor=actor)
        except (ProtectedError, Refused):
            raise Refused(
                "Une ligne absente du fichier porte des dépenses ou un virement : elle ne peut "
                "pas être retirée. Rien n’a été enregistré."
            ) from None
    _refuse_excluded(programme)


def _refuse_excluded(programme: Programme) -> None:
    """Refused when a line stands on an axis that a rule keeps out of this place."""
    renewal = renewal_of(programme)
    for line in programme.lines.filter(axis__in=[one.axis for one in exclusions(programme.year)]):
        found = kept_out(line, renewal)
        if found is not None and found[1]:
            raise Refused(
                f"« {line.title} » : {found[0].label} ({found[0].reference}). "
                "Rien n’a été enregistré."
            )


def _write_bilan(programme: Programme, plan: Plan) -> None:
    """What was spent beyond what is known becomes one entry of the year for each line."""
    lines = {line.pk: line for line in programme.lines.all()}
    spendings: list[Spending] = []
    reviews: list[tuple[int, dict[str, Any]]] = []
    for one in plan.of_kind(CHANGED):
        if entry := entry_of(lines[one.pk], one.before, one.values):
            check_spending(programme, entry)
            spendings.append(entry)
        words: dict[str, Any] = {
            code: one.values[code]
            for code in ("done", "comment", "indicators")
            if code in one.values
        }
        if any(words.values()):
            reviews.append((one.pk, words))
    Spending.objects.bulk_create(spendings)
    for pk, words in reviews:
        LineReview.objects.update_or_create(line_id=pk, defaults=words)


def _write_usual_means(programme: Programme, plan: Plan) -> None:
    UsualMeans.objects.bulk_create(
        UsualMeans(landlord_id=programme.landlord_id, year=programme.year, **one.values)
        for one in plan.of_kind(NEW)
    )
    refuse_joined(one.pk for one in plan.of_kind(CHANGED))
    for one in plan.of_kind(CHANGED):
        UsualMeans.objects.filter(pk=one.pk).update(**one.differing())


def refusal(programme: Programme, document: str) -> str:
    """Why that document is not written now, in words; "" when it is."""
    try:
        refuse_closed(programme, document)
    except Refused as refused:
        return str(refused.messages[0])
    return ""
