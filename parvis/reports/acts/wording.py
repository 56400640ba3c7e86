"""Answer templates of an organisation: written, changed and put away."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.partners.actors import Actor
from parvis.reports.acts.filing import clean_text
from parvis.reports.models import AnswerTemplate, Category
from parvis.reports.wordings import check_wording

AT_MOST = 100  # templates of one organisation: more could not be chosen from


def write_template(
    template: AnswerTemplate | None = None,
    *,
    actor: Actor,
    title: str,
    text: str,
    category: Category | None = None,
) -> AnswerTemplate:
    """Write a template of the actor's organisation, or change the one given.

    Raises ValidationError, by field, for a name that is taken or an unknown placeholder.
    """
    if actor.organisation_id is None:
        raise ValidationError("Une réponse type s’écrit au nom d’une organisation.")
    text = clean_text(text)
    try:
        check_wording(text)
    except ValidationError as refused:
        raise ValidationError({"text": refused.messages})
    with transaction.atomic():
        mine = AnswerTemplate.objects.filter(organisation_id=actor.organisation_id)
        if template is None:
            if mine.count() >= AT_MOST:
                raise ValidationError(
                    f"Votre organisation a déjà {AT_MOST} réponses types : enlevez-en une d’abord."
                )
            template = AnswerTemplate(organisation_id=actor.organisation_id)
        template.title, template.text, template.category = title.strip(), text, category
        if mine.filter(title=template.title).exclude(pk=template.pk).exists():
            raise ValidationError({"title": "Une réponse type porte déjà ce nom."})
        template.save()
    return template


def remove_template(template: AnswerTemplate) -> None:
    """Put a template away; what was sent with it stays as it was sent."""
    template.delete()
