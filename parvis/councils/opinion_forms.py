"""Forms of opinions and of requests for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from parvis.councils.answers import words_field
from parvis.councils.body_models import Body
from parvis.councils.opinion_models import Opinion
from parvis.councils.workflow import Level, Outcome
from parvis.documents.files import FileField
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor
from parvis.partners.models import Objective, Organisation
from parvis.places.models import Quartier
from parvis.ui.fields import day_field
from parvis.works.models import ProjectPhase, RenewalProject

ASKING_LENGTH, VIEW_LENGTH, VIEWS_AT_MOST = 500, 3000, 12
# In this order on the page, whichever a form has; what it is about comes last.
FIRST = ("title", "text", "asked", "views", "decided", "still_open", "level", "replier")
LEVELS = {
    Level.INFORM: "Informer : tout est décidé, vous le faites savoir",
    Level.CONSULT: "Consulter : vous demandez un avis, puis vous décidez",
    Level.CO_BUILD: "Co-construire : vous écrivez le projet ensemble",
    Level.CO_DECIDE: "Co-décider : vous décidez ensemble",
}


def repliers(actor: Actor) -> Any:
    """The organisations that may owe a reply, as far as this actor knows them."""
    still = Q(closed_on=None) | Q(closed_on__gt=timezone.localdate())
    rows = Organisation.objects.visible_to(actor).filter(still)
    return rows.exclude(kind=Organisation.Kind.PARTICIPATION).order_by("name", "pk")


def pillars(body: Body, *, also: str = "") -> list[tuple[str, str]]:
    """The pillars of the body's contrat de ville, in its order, and the one that is kept."""
    rows = Objective.objects.filter(agreement=body.agreement_id).order_by("position", "pk")
    names = list(dict.fromkeys(rows.values_list("pillar", flat=True)))
    if also and also not in names:
        names.append(also)
    return [("", "Aucun en particulier"), *((name, name) for name in names)]


class AboutFields(forms.Form):
    """The pillar of the contrat de ville and the phase of a project, when there are any."""

    pillar = forms.ChoiceField(label="Pilier du contrat de ville", required=False)
    phase = forms.ModelChoiceField(
        ProjectPhase.objects.none(),
        label="Phase d’un projet de renouvellement urbain",
        required=False,
        empty_label="Aucune",
    )

    def place(self, body: Body, actor: Actor) -> None:
        """Offer what is known of this body's territory to this actor."""
        offered = pillars(body, also=str(self.initial.get("pillar") or ""))
        self.fields["pillar"].choices = offered  # type: ignore[attr-defined]
        seen = RenewalProject.objects.visible_to(actor).filter(
            quartiers__in=body.quartiers.values("pk")
        )
        phases = ProjectPhase.objects.filter(project__in=seen.values("pk"))
        kept = self.initial.get("phase")
        if kept:
            phases |= ProjectPhase.objects.filter(pk=getattr(kept, "pk", kept))
        field: Any = self.fields["phase"]
        field.queryset = phases.select_related("project").order_by("project__title", "pk")
        field.label_from_instance = lambda one: f"{one.project.title} : {one.label}"
        if len(offered) == 1:
            del self.fields["pillar"]
        if not field.queryset.exists():
            del self.fields["phase"]


