"""What a project owes to residents: who manages what afterwards, meetings, consultations, and care
for buildings that are being emptied."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from parvis.gatherings.models import Gathering
from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Building, Residence
from parvis.upkeep.models import ManagedArea
from parvis.works import project_access as access
from parvis.works.project_models import Operation, RenewalProject, euros
from parvis.works.sorting import label_of, settings


class ManagementPart(models.Model):
    """One part of the projet de gestion that the règlement asks for: data/management.toml."""

    project = models.ForeignKey(RenewalProject, models.CASCADE, related_name="management")
    code = models.CharField("partie", max_length=24)
    text = models.TextField("contenu", blank=True, max_length=8000)
    file = models.FileField("document", upload_to="works/%Y/%m/", blank=True)
    done_on = models.DateField("achevée le", null=True, blank=True)
    # Raised by each change: who writes on an older one is told.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "partie d’un projet de gestion"
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_part_of_management_stands_once", fields=["project", "code"]
            ),
            models.CheckConstraint(
                name="a_finished_part_says_something",
                condition=Q(done_on=None) | ~Q(text="") | ~Q(file=""),
                violation_error_message="Écrivez cette partie ou joignez un document.",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ManagementAnnex(models.Model):
    """The projet de gestion as it was annexed to the convention on a day. Never changed: a later
    one is another row."""

    project = models.ForeignKey(RenewalProject, models.CASCADE, related_name="annexes")
    annexed_on = models.DateField("annexé le")
    file = models.FileField("document", upload_to="works/%Y/%m/")
    rules = models.CharField("règlement applicable", max_length=24)

    class Meta:
        verbose_name = "projet de gestion annexé"
        ordering = ["-annexed_on", "-pk"]

    def __str__(self) -> str:
        return str(self.annexed_on)


class GroundChange(models.Model):
    """A ground whose owner or manager changes with a project, what its upkeep costs before and
    after, and how residents had their say."""

    project = models.ForeignKey(RenewalProject, models.CASCADE, related_name="grounds")
    name = models.CharField("espace", max_length=160)
    # The ground as it stands in « qui gère quoi », which the change ends.
    area = models.ForeignKey(
        ManagedArea,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="espace de « qui gère quoi »",
    )
    owner_before = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="propriétaire avant",
    )
    manager_before = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="gestionnaire avant",
    )
    owner_after = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="propriétaire après",
    )
    manager_after = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="gestionnaire après",
    )
    changes_on = models.DateField("change le", null=True, blank=True)
    cost_before = euros("entretien par an, avant", null=True, blank=True)
    cost_after = euros("entretien par an, après", null=True, blank=True)
    changes_charges = models.BooleanField("change les charges des locataires", default=False)
    involved_on = models.DateField("habitants associés le", null=True, blank=True)
    involvement = models.CharField("comment", max_length=300, blank=True)
    # Written in « qui gère quoi » at handover.
    applied_at = models.DateTimeField("appliqué le", null=True, blank=True)
    applied_area = models.ForeignKey(
        ManagedArea, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "changement de gestion d’un espace"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_ground_changes_once_in_a_project", fields=["project", "name"]
            ),
            models.CheckConstraint(
                name="upkeep_does_not_cost_less_than_nothing",
                condition=(Q(cost_before=None) | Q(cost_before__gte=0))
                & (Q(cost_after=None) | Q(cost_after__gte=0)),
                violation_error_message="Un coût n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ResidentStep(models.Model):
    """That a step which a project owes to residents (data/duties.toml) was made, and when."""

    project = models.ForeignKey(RenewalProject, models.CASCADE, related_name="resident_steps")
    operation = models.ForeignKey(
        Operation, models.CASCADE, null=True, blank=True, related_name="resident_steps"
    )
    code = models.CharField("étape", max_length=40)
    done_on = models.DateField("faite le")
    note = models.CharField("comment", max_length=500, blank=True)
    file = models.FileField("document", upload_to="works/%Y/%m/", blank=True)

    class Meta:
        verbose_name = "étape due aux habitants"
        ordering = ["done_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_step_of_an_operation_is_made_once",
                fields=["operation", "code"],
                condition=Q(operation__isnull=False),
            ),
            models.UniqueConstraint(
                name="a_step_of_a_project_is_made_once",
                fields=["project", "code"],
                condition=Q(operation=None),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ProjectHouse(models.Model):
    """A place, fixed or itinerant, where a project is explained: maison du projet."""

    project = models.ForeignKey(RenewalProject, models.CASCADE, related_name="houses")
    name = models.CharField("nom", max_length=120)
    place = models.CharField("adresse", max_length=200)
    itinerant = models.BooleanField("étape itinérante", default=False)
    hours = models.CharField("permanences", max_length=300, blank=True)
    contact = models.CharField("contact", max_length=200, blank=True)
    starts_on = models.DateField("ouverte du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)

    class Meta:
        verbose_name = "maison du projet"
        ordering = ["itinerant", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_house_closes_after_it_opens",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin précède l’ouverture.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PublicMeetingQuerySet(GuardedQuerySet["PublicMeeting"]):
    policy = access.PUBLIC_MEETING


class PublicMeeting(models.Model):
    """A public meeting of a project: its date is a gathering; here stand invitations on paper,
    questions, and the account that everybody reads."""

    project = models.ForeignKey(RenewalProject, models.CASCADE, related_name="meetings")
    gathering = models.OneToOneField(Gathering, models.PROTECT, related_name="+")
    posters_on = models.DateField("affiches posées le", null=True, blank=True)
    letters_on = models.DateField("lettres distribuées le", null=True, blank=True)
    attendance = models.PositiveIntegerField("personnes présentes", null=True, blank=True)
    account = models.TextField("compte rendu", blank=True, max_length=8000)
    account_published_at = models.DateTimeField("compte rendu publié le", null=True, blank=True)

    objects = PublicMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion publique d’un projet"
        ordering = ["-gathering__starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_published_account_says_something",
                condition=Q(account_published_at=None) | ~Q(account=""),
                violation_error_message="Écrivez le compte rendu avant de le publier.",
            )
        ]

    def __str__(self) -> str:
        return str(self.gathering)


class MeetingQuestionQuerySet(GuardedQuerySet["MeetingQuestion"]):
    policy = access.QUESTION


class MeetingQuestion(models.Model):
    """A question that was put at a public meeting, who answers by when, and the answer."""

    meeting = models.ForeignKey(PublicMeeting, models.CASCADE, related_name="questions")
    text = models.CharField("question", max_length=500)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="qui répond"
    )
    due_on = models.DateField("avant le", null=True, blank=True)
    answer = models.TextField("réponse", blank=True, max_length=2000)
    answered_on = models.DateField("répondu le", null=True, blank=True)

    objects = MeetingQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question posée en réunion publique"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="an_answered_question_has_its_answer",
                condition=Q(answered_on=None) | ~Q(answer=""),
                violation_error_message="Écrivez la réponse.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class TenantConsultation(models.Model):
    """What is owed to tenants before works that change what they pay, and before a demolition."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="consultations")
    subject = models.CharField("objet", max_length=24)  # data/lists.toml
    meeting = models.ForeignKey(
        Gathering,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réunion des locataires",
    )
    met_on = models.DateField("réunion tenue le", null=True, blank=True)
    representatives = models.CharField("représentants des locataires", max_length=300, blank=True)
    documents_place = models.CharField("documents consultables", max_length=200, blank=True)
    documents_from = models.DateField("du", null=True, blank=True)
    documents_until = models.DateField("au", null=True, blank=True)
    balance = models.TextField("bilan", blank=True, max_length=6000)
    balance_file = models.FileField("bilan joint", upload_to="works/%Y/%m/", blank=True)
    balance_sent_on = models.DateField("bilan envoyé le", null=True, blank=True)

    class Meta:
        verbose_name = "concertation des locataires"
        ordering = ["operation", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="tenants_are_consulted_once_about_a_subject", fields=["operation", "subject"]
            ),
            models.CheckConstraint(
                name="documents_are_held_open_between_two_days",
                condition=Q(documents_from=None)
                | Q(documents_until=None)
                | Q(documents_until__gte=F("documents_from")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="a_balance_that_was_sent_says_something",
                condition=Q(balance_sent_on=None) | ~Q(balance="") | ~Q(balance_file=""),
                violation_error_message="Écrivez le bilan ou joignez-le.",
            ),
        ]

    def __str__(self) -> str:
        return label_of("consultation", self.subject)


