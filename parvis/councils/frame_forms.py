"""Forms of the inventory and of the cadre de référence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from parvis.councils.answers import words_field
from parvis.councils.body_models import Body
from parvis.councils.frame_acts import OUTCOMES
from parvis.councils.frame_inventory import form_choices
from parvis.councils.frame_models import Frame, FrameArticle
from parvis.councils.frame_reading import OUTCOME_WORDS
from parvis.councils.frame_telling import asked_by_letter
from parvis.councils.regimes import rule_labels
from parvis.meetings.models import Sitting
from parvis.partners.models import Organisation
from parvis.places.choices import offer_quartiers
from parvis.places.models import Quartier
from parvis.ui.fields import day_field

NOBODY = "Personne en particulier"


class ParticipationForm(forms.Form):
    """A way of taking part that exists in a quartier."""

    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", empty_label="Choisissez"
    )
    form = forms.ChoiceField(label="Forme")
    name = forms.CharField(label="Nom", max_length=160)
    run_by = forms.CharField(
        label="Animée par",
        max_length=160,
        help_text="Une structure ou un groupe, pas une personne.",
    )
    body = forms.ModelChoiceField(
        Body.objects.none(),
        label="C’est cette instance de Parvis",
        required=False,
        empty_label="Aucune",
    )
    audience = forms.CharField(
        label="Pour qui",
        max_length=200,
        required=False,
        help_text="Tous les habitants, les locataires d’une résidence, les jeunes…",
    )
    rhythm = forms.CharField(
        label="Rythme",
        max_length=120,
        required=False,
        help_text="Une fois par mois, deux fois par an…",
    )
    since = day_field("Depuis le", required=False)
    until = day_field("Jusqu’au", required=False, help_text="Si elle n’existe plus.")
    note = words_field("Ce qu’on y fait", length=2000, required=False)

    def __init__(self, *args: Any, coordinator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quartiers = Quartier.objects.in_force(timezone.localdate()).defer("outline")
        seat = coordinator.commune
        if seat is not None and seat.epci_siren:
            quartiers = quartiers.filter(communes__epci_siren=seat.epci_siren).distinct()
        offer_quartiers(self.fields["quartier"], quartiers)
        self.fields["form"].choices = [("", "Choisissez"), *form_choices()]  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.filter(  # type: ignore[attr-defined]
            coordinator=coordinator
        ).select_related("organisation")


class FrameForm(forms.Form):
    """The head of a version."""

    title = forms.CharField(label="Titre", max_length=160)
    introduction = words_field(
        "Introduction",
        length=4000,
        required=False,
        rows=8,
        help_text="Pourquoi ce cadre, avec qui il est écrit, pour quels quartiers.",
    )


class ArticleForm(forms.Form):
    """An article of a version that is being written."""

    number = forms.CharField(label="Numéro", max_length=12)
    title = forms.CharField(label="Titre", max_length=160)
    text = words_field("Texte", length=8000, rows=10)
    may = words_field(
        "Une instance peut", length=2000, required=False, help_text="Une ligne par chose."
    )
    may_not = words_field(
        "Une instance ne peut pas", length=2000, required=False, help_text="Une ligne par chose."
    )
    rules = forms.MultipleChoiceField(
        label="Règles que cet article fixe",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="La page de chaque instance citera cet article à côté de la règle.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rules"].choices = list(rule_labels().items())  # type: ignore[attr-defined]

    @staticmethod
    def of(article: FrameArticle) -> dict[str, Any]:
        """What stands in an article, to begin with."""
        names = ("number", "title", "text", "may", "may_not", "rules")
        return {name: getattr(article, name) for name in names}


class OpenForm(forms.Form):
    """Until when remarks are awaited."""

    closes_on = day_field(
        "Remarques jusqu’au", help_text="Ce jour compris. Laissez le temps de se réunir."
    )


class RemarkForm(forms.Form):
    """A remark on an article; the coordination may note one that came by letter."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Au nom de",
        required=False,
        empty_label="Mon organisation",
        help_text="Une organisation sans compte, qui vous a écrit.",
    )
    text = words_field("Votre remarque", length=4000)

    def __init__(self, *args: Any, frame: Frame, by_letter: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_letter:
            self.fields["organisation"].queryset = asked_by_letter(frame)  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]


class AnswerForm(forms.Form):
    """What becomes of a remark."""

    outcome = forms.ChoiceField(
        label="Cette remarque est",
        choices=[(code.value, OUTCOME_WORDS[code]) for code in OUTCOMES],
        widget=forms.RadioSelect,
    )
    answer = words_field("Pourquoi, et ce qui change dans le texte", length=2000)


class AdoptForm(forms.Form):
    """The sitting in which the text was adopted."""

    sitting = forms.ModelChoiceField(
        Sitting.objects.none(),
        label="Adopté en séance",
        empty_label="Choisissez",
        help_text="Une séance passée, d’une instance que votre agglomération organise.",
    )
    adopted_on = day_field(
        "Jour de l’adoption", required=False, help_text="Vide : le jour de la séance."
    )

    def __init__(self, *args: Any, frame: Frame, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sitting"].queryset = (  # type: ignore[attr-defined]
            Sitting.objects.filter(
                instance__organiser_id=frame.coordinator_id,
                gathering__cancelled_at=None,
                gathering__starts_at__lte=timezone.now(),
            )
            .select_related("instance", "gathering")
            .order_by("-gathering__starts_at", "-pk")
        )
