"""Each right, on an object of one's own and on a neighbour's."""

from __future__ import annotations

from typing import Any

import pytest

from parvis.partners.actors import NOBODY, Actor
from parvis.reports import acts
from parvis.reports.models import (
    Callback,
    Contact,
    Message,
    Note,
    Part,
    Photo,
    PrivatePlace,
    Report,
    Voice,
)
from tests.cast import IN_RAISMES, IN_VALENCIENNES, Cast
from tests.reports.scene import at_point, filed, in_hall, make_public, only_part, photo

PEOPLE = (
    "claire",
    "bruno",
    "karim",
    "sofia",
    "nadia",
    "luc",
    "ines",
    "paul",
    "rose",
    "odile",
    "theo",
)
# Who may do what with a report filed in Anzin, the town's own; then with one in Raismes.
ANZIN = {
    ("report", "see"): {"claire", "karim", "sofia"},
    ("report", "read"): {"claire", "karim", "sofia"},
    ("report", "work"): {"claire", "karim", "sofia"},
    ("report", "answer"): {"claire", "karim", "sofia"},
    ("report", "note"): {"claire", "karim", "sofia"},
    ("report", "moderate"): {"claire", "karim"},
    ("report", "assign"): {"claire", "karim"},
    ("report", "chase"): {"claire"},
    ("report", "merge"): {"claire", "karim"},
    ("report", "recategorise"): {"claire", "karim"},
    ("report", "wreck"): {"claire", "karim", "sofia"},
    ("report", "join"): set(),
    ("report", "speak"): set(),
    ("report", "withdraw"): set(),
    ("part", "see"): {"claire", "karim", "sofia"},
    ("part", "handle"): {"karim", "sofia"},
    ("part", "reopen"): {"claire", "karim", "sofia"},
    ("part", "assign"): {"claire", "karim"},
    ("part", "chase"): {"claire"},
    ("photo", "see"): {"claire", "karim", "sofia"},
    ("report", "enter"): {"claire", "karim", "sofia"},
    ("photo", "moderate"): {"claire", "karim"},
    ("photo", "pair"): set(),  # a photo "before"; those "after" are in test_pairs
    ("message", "see"): {"claire", "karim", "sofia"},
    ("message", "moderate"): {"claire", "karim"},
    ("note", "see"): {"claire", "karim", "sofia"},
    ("contact", "see"): {"claire", "karim", "sofia"},
    ("private_place", "see"): {"claire", "karim", "sofia"},
    ("callback", "see"): {"claire", "karim", "sofia"},
    ("callback", "tick"): {"claire", "karim", "sofia"},
}
MIRROR = {"claire": "bruno", "karim": "nadia"}
MODELS: dict[str, Any] = {
    "report": Report,
    "part": Part,
    "photo": Photo,
    "message": Message,
    "note": Note,
    "contact": Contact,
    "private_place": PrivatePlace,
    "callback": Callback,
}


def full_report(
    town: Cast, place: Any, code: str = "trou_chaussee", actor: Actor = NOBODY
) -> Voice:
    """A report with something of every kind, closed by its organisation."""
    voice = filed(
        place, code, text="Mots", photos=[photo()], phone="06 12 34 56 78", dwelling="A 32"
    )
    acts.speak(voice, text="Encore")
    acts.note(voice.report, actor=actor, text="Note")
    acts.advance_part(only_part(voice.report), "settle", actor=actor, answer="Fait.")
    return voice


def those_who_may(town: Cast, model: Any, action: str, report: Report) -> set[str]:
    path = "pk" if model is Report else "report_id"
    found = set()
    for name in PEOPLE:
        actor = town.actor(getattr(town, name))
        if model.objects.allowed(actor, action).filter(**{path: report.pk}).exists():
            found.add(name)
    return found


@pytest.mark.parametrize(("resource", "action"), list(ANZIN), ids=lambda value: str(value))
def test_a_right_holds_here_and_not_at_the_neighbour_s(
    town: Cast, resource: str, action: str
) -> None:
    here = full_report(town, at_point(), actor=town.actor(town.karim))
    there = full_report(town, at_point(IN_RAISMES), actor=town.actor(town.nadia))
    expected = ANZIN[resource, action]
    # Rose reads for an association, on the part of Rives that lies in Anzin: not territorial.
    assert those_who_may(town, MODELS[resource], action, here.report) == expected
    mirrored = {MIRROR[name] for name in expected if name in MIRROR}
    assert those_who_may(town, MODELS[resource], action, there.report) == mirrored


def test_every_action_of_every_policy_is_tried_here() -> None:
    from parvis.reports import access

    tried: dict[str, set[str]] = {}
    for resource, action in ANZIN:
        tried.setdefault(resource, set()).add(action)
    for policy in (access.REPORT, access.PART, access.PHOTO, access.MESSAGE, access.NOTE):
        assert tried[policy.resource.removeprefix("reports.")] == policy.actions()
    assert tried["contact"] == tried["private_place"] == access.CONTACT.actions()
    assert tried["callback"] == access.CALLBACK.actions()


def test_a_landlord_sees_what_is_shared_with_it_and_no_other_landlord_does(town: Cast) -> None:
    report = full_report(town, in_hall(town), "hall_sale", town.actor(town.luc)).report
    assert those_who_may(town, Report, "see", report) == {"claire", "karim", "sofia", "luc", "ines"}
    assert those_who_may(town, Part, "handle", report) == {"luc", "ines"}
    assert those_who_may(town, Contact, "see", report) == {"claire", "karim", "luc", "ines"}
    assert those_who_may(town, Note, "see", report) == {"claire", "karim", "sofia", "luc", "ines"}


