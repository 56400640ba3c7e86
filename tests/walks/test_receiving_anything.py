"""Whatever a telephone sends is read, or refused in words: nothing else comes out."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from parvis.partners.rights import Refused
from parvis.walks.receive_items import Clock, Unreadable, read_batch, read_item

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
UID = "11111111-2222-4333-8444-555555555555"
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.datetimes().map(lambda moment: moment.isoformat() + "Z")
    | st.sampled_from(["observation", "answer", "presence", "proprete", "seen", UID, 1, 3, 50.38])
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
WHOLE: list[dict[str, Any]] = [
    {
        "kind": "observation",
        "uid": UID,
        "noted_at": NOW.isoformat(),
        "stop": 1,
        "theme": "proprete",
        "strength": False,
        "severity": 1,
        "note": "",
        "lat": 50.38,
        "lon": 3.51,
        "pictures": 1,
    },
    {
        "kind": "answer",
        "uid": UID,
        "noted_at": NOW.isoformat(),
        "check": 1,
        "result": "seen",
        "note": "",
        "pictures": 0,
    },
    {"kind": "presence", "uid": UID, "noted_at": NOW.isoformat(), "guest": 1, "came": True},
]


@st.composite
def items(draw: Any) -> Any:
    """A right item of which some values were put wrong."""
    item = dict(draw(st.sampled_from(WHOLE)))
    for name in draw(st.lists(st.sampled_from([*WHOLE[0], "count", "person"]), max_size=3)):
        item[name] = draw(ANYTHING)
    return item


@given(item=items() | ANYTHING, off=st.integers(-(10**9), 10**9))
def test_an_item_is_read_or_refused_in_words(item: Any, off: int) -> None:
    clock = Clock(NOW, NOW + timedelta(seconds=off), NOW - timedelta(hours=1))
    why, read = "", None
    try:
        read = read_item(item, clock)
    except Refused as refused:
        why = refused.messages[0]
    if read is None:
        assert why.endswith(".")
        return
    assert NOW - timedelta(hours=1, days=2) <= read.noted_at <= NOW
    note = getattr(read, "note", "")
    note.encode()  # holds no half of a character
    assert "\x00" not in note


@given(body=st.binary(max_size=60) | ANYTHING.map(lambda told: json.dumps(told).encode()))
def test_a_sending_is_read_or_told_to_be_unreadable(body: bytes) -> None:
    with suppress(Unreadable):
        read_batch(body)
