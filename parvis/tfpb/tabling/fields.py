"""What a table may carry: the fields of a programme, of a bilan and of a table of droit commun."""

from __future__ import annotations

from dataclasses import dataclass

PROGRAMME, BILAN, USUAL_MEANS = "programme", "bilan", "usual_means"

# How a value is written in a cell. "told": written out, never read, for it follows from others.
TEXT, EUROS, NUMBER, PERCENT, DAY, WHOLE, REF, TOLD = (
    "text", "euros", "number", "percent", "day", "whole", "ref", "told",
)  # fmt: skip
AXIS, NATURE, UNIT, DOMAIN, DONE = "axis", "nature", "unit", "domain", "done"


@dataclass(frozen=True)
class Field:
    """One field: its code, its words, how it is written."""

    code: str
    label: str
    kind: str
    longest: int = 0  # characters, for texts
    needed: bool = False  # a row without it is not understood


def _listed(*fields: Field) -> dict[str, Field]:
    return {one.code: one for one in fields}


_REF = Field("ref", "référence de la ligne", REF)
_AXIS = Field("axis", "axe", AXIS, needed=True)
_TITLE = Field("title", "action", TEXT, 200, needed=True)

COLUMNS: dict[str, dict[str, Field]] = {
    PROGRAMME: _listed(
        _REF,
        _AXIS,
        Field("nature", "nature de l’action", NATURE),
        _TITLE,
        Field("description", "descriptif", TEXT, 3000),
        Field("place", "localisation", TEXT, 200),
        Field("starts_on", "début", DAY),
        Field("ends_on", "fin", DAY),
        Field("quantity", "quantité", NUMBER),
        Field("unit", "unité", UNIT),
        Field("unit_cost", "coût unitaire", EUROS),
        Field("beyond", "part au-delà du droit commun", PERCENT),
        Field("spending", "dépense prévisionnelle", EUROS),
        Field("own_funding", "financement du bailleur", EUROS),
        Field("other_funding", "autre financement", EUROS),
        Field("other_funder", "autres financeurs", TEXT, 200),
        Field("valued", "dépense valorisée TFPB", EUROS),
        Field("rate", "taux de valorisation (calculé)", TOLD),
    ),
    BILAN: _listed(
        _REF,
        _AXIS,
        _TITLE,
        Field("planned", "dépense prévue (rappel)", TOLD),
        Field("planned_valued", "valorisation prévue (rappel)", TOLD),
        Field("spent", "dépense réalisée", EUROS),
        Field("spent_own", "financement du bailleur, réalisé", EUROS),
        Field("spent_other", "autre financement, réalisé", EUROS),
        Field("spent_valued", "dépense valorisée TFPB, réalisée", EUROS),
        Field("done_quantity", "quantité réalisée", NUMBER),
        Field("done_rate", "taux de valorisation réalisé (calculé)", TOLD),
        Field("done", "état de la ligne", DONE),
        Field("comment", "commentaire", TEXT, 2000),
        Field("indicators", "indicateurs", TEXT, 500),
    ),
    USUAL_MEANS: _listed(
        Field("domain", "domaine", DOMAIN, needed=True),
        Field("indicator", "indicateur", TEXT, 200, needed=True),
        Field("outside", "valeur hors QPV", NUMBER),
        Field("inside", "valeur en QPV", NUMBER),
        Field("outside_cost", "coût hors QPV (€/logement/an)", EUROS),
        Field("inside_cost", "coût en QPV (€/logement/an)", EUROS),
        Field("gap", "écart (calculé)", TOLD),
        Field("note", "remarque", TEXT, 300),
    ),
}
# What stands above the table, or is repeated on each row of a flat list. The first ones say which
# sheet this is; they are checked, never changed.
IDENTITY = _listed(
    Field("landlord", "organisme", TEXT, 160),
    Field("siren", "SIREN", TEXT, 20),
    Field("commune", "commune", TEXT, 200),
    Field("commune_code", "code INSEE", TEXT, 5),
    Field("quartier", "quartier", TEXT, 200),
    Field("quartier_code", "code du quartier", TEXT, 20),
    Field("year", "année", WHOLE),
)
HEAD = IDENTITY | _listed(
    Field("dwellings", "logements abattus", WHOLE),
    Field("forecast", "abattement prévisionnel", EUROS),
    Field("real", "abattement réel (rappel)", TOLD),
)
# What of the head a table may change in its programme.
WRITTEN_HEAD = ("dwellings", "forecast")
# Amounts that are nothing rather than unknown when their cell is blank.
ZERO_WHEN_BLANK = frozenset(
    ("spending", "own_funding", "other_funding", "valued")
    + ("spent", "spent_own", "spent_other", "spent_valued")
)
LABELS = {PROGRAMME: "programme", BILAN: "bilan", USUAL_MEANS: "tableau de droit commun"}


def field_of(document: str, code: str) -> Field | None:
    """That field of a document, of its rows or of its head."""
    return COLUMNS[document].get(code) or HEAD.get(code)
