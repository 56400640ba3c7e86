"""Answers that hold what is for one reader alone."""

from __future__ import annotations

from typing import TypeVar

from django.http.response import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)


def unkept(response: R) -> R:
    """The same answer, which no browser, proxy or search engine keeps, and whose address is told to
    no other site: it holds a contact, or its link is the right."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
