"""Colours: contrast as WCAG counts it, and the dark twin of a brand colour."""

from __future__ import annotations

import re

HEX = re.compile(r"#[0-9a-fA-F]{6}")
READABLE = 4.5  # WCAG 2.2 AA, normal text


def channels(colour: str) -> tuple[int, int, int]:
    """The red, green and blue of `#rrggbb`; raises ValueError on anything else."""
    if not HEX.fullmatch(colour):
        raise ValueError(f"« {colour} » n’est pas une couleur de la forme #rrggbb.")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lightened(colour: str, against: str, ratio: float = 7.0) -> str:
    """The colour, mixed with white until it can be read on a dark ground."""
    mixed = colour
    for step in range(1, 21):
        if contrast(mixed, against) >= ratio:
            break
        mixed = "#" + "".join(f"{round(c + (255 - c) * step / 20):02x}" for c in channels(colour))
    return mixed
