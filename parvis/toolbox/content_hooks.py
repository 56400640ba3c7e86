"""What the coordination finds in the office for the pages of the site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("construct_main_menu", order=1)
def lead_to_redirects(request: HttpRequest, items: list[Any]) -> None:
    """Once the menu is cut down: from old addresses to new ones, for who may change them."""
    if request.user.has_perm("wagtailredirects.add_redirect"):
        address = reverse("wagtailredirects:index")
        items.append(MenuItem("Redirections", address, name="redirects", icon_name="redirect"))
