"""French telephone numbers, written in one way."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Mobile numbers of mainland France and of the départements overseas: only these read a text.
_MOBILE = re.compile(r"\+(?:33[67]\d{8}|262(?:639|69[23])\d{6}|59(?:069[01]|4694|669[67])\d{6})")
REFUSED = _("Ce numéro de téléphone n’est pas complet. Exemple : 06 12 34 56 78.")


def normalise(words: str) -> str:
    """ "06 12.34-56 78" as "+33612345678"; other countries keep their prefix; "" stays "".

    Raises ValidationError for what nobody could call back.
    """
    typed = words.strip()
    if not typed:
        return ""
    if re.search(r"[^\d\s.+()/\-]", typed):
        raise ValidationError(REFUSED)
    number = re.sub(r"^(\+\s*33|00\s*33)\s*\(0\)", "+33", typed)
    number = re.sub(r"[^\d+]", "", number)
    number = re.sub(r"^00", "+", number)
    if number.startswith("0"):
        number = "+33" + number[1:]
    if number.startswith("+330"):
        number = "+33" + number[4:]
    if number.startswith("+33"):
        if re.fullmatch(r"\+338\d{8}", number):
            raise ValidationError(
                _("Les numéros en 08 ne peuvent pas être rappelés : donnez-en un autre.")
            )
        if not re.fullmatch(r"\+33[1-79]\d{8}", number):
            raise ValidationError(REFUSED)
        return number
    if not re.fullmatch(r"\+[1-9]\d{7,14}", number):
        raise ValidationError(REFUSED)
    return number


def international(words: str) -> str:
    """The same for what no person typed into a form: "" when it is no number."""
    try:
        return normalise(words)
    except ValidationError:
        return ""


def spoken(number: str) -> str:
    """ "+33612345678" as people read it: "06 12 34 56 78"."""
    if not re.fullmatch(r"\+33\d{9}", number):
        return number
    digits = "0" + number[3:]
    return " ".join(digits[start : start + 2] for start in range(0, 10, 2))


def reads_texts(number: str) -> bool:
    """Whether a number in international form is a French mobile telephone's."""
    return _MOBILE.fullmatch(number) is not None
