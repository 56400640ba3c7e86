"""The slides of a sitting in LibreOffice: opened, drawn, and looked at for blank pages. Run by
`make drill`, where LibreOffice is installed."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pptx import Presentation

from tests.cast import Cast
from tests.meetings.test_papers import full

OFFICE = shutil.which("soffice") or ""
DRAWER = shutil.which("pdftoppm") or ""

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(not OFFICE or not DRAWER, reason="needs LibreOffice and pdftoppm"),
]


def test_libreoffice_opens_the_slides_and_draws_each_of_them(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    made = full(cast)
    client.force_login(cast.claire)
    content = client.get(reverse("meetings:slides", args=[made.pk])).content
    (tmp_path / "deck.pptx").write_bytes(content)
    command = [OFFICE, f"-env:UserInstallation=file://{tmp_path}/office", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "deck.pptx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    drawn = [DRAWER, "-r", "40", "-png", str(tmp_path / "deck.pdf"), str(tmp_path / "slide")]
    subprocess.run(drawn, check=True, capture_output=True, timeout=60)
    pictures = sorted(tmp_path.glob("slide*.png"))
    assert len(pictures) == len(Presentation(BytesIO(content)).slides)
    for picture in pictures:
        with Image.open(picture) as image:
            assert image.width > image.height
            assert len(image.convert("RGB").getcolors(1 << 20) or ()) > 20, picture  # not blank
