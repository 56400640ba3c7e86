"""Filing a report, and joining one that somebody else filed."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from parvis.documents.photos import CleanPhoto
from parvis.notices.phones import normalise
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports import followers
from parvis.reports import photos as files
from parvis.reports.acts.receiving import received_once
from parvis.reports.cells import cell_of
from parvis.reports.counting import (
    due_day,
    is_news,
    keep,
    local_day,
    lock_home,
    recount_voices,
)
from parvis.reports.delays import delay_of
from parvis.reports.dwellings import desk_instead
from parvis.reports.links import ALPHABET
from parvis.reports.models import (
    Category,
    Channel,
    Contact,
    Part,
    Photo,
    PrivatePlace,
    Report,
    Voice,
    Way,
    Wreck,
    WreckPlate,
)
from parvis.reports.owners import owners_at
from parvis.reports.placing import Place, Placed, place_report
from parvis.reports.proofs import Proof, spend
from parvis.reports.questions import clean_answers
from parvis.reports.routes import Rule, rule_for, rule_of_part
from parvis.reports.searching import index_report
from parvis.reports.workflow import OPEN, Forbidden, State
from parvis.reports.wrecks import clean_ground, clean_plate
from parvis.thread.acts import record
from parvis.ui import languages
from parvis.upkeep.answers import Answer, Asked

TEXT_LENGTH = 2000  # characters
DWELLING_LENGTH = 40  # characters
TRIES = 5  # for a reference that nobody has yet
NOT_TAKEN = (
    "Dans cette commune, ce sujet n’est pas pris en ligne pour le moment : adressez-vous à la "
    "mairie. Ce que vous avez écrit est gardé ici."
)


@received_once
def file_report(
    *,
    actor: Actor,
    place: Place,
    category: Category,
    text: str = "",
    answers: dict[str, Any] | None = None,
    photos: list[CleanPhoto] | None = None,
    email: str = "",
    phone: str = "",
    dwelling: str = "",
    ground: str = "",
    plate: str = "",
    channel: str = Channel.WEB,
    sent_as: UUID | None = None,
    proof: Proof | None = None,
    now: datetime | None = None,
) -> Voice:
    """File a report and give its author's voice (link and code are made from it). `ground` (a code)
    and `plate` are those of an abandoned vehicle.

    `sent_as` makes the same sending, come twice, one report; `proof` is spent by it.

    The receipt, the word to the organisation and the search index come with the next follow-up.
    """
    at = now or timezone.now()
    placed = place_report(place)
    email, phone = clean_contact(email, phone)
    text, dwelling = clean_text(text, required=False), dwelling.strip()
    if len(dwelling) > DWELLING_LENGTH:
        raise ValidationError({"dwelling": "Ce numéro de logement est trop long."})
    if not category.active:
        raise ValidationError(
            {"category": "Cette catégorie n’est plus proposée : choisissez-en une autre."}
        )
    ground, plate = clean_ground(ground), clean_plate(plate)
    if (category.inside_only or category.in_dwelling) and placed.residence is None:
        raise ValidationError({"place": "Pour cette catégorie, choisissez d’abord une résidence."})
    if rule_for(placed.commune_id, category).way == Way.PARTNERS and not actor.is_partner:
        raise Forbidden(NOT_TAKEN)
    said = clean_answers(category, answers or {})
    owner = _owner(placed, category, local_day(at))
    trusted = category.may_be_public and not category.in_dwelling and _is_trusted(actor, at)
    rule = rule_of_part(placed.commune_id, category, owner.organisation_id)
    delay = delay_of(owner.organisation_id, category, local_day(at))
    due_on = due_day(at, delay.days)
    done = None if is_news(at) else at
    with files.written(photos or [], at) as rows, transaction.atomic():
        if proof:
            spend(proof)
        report = _insert_report(
            placed, category, text, said, due_on, at, rule, public=trusted, channel=channel
        )
        Report.quartiers.through.objects.bulk_create(
            [
                Report.quartiers.through(report_id=report.pk, quartier_id=quartier_id)
                for quartier_id in placed.quartier_ids
            ]
        )
        voice = Voice.objects.create(
            report=report, nonce=new_nonce(), at=at, greeted_at=done, sent_as=sent_as
        )
        if email or phone:
            Contact.objects.create(
                voice=voice, report=report, email=email, phone=phone, language=languages.current()
            )
        if dwelling:
            PrivatePlace.objects.create(report=report, dwelling=dwelling)
        if rows:
            files.attach(
                rows,
                report,
                voice=voice,
                moment=Photo.Moment.BEFORE,
                shown=trusted,
                reviewed_at=report.reviewed_at,
            )
        if category.wreck:
            Wreck.objects.create(report=report, ground=ground, step_on=local_day(at))
        if category.wreck and plate:
            WreckPlate.objects.create(report=report, number=plate)
        Part.objects.create(
            report=report,
            organisation_id=owner.organisation_id,
            due_on=due_on,
            commitment_id=delay.commitment_id,
            created_at=at,
            told_at=done,
        )
        keep(report)
        record(actor, "report", report.pk, "filed", concerns=owner.organisation_id, at=at)
        if rule.way == Way.HANDED:
            town = owner.organisation_id
            record(actor, "report", report.pk, "handed", new=rule.tool, concerns=town, at=at)
        if trusted:
            record(actor, "report", report.pk, "published", public=False, at=at)
            if done is None:
                followers.tell_published(report)
        if done is not None:
            index_report(report)
    return voice


def _owner(placed: Placed, category: Category, on: date) -> Answer:
    """Who answers for it; for what concerns a dwelling its landlord, and nobody else."""
    if desk_instead(category, placed.residence, on):
        raise ValidationError(
            {
                "category": gettext(
                    "Ce bailleur reçoit lui-même ses locataires : adressez-vous à lui."
                )
            }
        )
    asked = Asked(
        theme_code=category.theme_code,
        latitude=placed.latitude,
        longitude=placed.longitude,
        commune_id=placed.commune_id,
        quartier_ids=placed.quartier_ids,
        residence_id=placed.residence.pk if placed.residence else None,
        inside=placed.inside,
        indoors=category.inside_only,
    )
    return owners_at([(category, asked)], on)[0]


def _is_trusted(actor: Actor, at: datetime) -> bool:
    """Whether what this actor reports is public at once: a member, in mandate, of an organisation
    that the coordination trusts."""
    if actor.mandate_id is None or actor.organisation_id is None:
        return False
    trusted = Organisation.objects.filter(trusted_on__lte=local_day(at), closed_on=None)
    return trusted.filter(pk=actor.organisation_id).exists()


def _insert_report(
    placed: Placed,
    category: Category,
    text: str,
    answers: dict[str, str],
    due_on: date,
    at: datetime,
    rule: Rule,
    *,
    public: bool,
    channel: str,
) -> Report:
    report = Report(
        way=rule.way,
        channel=channel,
        category=category,
        text=text,
        answers=answers,
        at=at,
        latitude=placed.latitude,
        longitude=placed.longitude,
        cell=cell_of(placed.latitude, placed.longitude),
        place_to_confirm=placed.to_confirm,
        place_label=placed.label,
        commune_id=placed.commune_id,
        residence=placed.residence,
        building=placed.building,
        entrance=placed.entrance,
        inside=placed.inside,
        private=category.in_dwelling,
        public=public,
        text_shown=public,
        reviewed_at=at if public else None,
        state=State.NEW,
        due_on=due_on,
        voice_count=1,
    )
    for attempt in range(TRIES):
        report.reference = new_reference(at)
        try:
            with transaction.atomic():
                report.save(force_insert=True)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
            report.pk = None
            report._state.adding = True
        else:
            break
    return report


def new_reference(at: datetime) -> str:
    """ "R-2026-K7PMX": the year, and five letters that are read aloud without a mistake."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return f"R-{local_day(at).year}-{letters}"


