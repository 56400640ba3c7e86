"""The demonstration's mail, and its doors without a password."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from parvis.demo.accounts import accounts, address_of
from parvis.demo.models import Letter
from parvis.partners.models import User

LINK = re.compile(r"https?://[^\s<>\"]+")


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The last hundred letters, newest first; `?a=` keeps one recipient's."""
    rows = Letter.objects.all()
    if recipient := request.GET.get("a", ""):
        rows = rows.filter(recipient=recipient)
    return render(request, "demo/letters.html", {"letters": rows[:100], "recipient": recipient})


def with_links(text: str) -> SafeString:
    """The text, escaped, its addresses turned into links."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        url = found.group().rstrip(".,;)")
        pieces.append(format_html("{}", text[end : found.start()]))
        pieces.append(format_html('<a href="{0}">{0}</a>', url))
        end = found.start() + len(url)
    pieces.append(format_html("{}", text[end:]))
    return mark_safe("".join(pieces))  # every piece was escaped above


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as its reader would see it in plain text, links alive."""
    found = get_object_or_404(Letter, pk=pk)
    return render(request, "demo/letter.html", {"letter": found, "text": with_links(found.text)})


@require_POST
def enter(request: HttpRequest, account: str) -> HttpResponse:
    """Sign in as one of the invented people."""
    if account not in {one.code for one in accounts()}:
        raise Http404
    user = get_object_or_404(User, email=address_of(account))
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("steering:home")