class EmptiedBuildingQuerySet(GuardedQuerySet["EmptiedBuilding"]):
    policy = access.EMPTIED

    def with_last(self) -> EmptiedBuildingQuerySet:
        """Each with its last count and its last visit."""
        counts = OccupancyCount.objects.filter(emptied=OuterRef("pk"))
        visits = UpkeepVisit.objects.filter(emptied=OuterRef("pk"))
        last_count = counts.order_by("-counted_on", "-pk")
        last_visit = visits.order_by("-visited_on", "-pk")
        return self.annotate(
            occupied=Subquery(last_count.values("occupied")[:1]),
            last_visit_on=Subquery(last_visit.values("visited_on")[:1]),
            last_result=Subquery(last_visit.values("result")[:1]),
        )

    def in_alert(self, today: date) -> EmptiedBuildingQuerySet:
        """Where people still live, and upkeep has stopped or nobody looked for too long."""
        limit = today - timedelta(days=settings()["visit_days"])
        begun = Q(starts_on=None) | Q(starts_on__lte=today)
        lived_in = Q(emptied_on=None) & begun & (Q(occupied=None) | Q(occupied__gt=0))
        never = Q(last_visit_on=None) & (Q(starts_on=None) | Q(starts_on__lt=limit))
        left = Q(last_result=UpkeepVisit.Result.UNKEPT) | Q(last_visit_on__lt=limit) | never
        return self.with_last().filter(lived_in & left)


