"""PDF out of the house: tagged (PDF/UA-1), in French, the same page on each machine.

A room writes a Typst template, `<room>/templates/<room>/pdf/<name>.typ`, which begins with

    #import "/house.typ": *
    #let d = json("/data.json")
    #show: sheet.with(d)

and hands over plain data. Words put in as `#d.title` are never read as markup.
"""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from parvis.documents.tables import safe_name
from parvis.documents.values import plain

# Stands for a sign that no font of the house has, so that a reader sees that there was one.
UNKNOWN_SIGN = "□"
_NOT_SHOWN = re.compile(r'^PDF/UA-1 error: the text `(".*")` could not be displayed', re.DOTALL)
_FAR = re.compile("[\U00010000-\U0010ffff]")  # emoji and the like, rarely alone
_TRIES = 40  # different signs that no font has, in one paper

HOUSE = Path(__file__).parent / "templates" / "documents" / "pdf" / "house.typ"


class PdfError(RuntimeError):
    """A template could not be made into an accessible PDF; the message says why."""


def make_pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    title: str,
    files: Mapping[str, bytes] | None = None,
    large: bool = False,
) -> bytes:
    """The PDF of a room's template ("meetings/agenda") filled with these data.

    `files` are pictures that the template names ("/map.svg", "/photo-3.jpg"); each needs its `alt`
    there. `large`: more than some twenty pages are made in a process of their own (about a second
    more), because the compiler keeps their memory. PdfError when the page is not accessible or
    names what does not exist.
    """
    room, name = template.split("/")
    source = Path(apps.get_app_config(room).path, "templates", room, "pdf", f"{name}.typ")
    words = {"brand": settings.BRAND["name"], "site_url": settings.SITE_URL, **data, "title": title}
    given = json.loads(json.dumps(words, cls=DjangoJSONEncoder))
    members = {
        "main.typ": source.read_bytes(),
        "house.typ": HOUSE.read_bytes(),
    }
    for name, content in (files or {}).items():
        members[Path(name).name] = content
    given = _each_text(given, plain)
    for _ in range(_TRIES):
        members["data.json"] = json.dumps(given, ensure_ascii=False).encode()
        try:
            return _made(members, large=large)
        except PdfError as error:
            unknown = _unknown_signs(str(error))
            changed = _each_text(given, partial(_boxed, unknown=unknown))
            if changed == given:  # a fault of the template's, or of another kind
                raise
            given = changed
    raise PdfError("the data hold too many signs that no font has")


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The same data with each of its texts changed; names of fields stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _each_text(one, change) for name, one in value.items()}
    return value


def _unknown_signs(message: str) -> str:
    """The signs that the compiler says no font has; empty when it complains of something else."""
    told = _NOT_SHOWN.match(message)
    if told is None:
        return ""
    written = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), told[1][1:-1])
    return "".join(sign for sign in written if not (sign.isascii() and sign.isprintable()))


def _boxed(text: str, unknown: str) -> str:
    """The text with a box for each unknown sign; all emoji at once, to compile once more only."""
    if not unknown:
        return text
    if _FAR.search(unknown):
        text = _FAR.sub(UNKNOWN_SIGN, text)
    return "".join(UNKNOWN_SIGN if sign in unknown else sign for sign in text)


def _made(members: Mapping[str, bytes], *, large: bool) -> bytes:
    if not large:
        return _compile(members)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        return pool.submit(_compile, members).result()


def pdf_response(filename: str, content: bytes) -> HttpResponse:
    """A PDF as a file of that name, opened in the browser."""
    response = HttpResponse(content, content_type="application/pdf")
    name = safe_name(filename, "pdf")
    response["Content-Disposition"] = str(content_disposition_header(False, name))
    response["Cache-Control"] = "private, no-store"
    return response


def _compile(members: Mapping[str, bytes]) -> bytes:
    """Compile in a folder that holds these files alone, which is all that a template can read."""
    # Imported here: it weighs eighty megabytes, which no page but these needs.
    import ttf_opensans
    import typst

    fonts = Path(ttf_opensans.__file__).parent / "ttf"
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in members.items():
            (root / name).write_bytes(content)
        try:
            content, warnings = typst.compile_with_warnings(
                str(root / "main.typ"),
                root=str(root),
                font_paths=[str(fonts)],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
            )
        except typst.TypstError as error:
            raise PdfError(f"{error.message} {' '.join(error.hints)}".strip()) from None
    if warnings:
        raise PdfError("; ".join(warning.message for warning in warnings))
    return bytes(content)
