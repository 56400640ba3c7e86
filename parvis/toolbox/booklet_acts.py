"""Making a sheet or a booklet into a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from parvis.documents.pdf import make_pdf
from parvis.partners.actors import NOBODY
from parvis.toolbox.booklet_content import tell
from parvis.toolbox.booklet_letters import drawn
from parvis.toolbox.booklet_words import full_day
from parvis.toolbox.labels import languages
from parvis.toolbox.models import Booklet, Sheet
from parvis.ui.words import counted

KEPT = timedelta(days=1)
AT_ONCE = 3  # sheets; more are made in the background
LARGE = 10  # sheets; more are made in a process of their own, which gives its memory back
LINES = Path(__file__).parent / "templates" / "toolbox" / "pdf" / "lines.typ"


def sheet_pdf(sheet: Any, wording: Any = None) -> bytes:
    """A sheet (a specific one) on paper, in its own text or another wording."""
    told = tell([sheet], wording=wording, drafts=not sheet.live)
    (one,) = told.sheets
    lang = languages()[wording.language].lang if wording else "fr"
    return make_pdf(
        "toolbox/sheet",
        {
            "subtitle": one["kind"],
            "made_on": full_day(timezone.localdate()),
            "author": one["signed"],
            "lang": lang,
            "sheet": one,
        },
        title=one["title"].strip() or "Fiche",
        files={**told.files, "/lines.typ": LINES.read_bytes()},
    )


def published(pks: Sequence[int]) -> list[Any]:
    """Those of these sheets that everybody may read now, in that order, as what they are."""
    known = Sheet.objects.visible_to(NOBODY).filter(live=True, pk__in=pks)
    found = {sheet.pk: sheet for sheet in known.specific()}
    return [found[pk] for pk in pks if pk in found]


def booklet_pdf(title: str, sheets: Sequence[Any], left_out: int = 0) -> bytes:
    """These sheets (specific ones) in one document, with a cover and a table of contents."""
    told = tell(sheets)
    return make_pdf(
        "toolbox/booklet",
        {
            "made_on": full_day(timezone.localdate()),
            "count": counted(len(sheets), "fiche", "fiches"),
            "left_out": _left_out(left_out),
            "sheets": told.sheets,
        },
        title=drawn(title).strip() or "Livret",
        files={**told.files, "/lines.typ": LINES.read_bytes()},
        large=len(sheets) > LARGE,
    )


def _left_out(number: int) -> str:
    if not number:
        return ""
    one = "fiche choisie n’est plus publiée : elle n’est pas dans ce livret."
    several = "fiches choisies ne sont plus publiées : elles ne sont pas dans ce livret."
    return counted(number, one, several)


def ask_for(title: str, pks: Sequence[int]) -> Booklet:
    """Ask for a booklet: made at once when it is small, else in the background."""
    from parvis.toolbox.booklet_tasks import make_booklet

    with transaction.atomic():
        booklet = Booklet.objects.create(title=title, sheets=list(pks), asked_at=timezone.now())
        if len(pks) > AT_ONCE:
            make_booklet.enqueue(booklet.pk)
    if len(pks) <= AT_ONCE:
        make(booklet)
    return booklet


def make(booklet: Booklet) -> None:
    """Make the PDF of a booklet with what everybody may read at this moment."""
    sheets = published(booklet.sheets)
    if not sheets:
        fail(booklet)
        return
    content = booklet_pdf(booklet.title, sheets, left_out=len(booklet.sheets) - len(sheets))
    booklet.file.save(f"{booklet.token}.pdf", ContentFile(content), save=False)
    booklet.state, booklet.made_at = Booklet.State.MADE, timezone.now()
    booklet.sheets, booklet.held = [sheet.pk for sheet in sheets], len(sheets)
    booklet.save(update_fields=["file", "state", "made_at", "sheets", "held"])


def holds_a_withdrawn_sheet(booklet: Booklet) -> bool:
    """Whether a sheet was taken back since this booklet was made: nobody reads it there either."""
    known = Sheet.objects.visible_to(NOBODY).filter(live=True, pk__in=booklet.sheets)
    return booklet.state == Booklet.State.MADE and known.count() < booklet.held


def fail(booklet: Booklet) -> None:
    """Tell whoever waits that nothing comes."""
    booklet.state = Booklet.State.FAILED
    booklet.save(update_fields=["state"])


def erase_old(now: datetime | None = None) -> int:
    """Erase the booklets asked for more than a day ago, with their files."""
    old = Booklet.objects.filter(asked_at__lt=(now or timezone.now()) - KEPT)
    count = 0
    for booklet in old.iterator():
        booklet.delete()
        count += 1
    return count
