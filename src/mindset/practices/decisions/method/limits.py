"""Limits of delegated authority, set in the open: who may decide, and the level closest to the work that may.

A limit says how much money a level may commit, on what, and whether also where there is no way back.
Money is exact: whole pence as a decimal, never a floating-point number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_, Text
from mindset.practices.decisions.method import levels as levels_of

MONEY_NOT_EXACT = error_kind(
    "money-not-exact",
    what=N_("“{value}” is not an exact amount of money."),
    remedy=N_("Write it as text with at most two decimal places, such as 1250.00."),
)
MONEY_BELOW_ZERO = error_kind(
    "money-below-zero", what=N_("The amount of money is below zero: {value}."), remedy=N_("Give 0 or more.")
)
ABOVE_LIMIT = error_kind(
    "above-limit",
    what=N_("This is above the limits of the level {level}."),
    remedy=N_("The closest level that may decide it is {closest}."),
)
ABOVE_EVERY_LIMIT = error_kind(
    "above-every-limit",
    what=N_("This is above the limits of every level."),
    remedy=N_("Ask for a limit to be set, or change what is to be decided."),
)


class Door(StrEnum):
    """Whether one can walk back through."""

    TWO_WAY = "two-way"
    ONE_WAY = "one-way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a ``level`` may decide by itself.

    ``money`` is the most it may commit, None for no ceiling; ``one_way`` whether it may also decide
    what cannot be undone; ``scope`` the matter it is limited to, empty for any.
    """

    level: str
    money: Decimal | None = None
    one_way: bool = False
    scope: str = ""

    def covers(self, matter: Matter) -> bool:
        """Whether ``matter`` lies within this limit."""
        return (
            (self.money is None or matter.amount <= self.money)
            and (self.one_way or matter.door is Door.TWO_WAY)
            and self.scope.casefold() in ("", matter.scope.casefold())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is to be decided: the money it commits, what it is about, and whether there is a way back."""

    amount: Decimal = Decimal(0)
    scope: str = ""
    door: Door = Door.TWO_WAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The level closest to the work that may decide, and the limit that says so; None where no level may."""

    level: str | None
    limit: Limit | None

    def sentence(self, mine: str, levels: Sequence[str]) -> Text:
        """What this means for somebody at the level ``mine``."""
        if self.level is None:
            return Text(N_("No level may decide this within its limits. Ask for a limit to be set."))
        order = levels_of.ranks(levels)
        if order[mine.casefold()] >= order[self.level.casefold()]:
            return Text(N_("You may decide this yourself, once you have asked for advice."))
        return Text.of(
            N_("This is above the limits of your level. The closest level that may decide it is {level}."),
            level=self.level,
        )


def money(value: object) -> Decimal:
    """``value`` as an exact amount: decimal text, a Decimal or a whole number; floats are refused.

    Raises ``money-not-exact`` or ``money-below-zero``.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise MONEY_NOT_EXACT(value=str(value))
    try:
        amount = Decimal(value)
        exact = amount.is_finite() and amount == amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        exact = False
    if not exact:
        raise MONEY_NOT_EXACT(value=str(value))
    if amount < 0:
        raise MONEY_BELOW_ZERO(value=str(value))
    return amount


def closest(limits: Sequence[Limit], matter: Matter, levels: Sequence[str]) -> Authority:
    """The level closest to the work that may decide ``matter``.

    ``levels`` are ordered, closest to the work first; a limit of a level that is not among them is an error.
    """
    order = levels_of.ranks(levels)
    for limit in limits:
        if limit.level.casefold() not in order:
            where = Text(N_("The limits"))
            raise levels_of.UNKNOWN_LEVEL(field="level", where=where, level=limit.level, levels=list(levels))
    covering = [limit for limit in limits if limit.covers(matter)]
    lowest = min(covering, key=lambda limit: order[limit.level.casefold()], default=None)
    return Authority(level=lowest.level if lowest else None, limit=lowest)


def refuse_above(limits: Sequence[Limit], matter: Matter, levels: Sequence[str], mine: str) -> Authority:
    """The authority for ``matter``; an error that says who may decide instead where the level ``mine`` may not.

    A level higher than the closest one may always decide: the limits say how far down authority goes.
    """
    found = closest(limits, matter, levels)
    if found.level is None:
        raise ABOVE_EVERY_LIMIT(field="level")
    order = levels_of.ranks(levels)
    if mine.casefold() not in order:
        raise levels_of.UNKNOWN_LEVEL(field="level", where=Text(N_("Your level")), level=mine, levels=list(levels))
    if order[mine.casefold()] < order[found.level.casefold()]:
        raise ABOVE_LIMIT(field="level", level=mine, closest=found.level)
    return found
