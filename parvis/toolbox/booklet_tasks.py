"""Booklets of many sheets, in the background: who asked for one comes back to its page."""

from __future__ import annotations

from django_tasks import task

from parvis.toolbox.booklet_acts import fail, make
from parvis.toolbox.models import Booklet


@task()
def make_booklet(pk: int) -> None:
    """Make a booklet; nothing when it was erased or is made already."""
    booklet = Booklet.objects.filter(pk=pk, state=Booklet.State.WAITING).first()
    if booklet is None:
        return
    try:
        make(booklet)
    except Exception:
        fail(booklet)
        raise
