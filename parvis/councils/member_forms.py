"""Forms of who writes down a member, seats them, and ends their term."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.councils.body_models import Body, CouncilSeat, Member, Term
from parvis.councils.body_rules import DRAWN
from parvis.councils.member_acts import heirs_of
from parvis.councils.regimes import choices, label_of, regime_of, regimes
from parvis.councils.workflow import TermEnd
from parvis.partners.actors import Actor
from parvis.partners.models import Mandate, Organisation, User
from parvis.places.models import Quartier
from parvis.ui.fields import day_field

SEX = (("", "Ne souhaite pas le dire"), ("F", "Femme"), ("H", "Homme"))
CONTACT = ("first_name", "last_name", "email", "phone", "address")
GIVEN = tuple(code for code in TermEnd if code not in (TermEnd.PROMOTED, TermEnd.DISSOLVED))


def vacant_seats(body: Body) -> Any:
    """Seats that nobody holds today nor is to hold."""
    today = timezone.localdate()
    held = Term.objects.lasting(today).filter(seat=OuterRef("pk"))
    rows = CouncilSeat.objects.filter(~Exists(held), college__body=body, closed_on=None)
    rows = rows.select_related("college", "quartier").defer("quartier__outline")
    return rows.order_by("-college__code", "-kind", "number")


def seat_words(seat: CouncilSeat) -> str:
    """A seat as a list of them says it."""
    words = f"{label_of('college', seat.college.code)}, {seat.get_kind_display()} {seat.number}"
    return f"{words} ({seat.quartier.name})" if seat.quartier else words


def name_for(actor: Actor, rows: Any) -> dict[int, str]:
    """Members by their id, in the words that this actor may read."""
    known = set(
        Member.objects.allowed(actor, "know").filter(pk__in=rows).values_list("pk", flat=True)
    )
    found = {}
    for one in rows.select_related("contact"):
        name = one.name if one.pk in known else one.public_name
        found[one.pk] = name if name == str(one) else f"{name} ({one})"
    return found


class ContactForm(forms.Form):
    """Who a member is and how to reach them: no e-mail nor account is needed."""

    first_name = forms.CharField(label="Prénom", max_length=60)
    last_name = forms.CharField(label="Nom", max_length=60, required=False)
    email = forms.EmailField(label="Adresse électronique", required=False)
    phone = forms.CharField(label="Téléphone", max_length=20, required=False)
    address = forms.CharField(label="Adresse", max_length=200, required=False)
    sex = forms.ChoiceField(
        label="Sexe",
        choices=SEX,
        required=False,
        help_text="Sert à vérifier la parité. On peut ne pas répondre.",
    )
    age_band = forms.ChoiceField(label="Âge", choices=(), required=False)

    def __init__(self, *args: Any, member: Member | None = None, **kwargs: Any) -> None:
        if member is not None:
            contact = getattr(member, "contact", None)
            kept = {name: getattr(contact, name, "") for name in CONTACT}
            kwargs["initial"] = {**kept, "sex": member.sex, "age_band": member.age_band}
        super().__init__(*args, **kwargs)
        unsaid = ("", "Ne souhaite pas le dire")
        chosen: dict[str, Any] = self.fields
        chosen["age_band"].choices = [unsaid, *choices("age_band").items()]

    def contact(self) -> dict[str, str]:
        """The columns of how to reach them."""
        return {name: self.cleaned_data[name] for name in CONTACT}

    def others(self) -> dict[str, Any]:
        """The columns of the member."""
        return {name: value for name, value in self.cleaned_data.items() if name not in CONTACT}


class BelongingForm(ContactForm):
    """The same, with where a member comes from and by which account they sign in."""

    origin = forms.ChoiceField(label="Comment cette personne est venue", choices=())
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Siège pour",
        required=False,
        empty_label="Personne d’autre qu’elle-même",
        help_text="L’association ou la structure qui désigne un membre du collège des acteurs.",
    )
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", required=False, empty_label="Non précisé"
    )
    user = forms.ModelChoiceField(
        User.objects.none(),
        label="Compte",
        required=False,
        empty_label="Aucun",
        help_text="Sans compte, l’animateur peut tout faire à sa place.",
    )

    def __init__(
        self, *args: Any, actor: Actor, body: Body, member: Member | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, member=member, **kwargs)
        chosen: dict[str, Any] = self.fields
        origins = dict(choices("origin"))
        # A body without draw says nothing about one, but of who was drawn before.
        if not regime_of(body.regime).draws and not (member and member.origin == DRAWN):
            origins.pop(DRAWN, None)
        chosen["origin"].choices = list(origins.items())
        chosen["quartier"].queryset = body.quartiers.defer("outline")
        ours = Organisation.objects.exclude(kind=Organisation.Kind.PARTICIPATION)
        kept = Q(pk=member.organisation_id) if member else Q(pk__in=())
        chosen["organisation"].queryset = ours.filter(Q(closed_on=None) | kept)
        chosen["user"].queryset = accounts_for(actor, body, member)
        chosen["user"].label_from_instance = lambda one: one.name
        if member is not None:
            for name in ("origin", "organisation", "quartier", "user"):
                self.initial[name] = getattr(member, name)


def accounts_for(actor: Actor, body: Body, member: Member | None = None) -> Any:
    """Who signs in for the body and is no member yet, as far as this actor may see them."""
    mandates = Mandate.objects.visible_to(actor).in_force(timezone.localdate())
    people = mandates.filter(organisation_id=body.organisation_id).values("person_id")
    taken = body.members.filter(user__isnull=False).order_by()
    if member is not None:
        taken = taken.exclude(pk=member.pk)
    free = User.objects.filter(pk__in=people).exclude(pk__in=taken.values("user_id"))
    return free.order_by("name", "pk")


class AddForm(BelongingForm):
    """A new member, on a seat at once when one is chosen."""

    seat = forms.ModelChoiceField(
        CouncilSeat.objects.none(),
        label="Siège",
        required=False,
        empty_label="Aucun pour le moment",
    )
    starts_on = day_field("Siège à partir du", required=False)

    field_order = ("first_name", "last_name", "origin", "seat", "starts_on", "organisation")

    def __init__(self, *args: Any, actor: Actor, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, body=body, **kwargs)
        chosen: dict[str, Any] = self.fields
        chosen["seat"].queryset = vacant_seats(body)
        chosen["seat"].label_from_instance = seat_words

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("seat") and not data.get("starts_on"):
            self.add_error("starts_on", "Dites à partir de quel jour.")
        return data

    def others(self) -> dict[str, Any]:
        """The columns of the member, the seat apart."""
        found = super().others()
        return {name: value for name, value in found.items() if name not in ("seat", "starts_on")}


class SeatForm(forms.Form):
    """Who takes a seat, and when."""

    member = forms.ModelChoiceField(Member.objects.none(), label="Membre", empty_label="Choisissez")
    starts_on = day_field("À partir du")
    expires_on = day_field(
        "Prévu jusqu’au",
        required=False,
        help_text="Laissez vide : la durée habituelle du mandat, s’il y en a une.",
    )

    def __init__(self, *args: Any, actor: Actor, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        chosen: dict[str, Any] = self.fields
        sitting = Term.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), member=OuterRef("pk"))
        rows = body.members.filter(~Exists(sitting))
        names = name_for(actor, rows)
        chosen["member"].queryset = rows
        chosen["member"].label_from_instance = lambda one: names.get(one.pk, str(one))
        if body.regime_on:
            codes = [(one.code, one.label) for one in regimes().values() if body.form in one.forms]
            chosen["regime"] = forms.ChoiceField(
                label="Régime de ce mandat",
                choices=[("", "Celui de l’instance"), *codes],
                required=False,
            )


class EndForm(forms.Form):
    """Why a term ends and when, and which substitute takes the seat."""

    reason = forms.ChoiceField(
        label="Pourquoi", choices=[("", "Choisissez"), *((one.value, one.label) for one in GIVEN)]
    )
    ends_on = day_field("Dernier jour du mandat")

    def __init__(self, *args: Any, actor: Actor, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if term.seat.kind != CouncilSeat.Kind.TITULAIRE:
            return
        heirs = heirs_of(term, timezone.localdate())
        ids = [one.member_id for one in heirs]
        names = name_for(actor, Member.objects.filter(pk__in=ids))
        self.heirs = {str(one.pk): one for one in heirs}
        rows = [
            (str(one.pk), f"{names[one.member_id]}, suppléant {one.seat.number}{_from(one)}")
            for one in heirs
        ]
        chosen: dict[str, Any] = self.fields
        chosen["heir"] = forms.ChoiceField(
            label="Qui prend le siège le lendemain",
            choices=[("", "Personne : le siège reste vacant"), *rows],
            required=False,
            help_text="Les suppléants du même quartier viennent d’abord."
            if heirs
            else "Aucun suppléant ne siège dans ce collège.",
        )

    def heir(self) -> Term | None:
        """The term of the substitute who takes the seat, when one does."""
        wanted = self.cleaned_data.get("heir")
        return self.heirs[wanted] if wanted else None


def _from(term: Term) -> str:
    quartier = term.seat.quartier or term.member.quartier
    return f" ({quartier.name})" if quartier else ""


class ShownForm(forms.Form):
    """What everybody may read of a member."""

    shown = forms.ChoiceField(
        label="Sur les pages publiques, montrer",
        choices=Member.Shown.choices,
        widget=forms.RadioSelect,
        help_text="Rien : la page dit « membre n° … ».",
    )