def test_a_reader_reads_and_does_nothing_else(town: Cast) -> None:
    report = full_report(town, at_point(), actor=town.actor(town.karim)).report
    part = only_part(report)
    Part.objects.filter(pk=part.pk).update(organisation=town.association)
    rose = town.actor(town.rose)
    may = {
        (resource, action)
        for resource, action in ANZIN
        if MODELS[resource].objects.allowed(rose, action).exists()
    }
    assert may == {
        ("report", "see"),
        ("report", "read"),
        ("report", "work"),
        ("part", "see"),
        ("photo", "see"),
        ("message", "see"),
        ("note", "see"),
    }


def test_only_a_commune_moderates_and_shares_beside_the_coordination(town: Cast) -> None:
    from parvis.partners.models import Organisation

    report = filed(at_point(IN_VALENCIENNES)).report
    Report.objects.update(commune=town.anzin)
    Organisation.objects.filter(pk=town.town.pk).update(kind="etat")
    assert "karim" in those_who_may(town, Report, "see", report)
    for action in ("moderate", "assign", "answer", "note"):
        assert those_who_may(town, Report, action, report) == {"claire"}, action
    assert those_who_may(town, Part, "assign", report) == {"claire"}
    assert those_who_may(town, Contact, "see", report) == set()


def test_a_part_that_nobody_has_is_the_coordination_s(town: Cast) -> None:
    report = filed(at_point(IN_VALENCIENNES)).report
    assert only_part(report).organisation is None
    assert those_who_may(town, Part, "handle", report) == {"claire"}


def test_the_crossing_of_a_quartier_and_a_commune_stops_at_the_commune(town: Cast) -> None:
    from parvis.partners.models import Organisation

    Organisation.objects.filter(pk=town.association.pk).update(kind="maison_de_quartier")
    here, there = filed().report, filed(at_point(IN_VALENCIENNES)).report
    assert "rose" in those_who_may(town, Report, "see", here)
    assert "rose" not in those_who_may(town, Report, "see", there)


def test_a_stranger_sees_what_is_public_and_nothing_else(town: Cast) -> None:
    hidden = full_report(town, at_point(), actor=town.actor(town.karim)).report
    for model in MODELS.values():
        if model is not Message:
            assert not model.objects.visible_to(NOBODY).exists(), model
    assert not Message.objects.visible_to(NOBODY).exists()
    make_public(hidden)
    assert list(Report.objects.visible_to(NOBODY)) == [hidden]
    assert Report.objects.allowed(NOBODY, "join").exists()
    assert Part.objects.visible_to(NOBODY).exists()
    # The town's answer is shown; the resident's word and photo were not reviewed.
    assert [one.text for one in Message.objects.visible_to(NOBODY)] == ["Fait."]
    for model in (Photo, Note, Contact, PrivatePlace, Callback):
        assert not model.objects.visible_to(NOBODY).exists(), model


def test_a_withdrawn_report_is_public_no_more(town: Cast) -> None:
    voice = filed()
    make_public(voice.report)
    acts.withdraw(voice)
    assert not Report.objects.visible_to(NOBODY).exists()


def test_the_bearer_of_a_link_sees_their_report_and_their_own_words(town: Cast) -> None:
    mine, other = filed(photos=[photo()]), filed(photos=[photo()])
    also = acts.join_report(mine.report, actor=NOBODY)
    acts.speak(mine, text="À moi")
    acts.speak(also, text="À l’autre")
    bearer = NOBODY.bearing("voice", mine.pk)
    assert list(Report.objects.visible_to(bearer)) == [mine.report]
    for action in ("speak", "withdraw"):
        assert list(Report.objects.allowed(bearer, action)) == [mine.report]
    assert [one.text for one in Message.objects.visible_to(bearer)] == ["À moi"]
    assert [one.voice for one in Photo.objects.visible_to(bearer)] == [mine]
    for model in (Note, Contact, PrivatePlace, Callback):
        assert not model.objects.visible_to(bearer).exists(), model
    assert other


@pytest.mark.parametrize("merged", [False, True])
def test_a_link_that_was_read_opens_the_same_as_one_that_is_looked_up(
    town: Cast, merged: bool
) -> None:
    mine, other = filed(photos=[photo()]), filed(photos=[photo()])
    acts.speak(mine, text="À moi")
    acts.speak(other, text="À l’autre")
    if merged:
        acts.merge_reports(mine.report, other.report, actor=town.actor(town.claire))
    mine.report.refresh_from_db()
    looked_up = NOBODY.bearing("voice", mine.pk)
    was_read = NOBODY.bearing("voice", mine.pk, frozenset((mine.report.pk, mine.report.home.pk)))
    for model in (Report, Part, Photo, Message):
        seen = set(model.objects.visible_to(was_read))
        assert seen == set(model.objects.visible_to(looked_up)), model
        assert (other.report in seen) is (merged and model is Report)


def test_a_link_of_another_kind_opens_nothing(town: Cast) -> None:
    voice = filed()
    assert not Report.objects.visible_to(NOBODY.bearing("walk", voice.pk)).exists()


def test_a_withdrawn_voice_bears_nothing(town: Cast) -> None:
    mine = filed()
    acts.join_report(mine.report, actor=NOBODY)
    acts.withdraw(mine)
    assert not Report.objects.visible_to(NOBODY.bearing("voice", mine.pk)).exists()
