"""The text of a sheet in the order in which it is read, whatever its kind.

Rich texts are kept as the editor keeps them until the very end, when the links of all of them are
looked up at once: a sheet of fifty blocks asks no more than one of two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from wagtail.images.models import SourceImageIOError
from wagtail.rich_text import expand_db_html

from parvis.toolbox.booklet_files import weight_of
from parvis.toolbox.models import PictureRendition
from parvis.ui.words import THIN, euros_in_words, grouped

# The one size in which a page shows pictures; drawn when a sheet is published, as a reading writes
# nothing.
PICTURE_SIZE = "max-1200x900"
TONES = {"retenir": "À retenir", "attention": "Attention", "exemple": "Exemple"}
_BETWEEN = "\x1f"  # a sign that no text holds
_END_OF_LINE = re.compile(r"</(?:p|h\d|li|tr|caption|figcaption|dd|blockquote)>|<(?:br|hr)\s*/?>")
_END_OF_CELL = re.compile(r"</(?:td|th|dt)>")
# What only the editor's own text may embed (pictures stand in blocks, with their words): left out.
_EMBEDDED = re.compile(r"<embed\b[^>]*>")
_BLANKS = re.compile(r"[^\S\n]+")


@dataclass(frozen=True)
class Section:
    """Some text under its title; the title may be empty."""

    title: str
    html: SafeString


# What each kind says, in the order in which somebody wants it: (title, fields). "body" is the list
# of blocks without the files to download, which stand together under "papers".
ORDER: dict[str, tuple[tuple[str, str], ...]] = {
    "method": (
        ("Quand s’en servir", "when"),
        ("Étapes", "steps"),
        ("Qui", "who"),
        ("Moyens", "means"),
        ("Durée", "duration"),
        ("Coût", "cost_range"),
        ("À éviter", "pitfalls"),
        ("", "body"),
        ("Modèles à télécharger", "papers"),
    ),
    "experience": (
        ("Contexte", "context"),
        ("À quelle échelle, et quand", "scale_and_period"),
        ("Ce qui a été fait", "done"),
        ("Coût", "cost"),
        ("Financement", "funding"),
        ("Résultats mesurés", "results"),
        ("Ce que nous ferions autrement", "differently"),
        ("", "body"),
        ("À télécharger", "papers"),
    ),
    "model": (("À télécharger", "papers"), ("", "body")),
}
PLAIN_ORDER = (("", "body"), ("À télécharger", "papers"))


def sections(sheet: Any) -> list[Section]:
    """The text of a sheet, section after section; empty ones are left out."""
    # A picture says something too, with or without words under it.
    found = [
        (title, html) for title, html in _sources(sheet) if words_of_html(html) or "<img" in html
    ]
    return [
        Section(title, html)
        for (title, _), html in zip(found, _expanded([html for _, html in found]), strict=True)
    ]


def plain(sheet: Any) -> str:
    """All the words of a sheet without any mark-up, for the index and for comparing."""
    text = "\n".join(line for _, line in plain_sections(sheet))
    return "\n".join(
        part for part in (sheet.title, question_of(sheet), sheet.summary, text) if part
    )


def plain_sections(sheet: Any) -> list[tuple[str, str]]:
    """(title, words) of each section, a line for each paragraph."""
    found = [(title, words_of_html(html)) for title, html in _sources(sheet)]
    return [(title, words) for title, words in found if words]


def question_of(sheet: Any) -> str:
    """The question that a method answers."""
    return str(getattr(sheet, "question", ""))


def words_of_html(html: str) -> str:
    """The words of some mark-up, a line for each paragraph, item or row."""
    ended = _END_OF_CELL.sub(" ", _END_OF_LINE.sub("\n", html.replace("\n", " ")))
    lines = (_BLANKS.sub(" ", line).strip() for line in unescape(strip_tags(ended)).split("\n"))
    return "\n".join(line for line in lines if line)


def expanded(rich: str) -> SafeString:
    """A rich text as a page shows it."""
    return mark_safe(str(expand_db_html(rich)))  # cleaned when it was written


def _expanded(sources: list[str]) -> list[SafeString]:
    """Several texts with their links, which are looked up once for all."""
    if not sources:
        return []
    return [
        mark_safe(html)  # cleaned when it was written, or made by our templates
        for html in expand_db_html(_BETWEEN.join(sources)).split(_BETWEEN)
    ]


def _sources(sheet: Any) -> Iterator[tuple[str, str]]:
    pieces = list(_pieces(sheet))
    for title, name in ORDER.get(sheet.kind, PLAIN_ORDER):
        if name == "body":
            html = "".join(piece for kind, piece in pieces if kind != "paper")
        elif name == "papers":
            held = "".join(piece for kind, piece in pieces if kind == "paper")
            html = f"<ul>{held}</ul>" if held else ""
        elif name in _MADE:
            html = _MADE[name](sheet)
        else:
            html = _field(sheet, name)
        yield title, _EMBEDDED.sub("", html.replace(_BETWEEN, ""))


def _field(sheet: Any, name: str) -> str:
    value = getattr(sheet, name)
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return str(format_html("<p>{}</p>", euros_in_words(value)))
    if sheet._meta.get_field(name).get_internal_type() == "CharField":
        return str(format_html("<p>{}</p>", value))
    return str(value)


def _cost_range(sheet: Any) -> str:
    words = cost_in_words(sheet.cost_from, sheet.cost_to)
    return f"<p>{escape(words)}</p>" if words else ""


def _scale_and_period(sheet: Any) -> str:
    scale, period = sheet.get_scale_display(), sheet.period
    words = " · ".join(word for word in (scale[:1].upper() + scale[1:], period) if word)
    return f"<p>{escape(words)}</p>" if words else ""


_MADE = {"cost_range": _cost_range, "scale_and_period": _scale_and_period}


def cost_in_words(least: Decimal | None, most: Decimal | None) -> str:
    """« de 500 € à 1 000 € », without cents where there are none."""
    if least is None and most is None:
        return ""
    if least is not None and most is not None:
        if least == most:
            return "sans dépense" if not most else _euros(most)
        return f"jusqu’à {_euros(most)}" if not least else f"de {_euros(least)} à {_euros(most)}"
    return f"à partir de {_euros(least)}" if most is None else f"jusqu’à {_euros(most)}"


def _euros(value: Decimal | None) -> str:
    amount = value or Decimal(0)
    if amount == amount.to_integral_value():
        return f"{grouped(str(int(amount)))}{THIN}€"
    return euros_in_words(amount)


# --- Blocks ------------------------------------------------------------------------------------


def _pieces(sheet: Any) -> Iterator[tuple[str, str]]:
    """The kind and the mark-up of each block, in their order."""
    blocks = list(sheet.body)
    shown = _renditions(blocks)
    for block in blocks:
        context = _CONTEXTS[block.block_type](block.value, shown)
        if context is not None:
            name = f"toolbox/blocks/{block.block_type}.html"
            yield block.block_type, render_to_string(name, context).strip()


def _renditions(blocks: list[Any]) -> dict[int, PictureRendition]:
    """The drawn pictures of these blocks, by picture. One query, none without a picture."""
    wanted = [
        block.value["picture"].pk
        for block in blocks
        if block.block_type == "picture" and block.value["picture"] is not None
    ]
    if not wanted:
        return {}
    rows = PictureRendition.objects.filter(image__in=wanted, filter_spec=PICTURE_SIZE)
    return {row.image_id: row for row in rows}


def draw_pictures(sheet: Any) -> None:
    """Draw the pictures of a sheet in the size of its page: called when it is published."""
    for block in sheet.body:
        if block.block_type == "picture" and block.value["picture"] is not None:
            draw(block.value["picture"])


def draw(picture: Any) -> None:
    """Draw one picture in the size of a page. Twice does nothing."""
    with suppress(SourceImageIOError):  # its file is gone: the page says what it showed
        picture.get_rendition(PICTURE_SIZE)


def _safe(rich: Any) -> SafeString:
    return mark_safe(getattr(rich, "source", str(rich)))  # cleaned when written


def _text(value: Any, shown: dict[int, Any]) -> dict[str, Any]:
    return {"html": _safe(value)}


def _picture(value: Any, shown: dict[int, Any]) -> dict[str, Any] | None:
    picture = value["picture"]
    if picture is None:  # erased since
        return None
    return {
        "drawn": shown.get(picture.pk),
        "alt": "" if value["decorative"] else value["alt"] or picture.default_alt_text,
        "caption": value["caption"],
        "credit": picture.credit,
    }


def _table(value: Any, shown: dict[int, Any]) -> dict[str, Any]:
    heads = [column["heading"] for column in value.columns]
    rows = [[str(cell) for cell in row] for row in value.rows]
    return {
        "caption": value.caption,
        "heads": heads,
        "rows": [(row[0], list(zip(heads[1:], row[1:], strict=True))) for row in rows if row],
    }


def _note(value: Any, shown: dict[int, Any]) -> dict[str, Any]:
    tone = value["tone"]
    return {"tone": tone, "label": TONES.get(tone, TONES["retenir"]), "html": _safe(value["text"])}


def _steps(value: Any, shown: dict[int, Any]) -> dict[str, Any]:
    return {"title": value["title"], "steps": [_safe(one) for one in value["steps"]]}


def _paper(value: Any, shown: dict[int, Any]) -> dict[str, Any] | None:
    paper = value["paper"]
    if paper is None:
        return None
    return {"paper": paper, "label": value["label"], "format": format_of(paper)}


def format_of(paper: Any) -> str:
    """« PDF, 120 ko »; the size is left out of a file that is not there any more."""
    ending, weight = paper.file_extension.upper(), weight_of(paper)
    return f"{ending}, {weight}" if weight else ending


_CONTEXTS = {
    "text": _text,
    "picture": _picture,
    "table": _table,
    "note": _note,
    "steps": _steps,
    "paper": _paper,
}
