"""What happens to actions, in words, and the word back at their end."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse

from parvis.actions.models import Action, Picture
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.actors import NOBODY, Actor
from parvis.thread.acts import word_back_along
from parvis.thread.models import Event
from parvis.thread.register import paid_for

SENTENCES = {
    "written": "Fiche écrite",
    "changed": "Fiche modifiée",
    "study": "Mise à l’étude",
    "validate": "Action validée",
    "start": "Action démarrée",
    "end": "Action terminée",
    "drop": "Action abandonnée",
    "reopen": "Action reprise",
    "published": "Fiche montrée à tous",
    "hidden": "Fiche réservée aux partenaires",
    "step_done": "Étape faite",
    "step_open": "Étape reprise",
    "measured": "Indicateur mesuré",
    "called": "Ce qui l’appelle a été complété",
    "uncalled": "Un lien a été retiré",
}


def page_url(pk: int) -> str:
    """The absolute address of an action's page."""
    return f"{settings.SITE_URL}{reverse('actions:action', args=[pk])}"


def cost_of(action: Action, actor: Actor) -> Decimal:
    """What was spent on an action, in euros: its own funders, and what is paid for it elsewhere as
    far as this actor may see it."""
    own: Decimal = action.fundings.aggregate(total=Sum("spent"))["total"] or Decimal(0)
    elsewhere = paid_for(actor, "action", [action.pk]).get(action.pk, [])
    return sum((paid.spent for _, paid in elsewhere), own)


def tell_who_called(action: Action, event: Event) -> int:
    """Word back to everybody whose report called for this action, once per address."""
    shown = action.published_at is not None
    context = {
        "action": action,
        "cost": cost_of(action, NOBODY) if shown and action.cost_public else None,
        "pictures": shown and Picture.objects.filter(action=action).exists(),
        "shown": shown,
    }

    def compose(who: Recipient) -> Mail:
        link = page_url(action.pk) if shown else who.link
        return render("actions/notices/ended", {**context, "link": link, "own_link": who.link})

    return word_back_along("action", action.pk, event, compose)
