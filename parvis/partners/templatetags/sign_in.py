"""What the sign-in page must know of the settings."""

from __future__ import annotations

from django import template

from parvis.partners import oidc

register = template.Library()


@register.simple_tag
def provider_name() -> str:
    """The name of the provider of OpenID Connect; empty without one."""
    return oidc.name()
