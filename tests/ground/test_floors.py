"""Arrows point down: no room names a room above it or beside it, in whatever way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from tests.ground import house

# "reports:board", "reports/board.html", "reports.Report", "parvis.reports.views"
NAMES_A_ROOM = re.compile(r"^(?:parvis\.)?([a-z_]+)[:/.][\w./:-]+$")


def upward(room: str, text: str) -> str | None:
    """The room that this string names although it must not know it."""
    found = NAMES_A_ROOM.match(text)
    if found and found[1] in house.floors() and not house.may_name(room, found[1]):
        return found[1]
    return None


def nothing_in(faults: list[str]) -> None:
    assert not faults, "\n" + "\n".join(faults)


def test_every_room_has_a_floor_and_every_installed_room_exists() -> None:
    assert set(house.rooms()) <= set(house.floors())
    assert {room.removeprefix("parvis.") for room in settings.ROOMS} == set(house.rooms())


def test_rooms_are_installed_from_the_top_down() -> None:
    installed = [house.floors()[room.removeprefix("parvis.")] for room in settings.ROOMS]
    assert installed == sorted(installed, reverse=True)


@pytest.mark.parametrize("room", house.rooms())
def test_no_string_of_a_room_names_a_higher_one(room: str) -> None:
    faults = [
        f"{house.short(path)}:{node.lineno} {node.value!r}"
        for path, tree in house.sources(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and upward(room, node.value)
    ]
    nothing_in(faults)


@pytest.mark.parametrize("room", house.rooms())
def test_no_room_asks_for_a_model_or_module_above_it_by_name(room: str) -> None:
    faults = [
        f"{house.short(path)}:{node.lineno} {ast.unparse(node)}"
        for path, tree in house.sources(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("get_model", "get_app_config"))
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant)
        and argument.value in house.floors()
        and not house.may_name(room, argument.value)
    ]
    nothing_in(faults)


@pytest.mark.parametrize("room", house.rooms())
def test_no_template_of_a_room_names_a_higher_one(room: str) -> None:
    faults = [
        f"{house.short(path)}: {tag} {name}"
        for path, text in house.templates(room)
        for tag, name in house.template_references(text)
        if upward(room, name)
    ]
    nothing_in(faults)


@pytest.mark.parametrize("room", house.rooms())
def test_every_file_and_url_that_a_template_names_exists(room: str) -> None:
    faults = [
        f"{house.short(path)}: {tag} {name}"
        for path, text in house.templates(room)
        for tag, name in house.template_references(text)
        if not exists(tag, name)
    ]
    nothing_in(faults)


def exists(tag: str, name: str) -> bool:
    if tag == "url":
        return name in house.url_names()
    if tag == "static":
        from django.contrib.staticfiles import finders

        return finders.find(name) is not None
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


@pytest.mark.parametrize("room", house.rooms())
def test_every_url_that_code_names_exists(room: str) -> None:
    rooms = "|".join(house.rooms())
    url_name = re.compile(rf"^(?:{rooms}):[a-z_]+$")
    faults = [
        f"{house.short(path)}:{node.lineno} {node.value}"
        for path, tree in house.sources(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and url_name.match(node.value)
        and node.value not in house.url_names()
    ]
    nothing_in(faults)


def relations() -> Iterator[tuple[Any, Any]]:
    """Every relation from one of our models to another, links of many-to-many included."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in house.floors():
            continue
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.related_model
            if target is not None and target._meta.app_label in house.floors():
                yield field, target


def test_the_graph_of_models_points_down() -> None:
    faults = [
        f"{field.model._meta.label}.{field.name} -> {target._meta.label}"
        for field, target in relations()
        if not house.may_name(field.model._meta.app_label, target._meta.app_label)
    ]
    nothing_in(faults)


def test_the_graph_of_models_has_arrows_at_all() -> None:
    assert len(list(relations())) > 20


def test_migrations_depend_only_on_lower_rooms() -> None:
    loader = MigrationLoader(None)
    faults = [
        f"{label}.{name} -> {other}"
        for (label, name), migration in loader.disk_migrations.items()
        for other, _ in [*migration.dependencies, *migration.run_before]
        if label in house.floors() and other in house.floors() and not house.may_name(label, other)
    ]
    nothing_in(faults)


def reverse_names_from_above(room: str) -> set[str]:
    """Names by which models of this room could reach rows of a higher room, and that mean
    nothing else in this room or below."""
    below = [other for other in house.rooms() if house.may_name(room, other)]
    own = {
        field.name
        for model in apps.get_models()
        if model._meta.app_label in below
        for field in model._meta.get_fields()
        if not (field.auto_created and not field.concrete)
        or getattr(field, "related_model", model)._meta.app_label in below
    }
    above = {
        relation.get_accessor_name() or ""
        for model in apps.get_models()
        if model._meta.app_label in below
        for relation in model._meta.related_objects
        if relation.related_model._meta.app_label in house.floors()
        and not house.may_name(room, relation.related_model._meta.app_label)
    }
    return above - own - {""}


@pytest.mark.parametrize("room", house.rooms())
def test_no_room_reaches_up_through_a_reverse_name(room: str) -> None:
    forbidden = reverse_names_from_above(room)
    faults = []
    for path, tree in house.sources(room):
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.Call):
                lookups = [keyword.arg or "" for keyword in node.keywords]
                names = [lookup.split("__")[0] for lookup in lookups if "__" in lookup]
            elif isinstance(node, ast.Attribute) and is_row(node.value):
                names = [node.attr]
            faults += [f"{house.short(path)}:{node.lineno} {n}" for n in names if n in forbidden]
    nothing_in(faults)


def is_row(node: ast.expr) -> bool:
    """Whether this may be a row: a plain lower-case name that is no module of the house."""
    return isinstance(node, ast.Name) and node.id.islower() and node.id not in house.floors()
