"""`parvis migrate`: Django's, and a new database made at once from the models.

Two hundred migrations of libraries and rooms take two minutes on nothing, because each operation
draws every model anew. An empty database gets the same tables from the models, in seconds, and the
migrations are noted as applied; `tests/ground/test_migrating.py` holds the two against one another.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import connections, transaction

from parvis.toolbox.ground import lay_ground

# Its table is no model's: SQL makes it, in its migration. (So is one of the editor's library's, for
# a search that settings leave aside.)
BY_MIGRATION = "search"


class Command(DjangoCommand):
    help = "Crée ou met à jour les tables."

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["app_label"] and not options["plan"] and is_empty(options["database"]):
            self._make_from_models(*args, **options)
            options["fake"] = True
        super().handle(*args, **options)

    def _make_from_models(self, *args: Any, **options: Any) -> None:
        usual = settings.MIGRATION_MODULES
        labels = {app.label for app in apps.get_app_configs()} - {BY_MIGRATION}
        settings.MIGRATION_MODULES = dict.fromkeys(labels)
        try:
            super().handle(*args, **{**options, "run_syncdb": True})
        finally:
            settings.MIGRATION_MODULES = usual
        with transaction.atomic(using=options["database"]):
            lay_ground()


def is_empty(database: str) -> bool:
    """Whether nothing was ever put in this database."""
    return not connections[database].introspection.table_names()
