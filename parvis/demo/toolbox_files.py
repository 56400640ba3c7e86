"""Pictures and model documents of the demonstration's sheets, made by the loader: the same each
time, and none of them stored in the repository."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image, ImageDraw, ImageFont

from parvis.demo.pictures import picture
from parvis.demo.toolbox_text import typeset
from parvis.documents import ods
from parvis.documents.workbooks import Cell, Sheet
from parvis.toolbox.models import Desk, Paper, Picture

SIZE = (960, 600)
ACUTE = "é"
INK, PAPER = "#1f2a30", "#f4f1ea"
FRESH, STALE, GREEN, WALL = "#2f6f9f", "#a8503a", "#8fae8b", "#b9b2a4"


def _font(size: int) -> Any:
    return ImageFont.load_default(size)


def _words(draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int = 24) -> None:
    """Words around a point. The font at hand has no accents: the one used here is drawn."""
    font, plain = _font(size), words.replace(ACUTE, "e")
    draw.text(at, plain, fill=INK, font=font, anchor="mm")
    ascent, descent = font.getmetrics()
    top = at[1] + (ascent - descent) / 2 + font.getbbox("e", anchor="ls")[1]
    for place in (place for place, letter in enumerate(words) if letter == ACUTE):
        middle = (
            at[0]
            + font.getlength(plain[:place])
            + (font.getlength("e") - font.getlength(plain)) / 2
        )
        mark = (middle - size * 0.02, top - size * 0.08, middle + size * 0.12, top - size * 0.24)
        draw.line(mark, fill=INK, width=max(2, size // 10))


def _route() -> Image.Image:
    """A walk around a quartier: a drawn path and its ten stops."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((330, 230, 640, 390), fill=GREEN)
    for left, top, right, bottom in (
        (90, 90, 250, 170), (330, 80, 520, 160), (610, 80, 860, 160), (90, 260, 210, 460),
        (720, 240, 860, 330), (720, 400, 860, 470), (290, 470, 470, 540), (540, 470, 660, 540),
    ):  # fmt: skip
        draw.rectangle((left, top, right, bottom), fill=WALL)
    stops = [
        (60, 200), (290, 200), (430, 190), (570, 190), (680, 200),
        (680, 360), (600, 430), (500, 430), (270, 430), (250, 300),
    ]  # fmt: skip
    draw.line([*stops, stops[1]], fill=STALE, width=7, joint="curve")
    for number, (x, y) in enumerate(stops, 1):
        draw.ellipse((x - 24, y - 24, x + 24, y + 24), fill="#17505b", outline="white", width=3)
        draw.text((x, y), str(number), fill="white", font=_font(24), anchor="mm")
    _words(draw, (485, 310), "jardin")
    _words(draw, (170, 130), "école")
    _words(draw, (735, 120), "commerces")
    return image


def _arrow(
    draw: ImageDraw.ImageDraw, start: tuple[int, int], end: tuple[int, int], colour: str
) -> None:
    draw.line((*start, *end), fill=colour, width=10)
    (x, y), side = end, 1 if end[0] >= start[0] else -1
    if start[0] == end[0]:
        down = 1 if end[1] >= start[1] else -1
        head = [(x, y + 16 * down), (x - 18, y - 10 * down), (x + 18, y - 10 * down)]
    else:
        head = [(x + 16 * side, y), (x - 10 * side, y - 18), (x - 10 * side, y + 18)]
    draw.polygon(head, fill=colour)


