"""Pictures for the demonstration, drawn by the loader: the same ones each time, nobody on them."""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image, ImageDraw

SIZE = (960, 720)
SKIES = ("#b9cbd6", "#c9d3d6", "#a9bfcc", "#d5d2c8")
WALLS = ("#8c5a48", "#a0705a", "#7b6a5b", "#b08d74")
GROUNDS = ("#8f8d86", "#9a958a", "#7f857c")


def _building(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    wall = dice.choice(WALLS)
    left, top = dice.randint(40, 160), dice.randint(90, 180)
    right, floor = dice.randint(700, 900), 500
    draw.rectangle((left, top, right, floor), fill=wall)
    for y in range(top + 30, floor - 110, 90):
        for x in range(left + 30, right - 70, 105):
            lit = "#e3c98a" if dice.random() < 0.2 else "#3d4a55"
            draw.rectangle((x, y, x + 60, y + 55), fill=lit, outline="#e4ded4", width=4)
    door = dice.randint(left + 80, right - 160)
    draw.rectangle(
        (door, floor - 100, door + 70, floor), fill="#17505b", outline="#e4ded4", width=4
    )


def _heap(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    """Furniture and sacks on the ground."""
    x = dice.randint(180, 420)
    draw.rounded_rectangle((x, 520, x + 270, 640), 18, fill="#6b4b3a")
    draw.rounded_rectangle((x - 20, 470, x + 40, 640), 14, fill="#5a3d2f")
    for _ in range(6):
        sack = x + dice.randint(200, 420)
        draw.ellipse(
            (sack, 560, sack + 110, 660), fill=dice.choice(("#2b2f33", "#3b4147", "#24435c"))
        )


def _hole(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    x = dice.randint(250, 500)
    draw.ellipse((x, 560, x + 260, 650), fill="#4a4742", outline="#5f5b54", width=10)
    draw.ellipse((x + 60, 580, x + 190, 630), fill="#2e2c29")


def _paint(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    x = dice.randint(200, 380)
    for _ in range(5):
        points = [(x + dice.randint(0, 330), dice.randint(300, 460)) for _ in range(6)]
        draw.line(
            points, fill=dice.choice(("#1d1f24", "#a4262c", "#d8d2c4")), width=14, joint="curve"
        )


def _dark(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    x = dice.randint(600, 760)
    draw.rectangle((x, 170, x + 16, 560), fill="#30363b")
    draw.rounded_rectangle((x - 70, 150, x + 26, 185), 8, fill="#30363b")
    draw.ellipse((x - 65, 176, x - 15, 196), fill="#50555a")


def _growth(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    for _ in range(70):
        x, height = dice.randint(60, 880), dice.randint(40, 150)
        draw.line((x, 650, x + dice.randint(-40, 40), 650 - height), fill="#44633f", width=7)


def _water(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    draw.ellipse((180, 560, 760, 690), fill="#5f7f8f")
    draw.ellipse((260, 585, 560, 660), fill="#7c9aa8")


def _broken(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    x = dice.randint(300, 520)
    draw.rectangle((x, 360, x + 170, 560), fill="#22323a", outline="#d9d2c6", width=8)
    for _ in range(9):
        draw.line(
            (x + 85, 450, x + dice.randint(0, 170), dice.randint(360, 560)), fill="#cfd8dc", width=3
        )


def _fence(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    for x in range(120, 820, 46):
        draw.rectangle((x, 480, x + 30, 640), fill="#c8502f" if (x // 46) % 2 else "#efe9dd")
    draw.rectangle((100, 540, 840, 560), fill="#8c8880")


FAULTS = {
    "proprete": _heap,
    "encombrants": _heap,
    "epaves": _heap,
    "eclairage": _dark,
    "espaces_verts": _growth,
    "aires_de_jeux": _broken,
    "voirie": _hole,
    "stationnement": _hole,
    "tags": _paint,
    "caves_garages": _water,
    "chantiers": _fence,
    "accessibilite": _hole,
}


@cache
def picture(theme: str, number: int, fixed: bool) -> bytes:
    """A JPEG of 960 x 720 pixels: a place with its fault, or the same place once it is mended."""
    dice = random.Random(f"{theme} {number}")
    image = Image.new("RGB", SIZE, dice.choice(SKIES))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 500, *SIZE), fill=dice.choice(GROUNDS))
    _building(draw, dice)
    draw.line((0, 660, 960, 660), fill="#b7b2a7", width=6)
    if not fixed:
        FAULTS.get(theme, _broken)(draw, dice)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80, optimize=True)
    return file.getvalue()


@cache
def thumbnail(theme: str, number: int, fixed: bool) -> bytes:
    """The same picture, 480 x 360 pixels."""
    image = Image.open(io.BytesIO(picture(theme, number, fixed)))
    image.thumbnail((480, 480))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80, optimize=True)
    return file.getvalue()
