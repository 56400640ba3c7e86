"""One small town in the middle of its work, so that every part of every page has something to show.

Built once per test, then only read: each browser test walks many pages of it.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from parvis.demo.models import Letter
from parvis.documents.photos import CleanPhoto
from parvis.partners import lodges
from parvis.partners.actors import NOBODY
from parvis.partners.invitations import invite, link_of
from parvis.partners.models import (
    Agreement,
    Invitation,
    Mandate,
    Objective,
    Organisation,
    PastName,
    Role,
    Signature,
)
from parvis.places.models import Residence
from parvis.places.searching import index_quartiers
from parvis.reports import acts
from parvis.reports.links import service_token, token_of
from parvis.reports.lists import load
from parvis.reports.models import (
    Blackspot,
    Category,
    Commitment,
    DwellingDesk,
    Part,
    Report,
    Voice,
)
from parvis.reports.placing import Place
from parvis.thread.acts import link, record
from parvis.upkeep.models import ManagedArea
from tests.cast import IN_ANZIN, IN_VALENCIENNES, Cast, box, make_cast
from tests.pages.sheets import ROOMS
from tests.partners.factors import add_app
from tests.partners.lodging import lodge_of

SQUARE = box(3.505, 50.376, 3.515, 50.384)


def photo(colour: str) -> CleanPhoto:
    """A cleaned picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (480, 360), colour).save(out, "JPEG")
    return CleanPhoto(out.getvalue(), out.getvalue(), 480, 360)


def filed(
    place: Place, category: str, *, text: str, email: str, now: Any = None, **said: Any
) -> Voice:
    return acts.file_report(
        actor=NOBODY,
        place=place,
        category=Category.objects.get(code=category),
        text=text,
        photos=[photo("#8c5a48")],
        email=email,
        now=now,
        **said,
    )


def reviewed(report: Report, cast: Cast) -> None:
    """Everything of it made public, as the coordination does."""
    acts.review(
        report,
        actor=cast.actor(cast.claire),
        public=True,
        text_shown=True,
        shown_photos=set(report.photos.values_list("pk", flat=True)),
        shown_messages=set(report.messages.values_list("pk", flat=True)),
    )


