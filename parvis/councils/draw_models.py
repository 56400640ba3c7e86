"""A draw by lot in the room: its lists, its public record, and the people it named.

The drawing itself is in draw.py and needs no database.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.councils import draw_access as access
from parvis.councils.body_models import Body, Member
from parvis.councils.workflow import DrawnState, DrawState
from parvis.partners.models import Organisation, User
from parvis.partners.rights import GuardedQuerySet


class DrawQuerySet(GuardedQuerySet["Draw"]):
    policy = access.DRAW


class Draw(models.Model):
    """One draw of a body: rules, record and dates are public, people never are."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="draws")
    runner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="mené par"
    )
    title = models.CharField("titre", max_length=160)
    college = models.CharField("collège", max_length=24)  # data/regimes.toml
    state = models.CharField(
        "état", max_length=10, choices=DrawState.choices, default=DrawState.PREPARED
    )
    # As docs/draw.md says: seats, reserve, household, quotas.
    rules = models.JSONField("règles", default=dict, blank=True)
    # Who may be drawn: a youngest age, and whether only people who live in the quartiers.
    youngest = models.PositiveSmallIntegerField("âge minimum", null=True, blank=True)
    inside = models.BooleanField("habiter le quartier", default=True)
    list_digest = models.CharField("empreinte de la liste", max_length=64, blank=True)
    salt = models.CharField(max_length=64, blank=True)  # hexadecimal; emptied with the lists
    record = models.JSONField("procès-verbal", null=True, blank=True)
    # How many people were left out, by reason, when rules were published: the lists go, this stays.
    left_out = models.JSONField("personnes écartées", default=dict, blank=True)
    sealed_at = models.DateTimeField("règles publiées le", null=True, blank=True)
    # A public number of a later date, when no parties make the seed.
    public_number = models.CharField("tirage public attendu", max_length=200, blank=True)
    number_on = models.DateField("connu le", null=True, blank=True)
    # As it was typed once known, and where everybody can read it.
    number_told = models.CharField("résultat public", max_length=200, blank=True)
    number_source = models.CharField("où le lire", max_length=300, blank=True)
    seed = models.CharField("graine", max_length=1024, blank=True)
    drawn_at = models.DateTimeField("tiré le", null=True, blank=True)
    destroy_on = models.DateField("listes détruites le", null=True, blank=True)
    destroyed_at = models.DateTimeField("détruites le", null=True, blank=True)
    # The draw that this one goes on from, when its reserve was exhausted.
    again_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    # What became of a computation in the background, in French; empty while none was asked.
    computing_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField("ce qui empêche le tirage", blank=True)
    written_at = models.DateTimeField("écrit le")

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = "tirage au sort"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_sealed_draw_has_its_record_and_an_end",
                condition=Q(sealed_at=None)
                | (Q(record__isnull=False, destroy_on__isnull=False) & ~Q(list_digest="")),
                violation_error_message="Donnez la date de destruction des listes.",
            ),
            models.CheckConstraint(
                name="a_draw_is_sealed_before_it_is_drawn",
                condition=Q(drawn_at=None) | (Q(sealed_at__isnull=False) & ~Q(seed="")),
            ),
            models.CheckConstraint(
                name="destroyed_lists_leave_no_salt",
                condition=Q(destroyed_at=None) | Q(salt=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SourceList(models.Model):
    """A list of people used for one draw: by which right, from whom. Its rows are destroyed."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="lists")
    origin = models.CharField("nature", max_length=24)  # data/lists.toml
    holder = models.CharField("fournie par", max_length=160)
    basis = models.CharField("base légale", max_length=300)
    people = models.PositiveIntegerField("personnes")
    # The columns of the file while nobody has said what they hold; then what each is here.
    columns = models.JSONField("colonnes", default=list, blank=True)
    confirmed_at = models.DateTimeField("colonnes confirmées le", null=True, blank=True)
    received_at = models.DateTimeField("reçue le")
    destroyed_at = models.DateTimeField("détruite le", null=True, blank=True)

    class Meta:
        verbose_name = "liste source d’un tirage"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.holder


class ListedPersonQuerySet(GuardedQuerySet["ListedPerson"]):
    policy = access.LISTED


class ListedPerson(models.Model):
    """One row of a source list. Destroyed at the date that was published."""

    source = models.ForeignKey(SourceList, models.CASCADE, related_name="rows")
    # The line in the list that is drawn from; None when left out, with the reason.
    line = models.PositiveIntegerField(null=True, blank=True)
    left_out = models.CharField("pourquoi écartée", max_length=24, blank=True)
    # Who decided to keep somebody of whom the computer could not tell keeps them for good.
    by_hand = models.BooleanField("décidé à la main", default=False)
    values = models.JSONField("colonnes")  # what the file gave of the columns that are of use

    objects = ListedPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "personne d’une liste source"
        ordering = ["pk"]
        indexes = [models.Index(name="listed_people_by_line", fields=["source", "line"])]

    def __str__(self) -> str:
        return str(self.pk)


class SeedParty(models.Model):
    """One of those who make the seed: a commitment first, the value once the list is closed."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="parties")
    name = models.CharField("partie", max_length=120)  # an organisation or a quality, not a person
    position = models.PositiveSmallIntegerField("rang")
    commitment = models.CharField("engagement", max_length=64, blank=True)  # SHA-256, hexadecimal
    committed_at = models.DateTimeField("engagée le", null=True, blank=True)
    value = models.CharField("valeur révélée", max_length=200, blank=True)
    revealed_at = models.DateTimeField("révélée le", null=True, blank=True)
    # Set aside with all others of its round, when one of them did not reveal its value.
    dropped_at = models.DateTimeField("écartée le", null=True, blank=True)

    class Meta:
        verbose_name = "partie à la graine"
        ordering = ["draw", "position"]
        constraints = [
            models.UniqueConstraint(
                name="a_party_has_one_place_in_a_draw", fields=["draw", "position"]
            ),
            models.CheckConstraint(
                name="a_party_commits_before_it_reveals",
                condition=Q(revealed_at=None) | (~Q(commitment="") & ~Q(value="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DrawnPersonQuerySet(GuardedQuerySet["DrawnPerson"]):
    policy = access.DRAWN


class DrawnPerson(models.Model):
    """Somebody whom the draw named, by their line alone; who they are is a row of its own."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="drawn")
    line = models.PositiveIntegerField("ligne")
    rank = models.PositiveIntegerField("rang")  # panel first, then reserve, from 1
    reserve = models.BooleanField("réserve", default=False)
    # The seat of the record (from 1) that this person fills or is in reserve for.
    seat = models.PositiveSmallIntegerField("place")
    state = models.CharField(
        "état", max_length=12, choices=DrawnState.choices, default=DrawnState.TO_CALL
    )
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    member = models.OneToOneField(Member, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = DrawnPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "personne tirée au sort"
        ordering = ["draw", "rank"]
        constraints = [
            models.UniqueConstraint(name="a_line_is_drawn_once", fields=["draw", "line"]),
            models.UniqueConstraint(name="a_rank_is_drawn_once", fields=["draw", "rank"]),
            models.UniqueConstraint(
                name="somebody_is_replaced_once",
                fields=["replaces"],
                condition=Q(replaces__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} · n° {self.rank}"


class DrawnContact(models.Model):
    """Who a drawn person is; destroyed with the lists, or at once when they refuse."""

    person = models.OneToOneField(
        DrawnPerson, models.CASCADE, primary_key=True, related_name="contact"
    )
    name = models.CharField("nom", max_length=160)
    address = models.CharField("adresse", max_length=300, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)

    class Meta:
        verbose_name = "coordonnées d’une personne tirée au sort"

    def __str__(self) -> str:
        return str(self.person_id)


class ContactAttempt(models.Model):
    """A letter, a call or a visit to a drawn person, and what came of it."""

    class Means(models.TextChoices):
        LETTER = "letter", "courrier"
        PHONE = "phone", "téléphone"
        VISIT = "visit", "passage"
        MAIL = "mail", "message électronique"

    person = models.ForeignKey(DrawnPerson, models.CASCADE, related_name="attempts")
    means = models.CharField("moyen", max_length=8, choices=Means.choices)
    on = models.DateField("le")
    outcome = models.CharField("résultat", max_length=24)  # data/lists.toml
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "prise de contact"
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.on:%d/%m/%Y}"
