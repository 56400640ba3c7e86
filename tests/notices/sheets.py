"""Pages of this room, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.notices import subscribing
from parvis.notices.fingerprints import fingerprint, token_of
from parvis.notices.models import Subscriber, Subscription
from parvis.notices.subscribing import Topic
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet

SHEETS = [
    Sheet(
        "notices/subscribe.html",
        "/abonnements/?sujet={topic}",
        pieces=("notices/_subscribe_fields.html",),
    ),
    Sheet("notices/subscribe.html", "/abonnements/"),
    Sheet("notices/asked_page.html", "/abonnements/demande/"),
    Sheet("notices/ended.html", "/abonnements/fin/"),
    Sheet("notices/subscriptions.html", "/abonnements/{subscriber}/"),
    Sheet("notices/choices.html", "/mes-envois/{chooser}/"),
    Sheet("notices/stop.html", "/abonnements/{subscriber}/arret/"),
    Sheet("notices/standing.html", "/envois/", who=COORDINATION),
    Sheet("partners/letters.html", "/organisations/{posting}/lettres/", who=COORDINATION),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """Somebody who follows a worksite, and has still to confirm a residence."""
    worksite = Topic("worksite:1", "Chantier de la rue des Lilas")
    for topic in (worksite, Topic("residence:1", "Les Tilleuls")):
        subscribing.subscribe("lea@exemple.test", topic, pace="daily")
    subscribing.confirm(Subscription.objects.get(topic=worksite.key))
    return {
        "topic": subscribing.offer(worksite),
        "posting": cast.agglomeration.pk,
        "chooser": token_of(fingerprint("lea@exemple.test")),
        "subscriber": subscribing.token_of(Subscriber.objects.get()),
    }
