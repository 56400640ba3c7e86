"""Pages of the part `convention`, for the walk over every template."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from parvis.partners.models import Agreement, Signature
from parvis.tfpb import convention_acts as acts
from parvis.tfpb import convention_answers as answers
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet
from tests.tfpb.scene import a_convention, the_officer, the_state, this_year

PIECES = (
    "tfpb/_convention_alerts.html",
    "tfpb/_convention_parties.html",
    "tfpb/_convention_year.html",
)
SHEETS: list[Sheet] = [
    Sheet(
        "tfpb/conventions.html",
        "/tfpb/conventions/",
        COORDINATION,
        pieces=("tfpb/_conventions_watched.html",),
    ),
    Sheet("tfpb/conventions.html", "/tfpb/conventions/?etat=refused", "luc"),
    Sheet("tfpb/conventions.html", "/tfpb/conventions/", "rose"),
    Sheet("tfpb/convention.html", "/tfpb/conventions/{signed}/", COORDINATION, pieces=PIECES),
    Sheet("tfpb/convention.html", "/tfpb/conventions/{refused}/", "luc"),
    Sheet("tfpb/convention_form.html", "/tfpb/conventions/nouvelle/", COORDINATION),
    Sheet("tfpb/convention_form.html", "/tfpb/conventions/{refused}/reponse/", "karim"),
    Sheet("tfpb/convention_form.html", "/tfpb/conventions/{signed}/mise-en-garde/", COORDINATION),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A convention signed by all, suspended once, with an avenant that the town refuses."""
    claire, year = cast.actor(cast.claire), this_year()
    contract = Agreement.objects.create(code="CV-TFPB", title="Contrat de ville de l’Escaut")
    contract.communes.set([cast.anzin])
    Signature.objects.create(
        agreement=contract, organisation=cast.landlord, signed_on=date(year - 2, 3, 29)
    )
    signed = a_convention(cast, contract=contract, valuation={"report": "allowed"})
    answers.file_paper(
        signed,
        actor=claire,
        kind="text",
        title="Convention signée",
        file=ContentFile(b"%PDF-1.7", "convention.pdf"),
    )
    state = the_officer(cast)
    said = {"said_on": date(year, 1, 5), "reason": "Aucun bilan depuis deux ans."}
    warning = answers.say_caution(signed, actor=state, kind="warning", **said)
    answers.lift_caution(warning, actor=state, lifted_on=date(year, 1, 20), because="Bilan reçu.")
    answers.say_caution(
        signed,
        actor=state,
        kind="suspension",
        file=ContentFile(b"%PDF-1.7", "courrier.pdf"),
        **said,
    )
    refused = acts.amend_convention(
        signed,
        actor=claire,
        code="TFPB-AV",
        title="Avenant à la convention d’Escaut Habitat",
        communes=[cast.anzin],
        quartiers=[cast.rives],
        starts_on=date(year, 1, 1),
    )
    answers.answer_for(
        refused.agreement.signatures.get(organisation=cast.town),
        refused,
        actor=cast.actor(cast.karim),
        refused_on=date(year, 1, 10),
        refusal="Le conseil demande un point d’accueil.",
    )
    a_convention(cast, landlord=cast.other_landlord, signed=False)
    assert the_state(cast).pk
    return {"signed": signed.pk, "refused": refused.pk}
