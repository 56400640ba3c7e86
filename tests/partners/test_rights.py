"""The machinery of rights: rows, scopes, doors, and the page that tells them."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.http import Http404
from django.test import RequestFactory

from parvis.partners.access_page import access_page
from parvis.partners.actors import NOBODY, Actor
from parvis.partners.middleware import ActorMiddleware
from parvis.partners.models import Agreement, Mandate, Organisation
from parvis.partners.rights import ANYONE, BEARER, NOTHING, Policy, Row, doors, fetch, policies
from tests.cast import Cast


def policy(*rows: Row) -> Policy:
    return Policy(
        "x.y",
        "chose",
        {"all": lambda actor: Q(), "one": lambda actor: Q(pk=1), "two": lambda actor: Q(pk=2)},
        rows,
    )


READER = Actor(user_id=1, mandate_id=1, role="lecteur", kind="association")


def test_without_a_row_nothing_is_granted():
    assert policy().condition(READER, "see") == NOTHING


def test_rows_add_up():
    both = policy(Row("lecteur", ("see",), "one"), Row(ANYONE, ("see",), "two"))
    assert both.condition(READER, "see") == Q(pk=1) | Q(pk=2)
    assert both.condition(NOBODY, "see") == Q(pk=2)


@pytest.mark.parametrize("other", ["one", "two"])
def test_a_row_for_everything_is_not_narrowed_by_another_one(other: str):
    both = policy(Row("lecteur", ("see",), other), Row(ANYONE, ("see",), "all"))
    assert both.condition(READER, "see") == Q()


def test_a_row_holds_for_its_role_and_its_kind_of_organisation():
    row = Row("lecteur", ("see",), "one", ("association",))
    assert row.grants(READER, "see")
    assert not row.grants(READER, "edit")
    assert not row.grants(Actor(role="lecteur", kind="commune"), "see")
    assert not row.grants(Actor(role="responsable", kind="association"), "see")
    assert not row.grants(NOBODY, "see")


def test_the_bearer_of_a_link_is_known_by_it():
    row = Row(BEARER, ("see",), "one")
    assert row.grants(NOBODY.bearing("voice", 12), "see")
    assert not row.grants(READER, "see")


def test_what_may_not_be_seen_is_not_there_and_what_may_not_be_done_is_refused(cast: Cast):
    karim, sofia, nadia = (cast.actor(p) for p in (cast.karim, cast.sofia, cast.nadia))
    pk = Mandate.objects.get(person=cast.sofia).pk
    assert fetch(Mandate.objects.all(), karim, "end", pk=pk).pk == pk
    with pytest.raises(PermissionDenied):
        fetch(Mandate.objects.all(), sofia, "end", pk=pk)
    with pytest.raises(Http404):
        fetch(Mandate.objects.all(), nadia, "end", pk=pk)


def test_the_same_right_on_a_neighbouring_organisation_gives_nothing(cast: Cast):
    nadia = cast.actor(cast.nadia)
    for action in ("edit", "invite", "open"):
        mine = Organisation.objects.allowed(nadia, action)
        assert [row.pk for row in mine] == [cast.other_town.pk]
    assert not Mandate.objects.visible_to(nadia).filter(organisation=cast.town).exists()


def test_every_scope_holds_for_nobody(db: None):
    for one in policies():
        if one.resource.startswith("partners."):
            model = {p._meta.label_lower: p for p in (Organisation, Mandate, Agreement)}.get(
                one.resource
            )
            for scope in one.scopes.values():
                assert isinstance(scope(NOBODY), Q)
                if model is not None:
                    list(model.objects.filter(scope(NOBODY)))


def test_a_url_without_a_door_stays_shut(cast: Cast):
    middleware = ActorMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    request = RequestFactory().get("/")
    request.resolver_match = type("Match", (), {"view_name": "nowhere:at_all"})()
    with pytest.raises(PermissionDenied, match="no door"):
        middleware.process_view(request, None, [], {})


def test_every_door_names_a_right_that_exists():
    known = {one.resource: one.actions() for one in policies()}
    for name, door in doors().items():
        if door.resource:
            assert door.action in known[door.resource], name


def test_every_row_names_a_scope_that_exists():
    for one in policies():
        assert {row.scope for row in one.rows} <= set(one.scopes), one.resource


def test_the_page_of_rights_is_up_to_date():
    path = settings.BASE_DIR / "docs" / "access.md"
    assert path.read_text() == access_page(), "run: parvis write_access"


def test_the_page_of_rights_tells_rows_and_doors():
    page = access_page()
    assert (
        "| responsable | every kind | end, unlock | my organisation, below coordination |" in page
    )
    assert "| `partners:organisations` | partners | coordination |  |" in page
    assert "| `account_login` | everyone |  |  |" in page


def test_the_command_writes_and_checks_the_page(tmp_path, monkeypatch, capsys):
    from parvis.partners.management.commands import write_access

    monkeypatch.setattr(write_access, "PATH", tmp_path / "docs" / "access.md")
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    with pytest.raises(CommandError, match="à jour"):
        call_command("write_access", check=True)
    call_command("write_access")
    call_command("write_access", check=True)
    call_command("write_access", print=True)
    assert "# Who may do what" in capsys.readouterr().out
