"""Forms of the partners' room: account, organisation, invitation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from parvis.partners.actors import Actor
from parvis.partners.invitations import roles_to_give
from parvis.partners.models import Organisation, Role, User
from parvis.partners.perimeters import communes_to_give, quartiers_to_give

ROLE_WORDS = {
    Role.COORDINATION: "Coordination : anime la gestion de proximité sur son territoire",
    Role.RESPONSABLE: "Responsable : répond, confie, invite",
    Role.CONTRIBUTEUR: "Contributeur : répond et fait avancer",
    Role.LECTEUR: "Lecteur : consulte seulement",
}


class NameForm(forms.ModelForm[User]):
    """What a person is called."""

    class Meta:
        model = User
        fields = ["name"]
        labels = {"name": "Prénom et nom"}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class PasswordForm(forms.Form):
    """A new password; the old one is asked for unless a code has just proved who this is."""

    old_password = forms.CharField(
        label="Mot de passe actuel",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        help_text="Oublié ? Déconnectez-vous, entrez avec un code reçu par courriel, "
        "puis revenez ici.",
    )
    new_password = forms.CharField(
        label="Nouveau mot de passe",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text="Douze caractères au moins. Une phrase se retient mieux qu’un mot.",
    )

    def __init__(self, user: User, *args: Any, ask_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not ask_old:
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise forms.ValidationError("Ce n’est pas votre mot de passe actuel.")
        return old

    def clean_new_password(self) -> str:
        new: str = self.cleaned_data["new_password"]
        validate_password(new, self.user)
        return new


def luhn(digits: str) -> bool:
    """Whether a number passes Luhn's check, as every SIREN does."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


class ContactForm(forms.ModelForm[Organisation]):
    """How to reach a service, and what it is called."""

    class Meta:
        model = Organisation
        fields = ["name", "email", "phone", "hours", "address"]
        labels = {"name": "Nom de l’organisation", "email": "Adresse électronique du service"}
        help_texts = {
            "name": "Si le nom change, les documents d’avant gardent l’ancien.",
            "email": "Une adresse du service, pas celle d’une personne.",
        }
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }


class OrganisationForm(ContactForm):
    """A new organisation of the territory."""

    class Meta(ContactForm.Meta):
        fields = ["kind", "siren", "commune", *ContactForm.Meta.fields]
        labels = {**ContactForm.Meta.labels, "kind": "Nature", "commune": "Commune du siège"}
        help_texts = {
            "siren": "Neuf chiffres. Laissez vide si l’organisation n’en a pas.",
            "email": ContactForm.Meta.help_texts["email"],
        }

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", "Choisir…")] + [
            (value, label[:1].upper() + label[1:])
            for value, label in Organisation.Kind.choices
            if value != Organisation.Kind.AGGLOMERATION
        ]
        self.fields["kind"] = forms.ChoiceField(label="Nature", choices=kinds)
        # The number may be typed with its spaces.
        self.fields["siren"] = forms.CharField(
            label="SIREN",
            required=False,
            max_length=20,
            help_text=self.fields["siren"].help_text,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )
        commune: Any = self.fields["commune"]
        commune.queryset = communes_to_give(actor).filter(pk__in=actor.communes)
        commune.required = True
        commune.empty_label = "Choisir…"

    def clean_siren(self) -> str | None:
        siren = "".join(self.cleaned_data["siren"].split())
        if not siren:
            return None
        if len(siren) != 9 or not (siren.isascii() and siren.isdigit()):
            raise forms.ValidationError("Un SIREN compte neuf chiffres.")
        if not luhn(siren):
            raise forms.ValidationError("Ce SIREN n’existe pas : vérifiez les chiffres.")
        if Organisation.objects.filter(siren=siren).exists():
            raise forms.ValidationError("Une organisation porte déjà ce SIREN.")
        return siren


class InvitationForm(forms.Form):
    """Whom to invite, in which role, on which territory."""

    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="L’invitation ne vaut que pour cette adresse.",
    )
    role = forms.ChoiceField(label="Rôle", widget=forms.RadioSelect)
    communes: Any = forms.ModelMultipleChoiceField(
        label="Communes",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quartiers: Any = forms.ModelMultipleChoiceField(
        label="Quartiers",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Communes et quartiers cochés ensemble : seulement la partie des quartiers "
        "qui se trouve dans ces communes.",
    )

    def __init__(self, actor: Actor, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_to_give(actor, organisation)
        choice: Any = self.fields["role"]
        choice.choices = [(role.value, ROLE_WORDS[role]) for role in roles]
        choice.initial = roles[0].value if len(roles) == 1 else None
        for name, rows in (
            ("communes", communes_to_give(actor)),
            ("quartiers", quartiers_to_give(actor)),
        ):
            choice = self.fields[name]
            choice.queryset = rows


class AcceptForm(forms.Form):
    """What somebody who comes for the first time is called."""

    name = forms.CharField(
        label="Prénom et nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="Vos partenaires vous verront sous ce nom.",
    )
