"""Writing in the editor's office as its forms do, and reading what comes of it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from parvis.notices.models import Message
from parvis.partners.models import User
from parvis.toolbox.models import MethodSheet, Sheet
from parvis.toolbox.office import desk_of
from tests.cast import Cast

WHOLE: dict[str, Any] = {
    "title": "Préparer un diagnostic en marchant",
    "summary": "Regarder ensemble un quartier, et en tirer une liste de choses à faire.",
    "licence": "etalab-2.0",
    "question": "Comment regarder un quartier ensemble ?",
    "steps": rich_text("<ol><li>Choisir le parcours</li></ol>"),
    "who": rich_text("<p>La ville, le bailleur et des habitants.</p>"),
}
RICH = ("when", "steps", "who", "means", "pitfalls")


def inside(person: Any) -> Client:
    """A browser of somebody who opened the office."""
    client = Client()
    client.force_login(person)
    assert client.post(reverse("toolbox:office")).status_code == 302
    return client


def posted(*, body: Any = (), see_also: Any = (), wordings: Any = (), **fields: Any) -> Any:
    """What the form of a fiche méthodologique sends."""
    values = {
        **{name: rich_text("") for name in RICH},
        "duration": "",
        "cost_from": "",
        "cost_to": "",
        "contributors": "",
        "contact": "",
        "review_on": "",
        "expires_on": "",
        **WHOLE,
        **fields,
        "body": streamfield(list(body)),
        "wordings": inline_formset(list(wordings)),
        "see_also": inline_formset(list(see_also)),
        "comments": inline_formset([]),
    }
    return nested_form_data(values)


def a_draft(cast: Cast, person: User, client: Client, *, action: str = "", **fields: Any) -> Any:
    """What the office answers to somebody who writes a sheet on the desk of the town of Anzin."""
    desk = desk_of(cast.town)
    address = reverse(
        "wagtailadmin_pages:add", args=["toolbox", fields.pop("kind", "methodsheet"), desk.pk]
    )
    return client.post(address, {**posted(**fields), **({action: "x"} if action else {})})


def rewritten(client: Client, sheet: Any, *, action: str = "", **fields: Any) -> Any:
    """What the office answers to somebody who writes again on a sheet."""
    address = reverse("wagtailadmin_pages:edit", args=[sheet.pk])
    return client.post(address, {**posted(**fields), **({action: "x"} if action else {})})


def proposed(cast: Cast, client: Client, **fields: Any) -> Sheet:
    """A whole sheet of the town, proposed by sofia or whoever `client` is."""
    answer = a_draft(cast, cast.sofia, client, action="action-submit", **fields)
    assert answer.status_code == 302, answer.content.decode()
    found: Sheet = MethodSheet.objects.latest("pk")
    return found


def decide(client: Client, sheet: Any, action: str, comment: str = "") -> Any:
    """The coordination approves what is proposed, or asks for changes."""
    state = Sheet.objects.get(pk=sheet.pk).current_workflow_task_state
    assert state is not None
    address = reverse("wagtailadmin_pages:workflow_action", args=[sheet.pk, action, state.pk])
    return client.post(address, {"comment": comment})


def told(event: str) -> dict[str, str]:
    """Who was told of these events, and the text of what they read."""
    rows = Message.objects.filter(event__startswith=event).select_related("envelope")
    return {row.person: f"{row.envelope.subject}\n{row.envelope.text}" for row in rows}


def a_photo(*, gps: bool = True, form: str = "JPEG") -> bytes:
    """A photograph as a telephone takes it: it says where it was taken."""
    drawn = BytesIO()
    image = Image.new("RGB", (120, 80), "#A8432A")
    exif = Image.Exif()
    exif[0x010F] = "Appareil inventé"
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 22.0, 30.0), 3: "E", 4: (3.0, 30.0, 30.0)})
    image.save(drawn, form, exif=exif)
    return drawn.getvalue()
