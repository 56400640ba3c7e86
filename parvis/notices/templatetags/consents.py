"""The text that a form asks people to agree to."""

from __future__ import annotations

from django import template

from parvis.notices.consents import current

register = template.Library()


@register.simple_tag
def consent_text(room: str, code: str, **names: str) -> str:
    """The text in force today, with the names that it leaves open: `organiser=...`."""
    return current(room, code).said(**names)
