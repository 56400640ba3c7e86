"""What every page is given by the shell itself; menus come from the portal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from parvis.ui.branding import brand


def page(request: HttpRequest) -> dict[str, Any]:
    """The brand, and who is acting (None before the middleware has run)."""
    return {"brand": brand(), "actor": getattr(request, "actor", None)}
