"""What happens to what is told back to a quartier, in words: nothing before it is told."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from parvis.councils.body_following import body_topic
from parvis.councils.referent_models import Preparation
from parvis.notices import publishing
from parvis.notices.digests import Line
from parvis.places import topics as places
from parvis.ui.words import day_in_words

RESTITUTION = "restitution"  # the kind, as the thread names it
RESTITUTION_SENTENCES = {
    "told": "Rendu au quartier par {concerns}",
    "untold": "Restitution retirée par {concerns}",
}
RESTITUTION_LABELS = {"told": "rendu au quartier", "kept": "en préparation"}


def restitution_url(preparation: Preparation) -> str:
    """The absolute address of the page that tells back."""
    return f"{settings.SITE_URL}{reverse('councils:restitution', args=[preparation.pk])}"


def restitution_title(preparation: Preparation) -> str:
    """What the page, the poster and the news are called."""
    return f"Restitution : {preparation.sitting.instance.name}"


def tell_followers(preparation: Preparation, quartiers: list[int]) -> int:
    """To who follows one of these quartiers; how many. Once, were it taken back and told again."""
    day = day_in_words(preparation.sitting.gathering.starts_at)
    line = Line(
        title=restitution_title(preparation),
        text=f"{preparation.body.organisation.name} raconte la séance du {day} :"
        " ce qui a été dit, ce qui a été répondu.",
        url=restitution_url(preparation),
    )
    topics = [places.of_quartier(pk) for pk in quartiers] + [body_topic(preparation.body_id)]
    return publishing.publish(topics, _key(preparation), line)


def take_back(preparation: Preparation) -> None:
    """What was to say it and has not left does not leave."""
    publishing.take_back(_key(preparation))


def _key(preparation: Preparation) -> str:
    return f"{RESTITUTION}.told:{preparation.pk}"