def new_nonce() -> str:
    """What a voice's link and code are made from."""
    return secrets.token_urlsafe(16)


def clean_contact(email: str, phone: str) -> tuple[str, str]:
    """An e-mail address and a telephone number as they are kept; either may be empty."""
    email = email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise ValidationError(
                {
                    "email": gettext(
                        "Cette adresse électronique n’est pas complète. Exemple : nom@exemple.fr."
                    )
                }
            )
    try:
        return email, normalise(phone)
    except ValidationError as refused:
        raise ValidationError({"phone": refused.messages})


def clean_text(text: str, *, required: bool = True) -> str:
    """A person's words, trimmed; line ends as one sign."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if required and not text:
        raise ValidationError({"text": gettext("Écrivez quelques mots.")})
    if len(text) > TEXT_LENGTH:
        raise ValidationError(
            {
                "text": gettext("Ce texte dépasse {n} caractères : raccourcissez-le.").format(
                    n=TEXT_LENGTH
                )
            }
        )
    return text


@received_once
def join_report(
    report: Report,
    *,
    actor: Actor,
    email: str = "",
    phone: str = "",
    sent_as: UUID | None = None,
    proof: Proof | None = None,
    now: datetime | None = None,
) -> Voice:
    """ "Moi aussi": one more voice on an open report; told at its closing like the others.

    `sent_as` makes the same sending, come twice, one voice; `proof` is spent by it.
    """
    at = now or timezone.now()
    email, phone = clean_contact(email, phone)
    with transaction.atomic():
        report, _ = lock_home(report.pk)
        if proof:
            spend(proof)
        if report.state not in OPEN:
            raise Forbidden(
                gettext("Ce signalement est clos : faites-en un nouveau si le problème est revenu.")
            )
        voice = Voice.objects.create(
            report=report,
            kind=Voice.Kind.ALSO,
            nonce=new_nonce(),
            at=at,
            greeted_at=None if is_news(at) else at,
            sent_as=sent_as,
        )
        if email or phone:
            Contact.objects.create(
                voice=voice, report=report, email=email, phone=phone, language=languages.current()
            )
        recount_voices(report)
        record(actor, "report", report.pk, "joined", at=at)
    return voice
