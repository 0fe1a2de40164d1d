"""The planted truths, as read from ``truth.toml``: one source for what is planted and what must be found."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal, Self

Size = Literal["s", "m", "l"]
Side = Literal["before", "after"]

ONLINE: Final = "online form"  # the channel that the digital form opens
SIDES: Final[tuple[Side, Side]] = ("before", "after")
PROPOSED: Final = timedelta(days=75)  # so long before it is out is a change proposed
TRUTH_FILE: Final = Path(__file__).with_name("truth.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """How many rows a size has: cases and events of the main log, cases of the null twin, residents."""

    cases: int
    events: int
    null_cases: int
    residents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFrame:
    """What a log is about, from when to when, and the activities that end a case (UTC dates; ``ends`` excluded)."""

    service: str
    starts: date
    ends: date
    end_activities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sided:
    """A figure on both sides of the change."""

    before: float
    after: float

    def on(self, side: Side) -> float:
        """The figure on ``side``."""
        return self.before if side == "before" else self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect(Sided):
    """A figure on both sides of the change, and how far from it a recovered one may be."""

    tolerance: float

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Times(Effect):
    """Median days per case; ``spread`` is the standard deviation of the logarithm of the days."""

    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(Effect):
    """A share of contacts; ``reasons`` are those counted."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(Sided):
    """Two teams, and the share of cases on each side in which the first hands over to the second."""

    giver: str
    taker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The share of the cases of either side that start in its last ``days``."""

    share: float
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """The log in which nothing changed, and how often something may be claimed of such logs."""

    service: str
    runs: int
    cases: int
    rate: float
    standard_errors: float

    def most(self, runs: int) -> float:
        """The largest share of ``runs`` with a claim that still agrees with ``rate``."""
        return self.rate + self.standard_errors * float((self.rate * (1 - self.rate) / runs) ** 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Median days to decide close to the work and escalated, and the share escalated needlessly (UTC dates)."""

    count: int
    starts: date
    ends: date
    near_days: float
    far_days: float
    needless: float
    tolerance: float
    changed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of the council: to which service, in which month of the log (from 1), and whether it did anything."""

    title: str
    service: str
    month: int
    outcome: str
    works: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Truths:
    """Everything that is planted. ``dataclasses.replace`` makes a council with other effects."""

    council: str
    sizes: Mapping[str, Rows]
    log: LogFrame
    end_to_end_days: Times
    rework: Effect
    failure_demand: Demand
    hidden_handover: Handover
    channels: Mapping[str, Mapping[str, float]]
    peak: Peak
    decisions: Decided
    null: Null
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        for side in SIDES:
            if self.failure_demand.on(side) > 0.5:
                raise ValueError("a case has one contact at most beyond its first, so half of all can be avoidable")
            if self.hidden_handover.on(side) > self.channels[side][ONLINE]:
                raise ValueError("only cases that come in online can be handed over")

    def change_of(self, service: str) -> Change:
        """The first change to ``service``."""
        return next(change for change in self.changes if change.service == service)

    def date_of(self, change: Change) -> date:
        """The day of ``change``: the first of its month, counted from the start of the log."""
        months = self.log.starts.month - 1 + change.month - 1
        return date(self.log.starts.year + months // 12, months % 12 + 1, 1)

    @classmethod
    def load(cls, path: Path = TRUTH_FILE) -> Self:
        """The truths in ``path``; a missing or unknown key is a ``KeyError`` or ``TypeError``."""
        with path.open("rb") as file:
            found = tomllib.load(file)
        log, demand, handover = found["log"], found["failure_demand"], found["hidden_handover"]
        return cls(
            council=found["council"],
            sizes={size: Rows(**rows) for size, rows in found["sizes"].items()},
            log=LogFrame(**log | {"end_activities": tuple(log["end_activities"])}),
            end_to_end_days=Times(**found["end_to_end_days"]),
            rework=Effect(**found["rework"]),
            failure_demand=Demand(**demand | {"reasons": tuple(demand["reasons"])}),
            hidden_handover=Handover(
                giver=handover["from"], taker=handover["to"], before=handover["before"], after=handover["after"]
            ),
            channels=found["channels"],
            peak=Peak(**found["peak"]),
            decisions=Decided(**found["decisions"]),
            null=Null(**found["null"]),
            changes=tuple(Change(**change) for change in found["changes"]),
        )
