"""A meeting's slides (PowerPoint, read by LibreOffice too), made from its agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from parvis.documents.values import plain

WIDE, HIGH = 13.333, 7.5  # inches
MARGIN = 0.7
SLATE, BRICK, INK, SOFT = "17505B", "A8432A", "1E2733", "4B5563"
LONGEST = 420  # signs of a text: a slide is not a report


@dataclass(frozen=True)
class Slide:
    """One slide: a title, pairs of (label, words), and at most one picture with its description."""

    title: str
    lines: Sequence[tuple[str, str]] = field(default_factory=tuple)
    picture: bytes | None = None
    described: str = ""
    asked: str = ""  # what is asked of the meeting


def make_slides(title: str, subtitle: str, slides: Sequence[Slide]) -> bytes:
    """A presentation: a first slide, then these."""
    # Imported here: no page but this one needs it.
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    deck.core_properties.title = plain(title)
    deck.core_properties.author = ""
    deck.core_properties.language = "fr-FR"
    first = _blank(deck, title, 40, top=2.3)
    _words(first, [("", subtitle)], MARGIN, 4.0, WIDE - 2 * MARGIN, 2.0, 22)
    for slide in slides:
        _draw(deck, slide)
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def _blank(deck: Any, title: str, size: int, top: float = 0.45) -> Any:
    from pptx.util import Inches

    made = deck.slides.add_slide(deck.slide_layouts[5])  # a title and nothing else
    holder = made.shapes.title
    holder.left, holder.top = Inches(MARGIN), Inches(top)
    holder.width, holder.height = Inches(WIDE - 2 * MARGIN), Inches(1.2)
    frame = holder.text_frame
    frame.word_wrap = True
    _write(frame.paragraphs[0], title, size, SLATE, bold=True)
    return made


def _draw(deck: Any, slide: Slide) -> None:
    made = _blank(deck, slide.title, 30)
    width = WIDE - 2 * MARGIN
    if slide.picture:
        width = 6.2
        _picture(made, slide.picture, slide.described, MARGIN + width + 0.3, 1.9, 5.4, 4.6)
    if slide.lines:
        _words(made, slide.lines, MARGIN, 1.9, width, 3.9, 20)
    if slide.asked:
        _words(made, [("", slide.asked)], MARGIN, 6.2, width, 0.8, 22, colour=BRICK)


def _words(
    made: Any,
    lines: Sequence[tuple[str, str]],
    left: float,
    top: float,
    width: float,
    height: float,
    size: int,
    colour: str = INK,
) -> None:
    from pptx.util import Inches, Pt

    box = made.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    box.text_frame.word_wrap = True
    for number, (label, words) in enumerate(lines):
        frame = box.text_frame
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(8)
        if label:
            _write(paragraph, f"{label} : ", size, SOFT)
        text = words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
        _write(paragraph, text, size, colour, bold=colour != INK)


def _write(paragraph: Any, text: str, size: int, colour: str, *, bold: bool = False) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.lang import MSO_LANGUAGE_ID
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    paragraph.alignment = PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = plain(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Open Sans"
    run.font.color.rgb = RGBColor(*bytes.fromhex(colour))  # type: ignore[no-untyped-call]
    run.font.language_id = MSO_LANGUAGE_ID.FRENCH


def _picture(
    made: Any, content: bytes, described: str, left: float, top: float, width: float, height: float
) -> None:
    """A picture inside a frame, its proportions kept."""
    from pptx.util import Inches

    with Image.open(BytesIO(content)) as image:
        shape = image.width / image.height
    wide, high = (width, width / shape) if width / shape <= height else (height * shape, height)
    drawn = made.shapes.add_picture(
        BytesIO(content), Inches(left), Inches(top), Inches(wide), Inches(high)
    )
    drawn._element._nvXxPr.cNvPr.set("descr", plain(described))


def draw_plan(
    outlines: Sequence[dict[str, Any]], points: Sequence[tuple[float, float]]
) -> bytes | None:
    """A plan as a PNG: outlines (GeoJSON geometries), and numbered points (latitude, longitude) in
    their order. None when there is nothing to draw."""
    from shapely.geometry import shape

    areas = [part for outline in outlines for part in _parts(shape(outline))]
    wests = [area.bounds[0] for area in areas] + [point[1] for point in points]
    if not wests:
        return None
    souths = [area.bounds[1] for area in areas] + [point[0] for point in points]
    easts = [area.bounds[2] for area in areas] + [point[1] for point in points]
    norths = [area.bounds[3] for area in areas] + [point[0] for point in points]
    west, south, east, north = min(wests), min(souths), max(easts), max(norths)
    wide, high, edge = 1080, 920, 60
    flat = 0.64  # a degree of longitude is shorter than one of latitude at these latitudes
    span = max((east - west) * flat / (wide - 2 * edge), (north - south) / (high - 2 * edge), 1e-6)

    def place(longitude: float, latitude: float) -> tuple[float, float]:
        x = wide / 2 + (longitude - (west + east) / 2) * flat / span
        return x, high / 2 - (latitude - (south + north) / 2) / span

    image = Image.new("RGB", (wide, high), "#FAF7F2")
    draw = ImageDraw.Draw(image)
    for area in areas:
        ring = [place(x, y) for x, y, *_ in area.exterior.coords]
        draw.polygon(ring, fill="#DCE8E9", outline=f"#{SLATE}", width=4)
    for number, (latitude, longitude) in enumerate(points, 1):
        x, y = place(longitude, latitude)
        draw.ellipse((x - 22, y - 22, x + 22, y + 22), fill=f"#{BRICK}", outline="white", width=3)
        draw.text((x, y), str(number), fill="white", anchor="mm", font_size=24)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _parts(found: Any) -> list[Any]:
    """The polygons of a geometry."""
    if found.geom_type == "Polygon":
        return [found]
    return [part for part in getattr(found, "geoms", ()) if part.geom_type == "Polygon"]
