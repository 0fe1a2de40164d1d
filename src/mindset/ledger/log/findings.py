"""What a check of the record can find, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from mindset.analysis.text import N_, NN_, Text
from mindset.ledger.log.append import NO_RECORD

UNSOUND: Final = N_("Entry {number} does not match its seal: it was altered, moved, or put there from another record.")
MISSING: Final = N_("Entry {number} is missing.")
MISSING_RANGE: Final = N_("Entries {first} to {last} are missing.")
FOREIGN: Final = N_("Entry {number} was put there by something other than this application.")
FOREIGN_RANGE: Final = N_("Entries {first} to {last} were put there by something other than this application.")
SILENT: Final = N_("The field “{name}” of entry {number} was taken away, and no entry says so.")
NODE_ALTERED: Final = N_("The stored hash over entries {first} to {last} was altered, or is missing.")
NODE_FOREIGN: Final = N_("A stored hash (level {level}, number {index}) belongs to no entries.")
HEAD_ALTERED: Final = N_("The stored end of the record, after entry {last}, was altered.")
HEAD_UNSIGNED: Final = N_("The stored end of the record, after entry {last}, is not signed with this record’s key.")
HEAD_MISSING: Final = N_("The stored end of the record is missing or cannot be read.")
CUT: Final = N_("Entries up to {last} were signed on {day}, but the record ends sooner. Gone: {missing}.")
CUT_ONE: Final = N_("entry {number}")
CUT_RANGE: Final = N_("entries {first} to {last}")
REWRITTEN: Final = N_("Some of the entries {first} to {last} were rewritten after they were signed on {day}.")
CHECKPOINT_ALTERED: Final = N_("The checkpoint {file} is not one that was signed with this record’s key.")
NO_CHECKPOINT: Final = N_("No signed checkpoint is kept outside the database. Keep one with: mindset ledger checkpoint")
REPLACED: Final = N_("Another record with {size} entries was signed on {day}: this one stands in its place.")

GOOD: Final = NN_("{n} entry, as it was signed.", "{n} entries, all as they were signed.")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with the record: the number of the entry (the first, where it is several), in words.

    ``number`` is None where it is about no entry in particular.
    """

    number: int | None
    text: Text


@dataclass(frozen=True, slots=True)
class Report:
    """What the check of a record found. Of ``size`` entries the first ``published`` are signed outside the database."""

    ledger: str
    size: int
    published: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def summary(self) -> Text:
        """What a sound record is, in a sentence."""
        return Text.counted(*GOOD, self.size) if self.size else Text(NO_RECORD.what)


def about(number: int | None, template: str, /, **values: object) -> Finding:
    """A finding; whole numbers among the values name entries, and are written as they are typed."""
    return Finding(number, Text(template, {k: str(v) if isinstance(v, int) else v for k, v in values.items()}))


def over_ranges(numbers: Iterable[int], one: str, several: str) -> Iterator[Finding]:
    """A finding for each stretch of consecutive numbers, which ascend."""
    for first, last in ranges(numbers):
        if first == last:
            yield about(first, one, number=first)
        else:
            yield about(first, several, first=first, last=last)


def ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each stretch of consecutive numbers, which ascend."""
    for _, found in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        stretch = [number for _, number in found]
        yield stretch[0], stretch[-1]


def cut_off(size: int, signed: int, day: date | str) -> Finding:
    """That entries from ``size`` up to ``signed`` are gone."""
    if signed - size == 1:
        missing = Text.of(CUT_ONE, number=str(size))
    else:
        missing = Text.of(CUT_RANGE, first=str(size), last=str(signed - 1))
    return about(size, CUT, last=signed - 1, day=day, missing=missing)
