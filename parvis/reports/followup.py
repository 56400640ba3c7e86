"""What follows a new report within a minute: receipts, the word to organisations, the index.

Apart from the filing itself, so that sending a report stays fast; each run does what is left to do,
in a fixed number of queries for each hundred, and nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from parvis.notices import outbox
from parvis.notices.outbox import Mail, Recipient
from parvis.reports.acts.handling import UNDO
from parvis.reports.events import (
    reached_by_text,
    recipient_of,
    tell_organisation,
    tell_tool,
    words_for,
)
from parvis.reports.links import code_of
from parvis.reports.models import Part, Report, Voice, Way
from parvis.reports.routes import tool_of
from parvis.reports.searching import KIND, index_reports
from parvis.reports.workflow import OPEN
from parvis.thread.acts import lane_of
from parvis.thread.models import Event

AT_ONCE = 200


def greet_voices() -> int:
    """Send their receipt (link and code) to those who gave an address, and put new reports in the
    search index; how many receipts."""
    greeted = 0
    while True:
        with transaction.atomic():
            voices = list(
                Voice.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(greeted_at=None)
                .select_related("report__category", "contact")
                .order_by("at", "pk")[:AT_ONCE]
            )
            Voice.objects.filter(pk__in=[voice.pk for voice in voices]).update(
                greeted_at=timezone.now()
            )
            index_reports(
                voice.report
                for voice in voices
                if voice.kind == Voice.Kind.AUTHOR
                and voice.report.withdrawn_at is None
                and voice.report.merged_into_id is None
            )
            tools = _tools_of([voice.report for voice in voices])
            greeted += sum(_greet(voice, tools.get(voice.report_id, "")) for voice in voices)
        if len(voices) < AT_ONCE:
            return greeted


def _tools_of(reports: Iterable[Report]) -> dict[int, str]:
    """The communes' tools to which some of these reports were handed, by report; one query."""
    handed = {report.pk for report in reports if report.way == Way.HANDED}
    if not handed:
        return {}
    events = Event.objects.filter(thing_kind=KIND, thing_id__in=handed, code="handed")
    return dict(events.values_list("thing_id", "new"))


def _greet(voice: Voice, tool: str) -> int:
    contact = getattr(voice, "contact", None)
    if contact is None or voice.withdrawn_at is not None:
        return 0
    who = recipient_of(contact, reached_by_text([contact]))
    if who is None:
        return 0
    report, code = voice.report, code_of(voice)

    def compose(who: Recipient) -> Mail:
        also = voice.kind == Voice.Kind.ALSO
        mail = words_for(who, "receipt", report, code=code, also=also, tool=tool)
        short = gettext(
            "Signalement {reference} bien reçu."
            " Pour savoir où il en est : SUIVI {reference} {code}. STOP : plus de texto."
        )
        return replace(mail, short=short.format(reference=report.reference, code=code))

    return outbox.put(
        f"report.receipt:{report.pk}",
        [who],
        compose,
        wait=timedelta(0),
        lane=lane_of("report", report.pk),
    )


def tell_organisations() -> int:
    """Tell each organisation of the parts that came to it, in one mail, and the communes' tools of
    each report handed to them; how many mails."""
    now = timezone.now()
    with transaction.atomic():
        parts = list(
            Part.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(
                # A part just given may still be taken back: nobody is told before that.
                Q(moved_at=None) | Q(moved_at__lte=now - UNDO),
                told_at=None,
                organisation__isnull=False,
                report__withdrawn_at=None,
            )
            .select_related("report__category", "report__commune", "organisation")
            .defer("report__commune__outline")
            .order_by("created_at", "pk")[: AT_ONCE * 5]
        )
        Part.objects.filter(pk__in=[part.pk for part in parts]).update(told_at=now)
        by_organisation: dict[int, list[Part]] = {}
        told = 0
        for part in parts:
            if part.state not in OPEN:  # settled before the mail left: nothing awaits them
                continue
            rule = tool_of(part.report, part.organisation_id)
            if rule is not None:
                told += tell_tool(part, rule, now)
            elif part.organisation_id is not None:
                by_organisation.setdefault(part.organisation_id, []).append(part)
        return told + sum(
            tell_organisation(found[0].organisation, found, now)
            for found in by_organisation.values()
            if found[0].organisation is not None
        )
