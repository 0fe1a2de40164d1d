"""Sentences kept as data, and numbers written as a language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mindset.analysis.numbers import write, write_interval
from mindset.analysis.text import Quantity, Text


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0, "seconds", "0 seconds"),
        (1, "seconds", "1 second"),
        (59, "seconds", "59 seconds"),
        (90, "seconds", "1.5 minutes"),
        (2 * 86_400, "seconds", "2 days"),
        (4.1 * 86_400, "seconds", "4.1 days"),
        (-4.1 * 86_400, "seconds", "−4.1 days"),
        (25_586_072, "seconds", "9.7 months"),
        (0.12, "share", "12%"),
        (-0.021, "points", "−2.1 percentage points"),
        (1_234_567, "count", "1,234,567"),
        (1234.5678, "number", "1,235"),
        (0.000123456, "number", "0.0001235"),
        (None, "share", "not known"),
        (float("nan"), "number", "not known"),
    ],
)
def test_numbers_in_english(value, unit, words):
    assert write(value, unit, "en") == words


def test_durations_in_welsh_use_its_own_plural_forms():
    assert write(86_400 * 2, "seconds", "cy") == "2 ddiwrnod"
    assert write(86_400 * 4.1, "seconds", "cy") == "4.1 diwrnod"


def test_gains_are_signed_where_asked():
    assert write(0.5, "points", "en", signed=True) == "+50 percentage points"
    assert write_interval(1, 2, "number", "en") == "1 to 2"
    assert write_interval(None, 2, "number", "en") == ""


def test_a_sentence_survives_being_stored():
    inner = Text.of("inner {share}", share=Quantity(0.5, "share"))
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    text = Text.of(
        "{inner}: {n} on {day} at {moment}, {items}",
        inner=inner,
        n=3,
        day=date(2026, 3, 1),
        moment=moment,
        items=["a", "b", "c"],
    )
    again = Text.from_json(text.to_json())
    assert again == text
    assert str(again) == "inner 50%: 3 on 1 March 2026 at 1 March 2026, 09:30, a, b and c"


def test_values_cannot_smuggle_in_fields_of_their_own():
    assert str(Text.of("{name}", name="{secret}")) == "{secret}"
