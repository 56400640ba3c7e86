"""The yearly justification file of a convention, for those who signed the contrat de ville: its
bilans on paper, its lines and its vouchers as tables, in one zip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone

from parvis.documents import xlsx
from parvis.documents.pdf import make_pdf
from parvis.documents.tables import safe_name
from parvis.partners.actors import Actor
from parvis.tfpb.axes import axis_of, units
from parvis.tfpb.bilan_content import Content, contents_of, read_content
from parvis.tfpb.bilan_models import Bilan, Voucher
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.dialogue_models import SentVersion
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.voucher_acts import CONTROLLED
from parvis.ui.words import NBSP, day_in_words, euros_in_words

LARGE = 12  # programmes: more are made in a process of their own
IN_MEMORY = 4 * 1024 * 1024  # bytes; beyond, the zip goes to a file of its own
LINES = (
    *("Commune", "Quartier", "Code du quartier", "Numéro", "Axe", "Action", "Dépense prévue"),
    *("Prévu après virements", "Financement bailleur prévu", "Autre financement prévu"),
    *("Valorisé prévu", "Dépense réalisée", "Financement bailleur réalisé"),
    *("Autre financement réalisé", "Valorisé réalisé", "Taux de valorisation (%)"),
    *("Quantité prévue", "Quantité réalisée", "Unité", "État", "Commentaire", "Indicateurs"),
    "Bilan",
)
VOUCHERS = (
    *("Commune", "Quartier", "Ligne", "Ce qui est demandé", "Demandé par", "Demandé le", "Pièce"),
    "Donnée le",
)


@dataclass(frozen=True)
class Sheet:
    """A programme and its bilan, as this actor may read it."""

    programme: Programme
    content: Content | None
    state: str  # "transmis (version 2)", "en cours d’écriture", "pas encore transmis"


def sheets_of(actor: Actor, convention: Convention, year: int) -> list[Sheet]:
    """The programmes of that year whose money is, or was, spent, that this actor sees, each with
    its bilan as it was sent last. Its landlord has it live until then. A fixed number of queries.
    """
    rows = Programme.objects.visible_to(actor).filter(
        convention=convention, year=year, state__in=CONTROLLED
    )
    programmes = list(
        rows.select_related("landlord", "commune", "quartier").order_by(
            "commune__name", "quartier__name", "pk"
        )
    )
    sent: dict[int, SentVersion] = {}
    versions = SentVersion.objects.filter(programme__in=programmes, of=SentVersion.Of.BILAN)
    for version in versions.order_by("number"):
        sent[version.programme_id] = version
    own = set(
        Programme.objects.allowed(actor, "spend")
        .filter(pk__in=[one.pk for one in programmes])
        .values_list("pk", flat=True)
    )
    live = [one for one in programmes if one.pk in own and one.pk not in sent]
    bilans = {one.programme_id: one for one in Bilan.objects.filter(programme__in=live)}
    written = contents_of(live, bilans)
    found = []
    for one in programmes:
        if one.pk in sent:
            version = sent[one.pk]
            state = f"transmis le {day_in_words(version.sent_at)} (version {version.number})"
            found.append(Sheet(one, read_content(version.content), state))
        elif one.pk in written:
            found.append(Sheet(one, read_content(written[one.pk]), "en cours d’écriture"))
        else:
            found.append(Sheet(one, None, "pas encore transmis"))
    return found


def justification_file(actor: Actor, convention: Convention, year: int) -> IO[bytes]:
    """The zip, ready to be read: bilans.pdf, lignes.xlsx, justificatifs.xlsx."""
    sheets = sheets_of(actor, convention, year)
    file: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(safe_name(f"bilans-{year}", "pdf"), _paper(convention, year, sheets))
        for name, header, rows in (
            (f"lignes-{year}", LINES, _lines(sheets)),
            (f"justificatifs-{year}", VOUCHERS, _vouchers(actor, sheets)),
        ):
            table = BytesIO()
            xlsx.write(table, header, rows)
            archive.writestr(safe_name(name, "xlsx"), table.getvalue())
    file.seek(0)
    return file  # type: ignore[no-any-return]


def _lines(sheets: list[Sheet]) -> Iterator[list[Any]]:
    for sheet in sheets:
        place = [
            sheet.programme.commune.name,
            sheet.programme.quartier.name,
            sheet.programme.quartier.code,
        ]
        for line in sheet.content.lines if sheet.content else ():
            sums = line.sums
            yield [
                *place,
                *(line.number, axis_of(line.axis).label, line.title, sums.spending, line.planned),
                *(sums.own_funding, sums.other_funding, sums.valued),
                *(sums.spent, sums.spent_own, sums.spent_other, sums.spent_valued, sums.done_rate),
                *(_figure(line.quantity), _figure(line.quantity_done)),
                *(units().get(line.unit, line.unit), line.done_label, line.comment),
                *(line.indicators, sheet.state),
            ]


def _figure(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _vouchers(actor: Actor, sheets: list[Sheet]) -> Iterator[list[Any]]:
    rows = Voucher.objects.visible_to(actor).filter(
        line__programme__in=[sheet.programme.pk for sheet in sheets]
    )
    for one in rows.select_related(
        "asked_by", "line__programme__commune", "line__programme__quartier"
    ).order_by("line__programme", "asked_at", "pk"):
        programme = one.line.programme
        yield [
            *(programme.commune.name, programme.quartier.name, one.line.title, one.note),
            *(one.asked_by.name, one.asked_at, one.title, one.given_at),
        ]


def _paper(convention: Convention, year: int, sheets: list[Sheet]) -> bytes:
    title = f"Abattement de TFPB, justification {year}"
    data = {
        "subtitle": "Abattement de taxe foncière sur les propriétés bâties · "
        f"{convention.agreement.title} · {convention.landlord.name}",
        "made_on": day_in_words(timezone.localdate()),
        "sheets": [_sheet(sheet) for sheet in sheets],
    }
    return make_pdf("tfpb/bilan", data, title=title, large=len(sheets) > LARGE)


def _sheet(sheet: Sheet) -> dict[str, Any]:
    """A bilan as plain words for paper."""
    programme, content = sheet.programme, sheet.content
    words: dict[str, Any] = {
        "place": f"{programme.quartier.name}, {programme.commune.name}",
        "state": sheet.state,
        "figures": [],
        "texts": [],
        "lines": [],
        "total": [],
    }
    if content is None:
        return words
    against, sums = content.against, content.sums
    kind = f"réel, {content.real_source}" if content.real is not None else "prévision"
    per_dwelling = _euros(against.per_dwelling)
    if per_dwelling and content.dwellings:
        per_dwelling += f" (sur {content.dwellings} logements abattus)"
    return words | {
        "figures": [
            [f"Abattement ({kind})", _euros(against.abatement)],
            ["Dépense prévue", _euros(sums.spending)],
            ["Dépense réalisée", _euros(sums.spent)],
            ["Dont valorisée au titre de l’abattement", _euros(sums.spent_valued)],
            ["Effet levier (dépense / valorisé)", _ratio(sums.leverage, "")],
            ["Taux de couverture (abattement / dépense)", _ratio(against.coverage)],
            ["Taux d’utilisation (valorisé / abattement)", _ratio(against.utilisation)],
            ["Dépense par logement", per_dwelling],
        ],
        "texts": [list(pair) for pair in content.said],
        "lines": [
            [
                f"{line.number}. {line.title}",
                line.done_label,
                *(_euros(line.sums.spending), _euros(line.sums.spent)),
                _euros(line.sums.spent_valued),
                " ".join(text for text in (line.comment, line.indicators) if text),
            ]
            for line in content.lines
        ],
        "total": [_euros(sums.spending), _euros(sums.spent), _euros(sums.spent_valued)],
    }


def _euros(amount: Decimal | None) -> str:
    return "" if amount is None else euros_in_words(amount)


def _ratio(value: Decimal | None, sign: str = f"{NBSP}%") -> str:
    return "" if value is None else f"{value}{sign}".replace(".", ",")
