"""What people follow of a place, by name: one way to write it for those who publish and those who
offer it. A topic is a word; whether somebody may be told is for who publishes to know."""

from __future__ import annotations

import math

from parvis.places.locate import metres_a_degree

ADDRESS = "address:"
NEAR = 25.0  # metres: a point shown on a map, or by a telephone, is that of the door beside it
_STEP = 1e-4  # degrees between two addresses that are told apart: about ten metres


def of_commune(pk: int) -> str:
    """What is for a whole commune."""
    return f"commune:{pk}"


def of_quartier(pk: int) -> str:
    """What is for a whole quartier."""
    return f"quartier:{pk}"


def of_residence(pk: int) -> str:
    """What is for everybody in a residence."""
    return f"residence:{pk}"


def of_building(pk: int) -> str:
    """What is for everybody in a building."""
    return f"building:{pk}"


def of_entrance(pk: int) -> str:
    """What is for those who go in by one door."""
    return f"entrance:{pk}"


def of_address(latitude: float, longitude: float) -> str:
    """What somebody follows who lives at that point, to about ten metres."""
    return f"{ADDRESS}{latitude:.4f},{longitude:.4f}"


def around(latitude: float, longitude: float, metres: float = NEAR) -> list[str]:
    """The topics of every address that near to a point, followed or not: no query is needed to know
    them, and one finds who follows some."""
    east, north = metres_a_degree(int(latitude))
    rows, columns = (math.ceil(metres / one / _STEP) for one in (north, east))
    found = [of_address(latitude, longitude)]
    for row in range(-rows, rows + 1):
        for column in range(-columns, columns + 1):
            here = (round(latitude, 4) + row * _STEP, round(longitude, 4) + column * _STEP)
            away = math.hypot((here[0] - latitude) * north, (here[1] - longitude) * east)
            if away <= metres:
                found.append(of_address(*here))
    return sorted(set(found))
