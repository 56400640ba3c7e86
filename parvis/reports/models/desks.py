"""What an organisation and its people keep ready: answers, lists, and the desk of its tenants."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet
from parvis.reports import desk_access as access
from parvis.reports.models.categories import Category


class AnswerTemplateQuerySet(GuardedQuerySet["AnswerTemplate"]):
    policy = access.ANSWER_TEMPLATE


class AnswerTemplate(models.Model):
    """A word that an organisation sends often, kept ready; edited before it is sent."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="answer_templates")
    title = models.CharField("nom", max_length=80)
    text = models.TextField("texte", max_length=2000)
    category = models.ForeignKey(
        Category,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="catégorie ou famille",
    )

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse type"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="an_answer_template_has_one_name",
                fields=["organisation", "title"],
                violation_error_message="Une réponse type porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class SavedViewQuerySet(GuardedQuerySet["SavedView"]):
    policy = access.SAVED_VIEW


class SavedView(models.Model):
    """A list of reports that somebody comes back to: its filters and its order, under a name."""

    person = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    name = models.CharField("nom", max_length=60)
    query = models.CharField(max_length=500, blank=True)
    shared = models.BooleanField("montrée à mes collègues", default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_saved_view_has_one_name",
                fields=["person", "organisation", "name"],
                violation_error_message="Une de vos vues porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DwellingDeskQuerySet(GuardedQuerySet["DwellingDesk"]):
    policy = access.DWELLING_DESK


class DwellingDesk(models.Model):
    """What a landlord wants done with what concerns one dwelling: nothing here, or its desk."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="dwelling_desk"
    )
    handled_here = models.BooleanField("traité dans Parvis", default=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    hours = models.CharField("horaires", max_length=200, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    url = models.URLField("page", blank=True)

    objects = DwellingDeskQuerySet.as_manager()

    class Meta:
        verbose_name = "accueil des locataires"
        constraints = [
            models.CheckConstraint(
                name="a_dwelling_desk_can_be_reached",
                condition=Q(handled_here=True) | ~Q(phone="") | ~Q(address="") | ~Q(url=""),
                violation_error_message="Donnez un téléphone, une adresse ou une page.",
            )
        ]

    def __str__(self) -> str:
        return f"accueil des locataires · {self.organisation}"

    @property
    def dial(self) -> str:
        """Its number as a telephone dials it."""
        return "".join(sign for sign in self.phone if sign in "+0123456789")
