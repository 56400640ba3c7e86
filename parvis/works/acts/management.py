"""Writing the projet de gestion of a project, and annexing it to the convention."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.thread.acts import record
from parvis.works.models import GroundChange, ManagementAnnex, ManagementPart, RenewalProject
from parvis.works.project_events import PROJECT, page_url, tell_followers
from parvis.works.project_management import edition_of, missing_parts
from parvis.works.project_papers import management_pdf


class Overtaken(Exception):  # noqa: N818 - what happened
    """Somebody else wrote on this part meanwhile; `theirs` is the part as they left it."""

    def __init__(self, theirs: ManagementPart) -> None:
        super().__init__("overtaken")
        self.theirs = theirs


def write_part(
    project: RenewalProject,
    code: str,
    *,
    actor: Actor,
    version: int,
    text: str,
    done_on: date | None,
    upload: Any = None,
    now: datetime | None = None,
) -> ManagementPart:
    """Write one part of the projet de gestion; `version` is the one that was read (0: none yet).

    Overtaken when somebody wrote meanwhile; ValidationError for a part that the règlement does not
    ask for, or a finished part that says nothing.
    """
    if code not in {part.code for part in edition_of(project.rules).asks}:
        raise ValidationError("Le règlement de ce projet ne demande pas cette partie.")
    if done_on is not None and done_on > timezone.localdate(now):
        raise ValidationError({"done_on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        held = RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        part = ManagementPart.objects.filter(project=held, code=code).first()
        if part is None:
            part = ManagementPart(project=held, code=code, version=0)
        if part.version != version:
            raise Overtaken(part)
        part.text, part.done_on = text.strip(), done_on
        part.version += 1
        if upload is not None:
            part.file = upload
        part.full_clean()
        part.save()
        record(actor, PROJECT, held.pk, "management", new=code, public=False, at=now)
    return part


def annex_management(
    project: RenewalProject, *, actor: Actor, annexed_on: date, now: datetime | None = None
) -> ManagementAnnex:
    """Annex the projet de gestion to the convention: it is kept as it is that day, and everybody
    may read it once the project is published.

    ValidationError, with the list of what lacks, while it is not complete.
    """
    if annexed_on > timezone.localdate(now):
        raise ValidationError({"annexed_on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        held = RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        missing = missing_parts(held)
        if missing:
            names = " ; ".join(part.label for part in missing)
            raise ValidationError(f"Le projet de gestion n’est pas complet. Il manque : {names}.")
        content = management_pdf(held, annexed_on=annexed_on)
        annex = ManagementAnnex(project=held, annexed_on=annexed_on, rules=held.rules)
        annex.file.save("projet-de-gestion.pdf", ContentFile(content), save=False)
        annex.save()
        held.annexed_on = annexed_on
        held.save(update_fields=["annexed_on"])
        event = record(actor, PROJECT, held.pk, "annexed", public=bool(held.published_at), at=now)
        tell_followers(
            held,
            f"{PROJECT}.annexed:{event.pk}",
            title=f"Projet de gestion : {held.title}",
            text="Qui gère quoi après les travaux, et comment les habitants y prennent part.",
            url=page_url(PROJECT, held.pk),
        )
    return annex


def write_ground(
    project: RenewalProject, ground: GroundChange | None = None, *, actor: Actor, **fields: Any
) -> GroundChange:
    """Write down, or change, who owns and manages a ground before and after.

    ValidationError once the change stands in « qui gère quoi ».
    """
    with transaction.atomic():
        held = RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        fresh = GroundChange(project=held)
        if ground is not None:
            fresh = GroundChange.objects.select_for_update(of=("self",)).get(pk=ground.pk)
            if fresh.applied_at:
                raise ValidationError("Ce changement est déjà écrit dans « Qui gère quoi ».")
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        fresh.save(update_fields=[*fields] if ground else None)
        record(actor, PROJECT, held.pk, "ground", public=False)
    return fresh
