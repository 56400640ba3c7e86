"""What the repository may hold, and what its documents must keep up with."""

from __future__ import annotations

import importlib
import re
import subprocess
import tomllib
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db import models

from parvis.portal.processings import processings
from parvis.portal.retaining import retentions
from tests import templates
from tests.ground import house

# Written in pieces so that this file passes its own test.
PLACES_OF_ONE_MACHINE = [
    *(f"/{name}/" for name in ("work", "root", "home", "opt")),
    "file:" + "///",
]
ADDRESSES_OF_INDEXES = [
    "pypi" + ".org",
    "--index" + "-url",
    "--extra-index" + "-url",
    "/simple" + "/",
]


def tracked() -> list[Path]:
    """Files under version control; none outside a clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=house.ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a clone: no list of tracked files")
    paths = [house.ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_file_names_a_place_of_one_machine_or_an_index() -> None:
    faults = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        words = [*PLACES_OF_ONE_MACHINE, *ADDRESSES_OF_INDEXES]
        faults += [f"{house.short(path)}: {word}" for word in words if word in text]
    assert not faults, "\n" + "\n".join(faults)


def test_no_tracked_file_is_heavy() -> None:
    """Open data and pictures are fetched or drawn, never copied into the repository."""
    heavy = [house.short(path) for path in tracked() if path.stat().st_size > 800_000]
    assert heavy == []


def test_every_requirement_is_pinned_with_a_hash() -> None:
    for name in ("base", "dev"):
        text = (house.ROOT / f"requirements/{name}.txt").read_text()
        pins = re.findall(r"^([a-z0-9][\w.-]*)==[^\n]*\n(\s+--hash=)?", text, re.MULTILINE)
        assert pins
        assert [pin for pin, hashed in pins if not hashed] == []


@pytest.mark.django_db
def test_migrations_say_what_models_say() -> None:
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out)
    except SystemExit:
        pytest.fail(out.getvalue())


def test_every_template_compiles() -> None:
    assert templates.faults() == []


# --- Settings --------------------------------------------------------------------------------


def settings_read() -> set[str]:
    source = (house.PACKAGE / "settings.py").read_text()
    ours = {f"PARVIS_{name}" for name in re.findall(r'\benv\.\w+\(\s*"(\w+)"', source)}
    common = set(re.findall(r"""(?:Env\(\)\.\w+\(|environ\.get\()\s*["'](\w+)["']""", source))
    return ours | common


def test_the_page_of_settings_names_each_and_no_other() -> None:
    page = (house.ROOT / "docs/settings.md").read_text()
    documented = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    others = {"HOST"}  # read by `parvis serve` alone
    assert documented - others == settings_read()


def test_only_the_settings_and_the_start_read_the_environment() -> None:
    allowed = {"settings.py", "__main__.py", "wsgi.py", "serve.py", "processes.py"}
    faults = [
        house.short(path)
        for path in house.PACKAGE.rglob("*.py")
        if path.name not in allowed and re.search(r"\bos\.environ|\bgetenv\(", path.read_text())
    ]
    assert faults == []


# --- Glossary --------------------------------------------------------------------------------


@cache
def glossary() -> dict[str, str]:
    """Identifier -> French term, from the table of docs/glossary.md."""
    page = (house.ROOT / "docs/glossary.md").read_text()
    rows = re.findall(r"^\| ([^|]+?) \| `([\w.]+)` \|", page, re.MULTILINE)
    return {identifier: term for term, identifier in rows}


def find(identifier: str) -> Any:
    """The object of `reports.Report`, `reports.Report.due_on`, `places.locate.locate` ..."""
    room, *names = identifier.split(".")
    for depth in range(len(names), -1, -1):
        for module in (".".join(["parvis", room, *names[:depth]]), f"parvis.{room}.models"):
            try:
                found: Any = importlib.import_module(module)
            except ModuleNotFoundError:
                continue
            rest = names if module.endswith(".models") and depth == 0 else names[depth:]
            for name in rest:
                found = getattr(found, name, None)
                if found is None:
                    break
            if found is not None:
                return found
    return None


def test_every_term_of_the_glossary_has_its_identifier_in_the_code() -> None:
    assert glossary()
    assert [identifier for identifier in glossary() if find(identifier) is None] == []


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("parvis.")]


def test_every_model_has_its_term_in_the_glossary() -> None:
    names = {f"{model._meta.app_label}.{model.__name__}" for model in our_models()}
    assert sorted(names - set(glossary())) == []


# --- Personal data ---------------------------------------------------------------------------

PERSONAL_WORDS = ("phone", "email", "address", "dwelling")
FREE_WORDS = {"note", "notes", "words"}  # somebody may write a name in them
# An address of a place or of an organisation's front desk says nothing of a person.
PLACES = {"places"}


def privacy() -> dict[str, list[str]]:
    tables = tomllib.loads((house.ROOT / "privacy.toml").read_text()).get("table", [])
    return {table["model"]: table["fields"] for table in tables}


def looks_personal(model: Any, field: Any) -> bool:
    """An address, a telephone, a person who signs in, or words that people write freely."""
    if isinstance(field, models.EmailField):
        return True
    if isinstance(field, models.ForeignKey | models.OneToOneField):
        return model.__module__.startswith("parvis.") and field.related_model is get_user_model()
    if isinstance(field, models.TextField) and field.name in FREE_WORDS:
        return True
    worded = isinstance(field, models.CharField | models.TextField)
    return worded and any(word in field.name.split("_") for word in PERSONAL_WORDS)


# What looks personal by its name and is not: what partners write of places and things, for all who
# read these pages; and words for the search, which repeat public titles.
NOT_PERSONAL = {
    "councils.Participation.note",
    "meetings.AgendaItem.note",
    "search.Entry.words",
    "toolbox.Experiment.words",
    "toolbox.Need.words",
    "toolbox.Question.words",
    "toolbox.StructureCard.words",
    "walks.Stop.note",
    "works.DurabilityCheck.note",
}


def test_every_personal_column_is_declared() -> None:
    declared = privacy()
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label not in PLACES
        for field in model._meta.local_concrete_fields
        if looks_personal(model, field)
        or (model._meta.label, field.name) == ("partners.User", "name")
        if field.name not in declared.get(model._meta.label, [])
    ]
    assert sorted(set(missing) - NOT_PERSONAL) == []


def test_every_table_with_personal_data_is_in_one_processing_and_no_other() -> None:
    """The demonstration's own mail is never installed in production: it has no processing."""
    covered = [label for one in processings() for label in one.covers]
    assert sorted(covered) == sorted(set(covered))
    assert set(covered) == {label for label in privacy() if not label.startswith("demo.")}


def test_every_processing_says_what_erases_it_and_that_exists() -> None:
    commands = set(get_commands())
    for one in processings():
        assert set(one.retentions) <= set(retentions()), one.code
        assert set(one.commands) <= commands, one.code
        assert one.basis, one.code
    assert {code for one in processings() for code in one.retentions} == set(retentions())


def test_the_page_of_personal_data_is_up_to_date() -> None:
    call_command("write_privacy", check=True)


def test_every_declared_personal_column_exists() -> None:
    for label, fields in privacy().items():
        existing = {field.name for field in apps.get_model(label)._meta.get_fields()}
        assert set(fields) <= existing, label


def test_every_declaration_says_why_how_long_and_who_erases() -> None:
    page = tomllib.loads((house.ROOT / "privacy.toml").read_text())
    for table in page["table"]:
        assert all(table[key].strip() for key in ("why", "kept", "erased_by")), table["model"]
