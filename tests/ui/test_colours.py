"""Colours can be read in both themes, stand in one place, and a brand cannot spoil them."""

import re
from pathlib import Path

import pytest
from django.core.checks import run_checks

from parvis.ui import branding, checks
from parvis.ui.colours import contrast, lightened

ROOMS = Path(__file__).resolve().parents[2] / "parvis"
SHEET = (ROOMS / "ui/static/ui/ui.css").read_text()
TOKENS = SHEET[SHEET.index("@layer tokens {") : SHEET.index("@layer base {")]
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
THEMES = {"light": 0, "dark": 1}


def token(name: str, theme: str) -> str:
    found = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", TOKENS)
    assert found, name
    return found.group(THEMES[theme] + 1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["ground", "paper"])
@pytest.mark.parametrize("ink", ["ink", "soft", "slate", "brick", "moss", "amber", "clay"])
def test_every_ink_can_be_read_on_every_ground(ink, ground, theme):
    assert contrast(token(ink, theme), token(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["slate", "brick"])
def test_words_on_a_button_can_be_read(name, theme):
    assert contrast(token(f"on-{name}", theme), token(name, theme)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["ground", "paper"])
def test_the_edge_of_a_field_can_be_seen(ground, theme):
    assert contrast(token("edge", theme), token(ground, theme)) >= 3


def test_colours_stand_among_the_tokens_and_nowhere_else():
    elsewhere = {
        path.relative_to(ROOMS): COLOUR.findall(path.read_text().replace(TOKENS, ""))
        for path in ROOMS.glob("*/static/**/*.css")
    }
    assert not {path: found for path, found in elsewhere.items() if found}


def test_templates_name_no_colour():
    named = re.compile(r"""(?:fill|stroke|color|bgcolor)=["']?#[0-9a-fA-F]{3,8}""")
    faulty = [
        str(path.relative_to(ROOMS))
        for path in ROOMS.glob("*/templates/**/*.html")
        if "/notices/" not in str(path) and named.search(path.read_text())
    ]
    assert faulty == []


def test_the_brand_agrees_with_the_tokens():
    assert {name: token(name, "light") for name in branding.USUAL} == branding.USUAL
    assert token("paper", "light") == branding.PAPER
    assert token("ink", "light") == branding.INK
    assert token("ground", "dark") == branding.DARK_GROUND
    assert token("paper", "dark") == branding.DARK_PAPER
    assert token("on-slate", "dark") == branding.DARK_ON


def test_the_usual_brand_passes_the_check():
    assert checks.brand_colours_can_be_read(None) == []


@pytest.mark.parametrize(
    ("name", "colour", "word"),
    [
        ("slate", "#8FD3E0", "se lit mal"),
        ("brick", "#FFCC00", "se lit mal"),
        ("ground", "#1E2733", "se lit mal"),
        ("slate", "teal", "pas une couleur"),
    ],
)
def test_a_brand_that_cannot_be_read_is_told_at_start_up(settings, name, colour, word):
    settings.BRAND = {**settings.BRAND, name: colour}
    found = [message for message in run_checks() if message.id == "ui.E001"]
    assert found
    assert all(message.is_serious() for message in found)
    assert any(word in message.msg for message in found)


def test_the_dark_twin_of_a_brand_colour_can_be_read():
    for colour in ("#000000", "#17505B", "#5B1748", "#00008B"):
        assert contrast(lightened(colour, branding.DARK_PAPER), branding.DARK_PAPER) >= 4.5


def test_contrast_is_counted_as_in_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
