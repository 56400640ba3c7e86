"""The index of published sheets, and finding one in it.

A sheet stands four times in the index: by its title, by its question and summary, by its labels and
themes, and by all its words. Only published texts are put there, and their words alone correct what
people type.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parvis.search import index, spelling
from parvis.search.index import Part
from parvis.search.words import fold, spellings, stem, words_of
from parvis.toolbox import sheet_text
from parvis.toolbox.models import Sheet

KIND, TITLE, HEAD, LABEL = "sheet", "sheet_title", "sheet_head", "sheet_label"
AT_MOST = 100  # sheets found: who sees more adds a word
AT_ONCE = 200
KINDS = (KIND, TITLE, HEAD, LABEL)
# How many times more a word weighs where it stands; whole in a title, as much again.
PARTS = (Part(TITLE, 6), Part(TITLE, 6, whole=True), Part(HEAD, 3), Part(LABEL, 2))
# Words of a question that say nothing of what is looked for.
ASKING = {
    "comment", "quand", "quoi", "que", "qui", "quel", "quelle", "quels", "quelles", "est", "ce",
    "on", "il", "faut", "peut", "dans", "sur", "par", "pour", "avec", "sans", "son", "sa", "ses",
    "mon", "ma", "mes", "notre", "nos", "votre", "vos", "je", "vous", "nous", "se", "ne", "pas",
    "y", "ou", "d", "l",
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What was found: ids, best first; the words that were looked for; whether these were
    corrected, whether each sheet holds all of them, and whether there are more."""

    ids: tuple[int, ...] = ()
    words: str = ""
    corrected: bool = False
    whole: bool = True
    more: bool = False


# --- Writing ------------------------------------------------------------------------------------


def put(sheet: Any) -> None:
    """Index a published sheet, or index it anew."""
    _put([sheet])


def drop(pk: int) -> None:
    """Take a sheet out of the index; nothing happens when it is not there."""
    for kind in KINDS:
        index.drop(kind, pk)


def rebuild() -> int:
    """Index every published sheet anew, and learn again how their words are spelt; how many."""
    spelling.forget(KIND)
    count = 0
    ids = list(Sheet.objects.filter(live=True).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        rows = Sheet.objects.filter(pk__in=ids[start : start + AT_ONCE], live=True).order_by("pk")
        count += _put(rows.specific())
    return count


def _put(sheets: Iterable[Any]) -> int:
    texts: dict[str, list[tuple[int, str]]] = {kind: [] for kind in KINDS}
    for sheet in sheets:
        if not sheet.live:
            raise ValueError("a draft is never indexed")
        labels = [str(one) for one in sheet.labels.all()] + [str(one) for one in sheet.themes.all()]
        label = " ".join([*labels, sheet.get_kind_display()])
        head = f"{sheet_text.question_of(sheet)} {sheet.summary}"
        texts[TITLE].append((sheet.pk, sheet.title))
        texts[HEAD].append((sheet.pk, head))
        texts[LABEL].append((sheet.pk, label))
        texts[KIND].append((sheet.pk, f"{label} {sheet_text.plain(sheet)}"))
    for kind, rows in texts.items():
        index.put_many(kind, rows)
    spelling.learn(KIND, [text for _, text in texts[KIND]])
    return len(texts[KIND])


# --- Finding ------------------------------------------------------------------------------------


def find(text: str, among: Any) -> Found | None:
    """The sheets of `among` (a queryset of what may be seen) that answer these words, best first;
    None without any word. Six queries at most.

    Every word must be held, by its beginning, its stem or its corrected spelling; where no sheet
    holds them all, those that hold most are given.
    """
    asked = asked_words(text)
    if not asked:
        return None
    counts = index.how_many(KIND, asked)
    words, counts, said, corrected = _spelt(asked, counts, text)
    most_held = max(counts)
    weights = {word: _rarity(count, most_held) for word, count in zip(words, counts, strict=True)}
    ranked = index.ranked(KIND, weights, PARTS, among.values("pk"), AT_MOST + 1)
    if not ranked:
        return Found(words=said)
    most = ranked[0].held
    best = [one for one in ranked if one.held == most]
    titles = dict(
        among.filter(pk__in=[one.pk for one in best]).order_by().values_list("pk", "title")
    )
    unit = max(weights.values()) * PARTS[0].times
    wanted = {stem(word) for word in words}
    order = sorted(
        (one for one in best if one.pk in titles),
        key=lambda one: (-one.weight - unit * _share(titles[one.pk], wanted), -one.pk),
    )
    return Found(
        ids=tuple(one.pk for one in order[:AT_MOST]),
        words=said,
        corrected=corrected,
        whole=most == len(words),
        more=len(best) > AT_MOST,
    )


def asked_words(text: str) -> list[str]:
    """The words to look for, once each, without those that only ask."""
    words = list(dict.fromkeys(words_of(text[:400])))
    telling = [word for word in words if word not in ASKING]
    return (telling or words)[: index.MAX_WORDS]


def _spelt(
    asked: list[str], counts: list[int], text: str
) -> tuple[list[str], list[int], str, bool]:
    """The words, those that no sheet holds replaced by the nearest that one holds; the same as
    people spell them; and whether any was replaced. Two queries at most."""
    typed = dict(spellings(text))
    written = {word: typed.get(word, word) for word in asked}
    unknown = {word for word, count in zip(asked, counts, strict=True) if not count}
    proposed = spelling.corrected(KIND, " ".join(written.values())).split() if unknown else []
    better: dict[str, str] = {}
    for word, spelt in zip(asked, proposed, strict=False):
        if fold(spelt) == word:
            written[word] = spelt
        elif word in unknown:
            better[word] = spelt
    if not better:
        return asked, counts, " ".join(written.values()), False
    words = list(dict.fromkeys(fold(better.get(word, word)) for word in asked))
    # A word that was public once and is no more must not come back as a correction.
    held = index.how_many(KIND, words)
    undone = {fold(new): old for old, new in better.items()}
    spelt_as = written | {fold(new): new for new in better.values()}
    pairs = zip(words, held, strict=True)
    words = [word if count else undone.get(word, word) for word, count in pairs]
    said = " ".join(spelt_as[word] for word in words)
    return words, held, said, any(word in undone for word in words)


def _rarity(count: int, most: int) -> int:
    """What a word weighs: the rarer, the more; whole numbers, so that both databases agree."""
    return round(100 * (1 + math.log(1 + most / (count + 1))))


def _share(title: str, wanted: set[str]) -> float:
    """How much of a title was asked for: the short title that says just that comes first."""
    stems = {stem(word) for word in words_of(title)}
    return len(stems & wanted) / len(stems) if stems else 0.0
