"""Pages of the circuit of programmes, for the walk over every template."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.tfpb.circuit_acts import advance_programme
from parvis.tfpb.circuit_dialogue import give_opinion, make_remark, tell_consultation
from parvis.tfpb.models import Line, Programme, UsualMeans
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet, press
from tests.tfpb.circuit_scene import a_decision, a_draft, standing
from tests.tfpb.scene import a_convention, a_line, an_officer, this_year


def move_them(page: Any) -> None:
    """Arrive by moving the sheets on the decision of the COTECH."""
    page.get_by_label("Décision enregistrée").select_option(index=1)
    press("Arbitrer")(page)


_ONE = "/tfpb/programmes/{circuit}"
SHEETS: list[Sheet] = [
    Sheet("tfpb/circuit.html", f"{_ONE}/avis/", COORDINATION, pieces=("tfpb/_tabs.html",)),
    Sheet("tfpb/circuit.html", "/tfpb/programmes/{circuit_draft}/avis/", "luc"),
    Sheet("tfpb/programme_completed.html", "/tfpb/programmes/{circuit_back}/", "karim"),
    Sheet("tfpb/circuit_step.html", "/tfpb/programmes/{circuit_draft}/transmettre/", "luc"),
    Sheet("tfpb/circuit_step.html", f"{_ONE}/passer/ask/", COORDINATION),
    Sheet("tfpb/circuit_form.html", f"{_ONE}/consultations/", "karim"),
    Sheet("tfpb/circuit_line.html", "/tfpb/lignes/{circuit_line}/remarques/", "karim"),
    Sheet("tfpb/circuit_version.html", f"{_ONE}/versions/2/", "karim"),
    Sheet(
        "tfpb/circuit_compare.html",
        f"{_ONE}/comparer/?de=1&a=2",
        "karim",
        pieces=("tfpb/_changes.html",),
    ),
    Sheet("tfpb/blocking.html", "/tfpb/blocages/", COORDINATION),
    Sheet("tfpb/batch.html", "/tfpb/lots/?etape=arbitrate", COORDINATION),
    Sheet("tfpb/batch.html", "/tfpb/lots/?etape=arbitrate", COORDINATION, arrive=move_them),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A programme that was sent twice and on which everybody speaks; a draft; some on their way.
    Years of their own: other parts have sheets of the same place."""
    luc, claire, karim = (cast.actor(one) for one in (cast.luc, cast.claire, cast.karim))
    an_officer(cast)
    convention, today, year = a_convention(cast), timezone.localdate(), this_year() - 6
    UsualMeans.objects.create(
        landlord=cast.landlord,
        year=year,
        domain="dechets",
        indicator="Passages par mois",
        outside=Decimal(2),
        inside=Decimal(4),
        outside_cost=Decimal("12.00"),
        inside_cost=Decimal("19.50"),
    )
    programme = a_draft(cast, convention=convention, year=year, lines=3)
    advance_programme(programme, "send", actor=luc)
    make_remark(programme, actor=karim, text="Quels jours les encombrants sont-ils pris ?")
    give_opinion(programme, actor=karim, number=1, verdict="change", text="Il manque les épaves.")
    reason = "Précisez les lieux, et ajoutez les épaves."
    advance_programme(programme, "ask", actor=claire, reason=reason)
    first, second, third = programme.lines.all()
    Line.objects.filter(pk=first.pk).update(valued=Decimal("8500.00"), place="Tour A, tour B")
    second.delete()
    cost = Decimal("4200.00")
    amounts = {"spending": cost, "own_funding": cost, "valued": cost}
    a_line(programme, title="Enlèvement des épaves", **amounts, other_funding=0, other_funder="")
    advance_programme(
        programme, "send", actor=luc, due_on=today + timedelta(days=21), reason="Épaves ajoutées."
    )
    give_opinion(programme, actor=karim, number=2, verdict="for")
    make_remark(programme, actor=luc, text="Le mardi et le vendredi.", line=third)
    tell_consultation(
        programme,
        actor=luc,
        body="tenants",
        name="Amicale des Tilleuls",
        held_on=today,
        present="CNL, 12 locataires",
        asked="Des bacs plus grands et un passage de plus le samedi.",
        kept="Le passage du samedi, de juin à septembre.",
    )
    draft = a_draft(cast, convention=convention, year=year - 1, lines=0)
    Programme.objects.filter(pk=draft.pk).update(without_usual_means="")
    for number, state in enumerate(("analysed", "analysed", "arbitrated", "to_complete")):
        one = standing(a_draft(cast, convention=convention, year=year - 2 - number), state)
        days = timedelta(days=number * 9)
        Programme.objects.filter(pk=one.pk).update(
            moved_at=timezone.now() - days, due_on=today - timedelta(days=3)
        )
    a_decision(cast)
    back = advance_programme(a_draft(cast, convention=convention, year=year - 6), "send", actor=luc)
    advance_programme(back, "ask", actor=claire, reason=reason)
    return {
        "circuit": programme.pk,
        "circuit_draft": draft.pk,
        "circuit_back": back.pk,
        "circuit_line": third.pk,
    }
