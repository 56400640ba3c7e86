"""Addresses of spending, vouchers, field checks and bilans."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.tfpb import bilan_public, bilan_views, field_check_views, justification_views
from parvis.tfpb import spending_views as spending
from parvis.tfpb import voucher_views as vouchers

_P, _L = "tfpb/programmes/<int:pk>", "tfpb/lignes/<int:pk>"
urlpatterns: list[URLPattern] = [
    path(f"{_P}/depenses/", spending.spending, name="spending"),
    path(f"{_P}/depenses/nouvelle/", spending.new_spending, name="new_spending"),
    path(f"{_P}/depenses/<int:part>/", spending.edit_spending, name="edit_spending"),
    path(f"{_P}/depenses/<int:part>/retirer/", spending.remove_spending, name="remove_spending"),
    path(f"{_P}/depenses/importer/", spending.import_spending, name="import_spending"),
    path(f"{_P}/virement/", spending.transfer, name="transfer"),
    path(f"{_L}/suivi/", field_check_views.line_followup, name="line_followup"),
    path(f"{_L}/justificatif/", vouchers.ask_voucher, name="ask_voucher"),
    path("tfpb/justificatifs/<int:pk>/donner/", vouchers.give_voucher, name="give_voucher"),
    path("tfpb/justificatifs/<int:pk>/", vouchers.voucher, name="voucher"),
    path(f"{_P}/sur-place/", field_check_views.checks, name="checks"),
    path(f"{_L}/sur-place/", field_check_views.check, name="check"),
    path("tfpb/constats/<int:pk>/photo/", field_check_views.check_picture, name="check_picture"),
    path(f"{_P}/bilan/", bilan_views.bilan, name="bilan"),
    path(f"{_P}/bilan/ecrire/", bilan_views.write_bilan, name="write_bilan"),
    path(f"{_L}/bilan/", bilan_views.review_line, name="review_line"),
    path(f"{_P}/bilan/transmettre/", bilan_views.send_bilan, name="send_bilan"),
    path(f"{_P}/bilan/dire/<str:code>/", bilan_views.judge_bilan, name="judge_bilan"),
    path(f"{_P}/bilan/passer/<str:code>/", bilan_views.settle_bilan, name="settle_bilan"),
    path(f"{_P}/bilan/repondre/<int:part>/", bilan_views.answer_bilan, name="answer_bilan"),
    path(
        "tfpb/conventions/<int:pk>/justification/<int:year>/",
        justification_views.justification,
        name="justification",
    ),
    path(
        "quartiers/<str:code>/abattement/",
        bilan_public.quartier_abatement,
        name="quartier_abatement",
    ),
]
