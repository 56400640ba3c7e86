"""Pictures made for the tests, good and bad."""

import io
import struct
import zlib

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from pillow_heif import register_heif_opener

register_heif_opener()  # the tests write such photos; Parvis reads them without it

RED, BLUE, WHITE = (220, 30, 30), (30, 30, 220), (255, 255, 255)


def scene(width=400, height=200, mode="RGB"):
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill=BLUE)
    return image.convert(mode)


def file_of(image, kind="JPEG", **options):
    """The image as an open file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return io.BytesIO(out.getvalue())


def told_everything():
    """A JPEG that tells where, when, with what and by whom it was taken, in all ways there are."""
    image = scene()
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    exif[0x9286] = "SecretComment"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (50.0, 21.0, 30.0)
    gps[3], gps[4] = "E", (3.0, 31.0, 12.0)
    return file_of(
        image,
        exif=exif,
        comment=b"SecretComment",
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SecretXmp</x:xmpmeta>",
        icc_profile=b"SecretProfile" * 20,
        dpi=(301, 301),
    )


def told_everything_png():
    words = PngInfo()
    words.add_text("Author", "SecretAuthor")
    words.add_itxt("XML:com.adobe.xmp", "SecretXmp")
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    return file_of(scene(), "PNG", pnginfo=words, exif=exif, icc_profile=b"SecretProfile")


def told_everything_webp():
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    return file_of(scene(), "WEBP", exif=exif, xmp=b"SecretXmp", icc_profile=b"SecretProfile")


def told_everything_heic():
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (50.0, 21.0, 30.0)
    return file_of(scene(), "HEIF", exif=exif.tobytes(), xmp=b"SecretXmp")


def heic_that_says(width, height):
    """A HEIC photo of 800 x 600 that declares another size."""
    data = file_of(scene(800, 600), "HEIF").getvalue()
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def bomb(width=30_000, height=30_000):
    """A PNG of a few bytes that would take 2.7 GB once opened."""

    def chunk(name, data):
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b""))
