"""Letters that the pages of paper can draw: one that no font has would stop a whole document."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# What Open Sans and the fonts behind it draw; `tests/toolbox/test_booklet_paper.py` compiles them.
DRAWN = (
    (0x0020, 0x007E),
    (0x00A0, 0x0513),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x202F, 0x2040),
    (0x2070, 0x2071),
    (0x2074, 0x208E),
    (0x20A0, 0x20BF),
    (0x2116, 0x2117),
    (0x2122, 0x2122),
    (0x2126, 0x2126),
    (0x2153, 0x215E),
    (0x2190, 0x22FF),
    (0x2500, 0x25FF),
    (0x2605, 0x2606),
    (0x2610, 0x2612),
    (0x2713, 0x2714),
    (0x2717, 0x2718),
)
MISSING = "□"
_NEVER = ("Cn", "Cc", "Cf")  # unassigned, or invisible
_ODD = re.compile(
    "[^\n{}]".format(
        "".join(
            re.escape(chr(code))
            for first, last in DRAWN
            for code in range(first, last + 1)
            if unicodedata.category(chr(code)) not in _NEVER
        )
    )
)


def drawn(text: str) -> str:
    """The text in letters that are drawn: a letter of another script leaves an empty square, a
    picture (emoji) or an invisible sign leaves nothing."""
    return _ODD.sub(_instead, unicodedata.normalize("NFC", text))


def _instead(odd: re.Match[str]) -> str:
    category = unicodedata.category(odd.group())
    if category[0] in ("L", "N"):
        return MISSING
    return " " if category[0] == "Z" or odd.group() == "\t" else ""


def all_drawn(data: Any) -> Any:
    """Plain data, every text of it in letters that are drawn; addresses are left as they are."""
    if isinstance(data, str):
        return drawn(data)
    if isinstance(data, dict):
        return {
            key: value if key in ("url", "address", "file") else all_drawn(value)
            for key, value in data.items()
        }
    if isinstance(data, (list, tuple)):
        return [all_drawn(one) for one in data]
    return data
