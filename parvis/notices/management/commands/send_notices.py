"""Send what is due in the outbox."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.notices.models import Message
from parvis.notices.sending import send_due


class Command(BaseCommand):
    help = "Envoie les messages en attente dont le délai est passé."

    def handle(self, *args: Any, **options: Any) -> None:
        start = timezone.now()
        self.stdout.write(f"Messages envoyés : {send_due()}")
        given_up = Message.objects.filter(failed_at__gte=start).count()
        if given_up:
            self.stdout.write(f"Messages abandonnés : {given_up}")
        late = Message.objects.filter(sent_at=None, failed_at=None, due_at__lte=start).count()
        if late:
            self.stdout.write(f"Messages qui attendent encore : {late}")
