"""Writing in the directory: the card of a structure, and one's own entry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.toolbox.models import DirectoryEntry, StructureCard
from parvis.toolbox.models.networks import directory_text
from parvis.toolbox.network_scopes import network_to_write_in
from parvis.upkeep.themes import themes as listed_themes

# Long enough for a mandate ended by mistake to be given back.
KEPT_AFTER = timedelta(days=7)
NO_NETWORK = (
    "Aucune agglomération ne couvre votre organisation : demandez à la coordination d’indiquer la "
    "commune de son siège."
)


def network_or_refuse(actor: Actor) -> Any:
    """The agglomération in whose network this actor writes; ValidationError when there is none."""
    found = network_to_write_in(actor)
    if found is None:
        raise ValidationError(NO_NETWORK)
    return found


def write_card(
    *,
    actor: Actor,
    doing: str,
    presentation: str,
    themes: Any,
    publics: Any,
    quartiers: Any,
    published: bool,
    now: datetime | None = None,
) -> StructureCard:
    """Write the card of the actor's organisation, and show it to everybody or not."""
    at = now or timezone.now()
    with transaction.atomic():
        rows = StructureCard.objects.select_for_update()
        card = rows.filter(organisation_id=actor.organisation_id or 0).first()
        if card is None:
            card = StructureCard(organisation_id=actor.organisation_id or 0)
        card.doing, card.presentation, card.changed_at = doing, presentation, at
        card.published_at = (card.published_at or at) if published else None
        names = [theme.label for theme in themes]
        card.keep_words(actor.organisation_name, doing, presentation, *names)
        card.full_clean()
        card.save()
        card.themes.set(themes)
        card.publics.set(publics)
        card.quartiers.set(quartiers)
    return card


def join_directory(
    *,
    actor: Actor,
    shown: str,
    function: str,
    help: str,
    email: str,
    phone: str,
    themes: Any,
    quartiers: Any,
    now: datetime | None = None,
) -> DirectoryEntry:
    """The actor agrees to be found, for the mandate in use: nobody does it for them."""
    network = network_or_refuse(actor)
    with transaction.atomic():
        rows = DirectoryEntry.objects.select_for_update()
        entry = rows.filter(mandate_id=actor.mandate_id or 0).first()
        if entry is None:
            entry = DirectoryEntry(mandate_id=actor.mandate_id or 0)
        entry.coordination, entry.shown = network, shown
        entry.function, entry.help, entry.email, entry.phone = function, help, email, phone
        entry.agreed_at, entry.consent_version = now or timezone.now(), directory_text()
        names = [theme.label for theme in themes]
        entry.keep_words(actor.user_name, actor.organisation_name, function, help, *names)
        entry.full_clean()
        entry.save()
        entry.themes.set(themes)
        entry.quartiers.set(quartiers)
    return entry


def leave_directory(*, actor: Actor) -> bool:
    """Take one's entry back: its row is deleted at once. Whether there was one."""
    erased, _ = DirectoryEntry.objects.filter(mandate_id=actor.mandate_id or 0).delete()
    return bool(erased)


def erase_past_entries(now: datetime | None = None) -> int:
    """Erase the entries of those whose mandate ended some days ago; how many."""
    past = DirectoryEntry.objects.past((now or timezone.now()) - KEPT_AFTER)
    found = list(past.values_list("pk", flat=True))
    DirectoryEntry.objects.filter(pk__in=found).delete()
    return len(found)


def theme_label(code: str) -> str:
    """What a theme is called; its code when it left the list."""
    theme = listed_themes().get(code)
    return theme.label if theme else code
