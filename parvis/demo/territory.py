"""The demonstration's ground: places, organisations, people, and who keeps up what."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from parvis.demo.accounts import accounts, address_of, read
from parvis.partners.models import (
    Agreement,
    Mandate,
    Objective,
    Organisation,
    PastName,
    Perimeter,
    Signature,
    User,
)
from parvis.places.locate import bump
from parvis.places.models import (
    Address,
    Building,
    Commune,
    Entrance,
    Quartier,
    Residence,
    Street,
)
from parvis.places.schematic import schematic_outline
from parvis.places.searching import index_quartiers
from parvis.reports.models import DwellingDesk
from parvis.upkeep.models import Holding, ManagedArea

BOTH_DOORS = ("Entrée 1", "Entrée 3")


def _box(outline: dict[str, Any]) -> dict[str, Any]:
    polygons = [outline["coordinates"]] if outline["type"] == "Polygon" else outline["coordinates"]
    xs = [x for polygon in polygons for ring in polygon for x, _ in ring]
    ys = [y for polygon in polygons for ring in polygon for _, y in ring]
    return {"west": min(xs), "south": min(ys), "east": max(xs), "north": max(ys)}


def _schematic(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a place drawn from its centre (degrees) and its area (hectares)."""
    outline = schematic_outline(row["longitude"], row["latitude"], row["hectares"], row["code"])
    return {"outline": outline, "schematic": True, **_box(outline)}


def load_places(perimeters: str = "", communes: str = "") -> None:
    """Communes and quartiers: schematic shapes, or official files where they are given."""
    facts = read("territory")
    for row in facts["commune"]:
        epci = row if "epci_siren" in row else facts
        Commune.objects.create(
            code=row["code"],
            name=row["name"],
            siren=row["siren"],
            population=row["population"],
            epci_siren=epci["epci_siren"],
            epci_name=epci["epci_name"],
            **({} if communes else _schematic(row)),
        )
    if communes:
        call_command("import_communes", communes)
    by_code = {commune.code: commune for commune in Commune.objects.all()}
    for row in facts["quartier"]:
        quartier = Quartier.objects.create(
            code=row["code"],
            name=row["name"],
            generation=2024,
            valid_from=date(2024, 1, 1),
            **({} if perimeters else _schematic(row)),
        )
        quartier.communes.set([by_code[code] for code in row["communes"]])
    if perimeters:
        call_command("import_quartiers", perimeters)
    index_quartiers()
    bump()


def load_residences() -> list[Residence]:
    """Invented residences of two buildings and four entrances, around a quartier’s centre."""
    facts = {row["code"]: row for row in read("territory")["quartier"]}
    communes = {commune.code: commune for commune in Commune.objects.all()}
    made = []
    for code, names in read("residences")["residences"].items():
        quartier = facts[code]
        spread = (quartier["hectares"] * 10_000) ** 0.5 / 111_000 * 0.28  # degrees of latitude
        for number, name in enumerate(names):
            dice = random.Random(f"{code} {name}")
            commune = communes[quartier["communes"][number % len(quartier["communes"])]]
            latitude = quartier["latitude"] + dice.uniform(-spread, spread)
            longitude = quartier["longitude"] + dice.uniform(-spread, spread) * 1.5
            residence = Residence.objects.create(
                code=f"{code}-{number + 1}",
                name=name,
                commune=commune,
                latitude=round(latitude, 6),
                longitude=round(longitude, 6),
            )
            for letter in "AB":
                building = Building.objects.create(residence=residence, name=f"Bâtiment {letter}")
                Entrance.objects.bulk_create(
                    Entrance(building=building, name=door) for door in BOTH_DOORS
                )
            made.append(residence)
    return made


def load_addresses() -> None:
    """Invented streets with their numbers, around the centre of each commune of the territory."""
    facts = read("territory")
    communes = {commune.code: commune for commune in Commune.objects.defer("outline")}
    wanted = read("streets")
    numbers = range(1, wanted["numbers"] + 1)
    for row in facts["commune"]:
        spread = (row["hectares"] * 10_000) ** 0.5 / 111_000 * 0.25  # degrees of latitude
        streets, addresses = [], []
        for place, name in enumerate(wanted["names"]):
            dice = random.Random(f"{row['code']} {name}")
            latitude = row["latitude"] + dice.uniform(-spread, spread)
            longitude = row["longitude"] + dice.uniform(-spread, spread) * 1.5
            street = Street(
                code=f"{row['code']}_demo{place:02}",
                name=name,
                commune=communes[row["code"]],
                latitude=round(latitude, 6),
                longitude=round(longitude, 6),
            )
            streets.append(street)
            slope = dice.uniform(-1, 1) * 0.00008
            addresses += [
                Address(
                    code=f"{street.code}_{number:05}",
                    street=street,
                    number=number,
                    latitude=round(latitude + slope * (number - len(numbers) / 2), 6),
                    longitude=round(longitude + 0.00012 * (number - len(numbers) / 2), 6),
                )
                for number in numbers
            ]
        Street.objects.bulk_create(streets)
        Address.objects.bulk_create(addresses)


def of(name: str) -> str:
    """« d’Anzin », « de Marly »."""
    return f"d’{name}" if name[0] in "AEIOUÉ" else f"de {name}"


