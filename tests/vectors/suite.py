"""What a vector suite is: a name, and checks that can each fail on their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One known answer. ``run`` raises AssertionError where ours differs."""

    name: str
    run: Callable[[], None]


@dataclass(frozen=True)
class Suite:
    """Checks that belong together: those of one log, one folder of bad inputs, one table of truths."""

    name: str
    checks: Callable[[], Iterator[Check]]


def equal(found: object, expected: object) -> None:
    """Assert equality, and say both sides."""
    assert found == expected, f"found {found!r}, expected {expected!r}"


def near(found: float, expected: float, tolerance: float) -> None:
    """Assert that two numbers differ by no more than ``tolerance``, and say both."""
    assert abs(found - expected) <= tolerance, f"found {found!r}, expected {expected!r} within {tolerance}"
