"""White label: name, logo and three colours from settings, and the sheet that applies them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from parvis.ui.colours import READABLE, contrast, lightened

USUAL = {"slate": "#17505B", "brick": "#A8432A", "ground": "#FAF7F2"}
# The tokens of `ui.css` that a brand leaves alone and must agree with; a test keeps them in step.
PAPER, INK = "#FFFFFF", "#1E2733"
DARK_GROUND, DARK_PAPER, DARK_ON = "#14191D", "#1C2329", "#0D1A1D"


def brand() -> dict[str, Any]:
    """Name, territory, logo, and whether colours of its own need the extra sheet."""
    chosen = {"name": "Parvis", "territory": "", "logo": "", **USUAL, **settings.BRAND}
    recoloured = any(str(chosen[name]).upper() != usual for name, usual in USUAL.items())
    return {**chosen, "recoloured": recoloured}


def sheet() -> str:
    """The tokens that the brand changes, for both themes."""
    chosen = brand()
    rules = [f"--ground: light-dark({chosen['ground']}, {DARK_GROUND});"]
    for name in ("slate", "brick"):
        dark = lightened(chosen[name], DARK_PAPER)
        rules.append(f"--{name}: light-dark({chosen[name]}, {dark});")
        rules.append(f"--on-{name}: light-dark({PAPER}, {DARK_ON});")
    return "@layer tokens { :root { " + " ".join(rules) + " } }\n"


def faults() -> list[str]:
    """What is wrong with the colours of the brand, in words."""
    chosen = brand()
    pairs = [(name, chosen[name], PAPER, "le papier") for name in ("slate", "brick")]
    pairs += [(name, chosen[name], chosen["ground"], "le fond") for name in ("slate", "brick")]
    pairs.append(("ink", INK, chosen["ground"], "le fond"))
    found = []
    for name, colour, ground, where in pairs:
        try:
            ratio = contrast(colour, ground)
        except ValueError as error:
            found.append(str(error))
            continue
        if ratio < READABLE:
            written = f"{ratio:.1f}".replace(".", ",")
            found.append(
                f"La couleur « {name} » ({colour}) se lit mal sur {where} ({ground}) : "
                f"contraste de {written}, il en faut au moins 4,5."
            )
    return list(dict.fromkeys(found))
