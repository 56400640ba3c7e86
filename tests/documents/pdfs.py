"""What tests ask of any PDF of the house."""

from __future__ import annotations

import re


def page_count(content: bytes) -> int:
    """How many pages it has."""
    found = re.search(rb"/Type/Pages/Count (\d+)", content)
    assert found, "not a PDF of ours"
    return int(found[1])


def assert_accessible(content: bytes) -> None:
    """It is a tagged PDF/UA-1 in French; the compiler has refused a page without title or alt."""
    for sign in (b"/Marked true", b"/Lang(fr-FR)", b"pdfuaid", b"/DisplayDocTitle true"):
        assert sign in content, sign
