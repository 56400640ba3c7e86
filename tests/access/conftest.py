"""Fixtures of the walks over every URL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.template.backends.django import Template

from parvis.documents import pdf


@pytest.fixture(scope="module")
def undrawn() -> Iterator[None]:
    """Pages and papers are not drawn here: who may open them is asked ten thousand times, and
    tests/pages draws each of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda *_, **__: "")
        patch.setattr(pdf, "_compile", lambda _: b"%PDF-1.7")
        yield
