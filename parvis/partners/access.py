"""Who may do what with people, organisations and agreements."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, PARTNERS, SIGNED_IN, Door, Policy, Row

TEAM = ("coordination", "responsable", "contributeur", "lecteur")
HEADS = ("coordination", "responsable")
AGGLOMERATION = ("agglomeration",)


def everything_public(actor: Actor) -> Q:
    return Q()


def my_organisation(actor: Actor) -> Q:
    return Q(pk=actor.organisation_id)


def seated_in_my_communes(actor: Actor) -> Q:
    """Organisations with their seat in a commune of the perimeter; never another agglomération."""
    return Q(commune_id__in=sorted(actor.communes)) & ~Q(kind="agglomeration")


def seated_and_reached_by_nobody(actor: Actor) -> Q:
    """Among these, the ones for which nobody acts: they wait for their first responsable."""
    return seated_in_my_communes(actor) & ~Q(_somebody_acts_for("pk"))


def of_my_organisation(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id)


def of_my_organisation_others_than_me(actor: Actor) -> Q:
    return of_my_organisation(actor) & ~Q(person_id=actor.user_id)


def of_my_organisation_below_coordination(actor: Actor) -> Q:
    return of_my_organisation_others_than_me(actor) & ~Q(role="coordination")


def of_organisations_in_my_communes(actor: Actor) -> Q:
    """What belongs to organisations seated in the perimeter; never to another agglomération."""
    return Q(organisation__commune_id__in=sorted(actor.communes)) & ~Q(
        organisation__kind="agglomeration"
    )


def working_in_organisations_of_my_communes(actor: Actor) -> Q:
    """Among these, people at work. Members of a body of participation are residents, whose names
    are their own: only who animates one is told."""
    members = Q(organisation__kind="participation", role__in=("contributeur", "lecteur"))
    return of_organisations_in_my_communes(actor) & ~members


def of_organisations_reached_by_nobody(actor: Actor) -> Q:
    return of_organisations_in_my_communes(actor) & ~Q(_somebody_acts_for("organisation_id"))


def wholly_in_my_communes(actor: Actor) -> Q:
    """Agreements that cover communes of the perimeter and none outside it."""
    from parvis.partners.models import Agreement

    covered = Agreement.communes.through.objects.filter(agreement_id=OuterRef("pk"))
    mine = sorted(actor.communes)
    return Q(Exists(covered.filter(commune_id__in=mine))) & ~Q(
        Exists(covered.exclude(commune_id__in=mine))
    )


def written_by_hand_in_my_communes(actor: Actor) -> Q:
    """Among these, all but conventions of abatement: their parties answer each for itself, and
    their avenants have signatures of their own, on pages that record it."""
    return wholly_in_my_communes(actor) & ~Q(kind="convention_tfpb")


def _somebody_acts_for(organisation: str) -> Exists:
    from parvis.partners.models import Mandate

    in_force = Mandate.objects.in_force(timezone.localdate())
    return Exists(in_force.filter(organisation_id=OuterRef(organisation)))


ORGANISATION = Policy(
    "partners.organisation",
    "organisation",
    scopes={
        "public": everything_public,
        "my organisation": my_organisation,
        "seated in my communes": seated_in_my_communes,
        "seated in my communes, reached by nobody": seated_and_reached_by_nobody,
    },
    rows=(
        Row(ANYONE, ("see",), "public"),  # names of organisations are no secret
        *(Row(role, ("open",), "my organisation") for role in TEAM),
        *(Row(role, ("edit", "invite"), "my organisation") for role in HEADS),
        # Letters bear names and homes of residents: members of a body do not read each other's.
        *(Row(role, ("post",), "my organisation") for role in HEADS),
        Row("coordination", ("open",), "seated in my communes", AGGLOMERATION),
        Row("coordination", ("trust",), "seated in my communes", AGGLOMERATION),
        Row(
            "coordination",
            ("edit", "invite"),
            "seated in my communes, reached by nobody",
            AGGLOMERATION,
        ),
    ),
)

MANDATE = Policy(
    "partners.mandate",
    "mandat",
    scopes={
        "my organisation": of_my_organisation,
        "my organisation, others than me": of_my_organisation_others_than_me,
        "my organisation, below coordination": of_my_organisation_below_coordination,
        "organisations seated in my communes, no member of a body of participation": (
            working_in_organisations_of_my_communes
        ),
    },
    rows=(
        *(Row(role, ("see",), "my organisation") for role in TEAM),
        Row(
            "coordination",
            ("see",),
            "organisations seated in my communes, no member of a body of participation",
            AGGLOMERATION,
        ),
        Row("coordination", ("end", "unlock"), "my organisation, others than me"),
        Row("responsable", ("end", "unlock"), "my organisation, below coordination"),
    ),
)

INVITATION = Policy(
    "partners.invitation",
    "invitation",
    scopes={
        "my organisation": of_my_organisation,
        "seated in my communes, reached by nobody": of_organisations_reached_by_nobody,
    },
    rows=(
        *(Row(role, ("see", "withdraw"), "my organisation") for role in HEADS),
        Row(
            "coordination",
            ("see", "withdraw"),
            "seated in my communes, reached by nobody",
            AGGLOMERATION,
        ),
    ),
)

AGREEMENT = Policy(
    "partners.agreement",
    "convention",
    scopes={
        "public": everything_public,
        "wholly in my communes, not of abatement": written_by_hand_in_my_communes,
    },
    rows=(
        Row(ANYONE, ("see",), "public"),  # a convention is a public document
        Row("coordination", ("edit",), "wholly in my communes, not of abatement", AGGLOMERATION),
    ),
)

LODGE = Policy(
    "partners.lodge",
    "loge de gardiens",
    scopes={"my organisation": of_my_organisation},
    rows=(Row("responsable", ("see", "edit"), "my organisation"),),
)

READING = Policy(
    "partners.reading",
    "lecture de coordonnées",
    scopes={"my organisation": of_my_organisation},
    rows=tuple(Row(role, ("see",), "my organisation") for role in HEADS),
)

_COORDINATION = ("coordination",)

DOORS: dict[str, Door] = {
    "partners:act_for": Door(SIGNED_IN),
    "partners:account": Door(SIGNED_IN),
    "partners:set_password": Door(SIGNED_IN),
    "partners:invitation": Door(EVERYONE),
    "partners:my_organisation": Door(PARTNERS, roles=TEAM),
    "partners:organisations": Door(PARTNERS, roles=_COORDINATION),
    "partners:readings": Door(PARTNERS, roles=HEADS),
    "partners:create_organisation": Door(PARTNERS, roles=_COORDINATION),
    "partners:organisation": Door(PARTNERS, "partners.organisation", "open", "open"),
    "partners:edit_organisation": Door(PARTNERS, "partners.organisation", "edit", "open"),
    "partners:trust": Door(PARTNERS, "partners.organisation", "trust", "open"),
    "partners:letters": Door(PARTNERS, "partners.organisation", "post", "open"),
    "partners:letters_pdf": Door(PARTNERS, "partners.organisation", "post", "open"),
    "partners:invite": Door(PARTNERS, "partners.organisation", "invite", "open"),
    "partners:withdraw_invitation": Door(PARTNERS, "partners.invitation", "withdraw"),
    "partners:end_mandate": Door(PARTNERS, "partners.mandate", "end"),
    "partners:restore_mandate": Door(PARTNERS, "partners.mandate", "end"),
    "partners:remove_factors": Door(PARTNERS, "partners.mandate", "unlock"),
    # A lodge's telephone: opened by what it carries, then by a caretaker's code.
    "partners:lodge": Door(EVERYONE),
    "partners:end_shift": Door(EVERYONE),
    "partners:enrol_phone": Door(EVERYONE),
    "partners:agreements": Door(EVERYONE),
    "partners:agreement": Door(EVERYONE, "partners.agreement"),
    "partners:create_agreement": Door(PARTNERS, roles=_COORDINATION),
    "partners:edit_agreement": Door(PARTNERS, "partners.agreement", "edit"),
}
