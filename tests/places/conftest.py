"""Small files that importers are fed with, and an atlas that no other test has filled."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from parvis.places import locate as locating
from parvis.places.models import Commune, Quartier


@pytest.fixture(autouse=True)
def fresh_atlas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept in memory from another test's database."""
    monkeypatch.setattr(locating, "_kept", locating._Kept())


@pytest.fixture(scope="session")
def open_data() -> Path:
    """The folder of official files; these tests are skipped where it is absent."""
    default = settings.BASE_DIR.parent / "shared" / "data"
    folder = Path(os.environ.get("PARVIS_OPEN_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"official files are missing: set PARVIS_OPEN_DATA (looked at {folder})")
    return folder


def square(west: float, south: float, side: float = 0.01) -> dict[str, Any]:
    """A GeoJSON square."""
    east, north = round(west + side, 7), round(south + side, 7)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def commune(code: str, name: str, geometry: dict[str, Any] | None = None, **more: Any) -> Commune:
    """A commune in the database."""
    return Commune.objects.create(code=code, name=name, outline=geometry, **more)


def quartier(
    code: str, name: str, geometry: dict[str, Any], *communes: Commune, **more: Any
) -> Quartier:
    """A quartier in the database, with its communes."""
    made = Quartier.objects.create(code=code, name=name, outline=geometry, **more)
    made.communes.set(communes)
    return made


@pytest.fixture
def geojson(tmp_path: Path) -> Callable[..., Path]:
    """Writes a collection of features; gives its path."""

    def write(*features: Any, name: str = "essai.geojson", **top: Any) -> Path:
        path = tmp_path / name
        collection = {"type": "FeatureCollection", "features": list(features), **top}
        path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def parvis() -> Callable[..., str]:
    """Runs a command of Parvis; gives what it printed, errors after the rest."""

    def run(*words: object) -> str:
        out, err = StringIO(), StringIO()
        call_command(*map(str, words), stdout=out, stderr=err)
        return out.getvalue() + err.getvalue()

    return run
