"""What the law of England asks the written record of a decision to hold, and whether it does.

SI 2012/2089, regulation 12 (executive decisions at meetings) and 13 (by individuals and officers): the
decision and its date, the reasons, details of any alternatives considered and rejected, any conflict of
interest declared, and in respect of a declared conflict a note of any dispensation. SI 2014/2095,
regulation 7 (officers' non-executive decisions under express authorisation, or under general
authorisation with one of three effects): the date, the decision, the reasons, any alternatives
considered and rejected, and under express authorisation the names of members who declared a conflict.
Regulation 8: the record stays open to the public for six years, background papers for four.

This is our reading of the wording, not legal advice. Blank text is no record; what is absent is not the
same as what is stated to be none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from mindset.analysis.text import N_, Text


class Law(StrEnum):
    """Which regulation, if any, says what the record must hold."""

    NONE = "none"
    EXECUTIVE = "executive"
    OFFICER_EXPRESS = "officer-express"
    OFFICER_GENERAL = "officer-general"


class Item(StrEnum):
    """Something that a record must hold; the value is its code."""

    DECISION = "decision"
    DATE = "date"
    REASONS = "reasons"
    ALTERNATIVES = "alternatives_rejected"
    CONFLICTS = "conflicts_of_interest"
    DISPENSATIONS = "dispensations"


class Verdict(StrEnum):
    """Whether a record is whole; ``not required`` where no regulation asks for one."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_REQUIRED = "not required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was written down. None is "nothing was recorded"; 0 is "recorded that there are none"."""

    decision: str | None
    date: date | None
    reasons: str | None
    alternatives: int | None
    conflicts: int | None
    dispensations: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """The verdict on a record, and what it lacks, in the order of the regulation."""

    verdict: Verdict
    missing: tuple[Item, ...]

    @property
    def sentences(self) -> tuple[Text, ...]:
        """What to write, a sentence for each thing that is missing."""
        return tuple(Text(SENTENCES[item]) for item in self.missing)


SENTENCES: Final = {
    Item.DECISION: N_("Write down what was decided."),
    Item.DATE: N_("Give the date of the decision."),
    Item.REASONS: N_("Give the reasons for the decision."),
    Item.ALTERNATIVES: N_("Say which alternatives were considered and rejected, or that there were none."),
    Item.CONFLICTS: N_("Record the conflicts of interest that were declared, or that there were none."),
    Item.DISPENSATIONS: N_("A conflict was declared: note any dispensation, or that none was granted."),
}
ITEM_TITLES: Final = {
    Item.DECISION: N_("The decision"),
    Item.DATE: N_("Date of the decision"),
    Item.REASONS: N_("Reasons"),
    Item.ALTERNATIVES: N_("Alternatives considered and rejected"),
    Item.CONFLICTS: N_("Conflicts of interest"),
    Item.DISPENSATIONS: N_("Dispensations"),
}
RECORD_YEARS: Final = 6
PAPERS_YEARS: Final = 4


def check(law: Law, record: Record) -> Completeness:
    """Whether ``record`` holds what ``law`` asks for."""
    if law is Law.NONE:
        return Completeness(verdict=Verdict.NOT_REQUIRED, missing=())
    missing = tuple(_missing(law, record))
    return Completeness(verdict=Verdict.INCOMPLETE if missing else Verdict.COMPLETE, missing=missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The last days on which the record and its background papers must be open to the public."""

    record: date
    papers: date


def retention(decided: date) -> Retention:
    """How long the record of a decision taken on ``decided`` stays open (SI 2014/2095, regulation 8)."""
    return Retention(record=_years_on(decided, RECORD_YEARS), papers=_years_on(decided, PAPERS_YEARS))


def _missing(law: Law, record: Record) -> Iterator[Item]:
    if not (record.decision or "").strip():
        yield Item.DECISION
    if record.date is None:
        yield Item.DATE
    if not (record.reasons or "").strip():
        yield Item.REASONS
    if record.alternatives is None:
        yield Item.ALTERNATIVES
    if law is Law.OFFICER_GENERAL:
        return
    if record.conflicts is None:
        yield Item.CONFLICTS
    elif record.conflicts and law is Law.EXECUTIVE and record.dispensations is None:
        yield Item.DISPENSATIONS


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, in a year without one
        return date(day.year + years, 3, 1)