def make_world() -> SimpleNamespace:
    """The names that addresses of `tests.pages.sheets` are written with."""
    cast = make_cast()
    load()
    index_quartiers()
    now = timezone.now()
    claire, karim, luc = (cast.actor(one) for one in (cast.claire, cast.karim, cast.luc))
    hall = Place(residence=cast.tilleuls, entrance=cast.entrance, inside="hall")
    street = Place(latitude=IN_ANZIN[0], longitude=IN_ANZIN[1], label="12 rue des Lilas")

    Commitment.objects.create(
        organisation=cast.landlord,
        category=Category.objects.get(code="encombrants"),
        days=5,
        source="https://exemple.test/charte",
        starts_on=timezone.localdate() - timedelta(days=90),
    )

    # Open: shared by two organisations, late for one, with all that may be said about it.
    voice = filed(
        hall,
        "encombrants",
        text="Un canapé et des gravats bloquent le hall depuis samedi.",
        email="lea@exemple.test",
        now=now - timedelta(days=40),
        dwelling="porte 12",
    )
    report = voice.report
    acts.assign_part(
        report,
        actor=claire,
        organisation=cast.town,
        title="Enlever le dépôt du trottoir",
        now=now - timedelta(days=39),
    )
    acts.join_report(report, actor=NOBODY, phone="0612345678")
    acts.speak(voice, text="Les gravats sont toujours là.", photos=[photo("#6b7280")])
    acts.answer(report, actor=karim, text="L’équipe passe cette semaine.")
    acts.note(report, actor=luc, text="La clé du local est chez le gardien.")
    acts.write_template(actor=luc, title="Passage", text="Nous passons au {lieu}.")
    part = report.parts.get(organisation=cast.landlord)
    acts.advance_part(part, "schedule", actor=luc, due_on=timezone.localdate() + timedelta(days=6))
    reviewed(report, cast)

    # Waits to be read, on the same spot as the next one.
    waits = filed(street, "trou_chaussee", text="Un trou devant l’école.", email="ali@exemple.test")
    # Two that spoke of the same thing, united.
    home = filed(street, "trou_chaussee", text="Un nid-de-poule.", email="noe@exemple.test")
    joined = filed(street, "trou_chaussee", text="Ça secoue en bus.", email="lou@exemple.test")
    acts.merge_reports(joined.report, home.report, actor=claire)

    # Settled, with a photo before and one after; one person left a phone only.
    done = filed(
        street,
        "trou_chaussee",
        text="Un trou profond au milieu de la rue.",
        email="jeanne@exemple.test",
        now=now - timedelta(days=9),
    )
    acts.join_report(done.report, actor=NOBODY, phone="0712345678")
    settled = done.report.parts.get()
    acts.advance_part(
        settled,
        "settle",
        actor=karim,
        answer="Le trou est rebouché.",
        photos=[photo("#2c6e49")],
        before=done.report.photos.get(),
    )
    reviewed(done.report, cast)
    gone = filed(street, "trou_chaussee", text="Je me suis trompée.", email="eve@exemple.test")

    lodge = lodge_of(cast.landlord, cast.tilleuls, name="Loge des Tilleuls")
    lodges.give_code(lodge, cast.ines)
    _, telephone = lodges.new_phone(lodge, "Téléphone de la loge")
    # A commune whose own tool has the lamps, and one that takes no hole in the road online.
    route = acts.write_route(
        None,
        actor=claire,
        commune=cast.anzin,
        category=Category.objects.get(code="eclairage"),
        way="handed",
        tool="Allô Anzin",
        email="outil@exemple.test",
        url="https://exemple.test/allo",
    )
    acts.write_route(
        None,
        actor=claire,
        commune=cast.valenciennes,
        category=Category.objects.get(code="trou_chaussee"),
        way="partners",
        url="https://exemple.test/mairie",
    )
    Organisation.objects.create(
        name="Ville de Valenciennes",
        kind="commune",
        commune=cast.valenciennes,
        phone="03 00 00 00 00",
        hours="du lundi au vendredi, de 9 h à 17 h",
    )
    wreck = filed(
        street, "voiture_epave", text="Sans roues.", email="ali@exemple.test", plate="AB-123-CD"
    )
    flat = filed(hall, "logement_fuite", text="Sous l’évier.", email="ali@exemple.test")
    DwellingDesk.objects.create(
        organisation=cast.other_landlord,
        handled_here=False,
        phone="03 20 00 00 01",
        hours="de 9 h à 12 h",
    )
    made = _partnership(cast)
    add_app(cast.nadia)
    letter = Letter.objects.create(
        sender="Parvis <parvis@exemple.test>",
        recipient="lea@exemple.test",
        subject="Nous avons reçu votre signalement",
        text="Bonjour,\n\nSuivez-le ici : https://exemple.test/suivre/abc/\n",
    )
    return SimpleNamespace(
        cast=cast,
        blackspot=_blackspot(cast, [report, done.report]),
        here=f"latitude={IN_ANZIN[0]}&longitude={IN_ANZIN[1]}",
        valenciennes=f"latitude={IN_VALENCIENNES[0]}&longitude={IN_VALENCIENNES[1]}",
        route=route.pk,
        residence=cast.tilleuls.pk,
        rives=cast.rives.code,
        report=report.reference,
        part=part.pk,
        token=token_of(voice),
        waits=waits.report.reference,
        home=home.report.reference,
        joined=joined.report.reference,
        joined_token=token_of(joined),
        done=token_of(done),
        wreck=wreck.report.reference,
        flat=flat.report.reference,
        elsewhere=cast.peupliers.pk,
        finished=done.report.reference,
        photo=report.photos.order_by("pk")[0].pk,
        after=done.report.photos.get(moment="after").pk,
        gone=token_of(gone),
        service=service_token(part),
        passed=service_token(Part(pk=part.pk, organisation_id=cast.association.pk)),
        letter=letter.pk,
        lodge=lodge.pk,
        telephone=telephone,
        colleague=cast.sofia.mandates.get().pk,
        **made,
    )


