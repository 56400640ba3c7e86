"""Photos as people send them, made into plain small JPEGs that tell nothing but what they show."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext_noop
from PIL import Image, ImageDraw, UnidentifiedImageError

MAX_BYTES = 15 * 1024 * 1024
MAX_PHOTOS = 5
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 2000
THUMBNAIL_SIDE = 480
QUALITY = 82
BLOCK = 16  # points: the squares by which a JPEG keeps colours
FORMATS = ["JPEG", "PNG", "WEBP"]

# For the whole process: an image that would fill the memory is an error, never a mere warning.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

_ORIENTATION = 0x0112  # Exif
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

EMPTY = gettext_noop("Ce fichier est vide. Choisissez une autre photo.")
TOO_HEAVY = gettext_noop("Cette photo dépasse 15 Mo. Choisissez-en une plus légère.")
TOO_LARGE = gettext_noop(
    "Cette photo est trop grande (plus de 40 millions de points). Réduisez-la, ou faites-en"
    " une copie d’écran et envoyez la copie."
)
PDF = gettext_noop(
    "Ce fichier est un PDF, pas une photo. Envoyez une photo JPEG, HEIC, PNG ou WebP."
)
VIDEO = gettext_noop("Ce fichier est une vidéo. Envoyez une photo JPEG, HEIC, PNG ou WebP.")
DRAWING = gettext_noop(
    "Ce fichier est un dessin SVG ou une page web, pas une photo. Envoyez une photo JPEG,"
    " HEIC, PNG ou WebP."
)
OTHER_IMAGE = gettext_noop(
    "Ce format d’image n’est pas accepté. Envoyez une photo JPEG, HEIC, PNG ou WebP ; une"
    " copie d’écran de l’image convient."
)
NO_PHOTO = gettext_noop(
    "Ce fichier n’est pas une photo. Envoyez une photo JPEG, HEIC, PNG ou WebP."
)
DAMAGED = gettext_noop(
    "Cette photo est abîmée ou incomplète. Envoyez-la de nouveau, ou choisissez-en une autre."
)


class PhotoRefused(Exception):  # noqa: N818 - what happened, told to a person
    """A file that is not taken; the message tells the sender what to do."""


@dataclass(frozen=True)
class CleanPhoto:
    """A photo that was drawn anew: upright, on white, without any metadata."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int


def clean(upload: IO[bytes]) -> CleanPhoto:
    """Make a clean photo of an upload (JPEG, PNG, WebP or HEIC, told by its content), or raise
    PhotoRefused."""
    data = upload.read(MAX_BYTES + 1)
    if not data:
        raise PhotoRefused(EMPTY)
    if len(data) > MAX_BYTES:
        raise PhotoRefused(TOO_HEAVY)
    try:
        image = _upright(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefused(TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise PhotoRefused(_why_not(data)) from error
    except MemoryError as error:
        raise PhotoRefused(TOO_LARGE) from error
    except Exception as error:  # decoders of hostile files raise nearly anything
        raise PhotoRefused(DAMAGED) from error
    return _both_sizes(image)


@dataclass(frozen=True)
class Box:
    """A part of a picture, in thousandths of its width and of its height."""

    left: int
    top: int
    width: int
    height: int


def black_out(jpeg: bytes, boxes: Iterable[Box]) -> CleanPhoto:
    """The photo drawn anew with these parts black: what was under them is in no byte of it."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        drawn = image.convert("RGB")
    pen = ImageDraw.Draw(drawn)
    for box in boxes:
        # Outwards to whole blocks: a JPEG is coded by squares, whose edges would keep a halo.
        left, right = _blocks(box.left, box.left + box.width, drawn.width)
        top, bottom = _blocks(box.top, box.top + box.height, drawn.height)
        pen.rectangle((left, top, right - 1, bottom - 1), fill="black")
    return _both_sizes(drawn)


def _blocks(start: int, end: int, side: int) -> tuple[int, int]:
    """From thousandths to points, widened to the squares of a JPEG, within the picture."""
    first = side * start // 1000 // BLOCK * BLOCK
    last = -(-side * end // 1000 // BLOCK) * BLOCK
    return first, max(min(last, side), min(first + BLOCK, side))


def _both_sizes(image: Image.Image) -> CleanPhoto:
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return CleanPhoto(_jpeg(image), _jpeg(small), image.width, image.height)


def _upright(data: bytes) -> Image.Image:
    with _open(data) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        turn = _turn(image)
        scale = min(1.0, LONGEST_SIDE / max(image.size))
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        # A JPEG can be decoded at a half or a quarter of its size: much less work.
        image.draft(None, size)
        image.load()
        drawn = _on_white(image, size)
    return drawn if turn is None else drawn.transpose(turn)  # a mirror image is number 0


def _open(data: bytes) -> Image.Image:
    if data[4:12] not in _HEIC_STARTS:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    # What iPhones write. Its reader turns the photo by itself, and takes the place of the declared
    # size for its limit: a picture that unfolds to more than it said is refused.
    from pillow_heif import HeifImageFile  # 10 MB of libraries, for those who send such photos

    image: Image.Image = HeifImageFile(io.BytesIO(data))  # type: ignore[no-untyped-call]
    return image


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a broken Exif block spoils no photo
        return None


def _on_white(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The image in its final size and plain RGB; only its points are kept, no metadata follows."""
    if image.mode.startswith("I"):  # 16 bits: keep the upper eight
        shown = image.convert("I").point(lambda level: level * (1 / 256)).convert("RGB")
    elif image.has_transparency_data:
        shown = image.convert("RGBA")
    else:
        shown = image.convert("RGB")
    if shown.size != size:
        shown = shown.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    white = Image.new("RGB", size, "white")
    white.paste(shown, mask=shown.getchannel("A") if shown.mode == "RGBA" else None)
    return white


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return out.getvalue()


def _why_not(data: bytes) -> str:
    """What to tell the sender of a file that is none of the formats."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data[4:8] == b"ftyp":
        return OTHER_IMAGE if data[8:12] in _OTHER_BRANDS else VIDEO
    if start.startswith(b"%PDF"):
        return PDF
    if start.startswith(b"<"):
        return DRAWING
    if data.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*")):
        return OTHER_IMAGE
    if data.startswith((b"\xff\xd8", b"\x89PNG")):
        return DAMAGED
    return NO_PHOTO


_HEIC_STARTS = {
    b"ftyp" + brand for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
}
_OTHER_BRANDS = {b"avif", b"avis", b"crx "}
