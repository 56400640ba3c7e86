"""Making the words of a message from its two templates."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from parvis.notices.outbox import CHOICES, Mail


def render(template_base: str, context: dict[str, Any]) -> Mail:
    """Make a mail from `<base>.txt`, whose first line is the subject, and `<base>.html`."""
    words = {
        "brand": settings.BRAND,
        "site_url": settings.SITE_URL,
        "choices": CHOICES,  # filled in for each person
        **context,
    }
    # Plain text is no HTML: "l’éclairage" must not arrive with character references.
    template: Any = get_template(f"{template_base}.txt")
    plain: str = template.template.render(Context(words, autoescape=False))
    subject, _, text = plain.strip().partition("\n")
    subject = " ".join(subject.split())
    html = get_template(f"{template_base}.html").render({"subject": subject, **words})
    return Mail(subject, re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n", html)
