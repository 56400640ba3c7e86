"""The states of what this room holds, and what leads from one to the next."""

from __future__ import annotations

from django.db import models


class TermEnd(models.TextChoices):
    """Why a term ended."""

    COMPLETED = "completed", "fin du mandat"
    REFUSAL = "refusal", "refus du siège"
    RESIGNATION = "resignation", "démission"
    ABSENCE = "absence", "absences répétées sans excuse"
    MOVED_OUT = "moved_out", "départ du quartier"
    DEATH = "death", "décès"
    RENEWED = "renewed", "renouvellement de l’instance"
    PROMOTED = "promoted", "devenu titulaire"
    DISSOLVED = "dissolved", "dissolution de l’instance"


class Level(models.TextChoices):
    """How far those who are asked may weigh on what is decided."""

    INFORM = "inform", "informer"
    CONSULT = "consult", "consulter"
    CO_BUILD = "co_build", "co-construire"
    CO_DECIDE = "co_decide", "co-décider"


class OpinionState(models.TextChoices):
    DRAFT = "draft", "en débat"
    ADOPTED = "adopted", "adopté"
    SENT = "sent", "envoyé, réponse attendue"
    ANSWERED = "answered", "répondu"
    DROPPED = "dropped", "abandonné"


class Outcome(models.TextChoices):
    """What an institution does of what was asked."""

    FOLLOWED = "followed", "suivi"
    PARTLY = "partly", "suivi en partie"
    STUDIED = "studied", "à l’étude"
    NOT_FOLLOWED = "not_followed", "non suivi"


class PropositionState(models.TextChoices):
    TO_REVIEW = "to_review", "à relire"
    OPEN = "open", "ouverte aux soutiens"
    TAKEN_UP = "taken_up", "portée par l’instance"
    PROJECT = "project", "devenue un projet d’habitants"
    ANSWERED = "answered", "répondue"
    REFUSED = "refused", "non publiée"
    WITHDRAWN = "withdrawn", "retirée par son auteur"


class MicroState(models.TextChoices):
    PREPARED = "prepared", "en préparation"
    SUBMITTED = "submitted", "devant le comité"
    GRANTED = "granted", "accordé"
    REFUSED = "refused", "refusé"
    DONE = "done", "réalisé"
    DROPPED = "dropped", "abandonné"


class ExpenseState(models.TextChoices):
    CLAIMED = "claimed", "demandé"
    AGREED = "agreed", "accordé"
    REFUSED = "refused", "refusé"
    PAID = "paid", "remboursé"


class FrameState(models.TextChoices):
    DRAFT = "draft", "en écriture"
    OPEN = "open", "ouvert aux remarques"
    ADOPTED = "adopted", "adopté"
    REPLACED = "replaced", "remplacé"


class DrawState(models.TextChoices):
    PREPARED = "prepared", "en préparation"
    SEALED = "sealed", "règles publiées"
    DRAWN = "drawn", "tiré"
    ENDED = "ended", "terminé"
    CANCELLED = "cancelled", "annulé"


class DrawnState(models.TextChoices):
    RESERVE = "reserve", "en réserve"
    TO_CALL = "to_call", "à joindre"
    ACCEPTED = "accepted", "accepte"
    REFUSED = "refused", "refuse"
    UNREACHED = "unreached", "injoignable"
    NOT_ELIGIBLE = "not_eligible", "ne remplit plus les conditions"
    SEATED = "seated", "installée"
