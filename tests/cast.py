"""The cast: two neighbouring territories, their organisations, and a few people everybody knows.

All of them are invented. On the map, three communes stand side by side, west to east, and one
quartier crosses them:

    Raismes | Anzin | Valenciennes          Raismes belongs to another agglomération
      ......[=== Rives ===].......          Rives: one quartier, three communes, two EPCI

- claire coordinates for the agglomération (Anzin, Valenciennes); bruno for the neighbour (Raismes)
- karim answers for the town of Anzin, sofia helps him; nadia answers for the town of Raismes
- luc answers for the landlord Escaut Habitat, ines is a caretaker there; paul: another landlord
- rose reads for an association, on the part of Rives that lies in Anzin
- yasmine animates the conseil citoyen of Rives, hugo is a member of it; lila animates another body,
  the table de quartier of the Faubourg
- odile left the town of Anzin yesterday; theo signs in but never had a mandate
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

if TYPE_CHECKING:
    from parvis.partners.actors import Actor
    from parvis.partners.models import Organisation, User
    from parvis.places.models import Commune, Entrance, Quartier, Residence

PASSWORD = "une-phrase-de-passe-longue"

# A point (latitude, longitude) of each commune inside Rives, and one of Anzin outside it.
IN_RAISMES = (50.380, 3.495)
IN_ANZIN = (50.380, 3.510)
IN_VALENCIENNES = (50.380, 3.525)
IN_ANZIN_OUTSIDE_RIVES = (50.388, 3.510)


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """The fields of an outlined place that is a rectangle."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "outline": {"type": "Polygon", "coordinates": [ring]},
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


@dataclass
class Cast:
    raismes: Commune
    anzin: Commune
    valenciennes: Commune
    rives: Quartier
    faubourg: Quartier  # lies in Valenciennes alone
    tilleuls: Residence  # in Anzin and Rives, held by Escaut Habitat
    entrance: Entrance  # its only entrance
    peupliers: Residence  # in Valenciennes and Rives, held by Hainaut Logis
    agglomeration: Organisation
    neighbour: Organisation
    town: Organisation
    other_town: Organisation
    landlord: Organisation
    other_landlord: Organisation
    association: Organisation
    council: Organisation
    other_council: Organisation
    claire: User
    bruno: User
    karim: User
    sofia: User
    nadia: User
    luc: User
    ines: User
    paul: User
    rose: User
    yasmine: User
    hugo: User
    lila: User
    odile: User
    theo: User
    _actors: dict[int, Actor] = field(default_factory=dict)

    def actor(self, person: User) -> Actor:
        """The actor this person is today (nobody but their own name without a mandate)."""
        from parvis.partners.actors import Actor, actors_of

        if person.pk not in self._actors:
            found = actors_of(person)
            self._actors[person.pk] = found[0] if found else Actor(user_id=person.pk)
        return self._actors[person.pk]

    @property
    def people(self) -> dict[str, User]:
        """Everybody who signs in, by name."""
        from parvis.partners.models import User

        found = {}
        for slot in fields(self):
            value = getattr(self, slot.name)
            if isinstance(value, User):
                found[slot.name] = value
        return found


