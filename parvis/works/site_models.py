"""Worksites: when, where, what they disturb, how that is reduced, what residents are told."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Outlined, Quartier, Residence
from parvis.upkeep.models import ManagedArea
from parvis.works import site_access as access
from parvis.works.dates import Dated, State, in_order
from parvis.works.project_models import Operation, RenewalProject
from parvis.works.sorting import label_of


class WorksiteQuerySet(GuardedQuerySet["Worksite"]):
    policy = access.WORKSITE

    def standing(self, state: str, on: date) -> WorksiteQuerySet:
        """Those in this state on that day, by the rule of `Dated.state_on`."""
        planned_over = Q(began_on=None, starts_on__lte=on, ends_on__lt=on)
        over = Q(ended_on__lt=on) | planned_over
        waiting = Q(began_on__gt=on) | Q(began_on=None, starts_on__gt=on)
        undated = Q(began_on=None, starts_on=None)
        if state == State.ENDED:
            return self.filter(over)
        going_on = self.filter(Q(ended_on=None) | Q(ended_on__gte=on))
        if state == State.PLANNED:
            return going_on.filter(waiting)
        if state == State.UNDATED:
            return going_on.filter(undated)
        begun = Q(began_on__lte=on) | Q(began_on=None, starts_on__lte=on)
        not_over = Q(began_on__isnull=False) | Q(ends_on=None) | Q(ends_on__gte=on)
        return going_on.filter(begun & not_over)


class Worksite(Dated, Outlined):
    """A place where works go on between two days; its outline is its perimeter."""

    title = models.CharField("titre", max_length=160)
    kind = models.CharField("nature", max_length=24)  # operations of data/lists.toml
    operation = models.ForeignKey(
        Operation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="worksites",
        verbose_name="opération",
    )
    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="maître d’ouvrage"
    )
    # Who answers for the site day by day: what is reported about it goes there.
    manager = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="qui en répond"
    )
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="commune")
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="+", verbose_name="quartiers"
    )
    residences = models.ManyToManyField(
        Residence, blank=True, related_name="+", verbose_name="résidences touchées"
    )
    place_label = models.CharField("lieu", max_length=200, blank=True)
    hours = models.CharField("horaires", max_length=200, blank=True)
    contact = models.CharField(
        "contact du chantier",
        max_length=200,
        blank=True,
        help_text="Un service et son numéro, plutôt qu’un nom.",
    )
    summary = models.TextField("ce qui est fait, pour tous", blank=True, max_length=3000)
    firms = models.CharField("entreprises", max_length=300, blank=True)
    charter_title = models.CharField("charte de chantier", max_length=160, blank=True)
    charter_signed_on = models.DateField("charte signée le", null=True, blank=True)
    charter_file = models.FileField("charte", upload_to="works/%Y/%m/", blank=True)
    published_at = models.DateTimeField("publié le", null=True, blank=True)
    changed_at = models.DateTimeField("modifié le")
    # Raised by each change: who writes on an older one is told.
    version = models.PositiveIntegerField(default=1)
    # What the site answers for while it lasts, as « qui gère quoi » has it.
    areas = models.ManyToManyField(ManagedArea, blank=True, related_name="+")

    objects = WorksiteQuerySet.as_manager()

    class Meta:
        verbose_name = "chantier"
        ordering = ["starts_on", "title", "pk"]
        indexes = [models.Index(name="worksites_of_a_commune", fields=["commune", "starts_on"])]
        constraints = [
            *in_order("worksite"),
            models.CheckConstraint(
                name="a_perimeter_has_its_box",
                condition=Q(outline__isnull=True)
                | Q(
                    west__isnull=False,
                    south__isnull=False,
                    east__isnull=False,
                    north__isnull=False,
                ),
                violation_error_message="Le périmètre n’a pas de rectangle englobant.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        """Demolition, construction..., in French."""
        return label_of("operation", self.kind)


class WorksitePhase(Dated):
    """One phase of a worksite: installation, gros œuvre, finitions."""

    worksite = models.ForeignKey(Worksite, models.CASCADE, related_name="phases")
    title = models.CharField("phase", max_length=120)
    summary = models.CharField("ce qui s’y passe", max_length=300, blank=True)

    class Meta:
        verbose_name = "phase d’un chantier"
        ordering = ["starts_on", "pk"]
        constraints = in_order("site_phase")

    def __str__(self) -> str:
        return self.title


class Nuisance(models.Model):
    """What a worksite disturbs, when, and the measure taken to reduce it."""

    worksite = models.ForeignKey(Worksite, models.CASCADE, related_name="nuisances")
    kind = models.CharField("nuisance", max_length=24)  # data/lists.toml
    detail = models.CharField("ce qui change", max_length=300, blank=True)
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    # Empty: none is taken, and the page says so.
    measure = models.CharField("mesure prise pour la réduire", max_length=300, blank=True)

    class Meta:
        verbose_name = "nuisance"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_nuisance_ends_after_it_starts",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin précède le début.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What it is, in French."""
        return label_of("nuisance", self.kind)


