"""Who may do what in this room: each part has its file."""

from __future__ import annotations

from parvis.partners.rights import Door
from parvis.tfpb import (
    bilan_access,
    circuit_access,
    convention_access,
    overview_access,
    programme_access,
    stock_access,
    table_access,
)
from parvis.tfpb.bilan_access import FIELD_CHECK, VOUCHER
from parvis.tfpb.convention_access import CONVENTION, PAPER
from parvis.tfpb.programme_access import LINE, PROGRAMME, SPLIT_PART, USUAL_MEANS
from parvis.tfpb.stock_access import DWELLINGS, RATE
from parvis.tfpb.table_access import TABLE_MODEL

__all__ = [
    "CONVENTION",
    "DOORS",
    "DWELLINGS",
    "FIELD_CHECK",
    "LINE",
    "PAPER",
    "PROGRAMME",
    "RATE",
    "SPLIT_PART",
    "TABLE_MODEL",
    "USUAL_MEANS",
    "VOUCHER",
]

DOORS: dict[str, Door] = {
    **stock_access.DOORS,
    **convention_access.DOORS,
    **programme_access.DOORS,
    **circuit_access.DOORS,
    **bilan_access.DOORS,
    **table_access.DOORS,
    **overview_access.DOORS,
}
