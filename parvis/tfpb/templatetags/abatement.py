"""The pages of the room, side by side at the head of each list."""

from __future__ import annotations

from typing import Any

from django import template

from parvis.tfpb.overview_nav import nav

register = template.Library()


@register.inclusion_tag("tfpb/_tabs.html", takes_context=True)
def room_nav(context: dict[str, Any], here: str) -> dict[str, Any]:
    """The pages of the abatement that the reader may open; `here`: the name of this one."""
    return {"tabs": nav(context["request"].actor, here), "named": "Abattement de TFPB"}