class TimetableChange(models.Model):
    """That planned or real dates of a project or a worksite moved, and why. Never changed."""

    project = models.ForeignKey(
        RenewalProject, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    worksite = models.ForeignKey(
        Worksite, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    what = models.CharField("quoi", max_length=160)  # "Chantier", "Phase : conception"
    starts_before = models.DateField(null=True, blank=True)
    ends_before = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "changement de calendrier"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_timetable_change_is_of_a_project_or_a_worksite",
                condition=Q(project=None, worksite__isnull=False)
                | Q(project__isnull=False, worksite=None),
            )
        ]

    def __str__(self) -> str:
        return self.what


class CharterSigner(models.Model):
    """A firm, subcontractors included, that signed the charter of a worksite."""

    worksite = models.ForeignKey(Worksite, models.CASCADE, related_name="signers")
    name = models.CharField("entreprise", max_length=120)
    signed_on = models.DateField("signée le", null=True, blank=True)

    class Meta:
        verbose_name = "signataire d’une charte de chantier"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(name="a_firm_signs_a_charter_once", fields=["worksite", "name"])
        ]

    def __str__(self) -> str:
        return self.name


class CharterPledge(models.Model):
    """One commitment of a worksite's charter, and how its last check found it."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", "pas encore vérifié"
        KEPT = "kept", "tenu"
        PARTLY = "partly", "tenu en partie"
        UNKEPT = "unkept", "non tenu"

    worksite = models.ForeignKey(Worksite, models.CASCADE, related_name="pledges")
    number = models.PositiveSmallIntegerField("numéro")
    chapter = models.CharField("chapitre", max_length=24, blank=True)  # data/lists.toml
    text = models.CharField("engagement", max_length=300)
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.UNCHECKED)
    checked_on = models.DateField("vérifié le", null=True, blank=True)
    next_check_on = models.DateField("à vérifier le", null=True, blank=True)

    class Meta:
        verbose_name = "engagement d’une charte de chantier"
        ordering = ["worksite", "number"]
        constraints = [
            models.UniqueConstraint(
                name="a_charter_pledge_has_its_number", fields=["worksite", "number"]
            ),
            models.CheckConstraint(
                name="a_charter_pledge_that_was_judged_was_checked",
                condition=Q(state="unchecked", checked_on=None)
                | (~Q(state="unchecked") & Q(checked_on__isnull=False)),
                violation_error_message="Dites quand l’engagement a été vérifié.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


CHECKED = [(code, label) for code, label in CharterPledge.State.choices if code != "unchecked"]


class CharterCheck(models.Model):
    """How a commitment of a charter was found on a day. Never changed: another is added."""

    pledge = models.ForeignKey(CharterPledge, models.CASCADE, related_name="checks")
    checked_on = models.DateField("vérifié le")
    result = models.CharField("constat", max_length=10, choices=CHECKED)
    evidence = models.CharField("sur quelle preuve", max_length=500)
    by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "vérification d’une charte de chantier"
        ordering = ["-checked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_charter_check_has_its_evidence",
                condition=~Q(evidence=""),
                violation_error_message="Dites sur quoi repose le constat.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_result_display()}, {self.checked_on}"


class WorksAnnouncementQuerySet(GuardedQuerySet["WorksAnnouncement"]):
    policy = access.ANNOUNCEMENT


class WorksAnnouncement(models.Model):
    """What residents are told of a worksite, in plain words. Once published it is never rewritten:
    a correction is another announcement that takes its place."""

    worksite = models.ForeignKey(Worksite, models.PROTECT, related_name="announcements")
    title = models.CharField("titre", max_length=120)
    what = models.TextField("ce qui va se passer", max_length=1500)
    for_whom = models.CharField("qui est concerné", max_length=300, blank=True)
    why = models.CharField("pourquoi", max_length=300, blank=True)
    changes = models.TextField("ce qui change pour vous", blank=True, max_length=1500)
    contact = models.CharField("qui appeler", max_length=200, blank=True)
    # The same in the easiest words (facile à lire et à comprendre).
    easy = models.TextField("version facile à lire", blank=True, max_length=1500)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    hours = models.CharField("heures", max_length=120, blank=True)
    nuisances = models.JSONField("nuisances", default=list, blank=True)  # codes
    # Some of the worksite's residences; none: all who live near it.
    residences = models.ManyToManyField(
        Residence, blank=True, related_name="+", verbose_name="résidences concernées"
    )
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    reason = models.CharField("raison du retrait", max_length=300, blank=True)
    changed_at = models.DateTimeField("modifiée le")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    objects = WorksAnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = "annonce de travaux"
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(name="announcements_by_day", fields=["ends_on", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                name="an_announcement_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="a_withdrawn_announcement_says_why",
                condition=Q(withdrawn_at=None) | ~Q(reason=""),
                violation_error_message="Dites pourquoi l’annonce est retirée.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
