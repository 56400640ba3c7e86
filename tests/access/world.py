"""One object of each kind in our territory, and its neighbour's twin, to try every URL on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.documents.photos import CleanPhoto
from parvis.partners import lodges
from parvis.partners.actors import NOBODY
from parvis.partners.models import (
    Agreement,
    Caretaker,
    Invitation,
    Lodge,
    LodgePhone,
    Mandate,
    Role,
)
from parvis.places.models import Residence
from parvis.reports import acts
from parvis.reports.links import token_of
from parvis.reports.models import (
    AnswerTemplate,
    Blackspot,
    Callback,
    Category,
    Commitment,
    Contact,
    Message,
    Part,
    Photo,
    Report,
    Route,
    SavedView,
)
from parvis.reports.placing import Place
from parvis.upkeep.models import Holding, ManagedArea
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
    contact: Contact
    blackspot: Blackspot
    template: AnswerTemplate
    view: SavedView
    commitment: Commitment
    route: Route
    token: str
    mandate: Mandate
    invitation: Invitation
    agreement: Agreement
    area: ManagedArea
    lodge: Lodge
    phone: LodgePhone
    caretaker: Caretaker
    organisation: Any
    quartier: Any


def _side(
    cast: Cast, *, ours: bool, public: bool, category: Category, place: Place | None = None
) -> Side:
    latitude, longitude = IN_ANZIN if ours else IN_RAISMES
    town = cast.town if ours else cast.other_town
    head = cast.actor(cast.karim if ours else cast.nadia)
    commune = cast.anzin if ours else cast.raismes
    voice = acts.file_report(
        actor=NOBODY,
        place=place or Place(latitude=latitude, longitude=longitude),
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
    code = f"{'N' if ours else 'V'}{'P' if public else 'U'}{Agreement.objects.count()}"
    agreement = Agreement.objects.create(code=code, title=f"Convention {code}")
    agreement.communes.set([commune])
    # Ours is that of the landlord whose caretaker has the telephone in hand.
    lodge = Lodge.objects.create(
        organisation=cast.landlord if ours else cast.other_landlord, name=f"Loge {code}"
    )
    lodges.new_phone(lodge, "Téléphone")
    lodges.give_code(lodge, cast.luc if ours else cast.paul)
    return Side(
        report=report,
        part=report.parts.get(),
        photo=photo,
        message=message,
        callback=callback,
        contact=voice.contact,
        blackspot=Blackspot.objects.create(
            title=f"Trous rue de la Mairie {code}",
            theme_code="voirie",
            commune=commune,
            state="kept",
            owner=town,
            created_at=timezone.now(),
        ),
        template=acts.write_template(actor=head, title=f"Passage {code}", text="Nous passons."),
        view=acts.save_view(actor=head, name=f"En retard {code}", query="late=1", shared=True),
        commitment=Commitment.objects.create(
            organisation=town, days=5, starts_on=timezone.localdate()
        ),
        route=Route.objects.get_or_create(commune=commune, category=category, way="here")[0],
        token=token_of(voice),
        mandate=Mandate.objects.get(person=cast.sofia if ours else cast.nadia),
        invitation=Invitation.objects.create(
            email=f"{code.lower()}@exemple.test",
            organisation=town,
            role=Role.LECTEUR,
            expires_at=timezone.now() + timedelta(days=3),
        ),
        agreement=agreement,
        lodge=lodge,
        phone=lodge.phones.get(),
        caretaker=lodge.caretakers.get(),
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


def make_lodges(cast: Cast) -> dict[str, Side]:
    """Two residences of one landlord, each of its own lodge, with a report that is not public."""
    category = Category.objects.create(
        code="trou", label="Trou dans le mur", theme_code="voirie", delay_days=5
    )
    latitude, longitude = IN_ANZIN
    next_door = Residence.objects.create(
        code="ORM", name="Les Ormes", commune=cast.anzin, latitude=latitude, longitude=longitude
    )
    Holding.objects.create(residence=next_door, organisation=cast.landlord)
    found = {}
    for residence in (cast.tilleuls, next_door):
        place = Place(residence=residence, inside="hall")
        side = _side(cast, ours=True, public=False, category=category, place=place)
        side.lodge.residences.set([residence])
        found[residence.name] = side
    return found
