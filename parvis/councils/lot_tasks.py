"""Computations of a draw, in the background: their result, or what prevents it, is on the draw."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django_tasks import task

from parvis.councils.draw_models import Draw
from parvis.councils.lot_acts import ask, prepare_now, sift_now, stop_computing

SIFT, PREPARE = "sift", "prepare"
BROKEN = "Le calcul s’est interrompu. Rien n’est perdu : relancez-le."


@task()
def compute(draw_id: int, what: str, asked: str) -> None:
    """Cross the lists of a draw, or compute its chances; nothing when that is asked no more."""
    draw = Draw.objects.select_related("body").filter(pk=draw_id).first()
    if draw is None:
        return
    at = datetime.fromisoformat(asked)
    try:
        (sift_now if what == SIFT else prepare_now)(draw, at)
    except Exception:
        stop_computing(draw, at, BROKEN)
        raise


def begin(draw: Draw, what: str) -> None:
    """Ask for a computation; Refused while one goes on, or without a list."""
    with transaction.atomic():
        asked = ask(draw)
        compute.enqueue(draw.pk, what, asked.isoformat())
