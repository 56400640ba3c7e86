"""How the outbox stands."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.notices.standing import standing


class Command(BaseCommand):
    help = "Dit ce qui attend de partir, par canal, et ce qui échoue ; jamais une personne."

    def handle(self, *args: Any, **options: Any) -> None:
        found = standing()
        for row in found.rows:
            self.stdout.write(
                f"{row.channel} : {row.waiting} en attente (dont {row.retried} déjà refusés),"
                f" {row.sent} partis et {row.failed} abandonnés en sept jours"
            )
            if row.oldest is not None:
                oldest = timezone.localtime(row.oldest)
                self.stdout.write(f"  le plus ancien aurait dû partir le {oldest:%d/%m à %H:%M}")
        if not found.rows:
            self.stdout.write("La boîte d’envoi est vide.")
        for channel, error, count in found.errors:
            self.stdout.write(f"erreur, {channel} : {error} ({count})")
        if found.bounced:
            self.stdout.write(f"adresses en échec : {found.bounced}")
        if found.stuck:
            self.stdout.write(self.style.ERROR("La boîte d’envoi est bloquée."))
