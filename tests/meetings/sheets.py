"""Pages of this room, for the walk over every template."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from parvis.meetings import acts
from parvis.meetings.documents import give_document
from parvis.meetings.inviting import token_of
from tests.cast import IN_VALENCIENNES, Cast
from tests.meetings.scene import convened, cotech, sitting
from tests.pages.sheet import COORDINATION, Sheet, press
from tests.reports.scene import at_point, filed

SHEETS = [
    Sheet("meetings/instances.html", "/reunions/", COORDINATION),
    Sheet("meetings/instance.html", "/reunions/{cotech}/", COORDINATION),
    Sheet("meetings/sitting.html", "/seances/{held}/", COORDINATION),
    Sheet("meetings/sitting.html", "/seances/{coming}/", "luc"),
    Sheet("meetings/invited.html", "/seances/convie/{called}/"),
    Sheet("meetings/agenda.html", "/seances/{held}/ordre-du-jour/", COORDINATION),
    Sheet("meetings/decide.html", "/seances/{held}/decider/?point={point}", COORDINATION),
    Sheet("meetings/decision.html", "/decisions/{decision}/", "luc"),
    Sheet("meetings/form.html", "/reunions/nouvelle/", COORDINATION),
    Sheet("meetings/form.html", "/decisions/{decision}/drop/", "luc"),
    Sheet(
        "meetings/feed.html",
        "/reunions/agenda/",
        "luc",
        arrive=press("Créer mon adresse d’agenda"),
    ),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A COTECH that has sat, sits and will sit, with what it decided."""
    claire = cast.actor(cast.claire)
    instance = cotech(cast, cadence="monthly", minutes=True, quorum=2, approval=True)
    late = timezone.localdate() - timedelta(days=3)
    before = convened(cast, instance)
    decision = acts.decide(
        before,
        actor=claire,
        text="Remplacer les lampes de la rue des Lilas",
        item=before.items.get(),
        organisation=cast.landlord,
        due_on=late,
        usage="On n’y voit rien le soir.",
        technique="Trois lampes à changer.",
        reason="C’est le chemin de l’école.",
    )
    acts.write_minutes(before, minutes="Chacun s’est exprimé.")
    acts.send_releve(before, actor=claire)
    held = convened(cast, instance)
    reports = [
        filed(at_point(IN_VALENCIENNES), code="encombrants_exterieur").report for _ in range(3)
    ]
    acts.add_things(held, [("report", reports[0].pk)], actor=claire)
    acts.decide(held, actor=claire, text="Revoir le plan de collecte")
    give_document(held, title="Plan", file=SimpleUploadedFile("plan.pdf", b"%PDF-1.7"))
    coming = sitting(cast, instance, days=30)
    acts.convene(coming, actor=claire)
    return {
        "cotech": instance.pk,
        "held": held.pk,
        "coming": coming.pk,
        "called": token_of(coming.gathering.guests.get(organisation=cast.association)),
        "point": held.items.order_by("-pk")[0].pk,
        "decision": decision.pk,
    }
