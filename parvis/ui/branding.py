"""White label: name, logo and three colours from settings, and the small sheet that applies them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from parvis.ui.colours import contrast, lightened

DEFAULTS = {"slate": "#17505B", "brick": "#A8432A", "ground": "#FAF7F2"}
PAPER, DARK_PAPER, INK = "#FFFFFF", "#1C2329", "#1E2733"
DARK_INK = "#0D1A1D"


def brand() -> dict[str, Any]:
    """Name, territory, logo, and whether colours of its own need the extra sheet."""
    chosen = {"name": "Parvis", "territory": "", "logo": "", **DEFAULTS, **settings.BRAND}
    chosen["recoloured"] = any(
        chosen[name].upper() != value.upper() for name, value in DEFAULTS.items()
    )
    return chosen


def sheet() -> str:
    """The tokens that the brand changes, for both themes."""
    chosen = brand()
    rules = [f"--ground: light-dark({chosen['ground']}, {DARK_GROUND});"]
    for name in ("slate", "brick"):
        dark = lightened(chosen[name], DARK_PAPER)
        text = PAPER if contrast(PAPER, chosen[name]) >= contrast(INK, chosen[name]) else INK
        rules.append(f"--{name}: light-dark({chosen[name]}, {dark});")
        rules.append(f"--on-{name}: light-dark({text}, {DARK_INK});")
    return "@layer tokens { :root { " + " ".join(rules) + " } }\n"


DARK_GROUND = "#14191D"


def faults() -> list[str]:
    """What is wrong with the colours of the brand, in words."""
    chosen = brand()
    found = []
    for name in ("slate", "brick"):
        for ground, label in ((chosen["ground"], "le fond"), (PAPER, "le papier")):
            try:
                ratio = contrast(chosen[name], ground)
            except ValueError as error:
                found.append(str(error))
                continue
            if ratio < 4.5:
                found.append(
                    f"La couleur « {name} » ({chosen[name]}) se lit mal sur {label} ({ground}) :"
                    f" contraste de {ratio:.1f}, il en faut 4,5."
                )
    try:
        if contrast(INK, chosen["ground"]) < 7:
            found.append(f"Le fond ({chosen['ground']}) est trop sombre pour le texte.")
    except ValueError as error:
        found.append(str(error))
    return list(dict.fromkeys(found))