def _blackspot(cast: Cast, reports: list[Report]) -> int:
    """A point noir that the landlord carries, with a plan, on the agenda of the next group."""
    claire = cast.actor(cast.claire)
    made = Blackspot.objects.create(
        title="Encombrants · Les Tilleuls",
        theme_code="encombrants",
        commune=cast.anzin,
        latitude=IN_ANZIN[0],
        longitude=IN_ANZIN[1],
        created_at=timezone.now() - timedelta(days=20),
    )
    record(NOBODY, "blackspot", made.pk, "proposed", public=False)
    for report in reports:
        link(NOBODY, ("report", report.pk), ("blackspot", made.pk))
    acts.decide_blackspot(made, "keep", actor=claire, owner=cast.landlord)
    plan = "Un local fermé, loué par le bailleur.\nUn passage de la ville chaque lundi."
    acts.plan_blackspot(
        made,
        actor=claire,
        plan=plan,
        due_on=timezone.localdate() + timedelta(days=40),
        for_group=True,
    )
    return made.pk


def _partnership(cast: Cast) -> dict[str, Any]:
    """Organisations, mandates, invitations, agreements, and who keeps up what."""
    today = timezone.localdate()
    contract = Agreement.objects.create(
        code="CV-ESCAUT",
        title="Contrat de ville de l’Escaut",
        starts_on=date(2024, 1, 1),
        ends_on=date(2030, 12, 31),
    )
    contract.communes.set([cast.anzin, cast.valenciennes])
    contract.quartiers.set([cast.rives])
    Signature.objects.create(agreement=contract, organisation=cast.town)
    Signature.objects.create(
        agreement=contract,
        organisation=Organisation.objects.create(
            name="Maison de quartier des Rives de l’Escaut et du Faubourg", kind="association"
        ),
        signed_on=date(2024, 1, 12),
    )
    Objective.objects.create(agreement=contract, pillar="Cadre de vie", text="Répondre vite")
    amendment = Agreement.objects.create(
        code="CV-ESCAUT-1", title="Premier avenant", amends=contract
    )
    amendment.communes.set([cast.anzin])
    PastName.objects.create(
        organisation=cast.agglomeration, name="District", used_until=date(2000, 12, 31)
    )
    Mandate.objects.create(
        person=cast.theo,
        organisation=cast.agglomeration,
        role=Role.CONTRIBUTEUR,
        starts_on=today + timedelta(days=30),
    )
    # Claire also reads for an association: the switch of mandates has two lines.
    Mandate.objects.create(
        person=cast.claire, organisation=cast.association, role=Role.LECTEUR, starts_on=today
    )
    invitation = invite(
        cast.agglomeration,
        actor=cast.actor(cast.claire),
        email="zoe@exemple.test",
        role=Role.LECTEUR,
        communes=[cast.anzin],
        quartiers=[cast.rives],
    )
    expired = Invitation.objects.create(
        email="max@exemple.test",
        organisation=cast.agglomeration,
        role=Role.LECTEUR,
        expires_at=timezone.now() - timedelta(days=1),
    )
    area = ManagedArea.objects.create(
        name="Square des Tilleuls",
        manager=cast.town,
        owner=cast.landlord,
        commune=cast.anzin,
        theme_codes=["espaces_verts", "aires_de_jeux"],
        **SQUARE,
    )
    Residence.objects.create(
        code="ORM",
        name="Les Ormes",
        commune=cast.anzin,
        latitude=IN_ANZIN[0],
        longitude=IN_ANZIN[1],
    )
    return {
        "agglomeration": cast.agglomeration.pk,
        "invitation": link_of(invitation).rsplit("/invitation/")[1],
        "expired": link_of(expired).rsplit("/invitation/")[1],
        "area": area.pk,
    }


def furnish(world: SimpleNamespace, room: str) -> None:
    """Put beside it what the pages of that room show."""
    vars(world).update(ROOMS[room].furnish(world.cast))


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> SimpleNamespace:
    """The small town, in the database, its photos in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.OIDC = {**settings.OIDC, "server_url": "http://localhost:9"}  # nobody is there
    return make_world()
