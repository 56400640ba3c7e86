"""Guards that find faults without being asked: every test of a page runs under them."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.base import FilterExpression

# The session row says who is signed in and when it was last seen; it is not the site's data.
WRITES = re.compile(
    r'^\s*(INSERT|UPDATE|DELETE|REPLACE)\b(?!.{0,20}"django_session")', re.IGNORECASE
)


# The editor of the toolbox comes from a library, runs under a policy of its own, and notes who has
# a page open when it is opened.
OFFICE = "/redaction/"


class WriteInReadingError(AssertionError):
    """A GET wrote to the database."""


class InlineCodeError(AssertionError):
    """A page holds a script, style or handler that the content policy would refuse."""


class UnknownTemplateVariableError(AssertionError):
    """A template of ours names something that its view does not give."""


def _refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if WRITES.match(sql):
        raise WriteInReadingError(f"a GET writes: {sql[:200]}")
    return execute(sql, params, many, context)


class RefuseWritesInReadings:
    """A page that is only read writes nothing, so that readers never wait for a writer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD", "OPTIONS"} or request.path.startswith(OFFICE):
            return self.get_response(request)
        with connection.execute_wrapper(_refuse_writes):
            return self.get_response(request)


class _InlineFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "style":
            self.faults.append("<style>")
        if tag == "script" and "src" not in found and found.get("type") != "application/json":
            self.faults.append("<script> without src")
        for name, value in attrs:
            runs = name in ("href", "src", "action", "formaction", "xlink:href", "data")
            is_code = runs and (value or "").strip().lower().startswith("javascript:")
            if is_code or name == "style" or name.startswith("on"):
                self.faults.append(f'<{tag} {name}="{value}">')

    def handle_data(self, data: str) -> None:
        if "{{" in data or "{%" in data:
            self.faults.append(f"template code shown to the reader: {data.strip()[:80]}")


def inline_code(html: str) -> list[str]:
    """What the content policy would refuse in this page."""
    finder = _InlineFinder()
    finder.feed(html)
    return finder.faults


STREAMED: list[HttpResponse] = []


def close_streams() -> None:
    """Close the files of answers that a test did not read to the end."""
    while STREAMED:
        for close in STREAMED.pop()._resource_closers:
            close()


class RefuseInline:
    """Every page is free of inline scripts and styles."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming:
            STREAMED.append(response)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if (
            is_page
            and not response.streaming
            and not request.path.startswith(OFFICE)
            and (faults := inline_code(response.content.decode()))
        ):
            raise InlineCodeError(f"{request.path}: {'; '.join(faults)}")
        return response


class LoudEmptiness(str):
    """Stands for a missing variable; raises when one of our templates prints it.

    `{% if missing %}`, `{% for x in missing %}` and `{{ missing|default:"" }}` remain allowed.
    """

    def __bool__(self) -> bool:
        caller = sys._getframe(1)
        if caller.f_code is FilterExpression.resolve.__code__:
            expression, context = caller.f_locals["self"], caller.f_locals["context"]
            template = context.render_context.template or context.template
            defaults = any(
                function.__name__.startswith("default") for function, _ in expression.filters
            )
            if (
                not defaults
                and "/parvis/" in str(template.origin.name).rpartition("/templates/")[0] + "/"
            ):
                raise UnknownTemplateVariableError(
                    f"{template.name}: {{{{ {expression} }}}} is not known"
                )
        return False


@contextmanager
def shuffled() -> Any:
    """Rows come back in no order unless one was asked for, as a database may give them."""
    original = QuerySet._fetch_all
    chance = random.Random()

    def fetch(self: Any) -> None:
        fresh = self._result_cache is None
        original(self)
        if fresh and len(self._result_cache) > 1 and not self.ordered:
            chance.shuffle(self._result_cache)

    QuerySet._fetch_all = fetch  # type: ignore[method-assign]
    try:
        yield
    finally:
        QuerySet._fetch_all = original  # type: ignore[method-assign]
