"""Reading what residents wrote and showed, and saying what of it is public."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.reports import followers
from parvis.reports.counting import is_news, keep, lock
from parvis.reports.models import Message, Photo, Report
from parvis.reports.searching import index_report
from parvis.thread.acts import record


def review(
    report: Report,
    *,
    actor: Actor,
    public: bool,
    text_shown: bool,
    shown_photos: set[int],
    shown_messages: set[int],
    now: datetime | None = None,
) -> Report:
    """Say what of a report the public reads; what is not named is hidden.

    What organisations wrote or posted was published by them, and hidden here only if not named.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh, _ = lock(report.pk)
        if public and (fresh.private or not fresh.category.may_be_public):
            raise ValidationError(
                {"public": "Un signalement de cette catégorie n’est jamais public."}
            )
        was = fresh.public
        fresh.public, fresh.text_shown, fresh.reviewed_at = public, text_shown, at
        fresh.save(update_fields=["public", "text_shown", "reviewed_at"])
        keep(fresh)
        for model, shown in ((Photo, shown_photos), (Message, shown_messages)):
            model._default_manager.filter(report=fresh).update(
                reviewed_at=at,
                shown=Case(When(Q(pk__in=sorted(shown)), then=Value(True)), default=Value(False)),
            )
        index_report(fresh)
        if was and not public:
            followers.silence_all(fresh.pk)
        elif public and not was and is_news(at):
            followers.tell_published(fresh)
        record(
            actor,
            "report",
            fresh.pk,
            "reviewed",
            old="public" if was else "private",
            new="public" if public else "private",
            public=False,
            at=at,
        )
    report.public, report.text_shown, report.reviewed_at = public, text_shown, at
    return report
