"""A walk on telephones: what tests of the page on foot do and look for."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, expect

from parvis.partners.actors import SESSION_KEY
from parvis.partners.models import Mandate, User
from parvis.walks import links
from parvis.walks.models import Walk

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def foot_of(walk: Walk) -> str:
    """The page of a partner's telephone."""
    return f"/diagnostics/{walk.pk}/sur-place/"


def joined_of(walk: Walk) -> str:
    """The page that the link opens."""
    return f"/diagnostics/avec/{links.token_of(walk)}/"


def sign_in(context: Any, site: str, person: User) -> str:
    """Give a browser the session of a person, and its key."""
    client = Client()
    client.force_login(person)
    session = client.session
    session[SESSION_KEY] = Mandate.objects.filter(person=person).order_by("pk")[0].pk
    session.save()
    key: str = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    return key


def photo(name: str, colour: str) -> Any:
    """A photo as a telephone takes it."""
    file = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(file, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def kept_page(page: Page) -> None:
    """Until the page is kept with its files, and so opens without a network."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


def note(
    page: Page,
    words: str,
    *,
    look: str = "",
    strength: bool = False,
    photos: int = 0,
    severity: str = "Gêne vraiment",
) -> None:
    """Note one finding at the stop that is shown."""
    if look:
        page.get_by_role("button", name=look).click()
    else:
        page.get_by_role("button", name="Ajouter un constat").click()
    fill_in(page, words, look=look, strength=strength, photos=photos, severity=severity)
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.get_by_role("button", name="Ajouter un constat")).to_be_visible()


def fill_in(
    page: Page,
    words: str,
    *,
    look: str = "",
    strength: bool = False,
    photos: int = 0,
    severity: str = "Gêne vraiment",
) -> None:
    """What a finding says, nothing kept yet."""
    expect(page.get_by_role("button", name="Garder", exact=True)).to_be_visible()
    page.get_by_label("Point fort" if strength else "Point faible", exact=True).check()
    if not strength:
        page.get_by_label(severity).check()
    if not look:
        page.get_by_label("Thème").select_option("proprete")
    page.get_by_label("Note").fill(words)
    for number in range(photos):
        page.locator("[data-camera]").set_input_files(photo(f"{words}-{number}.jpg", "#8c5a48"))
        expect(page.locator("[data-photos] > li")).to_have_count(number + 1)


def rows(page: Page, shelf: str) -> list[dict[str, Any]]:
    """What this telephone keeps on a shelf of its database."""
    found: list[dict[str, Any]] = page.evaluate(
        """(shelf) => new Promise((done, fail) => {
            const asked = indexedDB.open("parvis-diagnostics");
            asked.onerror = () => fail(asked.error);
            asked.onsuccess = () => {
                const rows = asked.result.transaction(shelf).objectStore(shelf).getAll();
                rows.onsuccess = () => { asked.result.close(); done(rows.result); };
            };
        })""",
        shelf,
    )
    return found
