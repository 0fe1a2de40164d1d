"""Canonical JSON and digests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mindset.analysis.canonical import canonical, digest, jsonable, rounded


def test_canonical_json_follows_rfc_8785():
    # Section 3.2.2 of the standard: sorted keys, no blanks, numbers as ECMAScript writes them.
    assert canonical({"b": 1e21, "a": [1.0, 0.000001, True, None], "é": "\u20ac"}) == (
        '{"a":[1,0.000001,true,null],"b":1e+21,"é":"€"}'.encode()
    )


def test_digests_ignore_what_engines_may_differ_in_and_nothing_more():
    assert digest({"mean": 0.1 + 0.2}) == digest({"mean": 0.3})
    assert digest({"mean": 100_000.001}) != digest({"mean": 100_000.002})
    assert rounded(123_456_789_012.4) == 123_456_789_000
    assert rounded(2.0) == 2 and isinstance(rounded(2.0), int)


def test_times_are_utc_with_z_and_unbounded_numbers_are_null():
    summer = datetime(2026, 6, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    assert jsonable(summer) == "2026-06-01T11:00:00Z"
    assert jsonable(datetime(2026, 6, 1, tzinfo=UTC)) == "2026-06-01T00:00:00Z"
    assert jsonable(float("inf")) is None


def test_a_field_may_have_a_name_that_python_forbids():
    @dataclass
    class Edge:
        source: str = field(metadata={"name": "from"})

    assert jsonable(Edge("A")) == {"from": "A"}


def test_what_has_no_json_form_is_refused():
    with pytest.raises(TypeError, match="set has no JSON form"):
        jsonable({1})
