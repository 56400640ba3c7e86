"""Proof of work: a sender's machine spends a second of work, so that flooding costs something.

Self-hosted and without a puzzle for people: a worker of the page looks for a number while the
person types. It is no right and no door: what comes without a proof (no JavaScript, an old phone)
is taken all the same, fewer times an hour. A proof counts once: `spend` writes it down in the
transaction of the act that it paid for.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from altcha import Payload, create_challenge, verify_solution
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from parvis.reports.models import SpentChallenge
from parvis.reports.workflow import Forbidden

LIFE = timedelta(hours=1)
LONGEST = 2000  # characters of a solution; a true one has about 600
SPENT = "Cet envoi a déjà servi. Rien n’est perdu : pressez de nouveau le bouton."


class ProofSpent(Forbidden):
    """This proof has already paid for another sending."""


@dataclass(frozen=True)
class Proof:
    """Work that was done: known by the signature of its challenge."""

    digest: str
    expires_at: datetime


def wanted() -> bool:
    """Whether this installation asks for work at all."""
    return settings.CHALLENGE_COST > 0


def new_challenge() -> dict[str, Any]:
    """A challenge for one sending, good for an hour: find the number below PARVIS_CHALLENGE_COST
    whose digest begins with the prefix given. Nothing is stored: it is signed."""
    made = create_challenge(
        "SHA-256",
        1,
        counter=secrets.randbelow(max(1, settings.CHALLENGE_COST)),
        expires_at=timezone.now() + LIFE,
        hmac_secret=_key(),
    )
    challenge: dict[str, Any] = made.to_dict()
    return challenge


def proof_of(solution: str) -> Proof | None:
    """The proof in a solution as the page sends it; None when it is wrong, too old or not ours."""
    if not solution or len(solution) > LONGEST or not verify_solution(solution, _key()).verified:
        return None
    challenge = Payload.from_base64(solution).challenge
    signature, end = challenge.signature, challenge.parameters.expires_at
    if not signature or not end:
        return None
    return Proof(signature, datetime.fromtimestamp(end, UTC))


def spend(proof: Proof) -> None:
    """Write a proof down, inside the transaction that it pays for; raises ProofSpent if it already
    paid for another."""
    try:
        with transaction.atomic():
            SpentChallenge.objects.create(digest=proof.digest, expires_at=proof.expires_at)
    except IntegrityError:
        raise ProofSpent(SPENT) from None


def purge(now: datetime) -> int:
    """Forget the proofs that are too old to be taken anyway; how many went."""
    return SpentChallenge.objects.filter(expires_at__lt=now).delete()[0]


def _key() -> str:
    return salted_hmac("parvis.reports.proofs", "challenge", algorithm="sha256").hexdigest()
