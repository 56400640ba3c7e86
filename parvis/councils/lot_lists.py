"""The source lists of a draw: declared, taken, crossed, and who of them may be drawn."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.councils.draw_models import Draw, ListedPerson, SourceList
from parvis.councils.draw_rules import plain
from parvis.councils.lot_events import DRAW
from parvis.councils.lot_reading import (
    MOST_EXTRA,
    PARTS,
    Ages,
    address_key,
    ages_on,
    cell,
    family_key,
    guess,
    name_key,
    same_birth,
    sex_of,
)
from parvis.councils.workflow import DrawState
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.places.addresses import AddressFound, find_local_addresses
from parvis.places.importing.reading import Sheet
from parvis.places.locate import locate
from parvis.places.streets import plain_words
from parvis.search.words import words_of
from parvis.thread.acts import record

# Why somebody of a list is not drawn from; the last three wait for somebody to decide.
DUPLICATE, TOO_YOUNG, OUTSIDE, BY_HAND = "duplicate", "too_young", "outside", "by_hand"
ADDRESS, EDGE, AGE = "address", "edge", "age"
REASONS = {
    DUPLICATE: "déjà dans une liste",
    TOO_YOUNG: "trop jeune",
    OUTSIDE: "n’habite pas le quartier",
    BY_HAND: "écartée à la main",
    ADDRESS: "adresse inconnue",
    EDGE: "adresse au bord du quartier",
    AGE: "âge inconnu",
}
UNDECIDED = (ADDRESS, EDGE, AGE)
# The columns of the list that is drawn from, whatever the files called theirs.
HEADER = (
    "nom", "prénom", "adresse", "complément", "commune", "naissance", "âge", "sexe", "quartier",
    "foyer", "foyer et nom",
)  # fmt: skip
STRATA = ("sexe", "âge", "commune", "quartier")
HOUSEHOLDS = {
    "foyer": "une adresse, un foyer (la liste dit l’appartement, ou ce sont des maisons)",
    "foyer et nom": "une adresse et un nom de famille, un foyer (grands immeubles)",
    "": "ne pas en tenir compte",
}


def held_draw(draw: Draw, *states: str) -> Draw:
    """The draw as it stands, held until the end of the transaction; Refused in another state."""
    rows = Draw.objects.select_for_update(of=("self",)).select_related("body__organisation")
    fresh = rows.get(pk=draw.pk)
    if states and fresh.state not in states:
        raise Refused(f"Ce tirage est « {fresh.get_state_display()} » : cela ne se fait plus.")
    return fresh


def forget_preparation(draw: Draw) -> None:
    """Lists or rules change: what was computed of them holds no more."""
    draw.record, draw.list_digest, draw.salt = None, "", ""
    draw.computing_at, draw.trouble = None, ""
    draw.save(update_fields=["record", "list_digest", "salt", "computing_at", "trouble"])


def take_list(
    draw: Draw,
    sheet: Sheet,
    *,
    actor: Actor,
    origin: str,
    holder: str,
    basis: str,
    now: datetime | None = None,
) -> SourceList:
    """Take the rows of a list, until somebody says what its columns hold. The legal basis comes
    first: without it nothing is taken."""
    if not (origin and holder.strip() and basis.strip()):
        raise Refused("Dites d’abord d’où vient la liste, de qui, et sur quelle base légale.")
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_draw(draw, DrawState.PREPARED)
        source = SourceList(
            draw=fresh,
            origin=origin,
            holder=holder.strip(),
            basis=basis.strip(),
            people=len(sheet.rows),
            columns={"found": sheet.columns},
            received_at=at,
        )
        source.full_clean()
        source.save()
        ListedPerson.objects.bulk_create(
            (
                ListedPerson(
                    source=source,
                    values={name: cell(row.values.get(name)) for name in sheet.columns},
                )
                for row in sheet.rows
            ),
            batch_size=1000,
        )
        forget_preparation(fresh)
        record(actor, DRAW, fresh.pk, "list_taken", new=str(source.people), public=False, at=at)
    return source


def confirm_columns(
    source: SourceList, parts: dict[str, str], extra: Iterable[str], *, now: datetime | None = None
) -> SourceList:
    """Say what each column holds; what no column is chosen for is erased at once."""
    extra = [name for name in extra if name not in parts.values()]
    with transaction.atomic():
        draw = held_draw(source.draw, DrawState.PREPARED)
        fresh = SourceList.objects.select_for_update().get(pk=source.pk)
        if fresh.confirmed_at is not None:
            raise Refused("Les colonnes de cette liste sont déjà confirmées.")
        known = set(fresh.columns["found"])
        chosen = {code: name for code, name in parts.items() if name and code in PARTS}
        if not {*chosen.values(), *extra} <= known:
            raise Refused("Choisissez des colonnes de ce tableau.")
        if "last_name" not in chosen:
            raise Refused("Dites quelle colonne donne le nom.")
        if len(set(chosen.values())) < len(chosen):
            raise Refused("Une même colonne ne peut pas servir deux fois.")
        if len(extra) > MOST_EXTRA:
            raise Refused(f"Gardez {MOST_EXTRA} autres colonnes au plus.")
        rows = list(fresh.rows.all())
        for row in rows:
            told = {code: row.values.get(name, "") for code, name in chosen.items()}
            others = {extra_name(name): row.values.get(name, "") for name in extra}
            row.values = {code: words for code, words in told.items() if words}
            if others:
                row.values["extra"] = others
        ListedPerson.objects.bulk_update(rows, ["values"], batch_size=500)
        fresh.columns = {"parts": chosen, "extra": [extra_name(name) for name in extra]}
        fresh.confirmed_at = now or timezone.now()
        fresh.save(update_fields=["columns", "confirmed_at"])
        forget_preparation(draw)
    return fresh


def extra_name(name: str) -> str:
    """How a column of a file is called in the list that is drawn from."""
    name = plain(name)[:60]
    return f"{name} (liste)" if name in HEADER else name


def guessed(source: SourceList) -> dict[str, str]:
    """What the columns of a list seem to hold."""
    return guess(source.columns.get("found", []))


def drop_list(source: SourceList, *, actor: Actor) -> None:
    """Take a list back: its rows are erased, and what rows of other lists hold of them."""
    with transaction.atomic():
        draw = held_draw(source.draw, DrawState.PREPARED)
        SourceList.objects.filter(pk=source.pk).delete()
        rows = [row for row in rows_of(draw) if row.values.get("derived", {}).pop("lent", None)]
        ListedPerson.objects.bulk_update(rows, ["values"], batch_size=500)
        forget_preparation(draw)
        record(actor, DRAW, draw.pk, "list_dropped", public=False)


def decide(row: ListedPerson, *, keep: bool) -> None:
    """Keep, or leave out, somebody of whom the computer could not tell."""
    with transaction.atomic():
        draw = held_draw(row.source.draw, DrawState.PREPARED)
        fresh = ListedPerson.objects.select_for_update().get(pk=row.pk)
        if fresh.left_out not in UNDECIDED:
            raise Refused("Cette personne est déjà gardée ou écartée.")
        fresh.left_out, fresh.by_hand = "" if keep else BY_HAND, True
        fresh.save(update_fields=["left_out", "by_hand"])
        forget_preparation(draw)


def rows_of(draw: Draw) -> list[ListedPerson]:
    """Everybody of the confirmed lists of a draw, in their order."""
    rows = ListedPerson.objects.filter(source__draw=draw, source__confirmed_at__isnull=False)
    return list(rows.order_by("source", "pk"))


def counts_of(draw: Draw) -> dict[str, int]:
    """How many people are kept ("") and left out, by reason."""
    rows = ListedPerson.objects.filter(source__draw=draw, source__confirmed_at__isnull=False)
    return dict(Counter(rows.order_by().values_list("left_out", flat=True)))


def sift_terms(draw: Draw) -> list[Any]:
    """What a sift holds for: who may be drawn, where, and the lists that were crossed."""
    sources = draw.lists.filter(confirmed_at__isnull=False).order_by("pk")
    quartiers = draw.body.quartiers.order_by("pk").values_list("pk", flat=True)
    where = list(quartiers) if draw.inside else None
    return [draw.youngest, where, list(sources.values_list("pk", flat=True))]


def is_sifted(draw: Draw) -> bool:
    """Whether people were sorted by what the draw says now."""
    terms = sift_terms(draw)
    sources = draw.lists.filter(confirmed_at__isnull=False)
    return all(one.columns.get("sifted") == terms for one in sources)


def note_sift(draw: Draw) -> None:
    """Write beside each list what it was sifted for."""
    terms = sift_terms(draw)
    for source in draw.lists.filter(confirmed_at__isnull=False):
        source.columns = {**source.columns, "sifted": terms}
        source.save(update_fields=["columns"])


def sift(draw: Draw, today: date) -> list[ListedPerson]:
    """Who may be drawn, and why not, written on the rows (not saved): lists are crossed first."""
    rows = rows_of(draw)
    quartiers = {one.pk: one for one in draw.body.quartiers.defer("outline")}
    names = {word: one.name for one in quartiers.values() for word in _names_of(one)}
    twice, lent = _doubles(rows)
    for row in rows:
        values = {**lent.get(row.pk, {}), **row.values}
        ages = ages_on(today, values.get("birth", ""), values.get("age", ""))
        why, quartier = _place(values, quartiers, names) if draw.inside else ("", "")
        row.values["derived"] = {"band": _band(ages, values), "quartier": quartier}
        if row.pk in lent:
            row.values["derived"]["lent"] = lent[row.pk]
        if row.pk in twice:
            row.left_out, row.by_hand = DUPLICATE, False
        elif not row.by_hand:
            row.left_out = _young(ages, draw.youngest) or why
    return rows


def _names_of(quartier: Any) -> tuple[str, str]:
    return " ".join(words_of(quartier.name)), quartier.code.casefold()


def _band(ages: Ages | None, values: dict[str, Any]) -> str:
    if ages is None:
        return ""
    return ages.band or ("" if values.get("birth") else values.get("age", ""))


def _young(ages: Ages | None, youngest: int | None) -> str:
    if youngest is None:
        return ""
    if ages is None:
        return AGE
    if ages.least >= youngest:
        return ""
    return TOO_YOUNG if ages.most is not None and ages.most < youngest else AGE


def _place(
    values: dict[str, Any], quartiers: dict[int, Any], names: dict[str, str]
) -> tuple[str, str]:
    """Why somebody does not live there (empty: they do), and in which quartier they do."""
    if said := values.get("quartier", ""):
        name = names.get(" ".join(words_of(said))) or names.get(said.casefold())
        return ("", name) if name else (OUTSIDE, "")
    found = _address(values.get("address", ""), values.get("commune", ""))
    if found is None:
        return ADDRESS, ""
    ours = [one for one in locate(found.latitude, found.longitude).quartiers if one.pk in quartiers]
    if sure := [one for one in ours if one.inside and not one.to_confirm]:
        return "", sure[0].name
    return (EDGE, ours[0].name) if ours else (OUTSIDE, "")


def _address(address: str, commune: str) -> AddressFound | None:
    """The one address of our index that these words say in full; None when in doubt."""
    asked = set(plain_words(f"{address} {commune}"))
    there = set(plain_words(commune))
    sure = [
        one
        for one in find_local_addresses(f"{address} {commune}".strip())
        if not one.missing
        and set(plain_words(one.label)) <= asked
        and there <= set(plain_words(one.where))
    ]
    places = {(one.latitude, one.longitude) for one in sure}
    return sure[0] if len(places) == 1 else None


def told(values: dict[str, Any]) -> dict[str, Any]:
    """What is known of somebody: their row, and what rows of the same person add to it."""
    return {**values.get("derived", {}).get("lent", {}), **values}


def _doubles(rows: list[ListedPerson]) -> tuple[set[int], dict[int, dict[str, str]]]:
    """Who is in the lists already: the same name, and the same birth or, births unknown, the same
    home. And, by row, what the others say that the first one does not."""
    twice: set[int] = set()
    lent: dict[int, dict[str, str]] = {}
    known: dict[str, list[ListedPerson]] = {}
    for row in rows:
        name, home = name_key(row.values), address_key(row.values)
        for first in known.setdefault(name, []):
            same = same_birth(first.values.get("birth", ""), row.values.get("birth", ""))
            if same is None:
                same = bool(home) and home == address_key(first.values)
            if name and same:
                twice.add(row.pk)
                more = {code: row.values[code] for code in PARTS if code in row.values}
                for code in first.values:
                    more.pop(code, None)
                if more:
                    lent[first.pk] = {**more, **lent.get(first.pk, {})}
                break
        else:
            known[name].append(row)
    return twice, lent


def canonical(rows: Iterable[ListedPerson], extra: Iterable[str]) -> bytes:
    """The list that is drawn from, as csv: made in memory for the draw, kept nowhere."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    extra = list(extra)
    writer.writerow([*HEADER, *extra])
    writer.writerows(_cells(row.values, extra) for row in rows)
    return text.getvalue().encode()


