"""No template of the house holds what the content policy refuses. Letters are not pages."""

import re
from pathlib import Path

import pytest

ROOMS = Path(__file__).resolve().parents[2] / "parvis"
TEMPLATES = [
    path for path in sorted(ROOMS.glob("*/templates/**/*.html")) if "notices" not in path.parts[-3:]
]
REFUSED = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "a handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "a script without src": re.compile(r"<script\b(?![^>]*\bsrc=)"),
    "a style element": re.compile(r"<style\b"),
    "a script in a link": re.compile(r"""(?:href|action)=["']\s*javascript:"""),
    "a file of another host": re.compile(
        r"""<(?:script|link|img)\b[^>]*(?:src|href)=["']?(?:https?:)?//"""
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_no_template_holds(what):
    found = [
        str(path.relative_to(ROOMS)) for path in TEMPLATES if REFUSED[what].search(path.read_text())
    ]
    assert found == []


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 20


def test_every_script_of_the_house_is_a_module():
    script = re.compile(r"<script\b[^>]*>")
    faulty = [
        f"{path.relative_to(ROOMS)}: {tag}"
        for path in TEMPLATES
        for tag in script.findall(path.read_text())
        if 'type="module"' not in tag
    ]
    assert faulty == []
