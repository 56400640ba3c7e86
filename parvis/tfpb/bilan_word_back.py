"""Word back once a bilan is published: who had reported what a line answers sees the euro line."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.programme_things import LINE
from parvis.tfpb.sums import Sums, sums_by
from parvis.thread.acts import spoke_along, word_key
from parvis.thread.models import Event


def tell_who_reported(programme: Programme, lines: Iterable[Line], event: Event) -> int:
    """Word back to everybody who had reported what these lines answer; how many are told. Who
    reported what several of them answer is told once, of the first."""
    told: dict[str, tuple[Recipient, Line]] = {}
    for line in lines:
        for address, who in spoke_along(LINE, line.pk).items():
            told.setdefault(address, (who, line))
    answers = {who.key: line for who, line in told.values()}
    sums = sums_by(programme.lines.all(), "pk") if told else {}
    page = reverse("tfpb:quartier_abatement", args=[programme.quartier.code])

    def compose(who: Recipient) -> Mail:
        line = answers[who.key]
        context = {
            "line": line,
            "programme": programme,
            "spent": sums.get((line.pk,), Sums()).spent,
            "link": f"{settings.SITE_URL}{page}",
            "own_link": who.link,
        }
        return render("tfpb/notices/published", context)

    return outbox.put(word_key(event), [who for who, _ in told.values()], compose)