def make_cast() -> Cast:
    """Put the two territories and their people in the database."""
    from parvis.partners.models import Mandate, Organisation, Perimeter, Role, User
    from parvis.places.locate import bump
    from parvis.places.models import Building, Commune, Entrance, Quartier, Residence
    from parvis.upkeep.models import Holding, ManagedArea

    today = timezone.localdate()
    ours = {"epci_siren": "245901160", "epci_name": "Agglomération de l’Escaut"}
    theirs = {"epci_siren": "200042190", "epci_name": "Agglomération de la Porte"}
    raismes = Commune.objects.create(
        code="59491", name="Raismes", **theirs, **box(3.48, 50.37, 3.50, 50.39)
    )
    anzin = Commune.objects.create(
        code="59014", name="Anzin", **ours, **box(3.50, 50.37, 3.52, 50.39)
    )
    valenciennes = Commune.objects.create(
        code="59606", name="Valenciennes", **ours, **box(3.52, 50.37, 3.54, 50.39)
    )
    rives = Quartier.objects.create(
        code="QN05921M",
        name="Rives de l’Escaut",
        generation=2024,
        **box(3.49, 50.375, 3.53, 50.385),
    )
    rives.communes.set([raismes, anzin, valenciennes])
    faubourg = Quartier.objects.create(
        code="QN05931M", name="Faubourg", generation=2024, **box(3.532, 50.371, 3.539, 50.374)
    )
    faubourg.communes.set([valenciennes])

    def residence(code: str, name: str, commune: Commune, point: tuple[float, float]) -> Residence:
        latitude, longitude = point
        return Residence.objects.create(
            code=code, name=name, commune=commune, latitude=latitude, longitude=longitude
        )

    tilleuls = residence("TIL", "Les Tilleuls", anzin, IN_ANZIN)
    peupliers = residence("PEU", "Les Peupliers", valenciennes, IN_VALENCIENNES)
    building = Building.objects.create(residence=tilleuls, name="Bâtiment A")
    entrance = Entrance.objects.create(building=building, name="Entrée 3")

    kind = Organisation.Kind

    def organisation(name: str, of: str, commune: Commune | None = None) -> Organisation:
        slug = name.lower().replace(" ", "-").replace("’", "-")
        return Organisation.objects.create(
            name=name,
            kind=of,
            commune=commune,
            email=f"{slug}@exemple.test".encode("ascii", "ignore").decode(),
        )

    agglomeration = organisation("Agglomération de l’Escaut", kind.AGGLOMERATION, valenciennes)
    neighbour = organisation("Agglomération de la Porte", kind.AGGLOMERATION, raismes)
    town = organisation("Ville d’Anzin", kind.COMMUNE, anzin)
    other_town = organisation("Ville de Raismes", kind.COMMUNE, raismes)
    landlord = organisation("Escaut Habitat", kind.BAILLEUR, valenciennes)
    other_landlord = organisation("Hainaut Logis", kind.BAILLEUR, valenciennes)
    association = organisation("Les Voisins", kind.ASSOCIATION, anzin)
    council = organisation("Conseil citoyen des Rives", kind.PARTICIPATION, anzin)
    other_council = organisation("Table de quartier du Faubourg", kind.PARTICIPATION, valenciennes)

    Holding.objects.create(residence=tilleuls, organisation=landlord)
    Holding.objects.create(residence=peupliers, organisation=other_landlord)
    ManagedArea.objects.create(name="Voirie d’Anzin", manager=town, owner=town, commune=anzin)
    ManagedArea.objects.create(
        name="Voirie de Raismes", manager=other_town, owner=other_town, commune=raismes
    )

    def person(
        name: str,
        organisation: Organisation | None = None,
        role: str = "",
        *places: Commune | Quartier | tuple[Commune, Quartier],
        ended: bool = False,
    ) -> User:
        user = User.objects.create_user(f"{name.lower()}@exemple.test", name, PASSWORD)
        if organisation is None:
            return user
        mandate = Mandate.objects.create(
            person=user,
            organisation=organisation,
            role=role,
            starts_on=today - timedelta(days=400),
            ends_on=today - timedelta(days=1) if ended else None,
        )
        for place in places:
            commune, quartier = place if isinstance(place, tuple) else (place, None)
            if isinstance(commune, Quartier):
                commune, quartier = None, commune
            Perimeter.objects.create(mandate=mandate, commune=commune, quartier=quartier)
        return user

    bump()
    return Cast(
        raismes=raismes,
        anzin=anzin,
        valenciennes=valenciennes,
        rives=rives,
        faubourg=faubourg,
        tilleuls=tilleuls,
        entrance=entrance,
        peupliers=peupliers,
        agglomeration=agglomeration,
        neighbour=neighbour,
        town=town,
        other_town=other_town,
        landlord=landlord,
        other_landlord=other_landlord,
        association=association,
        council=council,
        other_council=other_council,
        claire=person("Claire", agglomeration, Role.COORDINATION, anzin, valenciennes),
        bruno=person("Bruno", neighbour, Role.COORDINATION, raismes),
        karim=person("Karim", town, Role.RESPONSABLE, anzin),
        sofia=person("Sofia", town, Role.CONTRIBUTEUR, anzin),
        nadia=person("Nadia", other_town, Role.RESPONSABLE, raismes),
        luc=person("Luc", landlord, Role.RESPONSABLE),
        ines=person("Ines", landlord, Role.CONTRIBUTEUR),
        paul=person("Paul", other_landlord, Role.RESPONSABLE),
        rose=person("Rose", association, Role.LECTEUR, (anzin, rives)),
        yasmine=person("Yasmine", council, Role.RESPONSABLE, (anzin, rives)),
        hugo=person("Hugo", council, Role.LECTEUR, (anzin, rives)),
        lila=person("Lila", other_council, Role.RESPONSABLE, faubourg),
        odile=person("Odile", town, Role.RESPONSABLE, anzin, ended=True),
        theo=person("Theo"),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    """The two territories and their people, in the database."""
    return make_cast()