class EmptiedBuilding(models.Model):
    """A building whose tenants are rehoused: it is kept up until the last one leaves."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="emptied")
    residence = models.ForeignKey(
        Residence, models.PROTECT, related_name="+", verbose_name="résidence"
    )
    building = models.ForeignKey(
        Building,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bâtiment",
    )
    dwellings = models.PositiveIntegerField("logements")
    upkeep_by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="entretenu par"
    )
    starts_on = models.DateField("relogement depuis le", null=True, blank=True)
    planned_empty_on = models.DateField("vide prévu le", null=True, blank=True)
    emptied_on = models.DateField("dernier départ le", null=True, blank=True)
    secured_on = models.DateField("sécurisé le", null=True, blank=True)

    objects = EmptiedBuildingQuerySet.as_manager()

    class Meta:
        verbose_name = "immeuble qui se vide"
        ordering = ["operation", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_emptied_building_has_dwellings",
                condition=Q(dwellings__gt=0),
                violation_error_message="Donnez le nombre de logements.",
            )
        ]

    def __str__(self) -> str:
        return str(self.building or self.residence)


class OccupancyCount(models.Model):
    """How many dwellings of a building were still occupied on a day."""

    emptied = models.ForeignKey(EmptiedBuilding, models.CASCADE, related_name="counts")
    counted_on = models.DateField("à la date du")
    occupied = models.PositiveIntegerField("logements occupés")

    class Meta:
        verbose_name = "occupation d’un immeuble qui se vide"
        ordering = ["-counted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="dwellings_are_counted_once_a_day", fields=["emptied", "counted_on"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.occupied}, {self.counted_on}"


class UpkeepVisit(models.Model):
    """Somebody looked whether a building that is being emptied is kept up."""

    class Result(models.TextChoices):
        KEPT = "kept", "entretien tenu"
        PARTLY = "partly", "à reprendre"
        UNKEPT = "unkept", "abandonné"

    emptied = models.ForeignKey(EmptiedBuilding, models.CASCADE, related_name="visits")
    visited_on = models.DateField("visité le")
    result = models.CharField("constat", max_length=8, choices=Result.choices)
    note = models.CharField("ce qui a été vu", max_length=500, blank=True)
    by = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="visité par"
    )

    class Meta:
        verbose_name = "visite d’un immeuble qui se vide"
        ordering = ["-visited_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_result_display()}, {self.visited_on}"
