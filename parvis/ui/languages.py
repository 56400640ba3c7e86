"""In which language a page is read: chosen by the reader, kept in a cookie, French by default.

Pages that residents need exist in every language of `settings.LANGUAGES`: their views bear
`@in_every_language`. All the others are written in French alone, and so is everything that partners
read. What a browser says it prefers (`Accept-Language`) is only proposed: a page never changes
language by itself, for shared telephones and computers say little of who holds them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

COOKIE = "langue"
PATH = "/langue/"  # of `ui:language`; a look-up for each language on each page would cost more
KEPT_FOR = 365 * 24 * 3600  # seconds
FRENCH = settings.LANGUAGE_CODE

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def in_every_language(view: View) -> View:
    """A page that residents read, whose words are all in the catalogues."""
    view.in_every_language = True  # type: ignore[attr-defined]
    return view


def known(code: str | None) -> str:
    """That language if pages exist in it, else French."""
    return code if code in dict(settings.LANGUAGES) else FRENCH  # type: ignore[return-value]


def current() -> str:
    """The language of the page that is being made; what a contact keeps, for later mails."""
    return known(translation.get_language())


def chosen_by(request: HttpRequest) -> str:
    """The language that this reader chose; French for who chose none, and for partners."""
    actor = getattr(request, "actor", None)
    if request.COOKIES.get(COOKIE) in (None, FRENCH) or (actor and actor.is_partner):
        return FRENCH
    return known(request.COOKIES[COOKIE])


def proposed_to(request: HttpRequest) -> str:
    """The language that the browser asks for first, when it is another one of ours and the reader
    chose none yet; empty otherwise."""
    if COOKIE in request.COOKIES:
        return ""
    for wanted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = wanted.partition("-")[0]
        if code in dict(settings.LANGUAGES):
            return "" if code == FRENCH else code
    return ""


@dataclass(frozen=True)
class Choice:
    """One language of the switch, under its own name, and the address that chooses it."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True)
class Reading:
    """What the shell says of languages."""

    code: str
    rtl: bool
    choices: tuple[Choice, ...] = ()
    proposed: Choice | None = None  # by what the browser says it prefers
    only_french: str = ""  # the reader's language, on a page that does not exist in it


def reading(request: HttpRequest | None) -> Reading:
    """In which language this page is, and in which others the reader may ask for it.

    Partners choose none. Nor does the answer to a form that was sent: what was typed would be lost.
    """
    code = current()
    rtl = translation.get_language_bidi()
    actor = getattr(request, "actor", None)
    if request is None or actor is None or actor.is_partner:
        return Reading(code, rtl)
    chosen = chosen_by(request)
    only_french = chosen if chosen != code else ""
    if request.method not in ("GET", "HEAD"):
        return Reading(code, rtl, only_french=only_french)
    back = urlencode({"vers": request.get_full_path()})
    choices = tuple(
        Choice(one, name, f"{PATH}{one}/?{back}", one == chosen) for one, name in settings.LANGUAGES
    )
    wanted = proposed_to(request)
    proposed = next((one for one in choices if one.code == wanted), None)
    return Reading(code, rtl, choices, proposed, only_french)


class LanguageMiddleware:
    """Makes a page in its reader's language where it exists in it; in French otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Until a view is found: what says that there is none is read in the reader's language too.
        translation.activate(chosen_by(request))
        try:
            response = self.get_response(request)
        finally:
            translation.activate(FRENCH)
        if getattr(request, "language_matters", False):
            page = response.get("Content-Type", "").startswith("text/html")
            patch_vary_headers(response, ["Cookie", *(["Accept-Language"] if page else [])])
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        if getattr(view, "in_every_language", False):
            request.language_matters = True  # type: ignore[attr-defined]
        else:
            translation.activate(FRENCH)
