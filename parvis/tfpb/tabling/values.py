"""The values of cells as people write them: « 1 234,50 € », « 30% », « AXE 3 – sur-entretien ».

Each reader raises NotUnderstood with a reason for people; none guesses.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from parvis.documents.values import plain
from parvis.tfpb.axes import Axis, axes_of, units, usual_domains
from parvis.tfpb.bilan_models import LineReview
from parvis.tfpb.money import CENT, HUNDRED
from parvis.tfpb.programme_models import Line
from parvis.tfpb.tabling.grids import fold, text_of
from parvis.tfpb.tabling.mapping import Mapping, spellings
from parvis.ui.words import MONTH_NAMES

NOTHING = ("-", "–", "—", "néant", "neant", "/", "so", "s.o.", "sans objet", "n/a", "na")
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#DIV/0!", "#NUM!", "#NULL!")
LARGEST = Decimal(10) ** 10
_NOISE = Decimal("0.000001")  # what computing in a spreadsheet adds to a number
_MONTHS = {fold(name): number for number, name in enumerate(MONTH_NAMES, 1)}
_AXIS = re.compile(
    r"\s*(?:axe|th[eè]me)?\s*(?:n[°ºo]?\s*)?(\d{1,2})(?!\d)\s*[-–—:.)/,]*\s*(.*)", re.S
)


class NotUnderstood(ValueError):  # noqa: N818 - what happened
    """A cell that does not say what it should; the message says why."""


def said(value: Any, most: int = 40) -> str:
    """A value as it is quoted in a message."""
    text = " ".join(text_of(value).split())
    return f"« {text if len(text) <= most else text[: most - 1] + '…'} »"


def text(value: Any, longest: int) -> str:
    """A text of at most that many characters."""
    words = plain(value if isinstance(value, str) else text_of(value)).strip()
    _refuse_error(words)
    if len(words) > longest:
        raise NotUnderstood(f"texte trop long : {len(words)} caractères, {longest} au plus")
    return words


def _refuse_error(words: str) -> None:
    if words.upper() in ERRORS:
        raise NotUnderstood(f"{words} : le calcul de cette cellule a échoué")


def number(value: Any) -> tuple[Decimal | None, bool]:
    """A number to the cent, and whether it was rounded (half up); None when the cell is blank."""
    if isinstance(value, bool):
        raise NotUnderstood("vrai ou faux au lieu d’un nombre")
    if isinstance(value, int | float | Decimal):
        found = Decimal(str(value))  # a workbook holds its numbers as text or as binary
        if not found.is_finite():
            raise NotUnderstood("nombre impossible")
        rounded = found.quantize(CENT, ROUND_HALF_UP) if abs(found) < LARGEST else found
        return _sized(rounded, value), abs(rounded - found) > _NOISE
    words = text_of(value)
    _refuse_error(words)
    if not words or words.casefold() in NOTHING:
        return None, False
    digits = re.sub(r"[\s'’]|euros?\b|eur\b|€", "", words, flags=re.IGNORECASE)
    return _sized(_typed(digits, words), value), False


def _typed(digits: str, words: str) -> Decimal:
    """A number typed as a text, its thousands parted or not."""
    if re.fullmatch(r"\(.+\)", digits):
        raise NotUnderstood(f"{said(words)} : un montant n’est pas négatif")
    if re.fullmatch(r"-?\d{1,3}[.,]\d{3}", digits):
        raise NotUnderstood(
            f"{said(words)} : milliers ou décimales ? Écrivez le nombre sans séparateur de milliers"
        )
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    else:
        digits = digits.replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", digits, re.ASCII):
        raise NotUnderstood(f"{said(words)} n’est pas un nombre")
    try:
        found = Decimal(digits)
    except InvalidOperation:
        raise NotUnderstood(f"{said(words)} n’est pas un nombre") from None
    if abs(found) < LARGEST and found != found.quantize(CENT):
        raise NotUnderstood(f"{said(words)} : deux décimales au plus")
    return found.quantize(CENT) if abs(found) < LARGEST else found


def _sized(found: Decimal, value: Any) -> Decimal:
    if found < 0:
        raise NotUnderstood(f"{said(value)} : un montant ou une quantité n’est pas négatif")
    if found >= LARGEST:
        raise NotUnderstood(f"{said(value)} est démesuré")
    return found


def amount(value: Any, money: str) -> tuple[Decimal | None, bool]:
    """An amount in euros, to the cent, and whether it was rounded."""
    if isinstance(value, str) and re.search(r"\d\s*[kKmM]\s*€?\s*$", text_of(value)):
        raise NotUnderstood(f"{said(value)} : écrivez le montant en euros, en chiffres")
    if money == "thousands" and isinstance(value, int | float) and not isinstance(value, bool):
        return number(Decimal(str(value)) * 1000)
    found, rounded = number(value)
    if money == "thousands" and found is not None:
        found = _sized(found * 1000, value)
    return found, rounded


def percent(value: Any, written: str) -> tuple[Decimal | None, bool]:
    """A share in per cent, from 0 to 100, and whether it was rounded."""
    words = text_of(value)
    marked = isinstance(value, str) and words.endswith("%")
    if isinstance(value, str):
        value = words.removesuffix("%").strip()
    shared = not marked and written == "share"
    if shared and isinstance(value, float | int) and not isinstance(value, bool):
        if value > 1:
            raise NotUnderstood(f"{said(value)} : une part va de 0 à 1, ou écrivez « 30 % »")
        value = Decimal(str(value)) * HUNDRED
    found, rounded = number(value)
    if found is None:
        return None, False
    if shared and isinstance(value, str):
        if found > 1:
            raise NotUnderstood(f"{said(value)} : une part va de 0 à 1, ou écrivez « 30 % »")
        found = found * HUNDRED
    if not marked and not shared and 0 < found <= 1:
        raise NotUnderstood(
            f"{said(value)} : {said(f'{found * 100:f} %')} ou {said(f'{found:f} %')} ? "
            "Écrivez-le avec le signe %"
        )
    if found > HUNDRED:
        raise NotUnderstood(f"{said(value)} : une part est comprise entre 0 et 100 %")
    return found.quantize(CENT), rounded


def whole(value: Any) -> int | None:
    """A whole number; None when the cell is blank."""
    found, rounded = number(value)
    if found is None:
        return None
    if rounded or found != found.to_integral_value():
        raise NotUnderstood(f"{said(value)} n’est pas un nombre entier")
    return int(found)


def day(value: Any, *, last: bool = False) -> date | None:
    """A day; a month or a year alone is its first day, or its `last` one."""
    if isinstance(value, float | int) and not (1990 <= value <= 2100):
        raise NotUnderstood(f"{said(value)} n’est pas une date : mettez la cellule au format date")
    words = text_of(value)
    _refuse_error(words)
    if not words or words.casefold() in NOTHING:
        return None
    try:
        return _day(words.casefold(), last)
    except ValueError:
        example = "exemples : 03/03/2026, 3 mars 2026, mars 2026"
        raise NotUnderstood(f"{said(words)} n’est pas une date ({example})") from None


def _day(words: str, last: bool) -> date:
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[ t]00:00(?::00)?)?", words):
        return _dated(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})", words):
        number, month, year = map(int, found.groups())
        return _dated(year if year > 99 else 2000 + year, month, number)
    year_alone = re.fullmatch(r"\d{4}", words)
    if year_alone:
        return _dated(int(words), 12, 31) if last else _dated(int(words), 1, 1)
    found = re.fullmatch(r"(?:(\d{1,2})(?:er)?\s+)?([^\d\s/]+)\.?\s+(\d{4})", words)
    if not found:
        if not (month_only := re.fullmatch(r"(\d{1,2})/(\d{4})", words)):
            raise ValueError(words)
        return _month(int(month_only[2]), int(month_only[1]), last)
    month = _month_named(fold(found[2]))
    if found[1]:
        return _dated(int(found[3]), month, int(found[1]))
    return _month(int(found[3]), month, last)


def _month_named(name: str) -> int:
    """The month of that name, or of its three first letters or more; 0 when it is none."""
    fits = [month for known, month in _MONTHS.items() if len(name) > 2 and known.startswith(name)]
    return fits[0] if len(fits) == 1 else 0


def _month(year: int, month: int, last: bool) -> date:
    return _dated(year, month, monthrange(year, month)[1] if last and 0 < month < 13 else 1)


def _dated(year: int, month: int, number: int) -> date:
    if not 1990 <= year <= 2100:
        raise ValueError(year)
    return date(year, month, number)


def ref(value: Any) -> UUID | None:
    """The key of a line, as our exports write it; None when the cell is blank."""
    words = text_of(value)
    if not words:
        return None
    try:
        return UUID(words)
    except ValueError:
        raise NotUnderstood(
            f"{said(words)} n’est pas une référence venue d’ici : videz la cellule pour une "
            "nouvelle ligne"
        ) from None


def axis(value: Any, year: int, mapping: Mapping) -> str:
    """The code of an axis written as a number, as its label, or as both; "" when blank."""
    words = text_of(value)
    _refuse_error(words)
    if not words:
        return ""
    own = {fold(spelt): code for spelt, code in mapping.axes}
    if code := own.get(fold(words)):
        return code
    known = axes_of(year)
    found = _AXIS.fullmatch(words.casefold())
    numbered, label = (int(found[1]), found[2]) if found else (None, words)
    by_label = _by_label(label, known)
    if numbered is None:
        if by_label is None:
            raise NotUnderstood(f"{said(words, 60)} n’est aucun des {len(known)} axes de {year}")
        return by_label.code
    by_number = next((one for one in known if one.number == numbered), None)
    if by_number is None:
        raise NotUnderstood(f"{said(words, 60)} : il n’y a pas d’axe {numbered} en {year}")
    if by_label is not None and by_label != by_number:
        raise NotUnderstood(
            f"{said(words, 60)} : le numéro est celui de « {by_number.label} », "
            f"le libellé celui de l’axe {by_label.number}"
        )
    return by_number.code


def _by_label(label: str, known: list[Axis]) -> Axis | None:
    """The axis of that label, or of most of its words when no other is as near."""
    if not fold(label):
        return None
    for one in known:
        if fold(label) in (fold(one.label), fold(one.code)):
            return one
    mine = _words(label)
    scored = sorted((_near(mine, _words(one.label)), one.number, one) for one in known)
    best, second = scored[-1], scored[-2] if len(scored) > 1 else (0.0, 0, None)
    return best[2] if best[0] >= 0.6 and best[0] > second[0] else None


def _words(label: str) -> set[str]:
    return {word for part in re.split(r"[\s,;/()'’]+", label) if len(word := fold(part)) > 3}


def _near(mine: set[str], theirs: set[str]) -> float:
    """Which share of the words of both they have in common."""
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0


def _choices(kind: str) -> dict[str, str]:
    lists = {
        "nature": dict(Line.Nature.choices),
        "unit": units(),
        "domain": usual_domains(),
        "done": dict(LineReview.Done.choices),
    }
    return lists[kind]


def listed(value: Any, kind: str) -> str:
    """The code of one of a list (nature, unit, domain, state of a line); "" when blank."""
    words = text_of(value)
    _refuse_error(words)
    if not words:
        return ""
    known = _choices(kind)
    for code, label in known.items():
        if fold(words) in (fold(code), fold(label)):
            return code
    if code := spellings(kind).get(fold(words), ""):
        return code
    raise NotUnderstood(f"{said(words)} : écrivez {', '.join(known.values())}")


def in_words(kind: str, code: str) -> str:
    """What a code of a list is called."""
    return _choices(kind).get(code, code)