def _ventilation() -> Image.Image:
    """Two rooms on each side of an exchanger: where air comes in and where it leaves."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 240, 460, 540), outline=INK, width=5)
    draw.rectangle((500, 240, 900, 540), outline=INK, width=5)
    draw.rounded_rectangle((350, 60, 610, 180), 14, fill="white", outline=INK, width=5)
    _words(draw, (480, 105), "échangeur", 28)
    _words(draw, (480, 145), "et ses deux filtres", 22)
    _arrow(draw, (90, 90), (330, 90), FRESH)
    _words(draw, (200, 55), "air neuf du dehors", 22)
    _arrow(draw, (380, 185), (380, 330), FRESH)
    _words(draw, (260, 390), "chambres et séjour", 26)
    _words(draw, (260, 430), "bouches qui soufflent", 22)
    _arrow(draw, (580, 330), (580, 200), STALE)
    _words(draw, (700, 390), "cuisine, bain, toilettes", 26)
    _words(draw, (700, 430), "bouches qui aspirent", 22)
    _arrow(draw, (630, 90), (860, 90), STALE)
    _words(draw, (770, 55), "air usé rejeté", 22)
    _arrow(draw, (430, 500), (530, 500), INK)
    _words(draw, (480, 570), "l’air passe sous les portes", 22)
    return image


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


# By name: the file's ending, what the picture shows, and how it is made.
PICTURES: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "parcours": ("png", "Plan d’un parcours à dix arrêts", lambda: _png(_route())),
    "double-flux": ("png", "Schéma d’une ventilation double flux", lambda: _png(_ventilation())),
    "avant": (
        "jpg",
        "Dépôt au pied d’un immeuble, dessin",
        lambda: picture("encombrants", 71, fixed=False),
    ),
    "apres": ("jpg", "Le même lieu dégagé, dessin", lambda: picture("encombrants", 71, fixed=True)),
}


def _grid() -> bytes:
    """The observation grid: a line per stop and subject, strengths too."""
    head = [
        "Arrêt", "Lieu précis", "Thème", "Ce qu’on voit", "Point fort ?", "Photo n°",
        "Qui entretient ?", "Proposition", "Urgent ?",
    ]  # fmt: skip
    themes = [
        "Propreté", "Éclairage", "Voirie et trottoirs", "Espaces verts", "Stationnement",
        "Mobilier et jeux", "Accessibilité", "Halls et entrées", "Tranquillité",
    ]  # fmt: skip
    rows: list[list[Any]] = [
        [Cell("Grille d’observation d’un diagnostic en marchant", "bold", 9)],
        ["Quartier :", "", "", "Date :", "", "Groupe :", "", "Tenue par :", ""],
        [Cell(one, "bold") for one in head],
    ]
    for stop in range(1, 11):
        rows += [[stop, "", theme, "", "", "", "", "", ""] for theme in themes]
    legend: list[list[Any]] = [
        [Cell("Comment remplir", "bold", 2)],
        ["Point fort ?", "Écrivez oui quand cela marche bien : il y en a toujours."],
        ["Qui entretient ?", "Ville, agglomération, bailleur, département, autre, ou à chercher."],
        ["Urgent ?", "Oui seulement s’il y a un danger : prévenez alors sans attendre la fin."],
        ["Personnes", "N’écrivez aucun nom et ne photographiez ni visage ni plaque."],
    ]  # fmt: skip
    return b"".join(ods.book_pieces([Sheet("Grille", rows), Sheet("Mode d’emploi", legend)]))


def _sign_in() -> bytes:
    """The attendance sheet: what is needed to say who came, and nothing more."""
    head = ["N°", "Prénom et nom", "Organisation ou « habitant »", "Signature", "Compte rendu par"]
    rows: list[list[Any]] = [
        [Cell("Feuille de présence", "bold", 5)],
        ["Rencontre :", "", "", "Date et lieu :", ""],
        [Cell("Sert à compter les présents et à envoyer le compte rendu ; à détruire.", "", 5)],
        [Cell(one, "bold") for one in head],
        *([number, "", "", "", ""] for number in range(1, 31)),
    ]  # fmt: skip
    return b"".join(ods.book_pieces([Sheet("Présence", rows)]))


PAPERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "grille": ("Grille d’observation", _grid),
    "presence": ("Feuille de présence", _sign_in),
}


def file_of(name: str, desk: Desk, credit: str) -> int:
    """The id of that picture or paper on the desk, made the first time it is asked for there."""
    if name in PAPERS:
        title, write = PAPERS[name]
        paper = Paper.objects.filter(title=title, collection=desk.collection).first()
        if paper is None:
            paper = Paper.objects.create(
                title=title,
                collection=desk.collection,
                file=ContentFile(write(), name=f"{name}.ods"),
            )
        return int(paper.pk)
    ending, title, draw = PICTURES[name]
    shown = Picture.objects.filter(title=title, collection=desk.collection).first()
    if shown is None:
        shown = Picture.objects.create(
            title=title,
            collection=desk.collection,
            description=typeset(title),
            credit=credit,
            file=ImageFile(io.BytesIO(draw()), name=f"{name}.{ending}"),
        )
    return int(shown.pk)