class RequestForm(AboutFields):
    """What an institution asks, and how far the answer may weigh."""

    title = forms.CharField(
        label="Objet", max_length=200, help_text="Par exemple : le plan de la future place."
    )
    text = words_field(
        "Votre demande, en mots simples",
        length=6000,
        rows=6,
        help_text="Écrivez pour des habitants : de quoi il s’agit, ce que cela change pour eux.",
    )
    decided = words_field("Ce qui est déjà décidé", length=3000)
    still_open = words_field(
        "Ce qui reste ouvert",
        length=3000,
        required=False,
        help_text="Ce que l’avis peut encore changer. Si vous laissez vide, rien n’est à débattre :"
        " votre demande part comme une information et compte comme telle.",
    )
    level = forms.ChoiceField(
        label="Jusqu’où l’avis peut-il peser ?",
        choices=list(LEVELS.items()),
        widget=forms.RadioSelect,
        initial=Level.CONSULT,
    )
    replier = forms.ModelChoiceField(
        Organisation.objects.none(), label="Qui répondra à l’avis", empty_label="Choisissez"
    )
    wanted_on = day_field("Avis souhaité pour le")
    reply_days = forms.IntegerField(
        label="Jours pour répondre, une fois l’avis reçu", min_value=1, max_value=365
    )

    def __init__(self, *args: Any, body: Body, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replier"].queryset = repliers(actor)  # type: ignore[attr-defined]
        self.place(body, actor)
        self.order_fields(FIRST)

    def clean_wanted_on(self) -> date:
        found: date = self.cleaned_data["wanted_on"]
        if found < timezone.localdate():
            raise ValidationError("Ce jour est passé.")
        return found


class NewOpinionForm(AboutFields):
    """What a body takes up by itself."""

    title = forms.CharField(
        label="Objet de l’avis",
        max_length=200,
        help_text="Par exemple : l’éclairage du parc. Personne d’autre ne le lit avant l’envoi.",
    )

    def __init__(self, *args: Any, body: Body, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place(body, actor)
        self.order_fields(FIRST)


class OpinionForm(NewOpinionForm):
    """An opinion in debate: its words, what it asks, the views that diverge."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = words_field("L’avis", length=12000, required=False, rows=12)
    asked = words_field(
        "Ce que nous demandons",
        length=16000,
        required=False,
        rows=6,
        help_text="Une demande par ligne, dans l’ordre. Chacune recevra sa réponse.",
    )
    views = words_field(
        "Points de vue divergents",
        length=16000,
        required=False,
        rows=5,
        help_text="Ce que certains pensent autrement, sans nom. Laissez une ligne vide entre deux"
        " points de vue. Ils seront publiés avec l’avis.",
    )

    def clean_asked(self) -> list[str]:
        found = [line.strip(" -•\t") for line in self.cleaned_data["asked"].splitlines()]
        found = [line for line in found if line]
        for place, line in enumerate(found, 1):
            if len(line) > ASKING_LENGTH:
                raise ValidationError(f"La demande {place} dépasse {ASKING_LENGTH} signes.")
        return found

    def clean_views(self) -> list[str]:
        parts = self.cleaned_data["views"].replace("\r\n", "\n").split("\n\n")
        found = [part.strip() for part in parts if part.strip()]
        if len(found) > VIEWS_AT_MOST:
            raise ValidationError(f"{VIEWS_AT_MOST} points de vue au plus.")
        if any(len(part) > VIEW_LENGTH for part in found):
            raise ValidationError(f"Un point de vue tient en {VIEW_LENGTH} signes.")
        return found


class SittingField(forms.ModelChoiceField):
    """A sitting, told by its day."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.instance.name}, {timezone.localtime(obj.gathering.starts_at):%d/%m/%Y}"


SITTINGS = Sitting.objects.select_related("instance", "gathering")


class AgendaForm(forms.Form):
    """On the agenda of which sitting of the body."""

    sitting = SittingField(Sitting.objects.none(), label="Séance", empty_label="Choisissez")

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sitting"].queryset = rows  # type: ignore[attr-defined]


class AdoptForm(AgendaForm):
    """At which sitting an opinion was adopted, and by how many votes."""

    votes_for = forms.IntegerField(label="Voix pour", min_value=0, max_value=999)
    votes_against = forms.IntegerField(label="Voix contre", min_value=0, max_value=999, initial=0)
    abstentions = forms.IntegerField(label="Abstentions", min_value=0, max_value=999, initial=0)
    # The one that stood when this page was opened.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class SendForm(forms.Form):
    """Who owes the reply, and whether everybody reads the opinion at once."""

    replier = forms.ModelChoiceField(
        Organisation.objects.none(), label="Qui doit répondre", empty_label="Choisissez"
    )
    public = forms.BooleanField(
        label="Rendre l’avis public dès l’envoi",
        required=False,
        help_text="Avec ses votes, les points de vue divergents et la demande. Vous pourrez aussi"
        " le publier plus tard.",
    )

    def __init__(self, *args: Any, opinion: Opinion, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if opinion.request_id:
            del self.fields["replier"]
        else:
            self.fields["replier"].queryset = repliers(actor)  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    """What is decided of each asking, why, and the reply as a whole."""

    text = words_field(
        "La réponse dans son ensemble, et ses raisons",
        length=12000,
        rows=8,
        help_text="Écrivez pour des habitants, en mots simples.",
    )

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.askings = list(opinion.askings.all())
        for one in self.askings:
            self.fields[f"outcome_{one.pk}"] = forms.ChoiceField(
                label=f"Décision sur la demande {one.position}",
                choices=[("", "Choisissez"), *((code, word) for code, word in Outcome.choices)],
            )
            self.fields[f"why_{one.pk}"] = words_field(
                f"Pourquoi, pour la demande {one.position}", length=3000, rows=3
            )

    def blocks(self) -> list[dict[str, Any]]:
        """Each asking with its two fields, as the page shows them."""
        return [
            {
                "asking": one,
                "outcome": self[f"outcome_{one.pk}"],
                "why": self[f"why_{one.pk}"],
            }
            for one in self.askings
        ]

    def outcomes(self) -> dict[int, tuple[str, str]]:
        """What was decided of each asking and why, by its id."""
        data = self.cleaned_data
        return {one.pk: (data[f"outcome_{one.pk}"], data[f"why_{one.pk}"]) for one in self.askings}


class AdditionForm(forms.Form):
    """What is added to a reply."""

    added = words_field("Ce que vous ajoutez", length=6000, rows=6)


class WhyForm(forms.Form):
    """Why a request is taken back."""

    why = words_field("Un mot à l’instance", length=300, rows=3, help_text="Dites pourquoi.")


class DocumentForm(forms.Form):
    """A file given with a request."""

    title = forms.CharField(label="Titre du document", max_length=160)
    file = FileField(label="Fichier")


class RegisterFilters(forms.Form):
    """What is shown of the register. A value that makes no sense is left out."""

    mots = forms.CharField(label="Mots de l’avis", required=False, max_length=120)
    instance = forms.ChoiceField(label="Instance", required=False)
    quartier = forms.ChoiceField(label="Quartier", required=False)
    qui = forms.ChoiceField(label="Qui répond", required=False)
    etat = forms.ChoiceField(label="Réponse", required=False)
    pilier = forms.ChoiceField(label="Pilier", required=False)
    annee = forms.ChoiceField(label="Année", required=False)

    def __init__(self, *args: Any, rows: Any, states: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = rows.order_by()
        bodies = Body.objects.filter(pk__in=rows.values("body"))
        quartiers = Quartier.objects.filter(pk__in=bodies.values("quartiers"))
        known = Organisation.objects.filter(pk__in=rows.values("replier"))
        named = rows.exclude(pillar="").order_by("pillar").values_list("pillar", flat=True)
        years = sorted({day.year for day in rows.dates("adopted_on", "year")}, reverse=True)
        self._offer("instance", bodies.values_list("pk", "organisation__name"))
        self._offer("quartier", quartiers.order_by("name").values_list("pk", "name"))
        self._offer("qui", known.order_by("name").values_list("pk", "name"))
        self._offer("etat", states.items())
        self._offer("pilier", ((one, one) for one in named.distinct()))
        self._offer("annee", ((one, one) for one in years))

    def _offer(self, name: str, pairs: Any) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "Tous"), *((str(code), str(label)) for code, label in pairs)]

    def asked(self) -> dict[str, Any]:
        """What was asked for, by name."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
