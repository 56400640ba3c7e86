"""`parvis update_catalogues`: for developers, after words of residents' pages changed."""

from __future__ import annotations

from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand

from parvis.ui.catalogues import SOURCES
from parvis.ui.marks import Message, marked

HEAD = "The words of residents’ pages and mails; `parvis update_catalogues` keeps them in step."


class Command(BaseCommand):
    help = "Add to the catalogues the words that were marked, and take out those that no longer are"

    def handle(self, *args: Any, **options: Any) -> None:
        messages = marked()
        for language, _ in settings.LANGUAGES:
            if language != settings.LANGUAGE_CODE:
                self._update(language, messages)

    def _update(self, language: str, messages: dict[Message, str]) -> None:
        path = SOURCES / language / "LC_MESSAGES" / "django.po"
        known = Catalog(locale=language)
        if path.exists():
            with path.open("rb") as file:
                known = read_po(file, locale=language)
        fresh = Catalog(
            locale=language,
            project="Parvis",
            version="",
            copyright_holder="Parvis",
            msgid_bugs_address="",
            last_translator="",
            language_team="",
            header_comment=f"# {HEAD}\n",
            creation_date=known.creation_date,
            revision_date=known.creation_date,
            fuzzy=False,
        )
        missing = 0
        for message, where in messages.items():
            words = (message.one, message.several) if message.several else message.one
            before = known.get(message.one)
            said = before.string if before and before.pluralizable == bool(message.several) else ""
            missing += not said
            fresh.add(words, said, locations=[(where, None)])  # type: ignore[list-item]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, width=100, omit_header=False)
        self.stdout.write(f"{language} : {len(messages)} messages, {missing} à traduire")
