"""Pages of the part `bilan`, for the walk over every template."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.actions import acts as actions
from parvis.tfpb import bilan_acts, spending_acts, voucher_acts
from parvis.tfpb.field_check_acts import check_line
from tests.actions.scene import fiche
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet, press
from tests.tfpb.bilan_scene import picture, running, sent_bilan, written
from tests.tfpb.scene import spent

HEAD = ("tfpb/_bilan_head.html", "tfpb/_tabs.html")


def read_an_extract(page: Any) -> None:
    """Arrive by giving accounts of which one cell is not understood."""
    year = timezone.localdate().year
    rows = f"Ligne;Période;Montant\n1;T1 {year};1 200,50 €\n2;T1 {year};beaucoup\n"
    page.get_by_label("Extrait comptable").set_input_files(
        {"name": "extrait.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    press("Lire ce fichier")(page)


P, L = "/tfpb/programmes/{spent_programme}", "/tfpb/lignes/{spent_line}"
SHEETS: list[Sheet] = [
    Sheet("tfpb/spending.html", f"{P}/depenses/", "luc", pieces=HEAD),
    Sheet("tfpb/bilan_form.html", f"{P}/depenses/nouvelle/", "luc"),
    Sheet("tfpb/bilan_form.html", f"{P}/virement/", "luc"),
    Sheet("tfpb/spending_import.html", f"{P}/depenses/importer/", "luc", arrive=read_an_extract),
    Sheet("tfpb/field_checks.html", f"{P}/sur-place/", "luc"),
    Sheet("tfpb/field_check.html", f"{L}/sur-place/", "luc"),
    Sheet("tfpb/line_followup.html", f"{L}/suivi/", COORDINATION),
    Sheet("tfpb/bilan.html", f"{P}/bilan/", "luc"),
    Sheet("tfpb/bilan_form.html", f"{L}/bilan/", "luc"),
    Sheet("tfpb/bilan.html", "/tfpb/programmes/{contested}/bilan/", COORDINATION),
    Sheet("tfpb/bilan.html", "/tfpb/programmes/{told_programme}/bilan/"),
    Sheet("tfpb/quartier_abatement.html", "/quartiers/{rives}/abattement/"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A programme under way with its spending, a bilan that is contested, one that is published
    with pictures."""
    luc, karim, claire = (cast.actor(one) for one in (cast.luc, cast.karim, cast.claire))
    programme, waste, staff = running(cast, year=timezone.localdate().year)
    spent(waste, "10000.00", valued="7500.00", note="Deux passages par semaine")
    spending_acts.transfer(
        programme, actor=luc, source=staff, target=waste, amount=staff.valued / 10, reason="Vacance"
    )
    voucher_acts.ask_voucher(waste, actor=karim, note="La facture de mars")
    check_line(waste, actor=karim, seen=False, note="Trois canapés.", upload=picture())
    written(cast, programme)
    contested, _, _ = sent_bilan(cast, year=programme.year - 2, convention=None)
    bilan_acts.advance_bilan(contested, "contest", actor=karim, reason="Il manque des passages.")
    told, line, _ = sent_bilan(cast, year=programme.year - 1, convention=None)
    line.action = fiche(cast)
    line.save(update_fields=["action"])
    actions.publish_action(line.action, actor=claire, shown=True)
    for moment in ("before", "after"):
        actions.give_picture(line.action, moment=moment, caption="Les sacs", upload=picture())
    for step in ("accept", "publish"):
        bilan_acts.advance_bilan(told, step, actor=claire)
    return {
        "spent_programme": programme.pk,
        "spent_line": waste.pk,
        "contested": contested.pk,
        "told_programme": told.pk,
    }
