"""Bringing in a sheet of another territory: received, confirmed, then a draft like any other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation, User
from parvis.toolbox.models import KnownKey, Package, Sheet
from parvis.toolbox.office import desk_of
from parvis.toolbox.sheet_text import draw_pictures
from parvis.toolbox.swap_building import Building
from parvis.toolbox.swap_format import PackageRefused
from parvis.toolbox.swap_keys import public_key
from parvis.toolbox.swap_package import Opened, open_package

KEPT = timedelta(days=1)
MOST_WAITING = 20


def receive(actor: Actor, content: bytes) -> Package:
    """Keep a package until the coordination has read what is in it; PackageRefused otherwise."""
    opened = open_package(content)
    Building(opened).check()
    waiting = Package.objects.filter(coordination_id=actor.organisation_id, imported_at=None)
    if waiting.count() >= MOST_WAITING:
        raise PackageRefused("Beaucoup de paquets attendent déjà : importez-les ou écartez-les.")
    package = Package(
        coordination_id=actor.organisation_id or 0,
        sha256=opened.sha256,
        title=opened.said.title,
        url=opened.said.origin_url,
        received_at=timezone.now(),
    )
    package.file.save("package.zip", ContentFile(content), save=False)
    package.save()
    return package


def opened_again(package: Package) -> Opened:
    """What a package that waits holds, checked again."""
    with package.file.open("rb") as file:
        return open_package(file.read())


def came_before(package: Package) -> list[Package]:
    """The times that this sheet was brought in already, the last one first."""
    before = Package.objects.filter(
        coordination_id=package.coordination_id, imported_at__isnull=False
    )
    same = before.filter(url=package.url) if package.url else before.filter(sha256=package.sha256)
    return list(same.select_related("sheet").order_by("-imported_at", "-pk")[:5])


def knows(coordination_id: int | None, key: str) -> KnownKey | None:
    """The installation whose key that is, if this coordination confirmed it once."""
    return KnownKey.objects.filter(coordination_id=coordination_id, key=key).first()


def is_ours(key: str) -> bool:
    """Whether this installation signed it itself."""
    return key == public_key()


@transaction.atomic
def bring_in(package: Package, actor: Actor, *, trust: bool = False) -> Sheet:
    """Make a draft of a package on the desk of the coordination: read again before it is published.

    `trust`: whoever signed it is known from now on.
    """
    found = Package.objects.select_for_update().get(pk=package.pk)
    if found.imported_at is not None:
        raise PackageRefused("Cette fiche vient d’être importée.")
    opened = opened_again(found)
    organisation = Organisation.objects.get(pk=found.coordination_id)
    sheet: Any = Building(opened).build(
        desk_of(organisation), User.objects.filter(pk=actor.user_id or 0).first()
    )
    if trust and not is_ours(opened.key):
        KnownKey.objects.get_or_create(
            coordination=organisation,
            key=opened.key,
            defaults={
                "name": opened.said.installation,
                "url": opened.said.address,
                "since": timezone.now(),
            },
        )
    file, found.file = str(found.file.name), ""
    found.sheet, found.imported_at = sheet, timezone.now()
    found.save(update_fields=["file", "sheet", "imported_at"])
    storage = package.file.storage
    transaction.on_commit(lambda: storage.delete(file))
    transaction.on_commit(lambda: draw_pictures(sheet))  # who reads the draft sees them
    return sheet  # type: ignore[no-any-return]


def erase_unconfirmed(now: datetime | None = None) -> int:
    """Erase the packages that nobody confirmed within a day."""
    old = Package.objects.filter(imported_at=None, received_at__lt=(now or timezone.now()) - KEPT)
    count = 0
    for package in old.iterator():
        package.delete()
        count += 1
    return count
