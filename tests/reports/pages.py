"""Walking through the public form in tests, as a browser without JavaScript would."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.cast import IN_ANZIN

HERE = f"latitude={IN_ANZIN[0]}&longitude={IN_ANZIN[1]}"
TELL = f"/signaler/dire/?{HERE}&category=trou_chaussee"


def picture(name: str = "photo.jpg", form: str = "JPEG", **how: Any) -> SimpleUploadedFile:
    """An upload that is truly a picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, form, **how)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def hidden(html: str, name: str) -> str:
    """The value of a hidden input."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no {name} in the page"
    return unescape(found[1])


def form_id(client: Client, url: str = TELL) -> str:
    """The number of a form, opened as a person does."""
    return hidden(client.get(url).content.decode(), "form_id")


def send(client: Client, url: str = TELL, **fields: Any) -> Any:
    """Open the form and send it."""
    given = {"form_id": form_id(client, url), "website": "", **fields}
    return client.post(url, given)


def text_of(response: Any) -> str:
    """What the page says, without tags, spaces made one."""
    html = response.content.decode()
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.S)
    words = unescape(re.sub(r"<[^>]+>", " ", html))
    return re.sub(r"[\s\u00a0\u202f]+", " ", words)