def _cells(values: dict[str, Any], extra: list[str]) -> list[str]:
    values = told(values)
    derived, others = values.get("derived", {}), values.get("extra", {})
    plainly = ("last_name", "first_name", "address", "complement", "commune", "birth")
    return [
        *(values.get(code, "") for code in plainly),
        derived.get("band", ""),
        sex_of(values.get("sex", "")),
        derived.get("quartier", ""),
        address_key(values),
        family_key(values),
        *(others.get(name, "") for name in extra),
    ]


def in_order(rows: Iterable[ListedPerson], salt: bytes, extra: list[str]) -> list[ListedPerson]:
    """People in the order of the list: one that tells nothing of names, as line numbers are
    public, and that the salt gives again."""

    def place(row: ListedPerson) -> tuple[bytes, int]:
        words = "\n".join(_cells(row.values, extra)).encode()
        return hmac.new(salt, words, hashlib.sha256).digest(), row.pk

    return sorted(rows, key=place)


def extras_of(draw: Draw) -> list[str]:
    """The other columns that the lists of a draw keep, each once."""
    found: list[str] = []
    for columns in draw.lists.order_by("pk").values_list("columns", flat=True):
        found += [name for name in columns.get("extra", []) if name not in found]
    return found


def strata_of(draw: Draw) -> dict[str, Counter[str]]:
    """For each column that quotas may name, the values of the people kept and how many have it."""
    extra = extras_of(draw)
    names = [*HEADER, *extra]
    found: dict[str, Counter[str]] = {name: Counter() for name in (*STRATA, *extra)}
    for row in rows_of(draw):
        if not row.left_out:
            cells = dict(zip(names, _cells(row.values, extra), strict=True))
            for name in found:
                found[name][plain(cells[name])] += 1
    return {name: counter for name, counter in found.items() if set(counter) - {""}}
