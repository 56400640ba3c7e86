"""One object of each kind in our territory, and its neighbour's twin, to try every URL on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.documents.photos import CleanPhoto
from parvis.partners.actors import NOBODY
from parvis.partners.models import Agreement, Invitation, Mandate, Role
from parvis.reports import acts
from parvis.reports.links import token_of
from parvis.reports.models import (
    AnswerTemplate,
    Blackspot,
    Callback,
    Category,
    Commitment,
    Message,
    Part,
    Photo,
    Report,
)
from parvis.reports.placing import Place
from parvis.upkeep.models import ManagedArea
from tests.cast import IN_ANZIN, IN_RAISMES, Cast

PIXEL = CleanPhoto(jpeg=b"\xff\xd8\xff\xd9", thumbnail=b"\xff\xd8\xff\xd9", width=1, height=1)


@dataclass
class Side:
    """The objects of one territory, around one report, published or not reviewed yet."""

    report: Report
    part: Part
    photo: Photo
    message: Message
    callback: Callback
    blackspot: Blackspot
    template: AnswerTemplate
    commitment: Commitment
    token: str
    mandate: Mandate
    invitation: Invitation
    agreement: Agreement
    area: ManagedArea
    organisation: Any
    quartier: Any


def _side(cast: Cast, *, ours: bool, public: bool, category: Category) -> Side:
    latitude, longitude = IN_ANZIN if ours else IN_RAISMES
    town = cast.town if ours else cast.other_town
    head = cast.actor(cast.karim if ours else cast.nadia)
    commune = cast.anzin if ours else cast.raismes
    voice = acts.file_report(
        actor=NOBODY,
        place=Place(latitude=latitude, longitude=longitude),
        category=category,
        text="Un trou dans la chaussée.",
        photos=[PIXEL],
        phone="0612345678",
    )
    report = voice.report
    acts.speak(voice, text="Toujours là.", photos=[])
    photo = report.photos.get()
    message = report.messages.get()
    if public:
        acts.review(
            report,
            actor=head,
            public=True,
            text_shown=True,
            shown_photos={photo.pk},
            shown_messages={message.pk},
        )
    callback = Callback.objects.create(
        report=report, voice=voice, why="closed", created_at=timezone.now()
    )
    code = f"{'N' if ours else 'V'}{'P' if public else 'U'}"
    agreement = Agreement.objects.create(code=code, title=f"Convention {code}")
    agreement.communes.set([commune])
    return Side(
        report=report,
        part=report.parts.get(),
        photo=photo,
        message=message,
        callback=callback,
        blackspot=Blackspot.objects.create(
            title=f"Trous rue de la Mairie {code}",
            theme_code="voirie",
            commune=commune,
            state="kept",
            owner=town,
            created_at=timezone.now(),
        ),
        template=acts.write_template(actor=head, title=f"Passage {code}", text="Nous passons."),
        commitment=Commitment.objects.create(
            organisation=town, days=5, starts_on=timezone.localdate()
        ),
        token=token_of(voice),
        mandate=Mandate.objects.get(person=cast.sofia if ours else cast.nadia),
        invitation=Invitation.objects.create(
            email=f"{code.lower()}@exemple.test",
            organisation=town,
            role=Role.LECTEUR,
            expires_at=timezone.now() + timedelta(days=3),
        ),
        agreement=agreement,
        area=ManagedArea.objects.get(manager=town),
        organisation=town,
        quartier=cast.rives,
    )


def make_world(cast: Cast) -> dict[str, Side]:
    """Our object and the neighbour's, each published and not."""
    category = Category.objects.create(
        code="trou", label="Trou dans la chaussée", theme_code="voirie", delay_days=5
    )
    return {
        f"{'ours' if ours else 'theirs'}, {'public' if public else 'unreviewed'}": _side(
            cast, ours=ours, public=public, category=category
        )
        for ours in (True, False)
        for public in (True, False)
    }
