"""Asked when Parvis starts: can people read the colours of this brand?"""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from parvis.ui.branding import faults


@register()
def brand_colours_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One error for each colour of the brand that keeps too little contrast."""
    return [
        Error(fault, hint="Voir PARVIS_BRAND_SLATE, _BRICK et _GROUND.", id="ui.E001")
        for fault in faults()
    ]
