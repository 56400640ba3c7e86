"""Who may open the pages of the circuit of a programme: rights are those of the programme."""

from __future__ import annotations

from parvis.partners.rights import PARTNERS, Door

_PROGRAMME = "tfpb.programme"
DOORS: dict[str, Door] = {
    "tfpb:circuit": Door(PARTNERS, _PROGRAMME, "follow"),
    "tfpb:version": Door(PARTNERS, _PROGRAMME, "follow"),
    "tfpb:compare": Door(PARTNERS, _PROGRAMME, "follow"),
    # What its landlord does, and what the coordination does.
    "tfpb:send_programme": Door(PARTNERS, _PROGRAMME, "edit"),
    "tfpb:take_back": Door(PARTNERS, _PROGRAMME, "edit"),
    "tfpb:advance_programme": Door(PARTNERS, _PROGRAMME, "steer"),
    "tfpb:opine": Door(PARTNERS, _PROGRAMME, "opine"),
    "tfpb:remark": Door(PARTNERS, _PROGRAMME, "remark"),
    "tfpb:consult": Door(PARTNERS, _PROGRAMME, "remark"),
    "tfpb:consultation": Door(PARTNERS, _PROGRAMME, "remark"),
    "tfpb:chase": Door(PARTNERS, _PROGRAMME, "remark"),
    "tfpb:line_remarks": Door(PARTNERS, "tfpb.line", "follow"),
    "tfpb:remark_line": Door(PARTNERS, "tfpb.line", "remark"),
    "tfpb:batch": Door(PARTNERS, roles=("coordination",)),
    "tfpb:blocking": Door(PARTNERS),
}
