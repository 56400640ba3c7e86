"""What was recalled to whom."""

from __future__ import annotations

from django.db import models


class Reminder(models.Model):
    """That somebody was told of a day, before it or after it, once."""

    recipient = models.CharField(max_length=80)  # "user:5": whom, never an address
    kind = models.CharField(max_length=24)
    thing_id = models.BigIntegerField()
    due_on = models.DateField()
    late = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "rappel"
        constraints = [
            models.UniqueConstraint(
                name="a_day_is_recalled_once_before_and_once_after",
                fields=["recipient", "kind", "thing_id", "due_on", "late"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient} · {self.kind} {self.thing_id}"
