"""Rates of the communes: read from a file, corrected by hand, each with where it comes from."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.places.importing import columns
from parvis.places.importing.outcome import Fault, FileRefused, Outcome, RowRefused
from parvis.places.importing.reading import read_with_tables
from parvis.places.importing.writing import Progress, followed, no_progress
from parvis.places.models import Commune
from parvis.tfpb.axes import DATA
from parvis.tfpb.stock_models import CommuneRate, percent_in_words
from parvis.ui.words import counted

COLUMNS = DATA / "columns.toml"
Rates = dict[tuple[int, int], CommuneRate]


def rates_of(pairs: set[tuple[int, int]]) -> Rates:
    """The known rates of these (commune, tax year), by the same pair; one query."""
    communes, years = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    rows = CommuneRate.objects.filter(commune_id__in=communes, tax_year__in=years)
    return {(one.commune_id, one.tax_year): one for one in rows}


@transaction.atomic
def write_rate(
    actor: Actor, commune: Commune, tax_year: int, *, percent: Decimal, source: str
) -> CommuneRate:
    """Write or correct the rate of a commune; refused outside the actor's communes.

    The estimates made with another rate stay as they are until somebody makes them again.
    """
    rate, _ = CommuneRate.objects.select_for_update().get_or_create(
        commune=commune, tax_year=tax_year, defaults={"percent": percent, "source": source}
    )
    rate.percent, rate.source = percent, source
    rate.full_clean()
    rate.save(update_fields=["percent", "source"])
    if not CommuneRate.objects.allowed(actor, "edit").filter(pk=rate.pk).exists():
        raise Refused("Cette commune sort de votre périmètre.")
    return rate


def import_rates(
    path: Path,
    *,
    tax_year: int,
    source: str = "",
    dry_run: bool = False,
    encoding: str = "",
    layer: str = "",
    progress: Progress = no_progress,
) -> Outcome:
    """Rates of a tax year from a table (csv, xlsx, ods) with an INSEE code and a rate in per cent.

    An empty rate is unknown: it is left out, and never zero. Communes that Parvis does not know
    are counted and left out. FileRefused when the file cannot be used.
    """
    sheet, where = read_with_tables(
        path, lambda present: _find(present, tax_year), encoding=encoding, layer=layer
    )
    outcome = Outcome(remarks=sheet.remarks, dry_run=dry_run)
    communes = {one.code: one for one in Commune.objects.defer("outline")}
    wanted: dict[str, Decimal] = {}
    unknown = empty = 0
    for row in followed(sheet.rows, progress):
        code = ""
        try:
            if row.fault:
                raise RowRefused(row.fault)
            code = columns.commune_code(columns.text(row.values, where["code"], 20))
            percent = percent_of(columns.text(row.values, where["percent"], 20))
            if code in wanted:
                raise RowRefused("cette commune est déjà plus haut dans le fichier")
        except RowRefused as refused:
            outcome.faults.append(Fault(row.number, code, str(refused)))
            continue
        if percent is None:
            empty += 1
        elif code not in communes:
            unknown += 1
        else:
            wanted[code] = percent
    if unknown:
        left = counted(unknown, "commune du fichier n’est pas", "communes du fichier ne sont pas")
        outcome.notes.append(f"{left} dans Parvis : laissées de côté.")
    if empty:
        outcome.notes.append(f"{counted(empty, 'commune', 'communes')} sans taux dans le fichier.")
    with transaction.atomic():
        _save(wanted, communes, tax_year, source or f"Fichier {path.name}"[:200], outcome)
        transaction.set_rollback(dry_run)
    return outcome


def _find(present: list[str], tax_year: int) -> dict[str, str]:
    """The columns of the file, the year asked for written N in their names."""
    named = {name.replace(str(tax_year), "N"): name for name in present}
    found = columns.find_columns("rate", named, COLUMNS)
    for wanted, words in (("code", "le code INSEE"), ("percent", f"le taux de {tax_year}")):
        if wanted not in found:
            known = columns.known_names("rate", wanted, COLUMNS).replace("N", str(tax_year))
            raise FileRefused(
                f"Aucune colonne ne donne {words}. Noms reconnus : {known}. "
                f"Colonnes du fichier : {', '.join(present)[:300]}."
            )
    return {wanted: named[name] for wanted, name in found.items()}


def percent_of(words: str) -> Decimal | None:
    """A rate written « 49,94 », « 49.94 % »; None when nothing is written."""
    digits = re.sub(r"[\s%]", "", words).replace(",", ".")
    if not digits:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", digits):
        raise RowRefused(f"« {words} » n’est pas un taux (exemple : 49,94)")
    percent = Decimal(digits)
    if percent > 200 or percent != percent.quantize(Decimal("0.001")):
        raise RowRefused(f"« {words} » : un taux va de 0 à 200 %, trois décimales au plus")
    return percent


def _save(
    wanted: dict[str, Decimal],
    communes: dict[str, Commune],
    tax_year: int,
    source: str,
    outcome: Outcome,
) -> None:
    present: dict[str, Any] = {
        rate.commune.code: rate
        for rate in CommuneRate.objects.filter(tax_year=tax_year).select_related("commune")
    }
    new, changed = [], []
    for code, percent in wanted.items():
        rate = present.get(code)
        if rate is None:
            made = CommuneRate(
                commune=communes[code], tax_year=tax_year, percent=percent, source=source
            )
            new.append(made)
        elif rate.percent != percent:
            # What somebody corrected is told, not lost in silence.
            outcome.remarks.append(
                f"{code} {rate.commune.name} : {percent_in_words(percent)} remplace "
                f"{percent_in_words(rate.percent)} (source : {rate.source})"
            )
            rate.percent, rate.source = percent, source
            changed.append(rate)
    CommuneRate.objects.bulk_create(new, batch_size=500)
    CommuneRate.objects.bulk_update(changed, ["percent", "source"], batch_size=200)
    outcome.created, outcome.changed = len(new), len(changed)
    outcome.unchanged = len(wanted) - len(new) - len(changed)
