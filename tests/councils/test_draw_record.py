"""The record of a draw: whoever holds it finds the same panel, or what was changed."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from parvis.councils.draw import Composition, Entrant
from parvis.councils.draw_record import TOTAL, canonical, digest_of, make_record, read_record
from parvis.councils.draw_rules import DrawRefused
from tests.councils.lists import SEED, drawn, people, prepared, rows, rules, write_files, written
from tests.ground import house


def verified(record: Path, **options: Any) -> str:
    out = StringIO()
    call_command("verify_draw", record, stdout=out, **options)
    return out.getvalue()


def test_who_holds_the_record_finds_the_same_panel(tmp_path: Path) -> None:
    listed, ruled, record = write_files(tmp_path)
    out = StringIO()
    call_command("draw", list=listed, rules=ruled, seed=SEED, record=record, stdout=out)
    told = verified(record, optimal=True, list=listed, salt=tmp_path / "registre.json.salt")
    (panel,) = (line for line in told.splitlines() if line.startswith("Lignes tirées"))
    assert panel in out.getvalue()
    assert told.endswith("Ce registre tient.\n")
    assert (
        read_record(record.read_bytes()).panel == json.loads(record.read_bytes())["draw"]["panel"]
    )


def test_a_draw_may_be_prepared_published_then_drawn(tmp_path: Path) -> None:
    """The same as all at once: the seed changes nothing of what was published."""
    listed, ruled, record = write_files(tmp_path)
    call_command("draw", list=listed, rules=ruled, record=record, stdout=StringIO())
    before = read_record(record.read_bytes())
    with pytest.raises(CommandError, match="pas encore tiré"):
        verified(record)
    assert "tient" in verified(record, prepared=True, published=before.preparation_digest)
    call_command("draw", seed=SEED, record=record, stdout=StringIO())
    after = read_record(record.read_bytes())
    assert after.preparation == before.preparation
    assert "tient" in verified(record, published=before.preparation_digest)
    with pytest.raises(CommandError, match="déjà tiré"):
        verified(record, prepared=True)
    with pytest.raises(CommandError, match="qui a été publiée"):
        verified(record, published="0" * 64)
    with pytest.raises(CommandError, match="déjà tiré"):
        call_command("draw", seed="00" * 16, record=record)

    once = tmp_path / "once.json"
    salt = tmp_path / "registre.json.salt"
    call_command("draw", list=listed, rules=ruled, seed=SEED, record=once, salt=salt)
    assert once.read_bytes() == record.read_bytes()


def test_nothing_of_the_people_but_quota_values_is_in_the_record(tmp_path: Path) -> None:
    raw = drawn(tmp_path).read_text()
    assert "inventée" not in raw
    assert "rue" not in raw.replace("true", "")
    assert "75+" not in raw  # a value of the list that no quota names
    assert (tmp_path / "registre.json.salt").read_text() not in raw


def test_the_salt_is_for_its_owner_alone(tmp_path: Path) -> None:
    drawn(tmp_path)
    mode = (tmp_path / "registre.json.salt").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_columns_in_another_order_give_the_same_panel(tmp_path: Path) -> None:
    first = read_record(drawn(tmp_path).read_bytes())
    listed, ruled, _ = write_files(tmp_path)
    turned = [dict(reversed(row.items())) for row in rows(60)]
    listed.write_text(written(turned), encoding="utf-8")
    again = tmp_path / "again.json"
    call_command("draw", list=listed, rules=ruled, seed=SEED, record=again)
    second = read_record(again.read_bytes())
    assert (first.panel, first.reserve) == (second.panel, second.reserve)
    assert first.preparation.list_digest != second.preparation.list_digest


def test_keys_in_another_order_and_blanks_change_nothing(tmp_path: Path) -> None:
    record = drawn(tmp_path)
    found = json.loads(record.read_bytes())
    turned = dict(reversed(found.items()))
    record.write_text(json.dumps(turned, indent=2))
    assert "tient" in verified(record)


def test_one_changed_byte_is_found_wherever_it_is(tmp_path: Path) -> None:
    raw = drawn(tmp_path).read_bytes()
    for place in range(0, len(raw), 3):
        changed = bytearray(raw)
        changed[place] ^= 1 << place % 8
        with pytest.raises(DrawRefused):
            read_record(bytes(changed))
    for place, letter in enumerate(raw):
        if chr(letter).isdigit():
            changed = bytearray(raw)
            changed[place] = ord("1") if letter != ord("1") else ord("2")
            with pytest.raises(DrawRefused):
                read_record(bytes(changed))


def test_a_record_cut_anywhere_is_found(tmp_path: Path) -> None:
    raw = drawn(tmp_path).read_bytes()
    for end in range(0, len(raw), 17):
        with pytest.raises(DrawRefused):
            read_record(raw[:end])


def resealed(found: dict[str, Any]) -> bytes:
    """With digests that fit again, as somebody who cheats would write it."""
    found["preparation_digest"] = digest_of(found["preparation"])
    found["digest"] = digest_of({key: found[key] for key in found if key != "digest"})
    return canonical(found)


def swap(found: dict[str, Any]) -> None:
    found["draw"]["panel"][0] = found["draw"]["reserve"][0][0]


def shift(found: dict[str, Any]) -> None:
    first, second = found["preparation"]["compositions"][:2]
    first[0] += 1
    second[0] -= 1


CHEATS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "another panel": (swap, "un autre groupe"),
    "another order": (lambda f: f["draw"]["panel"].reverse(), "un autre groupe"),
    "another reserve": (lambda f: f["draw"]["reserve"].reverse(), "une autre réserve"),
    "no reserve": (lambda f: f["draw"].update(reserve=[]), "une autre réserve"),
    "true for one": (lambda f: f["draw"]["reserve"][0].__setitem__(1, True), "une autre réserve"),
    "short seed": (lambda f: f["draw"].update(seed="ab"), "Graine"),
    "seed of numbers": (lambda f: f["draw"].update(seed=5), "graine"),
    "another seed": (lambda f: f["draw"].update(seed="00" * 16), "un autre groupe"),
    "weights": (shift, "chances écrites"),
    "sum": (lambda f: f["preparation"]["compositions"][0].__setitem__(0, 5), "ne font pas"),
    "negative": (lambda f: f["preparation"]["compositions"][0].__setitem__(0, -5), "pas de poids"),
    "chance": (lambda f: f["preparation"]["groups"][0].__setitem__(2, "1/2"), "chances écrites"),
    "size": (lambda f: f["preparation"]["groups"][0].__setitem__(1, 1), "chances écrites"),
    "profile": (lambda f: f["preparation"]["groups"][0].__setitem__(0, 99), "profil inconnu"),
    "group": (lambda f: f["preparation"]["people"][0].__setitem__(2, 99), "groupe inconnu"),
    "nobody": (lambda f: f["preparation"].update(people=[]), "les personnes"),
    "somebody gone": (lambda f: f["preparation"]["people"].pop(), "Registre"),
    "lines": (lambda f: f["preparation"]["people"].reverse(), "dans l’ordre"),
    "household": (lambda f: f["preparation"]["people"][0].__setitem__(1, 9), "dans l’ordre"),
    "quota": (lambda f: f["preparation"]["rules"]["quotas"]["sexe"].update(F=[3, 3]), "Règles"),
    "seats": (lambda f: f["preparation"]["rules"].update(seats=5), "remplit pas les places"),
    "rules": (lambda f: f["preparation"]["rules"].pop("reserve"), "en entier"),
    "name": (lambda f: f["preparation"]["profiles"][0].__setitem__(0, "Zoé"), "autre chose"),
    "extra key": (lambda f: f.update(comment="x"), "exactement les clés"),
    "extra key inside": (lambda f: f["preparation"].update(comment="x"), "exactement les clés"),
    "extra key of the draw": (lambda f: f["draw"].update(comment="x"), "exactement les clés"),
    "extra cell": (lambda f: f["preparation"]["people"][0].append("Zoé"), "autre forme"),
    "digest": (lambda f: f["preparation"].update(list_digest="Zoé"), "empreinte de la liste"),
    "format": (lambda f: f.update(format="parvis-draw-2"), "parvis-draw-1"),
    "lone surrogate": (lambda f: f.update(format="\ud800"), "Registre"),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_change_with_digests_made_to_fit_is_found_all_the_same(
    cheat: str, tmp_path: Path
) -> None:
    change, told = CHEATS[cheat]
    found = json.loads(drawn(tmp_path).read_bytes())
    change(found)
    try:
        raw = resealed(found)
    except UnicodeError:
        raw = json.dumps(found).encode()
    with pytest.raises(DrawRefused, match=told):
        read_record(raw)


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 99_999, b'{"a":1.5}'])
def test_what_is_no_record_is_refused_in_words(raw: bytes) -> None:
    with pytest.raises(DrawRefused, match="Registre"):
        read_record(raw)


def test_people_who_are_alike_cannot_be_put_in_two_groups() -> None:
    """Three women alone, one seat: somebody gives it to the third."""
    fair = prepared(people("F", "F", "F"), rules(1, sexe={"F": [0, 1]}))
    unfair = replace(
        fair,
        by_pattern=True,
        groups=[0, 0],
        entrants=[one._replace(group=one.line // 4) for one in fair.entrants],
        compositions=[Composition(TOTAL, (0, 1))],
    )
    _, raw = make_record(unfair, SEED)
    with pytest.raises(DrawRefused, match="semblables"):
        read_record(raw)


def test_a_household_cannot_be_asked_for_two_people() -> None:
    fair = prepared(people("FH", "F", "H"), rules(2, sexe={"F": [1, 1], "H": [1, 1]}))
    at_once = replace(fair, compositions=[Composition(TOTAL, (1, 1))])
    homes = [1, 1, 2, 2]
    together = [o._replace(household=h) for o, h in zip(fair.entrants, homes, strict=True)]
    assert read_record(make_record(at_once)[1]).preparation == at_once
    worse = replace(
        at_once, entrants=[one for one in together if one.line != 4] + [Entrant(6, 2, 0)]
    )
    assert read_record(make_record(worse)[1])
    with pytest.raises(DrawRefused, match="même foyer"):
        read_record(
            make_record(replace(worse, entrants=worse.entrants[:2] + [Entrant(7, 1, 0)]))[1]
        )


# --- Commands --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "options", "told"),
    [
        ({"seats": True}, {}, "seats"),
        ({"seats": 900}, {}, "60 personnes pour 900 places"),
        ({"quotas": {"sexe": {"X": [1, 2]}}}, {}, "les plus proches"),
        ({"quotas": {"taille": {"X": [1, 2]}}}, {}, "pas de colonne « taille »"),
        ({}, {"seed": "xyz"}, "hexadécimaux"),
        ({}, {"seed": "ab"}, "128 bits"),
        ({}, {"rules": None}, "vont ensemble"),
        ({}, {"list": Path("missing.csv")}, "n’existe pas"),
        ({}, {"list": None, "rules": None, "seed": None}, "Donnez"),
        ({}, {"list": None, "rules": None}, "n’existe pas"),
        ({}, {"salt": Path("missing") / "salt"}, "missing"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_written(
    changes: dict[str, Any], options: dict[str, Any], told: str, tmp_path: Path
) -> None:
    listed, ruled, record = write_files(tmp_path, **changes)
    given = {"list": listed, "rules": ruled, "seed": SEED, "record": record, **options}
    with pytest.raises(CommandError, match=told):
        call_command("draw", **given)
    assert sorted(tmp_path.iterdir()) == sorted([listed, ruled])


def test_a_record_is_never_written_over(tmp_path: Path) -> None:
    record = drawn(tmp_path)
    raw = record.read_bytes()
    listed, ruled, _ = write_files(tmp_path)
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("draw", list=listed, rules=ruled, seed="00" * 16, record=record)
    assert record.read_bytes() == raw


def test_no_salt_stays_behind_when_the_record_cannot_be_written(tmp_path: Path) -> None:
    listed, ruled, _ = write_files(tmp_path)
    nowhere, salt = tmp_path / "missing" / "record.json", tmp_path / "salt"
    with pytest.raises(CommandError, match="missing"):
        call_command("draw", list=listed, rules=ruled, seed=SEED, record=nowhere, salt=salt)
    assert not salt.exists()


def test_a_salt_that_is_none_is_refused(tmp_path: Path) -> None:
    listed, ruled, record = write_files(tmp_path)
    salt = tmp_path / "salt"
    for text in ("", "ab", "zz" * 32):
        salt.write_text(text)
        with pytest.raises(CommandError, match="sel"):
            call_command("draw", list=listed, rules=ruled, seed=SEED, record=record, salt=salt)
    assert not record.exists()


def test_another_list_than_that_of_the_record_is_found(tmp_path: Path) -> None:
    record = drawn(tmp_path)
    other, salt = tmp_path / "other.csv", tmp_path / "registre.json.salt"
    other.write_text(written(rows(60, chance=2)), encoding="utf-8")
    with pytest.raises(CommandError, match="pas celui du registre"):
        verified(record, list=other, salt=salt)
    with pytest.raises(CommandError, match="vont ensemble"):
        verified(record, list=other)


def run(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = {"PARVIS_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "parvis.settings"}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        command, cwd=house.ROOT, env=kept | settings, capture_output=True, text=True, check=False
    )


def test_the_command_ends_with_0_when_the_record_holds_and_1_when_not(tmp_path: Path) -> None:
    record = drawn(tmp_path)
    right = run("-m", "parvis", "verify_draw", record, folder=tmp_path)
    assert (right.returncode, right.stderr) == (0, "")
    record.write_bytes(record.read_bytes().replace(SEED.encode(), b"00" * 20))
    wrong = run("-m", "parvis", "verify_draw", record, folder=tmp_path)
    assert wrong.returncode == 1
    assert "il a été changé" in wrong.stderr


def test_verifying_needs_the_standard_library_alone(tmp_path: Path) -> None:
    record = drawn(tmp_path)
    program = (
        "import sys; sys.path.insert(0, '.'); before = set(sys.modules)\n"
        "from parvis.councils.draw_record import read_record\n"
        "read_record(open(sys.argv[1], 'rb').read())\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - sys.stdlib_module_names - {'parvis'}))\n"
    )
    # -I -S: neither the environment nor installed packages.
    done = run("-I", "-S", "-c", program, record, folder=tmp_path)
    assert done.stdout == "[]\n", done.stderr
