"""The package of a sheet: version, limits, names. Documented in docs/sheet-package.md."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

FORMAT = "parvis-sheet"
VERSION = 1
SHEET, SIGNATURE = "sheet.json", "signature.json"
FILE = re.compile(r"files/[a-z0-9][a-z0-9-]{0,60}\.[a-z0-9]{2,5}")

MB = 1024 * 1024
LARGEST_PACKAGE = 30 * MB  # as it is sent
LARGEST_TEXT = 2 * MB  # sheet.json, unfolded
LARGEST_FILE = 15 * MB  # one file, unfolded
LARGEST_WHOLE = 60 * MB  # all of it, unfolded
MOST_FILES = 60
STEEPEST = 200  # times that a member may unfold

# What each kind adds to what all have: rich texts, lines, numbers.
RICH = {
    "method": ("when", "steps", "who", "means", "pitfalls"),
    "experience": ("context", "done", "funding", "results", "differently"),
}
LINES = {"method": ("question", "duration"), "experience": ("scale", "period")}
MONEY = {"method": ("cost_from", "cost_to"), "experience": ("cost",)}
DAYS = ("validated_on", "review_on", "expires_on")


class PackageRefused(ValidationError):  # noqa: N818 - what happened, told to a person
    """A package that is not taken; the message says why."""
