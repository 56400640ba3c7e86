"""Values as files for spreadsheet programs hold them: local time, and no sign that XML refuses."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

# What XML 1.0 allows nowhere: control signs but tab and line ends, halves of signs, non-characters.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Value = str | int | float | Decimal | date | datetime | None


def plain(text: str) -> str:
    """A text without the signs that XML refuses; line ends as one sign."""
    return _REFUSED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def typed(value: Any) -> Value:
    """A number, a day, a moment (as the clock here shows it, without zone), a text or nothing."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None or isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None, microsecond=0)
    return value if isinstance(value, date) else plain(str(value))
