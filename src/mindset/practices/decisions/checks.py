"""What is wrong with parameters taken together, found before a table is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mindset.practices.decisions.method import levels


def check_levels(parameters: Mapping[str, Any]) -> None:
    """Refuse a list of levels that is empty or names one twice."""
    levels.check(parameters["levels"])


def check_sides(parameters: Mapping[str, Any]) -> None:
    """Refuse what :func:`check_levels` does, and sides that are neither a date nor two groups."""
    from mindset.practices.decisions.method.comparison import Sides

    check_levels(parameters)
    Sides.of(**{name: parameters[name] for name in ("changed_on", "by", "before", "after")})
