"""Photos: what comes out of good ones, what is said of bad ones."""

import contextlib
import io
import random
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from parvis.documents import photos
from parvis.documents.photos import PhotoRefused, clean
from tests.documents.pictures import (
    BLUE,
    RED,
    WHITE,
    bomb,
    file_of,
    heic_that_says,
    scene,
    told_everything,
    told_everything_heic,
    told_everything_png,
    told_everything_webp,
)


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def near(seen, wanted):
    return all(abs(a - b) < 40 for a, b in zip(seen, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_the_formats_come_out_as_progressive_jpeg(kind):
    photo = clean(file_of(scene(), kind))
    for data in (photo.jpeg, photo.thumbnail):
        image = opened(data)
        assert (image.format, image.mode, bool(image.info["progressive"])) == ("JPEG", "RGB", True)
    assert near(opened(photo.jpeg).getpixel((50, 100)), RED)
    assert near(opened(photo.jpeg).getpixel((350, 100)), BLUE)


def test_sizes_are_told_and_small_photos_stay_as_they_are():
    photo = clean(file_of(scene(400, 200)))
    assert (photo.width, photo.height) == opened(photo.jpeg).size == (400, 200)


@pytest.mark.parametrize(
    ("size", "large", "small"),
    [
        ((4000, 3000), (2000, 1500), (480, 360)),
        ((3000, 4000), (1500, 2000), (360, 480)),
        ((2001, 500), (2000, 500), (480, 120)),
        ((1, 1), (1, 1), (1, 1)),
        ((9000, 2), (2000, 1), (480, 1)),
    ],
)
def test_the_longest_side_is_held(size, large, small):
    photo = clean(file_of(scene(*size)))
    assert opened(photo.jpeg).size == large
    assert opened(photo.thumbnail).size == small


@pytest.mark.parametrize(
    "make", [told_everything, told_everything_png, told_everything_webp, told_everything_heic]
)
def test_nothing_is_told_but_what_is_shown(make):
    source = make()
    assert b"Secret" in source.getvalue()
    photo = clean(source)
    for data in (photo.jpeg, photo.thumbnail):
        assert b"Secret" not in data
        assert b"Exif" not in data
        image = opened(data)
        assert not image.getexif()
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


# Where the red left side of the scene must be after each orientation.
@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (400, 200), (20, 100)),
        (2, (400, 200), (380, 100)),
        (3, (400, 200), (380, 100)),
        (4, (400, 200), (20, 100)),
        (5, (200, 400), (100, 20)),
        (6, (200, 400), (100, 20)),
        (7, (200, 400), (100, 380)),
        (8, (200, 400), (100, 380)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_taken_sideways_comes_out_upright(orientation, size, red_at, kind):
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = clean(file_of(scene(), kind, exif=exif.tobytes()))
    assert (photo.width, photo.height) == size
    assert near(opened(photo.jpeg).getpixel(red_at), RED)


def test_a_large_photo_taken_sideways_comes_out_upright_and_small():
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = clean(file_of(scene(4000, 3000), exif=exif))
    assert (photo.width, photo.height) == (1500, 2000)
    assert near(opened(photo.jpeg).getpixel((700, 50)), RED)


def test_an_orientation_that_does_not_exist_is_taken_for_upright():
    exif = Image.Exif()
    exif[0x0112] = 99
    assert clean(file_of(scene(), exif=exif)).width == 400


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_broken_exif_block_spoils_no_photo():
    assert clean(file_of(scene(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff garbage")).width == 400


@pytest.mark.parametrize("mode", ["L", "CMYK", "1"])
def test_a_jpeg_or_png_in_other_colours_is_shown(mode):
    photo = clean(file_of(scene(mode=mode), "PNG" if mode == "1" else "JPEG"))
    assert opened(photo.jpeg).mode == "RGB"


def test_a_cmyk_photo_keeps_its_colours():
    photo = clean(file_of(scene(mode="CMYK")))
    assert near(opened(photo.jpeg).getpixel((50, 100)), RED)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_becomes_white(kind):
    image = scene().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 200, 200))
    photo = clean(file_of(image, kind))
    assert near(opened(photo.jpeg).getpixel((50, 100)), WHITE)
    assert near(opened(photo.jpeg).getpixel((350, 100)), BLUE)


def test_a_palette_with_a_transparent_colour_is_put_on_white():
    image = Image.new("P", (100, 100), 0)
    image.putpalette([0, 0, 0, *RED, *BLUE])
    image.paste(1, (50, 0, 100, 100))
    seen = opened(clean(file_of(image, "PNG", transparency=0)).jpeg)
    assert near(seen.getpixel((20, 50)), WHITE)
    assert near(seen.getpixel((80, 50)), RED)


def test_a_palette_is_shrunk_without_jagged_colours():
    photo = clean(file_of(scene(3000, 1000).quantize(8), "PNG"))
    assert (photo.width, photo.height) == (2000, 667)
    assert near(opened(photo.jpeg).getpixel((100, 100)), RED)


def test_sixteen_bits_are_brought_down_to_eight():
    image = Image.new("I;16", (100, 100), 32768)
    seen = opened(clean(file_of(image, "PNG")).jpeg)
    assert near(seen.getpixel((50, 50)), (128, 128, 128))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind):
    frames = [Image.new("RGB", (50, 50), RED), Image.new("RGB", (50, 50), BLUE)]
    moving = file_of(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert near(opened(clean(moving).jpeg).getpixel((25, 25)), RED)


def test_of_a_double_photo_of_a_phone_the_first_is_kept():
    double = file_of(scene(), "MPO", save_all=True, append_images=[scene(100, 50)])
    assert clean(double).width == 400


def test_a_large_photo_of_an_iphone_is_shrunk_whatever_its_name():
    upload = SimpleUploadedFile(
        "IMG_0001.jpg", file_of(scene(2400, 1800), "HEIF").getvalue(), "image/jpeg"
    )
    photo = clean(upload)
    assert (photo.width, photo.height) == (2000, 1500)


def test_an_uploaded_file_of_a_form_is_read():
    upload = SimpleUploadedFile("photo.png", file_of(scene(), "PNG").getvalue(), "image/png")
    assert clean(upload).width == 400


def test_the_name_and_announced_type_do_not_matter():
    upload = SimpleUploadedFile("x.exe", file_of(scene()).getvalue(), "application/octet-stream")
    assert clean(upload).width == 400


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(200)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("an empty file", b"", photos.EMPTY),
        ("a web page called .jpg", b"<!doctype html><html><script>1</script>", photos.DRAWING),
        ("a web page after blanks", b"\xef\xbb\xbf \n<html>", photos.DRAWING),
        ("an SVG drawing", SVG, photos.DRAWING),
        ("a PDF", b"%PDF-1.7\n" + bytes(100), photos.PDF),
        ("the first bytes of a HEIC alone", HEIC, photos.DAMAGED),
        ("an AVIF image", HEIC.replace(b"heic", b"avif"), photos.OTHER_IMAGE),
        ("a video", MP4, photos.VIDEO),
        ("a GIF", file_of(scene(), "GIF").getvalue(), photos.OTHER_IMAGE),
        ("a BMP", file_of(scene(), "BMP").getvalue(), photos.OTHER_IMAGE),
        ("a TIFF", file_of(scene(), "TIFF").getvalue(), photos.OTHER_IMAGE),
        ("an archive", b"PK\x03\x04" + bytes(100), photos.NO_PHOTO),
        ("a program", b"MZ" + bytes(100), photos.NO_PHOTO),
        ("plain text", "Bonjour à tous".encode(), photos.NO_PHOTO),
        ("random bytes", random.Random(1).randbytes(5000), photos.NO_PHOTO),
        ("the first bytes of a JPEG alone", b"\xff\xd8\xff\xe0", photos.DAMAGED),
        ("the first bytes of a PNG alone", b"\x89PNG\r\n\x1a\n", photos.DAMAGED),
        ("a bomb", bomb().getvalue(), photos.TOO_LARGE),
        ("a little too many points", bomb(8000, 5001).getvalue(), photos.TOO_LARGE),
        ("a HEIC bomb", heic_that_says(30_000, 30_000), photos.TOO_LARGE),
        ("a HEIC larger than it says", heic_that_says(40, 30), photos.DAMAGED),
        (
            "a photo with a page behind it but cut",
            file_of(scene()).getvalue()[:900],
            photos.DAMAGED,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 50 else "",
)
def test_a_wrong_file_is_refused_with_what_to_do(name, data, said):
    with pytest.raises(PhotoRefused) as refusal:
        clean(SimpleUploadedFile("photo.jpg", data, "image/jpeg"))
    assert str(refusal.value) == said


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_file_cut_on_its_way_is_refused(kind):
    noise = Image.effect_noise((300, 300), 90).convert("RGB")
    data = file_of(noise, kind).getvalue()
    with pytest.raises(PhotoRefused, match="abîmée ou incomplète"):
        clean(io.BytesIO(data[: len(data) // 2]))


def test_a_file_that_is_too_heavy_is_refused():
    data = file_of(scene()).getvalue()
    with pytest.raises(PhotoRefused, match="15 Mo"):
        clean(io.BytesIO(data + bytes(photos.MAX_BYTES)))


def test_a_page_hidden_behind_a_photo_does_not_come_out():
    data = file_of(scene()).getvalue() + b"<script>alert(1)</script>"
    assert b"<script>" not in clean(io.BytesIO(data)).jpeg


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_spoilt_file_gives_a_photo_or_a_clear_refusal_never_an_error(kind):
    data = (
        told_everything().getvalue() if kind == "JPEG" else file_of(scene(60, 40), kind).getvalue()
    )
    chance = random.Random(7)
    for _ in range(150):
        spoilt = bytearray(data)
        for _ in range(chance.randint(1, 12)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        with contextlib.suppress(PhotoRefused):
            assert clean(io.BytesIO(bytes(spoilt))).jpeg


def test_a_photo_of_a_phone_is_ready_in_a_moment():
    noise = Image.effect_noise((1000, 750), 40).resize((4000, 3000)).convert("RGB")
    photo = file_of(noise, quality=90)
    start = time.perf_counter()
    clean(photo)
    assert time.perf_counter() - start < 3  # about 0.3 s; generous for a busy machine
