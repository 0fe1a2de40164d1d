"""How heavy the process of a decision is to be: set by how far it reaches and whether there is a way back.

The advice process (Laloux 2014, "Reinventing Organizations"): anyone may decide after asking all who are
meaningfully affected and those who know; the bigger the decision, the wider the net. Consent (Endenburg's
sociocracy): no reasoned objection remains. The table is data; an organisation may give its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from mindset.analysis.text import N_, Text
from mindset.practices.decisions.method.limits import Door


class Reach(StrEnum):
    """How far a decision reaches."""

    TEAM = "team"
    SERVICE = "service"
    EVERYBODY = "everybody"


REACH_TITLES: Final = {
    Reach.TEAM: N_("One team"),
    Reach.SERVICE: N_("Several teams, or one service and those who use it"),
    Reach.EVERYBODY: N_("Several services, or everybody in the area"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How much process: the fewest people to ask of each kind, whether consent is sought, days until review."""

    affected: int
    experts: int
    consent: bool
    review_days: int

    def review_due(self, decided: date) -> date:
        """The day on which a decision taken on ``decided`` is to be looked at again."""
        return decided + timedelta(days=self.review_days)

    def sentence(self) -> Text:
        """What the process asks for, in words."""
        values = {"affected": self.affected, "experts": self.experts, "days": self.review_days}
        if self.consent:
            return Text.of(
                N_(
                    "Ask everybody who is affected, at least {affected}, and at least {experts} who know about it. "
                    "Decide when no reasoned objection remains. Look at it again after {days} days."
                ),
                **values,
            )
        return Text.of(
            N_(
                "Ask everybody who is affected, at least {affected}, and at least {experts} who know about it. "
                "Then decide. Look at it again after {days} days."
            ),
            **values,
        )


WEIGHTS: Final[Mapping[tuple[Reach, Door], Weight]] = {
    (Reach.TEAM, Door.TWO_WAY): Weight(affected=1, experts=0, consent=False, review_days=90),
    (Reach.TEAM, Door.ONE_WAY): Weight(affected=1, experts=1, consent=False, review_days=60),
    (Reach.SERVICE, Door.TWO_WAY): Weight(affected=2, experts=1, consent=False, review_days=90),
    (Reach.SERVICE, Door.ONE_WAY): Weight(affected=3, experts=2, consent=True, review_days=60),
    (Reach.EVERYBODY, Door.TWO_WAY): Weight(affected=4, experts=2, consent=False, review_days=60),
    (Reach.EVERYBODY, Door.ONE_WAY): Weight(affected=6, experts=3, consent=True, review_days=30),
}


def weigh(reach: Reach, door: Door, weights: Mapping[tuple[Reach, Door], Weight] = WEIGHTS) -> Weight:
    """The weight of the process for a decision that reaches so far through such a door."""
    return weights[reach, door]


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """How many people of each kind were asked, how many of them have answered, and objections that remain."""

    affected_asked: int
    affected_answered: int
    experts_asked: int
    experts_answered: int
    objections: int = 0


def gaps(weight: Weight, net: Net) -> tuple[Text, ...]:
    """What is still to be done before the process is as wide as its weight asks for; empty where nothing is."""
    return tuple(_gaps(weight, net))


def cast(requests: Iterable[tuple[str, bool]], objections: int = 0) -> Net:
    """The net of ``requests``: for each its kind (affected or expert) and whether it was answered."""
    asked = list(requests)
    kinds = {
        kind: (sum(one == kind for one, _ in asked), sum(one == kind and done for one, done in asked))
        for kind in ("affected", "expert")
    }
    return Net(
        affected_asked=kinds["affected"][0],
        affected_answered=kinds["affected"][1],
        experts_asked=kinds["expert"][0],
        experts_answered=kinds["expert"][1],
        objections=objections,
    )


def _gaps(weight: Weight, net: Net) -> Iterator[Text]:
    if (more := weight.affected - net.affected_asked) > 0:
        yield Text.counted("Ask {n} more person who is affected.", "Ask {n} more people who are affected.", more)
    if (more := weight.experts - net.experts_asked) > 0:
        yield Text.counted("Ask {n} more person who knows about it.", "Ask {n} more people who know about it.", more)
    waiting = net.affected_asked + net.experts_asked - net.affected_answered - net.experts_answered
    if waiting:
        yield Text.counted(
            "{n} request for advice has no answer yet.", "{n} requests for advice have no answer yet.", waiting
        )
    if weight.consent and net.objections:
        yield Text.counted(
            "{n} reasoned objection remains to be resolved.",
            "{n} reasoned objections remain to be resolved.",
            net.objections,
        )
