"""What people read keeps its French spaces: inside « » and before : ; ! ? % they never break."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOMS = Path(__file__).resolve().parents[2] / "parvis"
LOOSE = re.compile(
    r"«\x20|\x20»|\A\x20(?=[:;!?%](?:\s|\Z))"
    r"|(?<=[\w»)\]}.…’>])\x20(?=[:;!?](?:[\s\"'<)»{]|$))"
    r"|(?<=[\d}])\x20(?=%(?:[\s\"'<)».,;]|$))",
    re.MULTILINE,
)
# It is what looks for such spaces, to mend them.
MENDS = ROOMS / "demo/toolbox_text.py"
AGREED = "consents.toml"  # a text that somebody agreed to is not changed, be it by a space


def test_no_template_breaks_at_a_french_sign():
    found = [path for kind in ("html", "txt", "typ") for path in templates(kind) if is_loose(path)]
    assert named(found) == []


def test_no_sentence_of_the_code_breaks_at_a_french_sign():
    paths = (path for path in ROOMS.rglob("*.py") if path != MENDS)
    assert named(path for path in paths if any(map(breaks, sentences(path)))) == []


def test_no_list_breaks_at_a_french_sign():
    paths = [one for one in ROOMS.glob("*/data/*.toml") if one.name != AGREED]
    assert named(path for path in paths if breaks(str(tomllib.loads(path.read_text())))) == []


def test_no_page_weighs_a_file_in_other_units_than_limits():
    paths = [*templates("html"), *templates("txt"), *templates("typ"), *ROOMS.rglob("*.py")]
    assert named(path for path in paths if "filesizeformat" in path.read_text()) == []


def test_a_loose_space_is_seen(tmp_path):
    code = tmp_path / "code.py"
    code.write_text('"""« Not read »"""\nname = 1\nsaid = f"« {name} » : {name} % ?"\n')
    assert [one for one in sentences(code) if breaks(one)] == ["« ", " » : ", " % ?"]


def templates(kind: str) -> Iterator[Path]:
    return ROOMS.glob(f"*/templates/**/*.{kind}")


def is_loose(path: Path) -> bool:
    return breaks(path.read_text())


def breaks(text: str) -> bool:
    return bool(LOOSE.search(text))


def named(paths) -> list[str]:
    return sorted(str(path.relative_to(ROOMS)) for path in paths)


def sentences(path: Path) -> Iterator[str]:
    """The texts of a module; what stands alone is a word between us."""
    source = path.read_text()
    if not breaks(source):
        return
    tree = ast.parse(source)
    alone = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in alone:
            yield one.value
