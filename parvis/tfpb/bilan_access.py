"""Who may see vouchers and pictures taken in the field. Spending and bilans are read on their
programme, under its rights."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, PARTNERS, Door, Policy, Row
from parvis.tfpb import scopes
from parvis.tfpb.scopes import BAILLEUR, PARTIES, ROLES, WRITERS

_PATH = "line__programme__"


def ours(actor: Actor) -> Q:
    return scopes.of_landlord(actor, _PATH)


def sent(actor: Actor) -> Q:
    return scopes.sent_in_perimeter(actor, _PATH)


def published(actor: Actor) -> Q:
    return scopes.published(actor, _PATH)


VOUCHER = Policy(
    "tfpb.voucher",
    "justificatif de dépense",
    scopes={"of my organisation": ours, "sent, in my perimeter": sent},
    rows=(
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "sent, in my perimeter", PARTIES) for role in ROLES),
        *(Row(role, ("give",), "of my organisation", BAILLEUR) for role in WRITERS),
    ),
)
FIELD_CHECK = Policy(
    "tfpb.fieldcheck",
    "constat sur place",
    scopes={
        "of my organisation": ours,
        "sent, in my perimeter": sent,
        "published": published,
    },
    rows=(
        Row(ANYONE, ("see",), "published"),
        *(Row(role, ("see",), "of my organisation") for role in ROLES),
        *(Row(role, ("see",), "sent, in my perimeter", PARTIES) for role in ROLES),
    ),
)

_PROGRAMME, _LINE, _VOUCHER = "tfpb.programme", "tfpb.line", "tfpb.voucher"
DOORS: dict[str, Door] = {
    "tfpb:spending": Door(PARTNERS, _PROGRAMME, "track"),
    "tfpb:new_spending": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:edit_spending": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:remove_spending": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:import_spending": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:transfer": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:line_followup": Door(PARTNERS, _LINE, "follow"),
    "tfpb:ask_voucher": Door(PARTNERS, _LINE, "judge"),
    "tfpb:give_voucher": Door(PARTNERS, _VOUCHER, "give"),
    "tfpb:voucher": Door(PARTNERS, _VOUCHER),
    "tfpb:checks": Door(PARTNERS, _PROGRAMME, "track"),
    "tfpb:check": Door(PARTNERS, _LINE, "check"),
    "tfpb:check_picture": Door(EVERYONE, "tfpb.fieldcheck"),
    "tfpb:bilan": Door(EVERYONE, _PROGRAMME),
    "tfpb:write_bilan": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:review_line": Door(PARTNERS, _LINE, "spend"),
    "tfpb:send_bilan": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:judge_bilan": Door(PARTNERS, _PROGRAMME, "judge"),
    "tfpb:settle_bilan": Door(PARTNERS, _PROGRAMME, "steer"),
    "tfpb:answer_bilan": Door(PARTNERS, _PROGRAMME, "spend"),
    "tfpb:justification": Door(PARTNERS, "tfpb.convention"),
    "tfpb:quartier_abatement": Door(EVERYONE),
}
