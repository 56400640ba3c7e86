"""Which sheet of a workbook, read by which model, is the table of a programme."""

from __future__ import annotations

from parvis.places.importing.outcome import FileRefused
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.tabling.grids import Grid, fold
from parvis.tfpb.tabling.headings import Headings, find_headings
from parvis.tfpb.tabling.mapping import Mapping
from parvis.tfpb.tabling.planning import Plan, plan_of
from parvis.tfpb.tabling.reading import read_grid


def plan_from(
    grids: list[Grid], models: list[Mapping], document: str, programme: Programme
) -> Plan:
    """What this workbook would change; FileRefused when no sheet of it can be that table."""
    fitting = [found for grid in grids if (found := _best(grid, models))]
    if not fitting:
        raise FileRefused(_without_headings(grids, models))
    plans = [
        plan_of(document, programme, read_grid(grid, mapping, programme.year))
        for grid, mapping in fitting
    ]
    ours = [plan for plan in plans if not plan.blocked and (plan.changes or len(plans) == 1)]
    if not ours:
        ours = [plan for plan in plans if not plan.blocked] or plans[:1]
    if len(ours) > 1:
        names = ", ".join(f"« {plan.parsed.sheet} »" for plan in ours)
        raise FileRefused(
            f"Plusieurs feuilles peuvent être ce tableau : {names}. Gardez-en une, ou dites sur "
            "chacune de quel quartier elle est."
        )
    left = [grid.name for grid in grids if grid.name != ours[0].parsed.sheet]
    if left:
        words = ", ".join(f"« {name} »" for name in left)
        ours[0].parsed.remarks.append(f"Feuilles non lues : {words[:300]}.")
    return ours[0]


def _fit(headings: Headings, mapping: Mapping) -> int:
    """How many columns of the model are there; 0 when one that is needed is not."""
    return 0 if headings.missing(mapping) else len(headings.columns)


def _best(grid: Grid, models: list[Mapping]) -> tuple[Grid, Mapping] | None:
    """The model that knows most of this sheet: its columns, then its title block."""
    scored = []
    for place, mapping in enumerate(models):
        headings = find_headings(grid, mapping)
        if fit := _fit(headings, mapping):
            known = {fold(cell.label) for cell in mapping.head if cell.field}
            above = {
                fold(grid.text(row, column))
                for row in range(1, headings.row)
                for column in grid.filled(row)
            }
            scored.append((fit + len(known & above), -len(headings.unread), -place, mapping))
    return (grid, max(scored, key=lambda one: one[:3])[3]) if scored else None


def _without_headings(grids: list[Grid], models: list[Mapping]) -> str:
    """Which headings are missing, for the sheet and the model that are nearest."""
    nearest = max(
        ((find_headings(grid, one), one, grid) for grid in grids for one in models),
        key=lambda found: len(found[0].columns),
    )
    headings, mapping, grid = nearest
    if not headings.columns:
        return (
            "Aucune feuille ne porte les titres de colonnes attendus. Choisissez le modèle de ce "
            "tableau, ou décrivez-le dans « Modèles de tableaux »."
        )
    return (
        f"Feuille « {grid.name} », modèle « {mapping.name} » : il manque la colonne "
        f"{', '.join(headings.missing(mapping))}. Titres lus à la ligne {headings.row}."
    )


def model_named(models: list[Mapping], code: str) -> list[Mapping]:
    """That model alone; all of them for no name or one that is unknown."""
    return [one for one in models if one.code == code] or models