def load_organisations() -> dict[str, Organisation]:
    """The towns by commune code, the others by their key in the data file."""
    communes = {commune.code: commune for commune in Commune.objects.all()}
    made = {
        code: Organisation.objects.create(
            kind=Organisation.Kind.COMMUNE,
            name=f"Mairie {of(commune.name)} (démonstration)",
            siren=commune.siren or None,
            commune=commune,
            email=f"mairie-{code}@demo.invalid",
            phone="03 00 00 00 00",
            hours="aux heures d’ouverture de la mairie",
        )
        for code, commune in communes.items()
    }
    for key, row in read("organisations").items():
        row["commune"] = communes[row["commune"]]
        made[key] = Organisation.objects.create(email=f"{key}@demo.invalid", **row)
    # A landlord that changed its name: old documents keep the old one.
    PastName.objects.create(
        organisation=made["escaut"],
        name="Office de l’Escaut (fictif)",
        used_until=date(2024, 12, 31),
    )
    return made


def load_upkeep(residences: list[Residence], organisations: dict[str, Organisation]) -> None:
    """Who keeps up what. Two communes have no arrangement for dumps: "sans gestionnaire"."""
    landlords = [organisations[key] for key in ("escaut", "hainaut", "corons")]
    Holding.objects.bulk_create(
        Holding(residence=residence, organisation=landlords[number % 3], starts_on=date(2017, 4, 1))
        for number, residence in enumerate(residences)
    )
    public = [
        "proprete", "encombrants", "epaves", "espaces_verts", "aires_de_jeux", "voirie",
        "stationnement", "tags", "nuisibles", "accessibilite", "tranquillite",
    ]  # fmt: skip
    areas = []
    for commune in Commune.objects.all():
        town = organisations[commune.code]
        ours = commune.epci_siren == settings.DEMO_EPCI
        themes = [
            code
            for code in public
            if commune.code not in ("59253", "59484") or code not in ("encombrants", "epaves")
        ]
        areas.append(
            ManagedArea(
                name=f"Espace public {of(commune.name)}",
                owner=town,
                manager=town,
                theme_codes=themes,
                commune=commune,
                starts_on=date(2020, 1, 1),
            )
        )
        if ours:
            areas.append(
                ManagedArea(
                    name=f"Éclairage {of(commune.name)}",
                    owner=town,
                    manager=organisations["lumieres"],
                    theme_codes=["eclairage"],
                    commune=commune,
                    starts_on=date(2022, 1, 1),
                )
            )
            areas.append(
                ManagedArea(
                    name=f"Chantiers et services, {commune.name}",
                    owner=organisations["agglomeration"],
                    manager=organisations["agglomeration"],
                    theme_codes=["chantiers", "services_publics"],
                    commune=commune,
                    starts_on=date(2020, 1, 1),
                )
            )
    ManagedArea.objects.bulk_create(areas)


def load_people(organisations: dict[str, Organisation], today: date) -> None:
    """One person per account, with the mandate and the perimeter that the account shows."""
    communes = {commune.code: commune for commune in Commune.objects.all()}
    ours = [commune for commune in communes.values() if commune.epci_siren == settings.DEMO_EPCI]
    quartiers = {quartier.code: quartier for quartier in Quartier.objects.all()}
    for account in accounts():
        person = User.objects.create(
            email=address_of(account.code), name=account.name, password=make_password(None)
        )
        mandate = Mandate.objects.create(
            person=person,
            organisation=organisations[account.organisation],
            role=account.role,
            starts_on=today - timedelta(days=700),
        )
        wanted = (
            ours
            if list(account.communes) == ["*"]
            else [communes[code] for code in account.communes]
        )
        within: list[Quartier | None] = [quartiers[code] for code in account.quartiers]
        Perimeter.objects.bulk_create(
            Perimeter(mandate=mandate, commune=commune, quartier=quartier)
            for commune in wanted
            for quartier in within or [None]
        )


def load_agreement(organisations: dict[str, Organisation]) -> None:
    """The contrat de ville, its signatories, its objectives and one avenant."""
    facts = read("agreement")
    objectives, avenant, keys = (
        facts.pop("objective"),
        facts.pop("avenant"),
        facts.pop("signatories"),
    )
    contract = Agreement.objects.create(**facts)
    contract.quartiers.set(Quartier.objects.all())
    contract.communes.set(
        Commune.objects.filter(quartiers__isnull=False, epci_siren=settings.DEMO_EPCI).distinct()
    )
    signatories = [organisations[key] for key in keys]
    signatories += [organisations[commune.code] for commune in contract.communes.all()]
    Signature.objects.bulk_create(
        Signature(agreement=contract, organisation=one, signed_on=contract.starts_on)
        for one in signatories
    )
    Objective.objects.bulk_create(
        Objective(agreement=contract, position=position, **objective)
        for position, objective in enumerate(objectives)
    )
    Agreement.objects.create(generation=contract.generation, amends=contract, **avenant)


def load_desks(organisations: dict[str, Organisation]) -> None:
    """One landlord handles what concerns a dwelling here; another one receives its tenants."""
    DwellingDesk.objects.create(organisation=organisations["escaut"])
    DwellingDesk.objects.create(
        organisation=organisations["hainaut"],
        handled_here=False,
        phone="03 00 00 00 22",
        hours="du lundi au vendredi, de 8 h à 18 h ; urgences jour et nuit",
        address="1 place du Marché (adresse inventée)",
    )
