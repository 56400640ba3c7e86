"""What pages of sheets say of PDFs, booklets and documents."""

from __future__ import annotations

from typing import Any

from django import template

from parvis.toolbox import booklet_basket
from parvis.toolbox.booklet_files import Offer, offered_by
from parvis.toolbox.labels import languages

register = template.Library()


@register.simple_tag(takes_context=True)
def booklet_holds(context: dict[str, Any]) -> list[int]:
    """The sheets that this visitor set aside."""
    request = context.get("request")
    return booklet_basket.held(request) if request is not None else []


@register.simple_tag
def sheet_offers(sheet: Any) -> list[Offer]:
    """The documents that a sheet offers, open formats first."""
    return offered_by(sheet)


@register.simple_tag
def sheet_papers_of_words(sheet: Any) -> list[dict[str, str]]:
    """Its other wordings that exist as a PDF: those whose letters our fonts draw."""
    known = languages()
    return [
        {"code": one.language, "label": known[one.language].label, "lang": known[one.language].lang}
        for one in sheet.wordings.all()
        if one.language in known and not known[one.language].rtl
    ]
