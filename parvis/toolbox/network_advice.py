"""A question and its answers become the draft of a conseil, in one act."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.html import escape, linebreaks
from django.utils.text import slugify

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation, User
from parvis.thread.acts import link, record
from parvis.thread.models import Link
from parvis.toolbox.models import AdviceSheet, Question, Sheet
from parvis.toolbox.network_events import QUESTION
from parvis.toolbox.network_question_acts import held
from parvis.toolbox.office import desk_of
from parvis.toolbox.publishing import KIND as SHEET
from parvis.upkeep import themes
from parvis.upkeep.models import Theme


def make_advice(question: Question, *, actor: Actor) -> tuple[Sheet, bool]:
    """The draft on the coordination's own desk, linked on the thread, and whether it was made now:
    a second time gives back the one that stands."""
    with transaction.atomic():
        fresh = held(question)
        standing = sheets_of(fresh.pk).first()
        if standing is not None:
            return standing, False
        desk = desk_of(
            Organisation.objects.select_related("commune").get(pk=actor.organisation_id or 0)
        )
        answers = list(
            fresh.answers.filter(hidden_at=None)
            .select_related("organisation")
            .order_by("helped_at", "at", "pk")
        )
        # What helped stands first, whichever way a database sorts what is empty.
        answers.sort(key=lambda one: (one.helped_at is None, one.at))
        sheet = AdviceSheet(
            title=fresh.title,
            slug=slugify(f"conseil-{fresh.pk}-{timezone.now():%Y%m%d%H%M%S}"),
            live=False,
            body=[("text", _rich(fresh.text)), *(("text", _rich(one.text)) for one in answers)],
            contributors=_names(answers),
            owner=User.objects.filter(pk=actor.user_id or 0).first(),
        )
        desk.add_child(instance=sheet)
        sheet.themes.set(Theme.objects.filter(code=fresh.theme_code, version=themes.version()))
        if fresh.quartier_id:
            sheet.quartiers.set([fresh.quartier_id])
        sheet.save()
        sheet.save_revision(user=sheet.owner)
        link(actor, (QUESTION, fresh.pk), (SHEET, sheet.pk))
        record(actor, QUESTION, fresh.pk, "advised", public=False)
    return sheet, True


def sheets_of(question_id: int) -> Any:
    """The sheets that arose from a question, published or not."""
    links = Link.objects.filter(source_kind=QUESTION, source_id=question_id, target_kind=SHEET)
    return Sheet.objects.filter(pk__in=links.values("target_id")).order_by("pk")


def _rich(text: str) -> Any:
    """Words of a partner as rich text: never read as markup."""
    from wagtail.rich_text import RichText

    return RichText(linebreaks(escape(text)))


def _names(answers: list[Any]) -> str:
    """The organisations that answered, once each, as far as the field holds them."""
    names = dict.fromkeys(one.organisation.name for one in answers)
    told = ""
    for name in names:
        longer = f"{told}, {name}" if told else name
        if len(longer) > 300:
            break
        told = longer
    return told
