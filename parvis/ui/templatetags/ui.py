"""Tags and filters of every page: icons, words, form fields, states, small bars."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import lucide
from django import forms, template
from django.conf import settings
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from parvis.ui import branding, languages, script_words, words

register = template.Library()

BAR = (
    '<span class="ratio"><svg class="bar" aria-hidden="true" focusable="false">'
    '<rect class="bar-all" width="100%" height="100%"></rect>'
    '<rect class="bar-part" width="{}%" height="100%"></rect></svg><span>{}</span></span>'
)
POINTING = frozenset(
    (
        "arrow-left",
        "arrow-right",
        "chevron-left",
        "chevron-right",
        "chevrons-left",
        "send",
        "undo-2",
    )
)
SIGNS = {"done": "check", "soon": "clock-3", "late": "triangle-alert", "mine": "hand"}


@cache
def drawn(name: str, size: int) -> SafeString:
    points = " ahead" if name in POINTING else ""  # turned round on pages from right to left
    svg = lucide._render_icon(
        name, size, **{"class": f"icon{points}", "aria-hidden": "true", "focusable": "false"}
    )
    return mark_safe(" ".join(svg.split()).replace("> <", "><"))


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """A Lucide icon, drawn in place and hidden from screen readers: a word stands beside it."""
    return drawn(str(name), size)


@register.simple_tag
def plural(number: int, one: str, several: str) -> str:
    """« 3 signalements »."""
    return words.counted(number, one, several)


@register.simple_tag
def plural_word(number: int, one: str, several: str) -> str:
    """The word alone, agreed with the number."""
    return one if abs(number) < 2 else several


@register.simple_tag
def site_brand() -> dict[str, Any]:
    """The brand, even on pages that no context processor has served (400, 500)."""
    return branding.brand()


@register.simple_tag(takes_context=True)
def piece(context: template.Context, name: str) -> SafeString:
    """A template drawn once, for a page that shows it in two places."""
    found: SafeString = template.Engine.get_default().get_template(name).render(context)
    return found


@register.simple_tag(takes_context=True)
def reading(context: template.Context) -> languages.Reading:
    """In which language the page is; without a request (400, 500), in which it is made."""
    return languages.reading(context.get("request"))


@register.simple_tag
def spoken_words() -> dict[str, str]:
    """What the scripts of a page say, in its language; nothing in French, which they speak."""
    return script_words.spoken()


@register.simple_tag
def in_language(code: str, words: str) -> str:
    """These words of the catalogue, in another language than that of the page."""
    with translation.override(code):
        return gettext(words)


@register.filter
def said(words: str) -> str:
    """What a list of the house calls something, in the reader's language."""
    return gettext(str(words)) if words else ""


@register.filter
def of(name: str) -> str:
    """« d’Anzin », « de Lens »."""
    return words.of(str(name))


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """« mardi 3 mars »."""
    return words.day_in_words(value) if value else ""


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """« mardi 3 mars à 18 h 20 »."""
    return words.moment_in_words(value) if value else ""


@register.simple_tag
def span(start: datetime.datetime, end: datetime.datetime) -> str:
    """« mardi 3 mars de 18 h à 20 h »."""
    return words.span_in_words(start, end)


@register.filter
def euros(value: Decimal | int | float | None) -> str:
    """« 12 345,67 € »."""
    return "" if value is None or value == "" else words.euros_in_words(value)


@register.filter
def number(value: int | None) -> str:
    """« 12 345 »."""
    return "" if value is None else words.number_in_words(int(value))


@register.filter
def weight(value: int | None) -> str:
    """« 12 ko », « 3,4 Mo »: how heavy a file is, from its bytes."""
    return "" if value is None else words.weight_in_words(int(value))


@register.filter
def delta_days(value: datetime.date | datetime.datetime | None) -> str:
    """« dans 3 jours »."""
    return words.days_from_today(value) if value else ""


@register.filter
def iso(value: datetime.date | datetime.datetime | None) -> str:
    """For the `datetime` attribute of `<time>`."""
    return value.isoformat() if value else ""


@register.simple_tag
def state_tag(state: str, label: str, late: bool = False) -> SafeString:
    """A sign and a word; `state` is a tone: done, soon, late, mine; anything else is plain."""
    tone = "late" if late and state != "done" else state
    return _state_tag(tone, label, gettext(", en retard") if tone == "late" and late else "")


@lru_cache(maxsize=256, typed=True)  # a list draws the same few a hundred times
def _state_tag(tone: str, label: str, suffix: str) -> SafeString:
    sign = drawn(SIGNS.get(tone, "circle"), 14)
    return format_html(
        '<span class="tag {}">{}<span>{}{}</span></span>',
        tone if tone in SIGNS else "plain", sign, label, suffix,
    )  # fmt: skip


@register.simple_tag
def bar(percent: float, label: str = "") -> SafeString:
    """A ratio as a small bar with its figure beside it."""
    share = max(0.0, min(100.0, float(percent)))
    words_beside = label or f"{round(float(percent))}{words.NBSP}%"
    return format_html(BAR, f"{share:.0f}", words_beside)


def kind_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "text"


@register.inclusion_tag("ui/components/field.html")
def field(
    bound: forms.BoundField, label: str = "", help: str = "", optional: bool = True
) -> dict[str, Any]:
    """One form field: label, help, errors tied to the control, whatever the widget."""
    widget = bound.field.widget
    kind = kind_of(widget)
    ident = bound.id_for_label or bound.auto_id or bound.html_name
    help_text = help or bound.help_text
    errors = list(bound.errors)
    described = [f"{ident}_aide"] * bool(help_text) + [f"{ident}_erreur"] * bool(errors)
    attrs: dict[str, Any] = {
        "class": " ".join(["control", *str(widget.attrs.get("class", "")).split()])
    }
    if kind != "group" and described:
        attrs["aria-describedby"] = " ".join(described)
    if kind != "group" and errors:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "kind": kind,
        "hidden": bound.is_hidden,
        "ident": ident,
        "label": label or bound.label,
        "help_text": help_text,
        "errors": errors,
        "described": " ".join(described),
        "optional": optional and not bound.field.required and kind != "check",
        "control": "" if kind == "group" else bound.as_widget(attrs=attrs),
        "options": list(bound) if kind == "group" else [],
    }


@register.inclusion_tag("ui/components/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """What stops this form, at its top, each with a link to the field."""
    return {
        "whole": list(form.non_field_errors()),
        "faults": [
            {
                "ident": bound.id_for_label or bound.auto_id,
                "label": bound.label,
                "text": bound.errors[0],
            }
            for bound in form
            if bound.errors
        ],
    }


@register.simple_tag
def base_map() -> dict[str, str]:
    """Where tiles come from, and what to credit; an empty URL asks nobody."""
    return {"url": settings.BASE_MAP_URL, "credit": settings.BASE_MAP_CREDIT}
