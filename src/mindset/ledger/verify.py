"""Checking findings: is what is stored what was found, and does the recipe give it again?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mindset.analysis.canonical import digest, rounded
from mindset.analysis.contract import Contract
from mindset.analysis.declare import find
from mindset.analysis.errors import InputError
from mindset.analysis.finding import seal
from mindset.analysis.progress import report
from mindset.analysis.text import N_, Text
from mindset.ledger.models import Check, Finding
from mindset.ledger.records import table as stored_table
from mindset.tables.run import Input, run
from mindset.tables.store import NOT_KEPT
from mindset.version import __version__

# Parts of a finding, and what each is called where it differs.
_PARTS: Final = {
    "measures": N_("the measures"),
    "result": N_("the result"),
    "headline": N_("the headline"),
    "charts": N_("the charts"),
    "tables": N_("the tables"),
    "caveats": N_("the caveats"),
}
_A_PART_MISSING: Final = N_("a part of it is missing")
_ANSWER: Final = ("measures", "result")
# What holds more than the digest covers: wording, which may change with our version.
_WORDS: Final = ("headline", "measures", "charts", "tables", "caveats")
_FIGURES: Final = ("name", "value", "low", "high", "unit", "n")

SAME: Final = N_("Computed again from the stored data: every figure, table and sentence is the same.")
SAME_FIGURES: Final = N_(
    "Computed again from the stored data: every figure is the same. The finding was made by version {then} and "
    "checked by version {now}, so its wording was not compared."
)
ALTERED: Final = N_("The stored finding was altered after it was made: {parts}.")
DATA_ALTERED: Final = N_("The stored data of “{name}” are not those that the finding was computed from.")
DATA_GONE: Final = N_("The data of “{name}” are no longer stored, so the finding cannot be computed again.")
DIFFERENT: Final = N_("Computed again, the finding comes out differently: {parts}.")
FAILED: Final = N_("The finding could not be computed again: {problem}")


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a finding could be computed again to the last figure, and in words what was found."""

    ok: bool
    stored_digest: str
    recomputed_digest: str | None
    reason: Text


class _RefutedError(Exception):
    """The check ended early: why, and the digest that was reached, if any."""

    def __init__(self, template: str, recomputed: str | None = None, **values: Any) -> None:
        super().__init__(template)
        self.reason = Text(template, values)
        self.recomputed = recomputed


def verify(record: Finding) -> Verification:
    """Check the stored finding, the stored data and the answer of the recipe, in that order."""
    try:
        _untouched(record)
        report(Text(N_("Checking the stored data")), 0.05)
        analysis, recipe = find(record.analysis), record.payload["recipe"]
        inputs = {
            name: _input(record, recipe["inputs"].get(name), contract) for name, contract in analysis.tables.items()
        }
        again = run(analysis, inputs, recipe["parameters"]).to_json()
        reason = _compared(record.payload, again)
        return Verification(True, record.digest, again["digest"], reason)
    except _RefutedError as refuted:
        return Verification(False, record.digest, refuted.recomputed, refuted.reason)
    except InputError as error:
        problem = error.problems[0]
        return Verification(False, record.digest, None, Text.of(FAILED, problem=problem.what))


def check(record: Finding) -> Check:
    """Verify a finding and put the answer on record."""
    return keep(record, verify(record))


def keep(record: Finding, verdict: Verification) -> Check:
    """Put what a verification found on record."""
    return Check.objects.create(
        finding=record, ok=verdict.ok, recomputed=verdict.recomputed_digest or "", reason=verdict.reason.to_json()
    )


def verify_all() -> Iterator[tuple[Finding, Verification]]:
    """Verify every finding on record, oldest first."""
    for record in Finding.objects.order_by("created", "id").iterator():
        yield record, verify(record)


def _untouched(record: Finding) -> None:
    """The stored record agrees with its own digests."""
    stored = record.payload
    try:
        figures = [{name: measure[name] for name in _FIGURES} for measure in stored["measures"]]
        sealed = seal(stored["analysis"], stored["recipe"], figures, stored["result"])
        named, claimed = stored["analysis"], stored["digest"]
    except (KeyError, TypeError, AttributeError):
        raise _RefutedError(ALTERED, parts=[Text(_A_PART_MISSING)]) from None
    if record.analysis != named:
        raise _RefutedError(ALTERED, parts=[Text(N_("the name of its analysis"))])
    if not record.digest == claimed == sealed:
        raise _RefutedError(ALTERED, sealed, parts=[Text(N_("its figures, its recipe or its digest"))])
    if digest(stored) != record.content:
        raise _RefutedError(ALTERED, sealed, parts=[Text(N_("its wording, charts or tables"))])


def _input(record: Finding, source: dict[str, Any] | None, contract: type[Contract]) -> Input:
    """A table of the recipe from the store, its content hashed anew, with exactly the columns that were used."""
    if source is None:
        raise _RefutedError(ALTERED, parts=[Text(_A_PART_MISSING)])
    used = record.datasets.filter(fingerprint=source["fingerprint"], name=source["name"]).first()
    if used is None:
        raise _RefutedError(DATA_GONE, name=source["name"])
    unused = {column.name: "" for column in contract.columns}
    try:
        return Input(stored_table(used, verify=True), unused | source["columns"])
    except InputError as error:
        gone = error.code == NOT_KEPT.code
        raise _RefutedError(DATA_GONE if gone else DATA_ALTERED, name=source["name"]) from None


def _compared(stored: dict[str, Any], again: dict[str, Any]) -> Text:
    """What can be said when both agree; refuted where they do not."""
    if again["digest"] != stored["digest"]:
        raise _RefutedError(DIFFERENT, again["digest"], parts=_differing(stored, again, _ANSWER))
    then = stored["recipe"]["version"]
    if then != __version__:
        return Text.of(SAME_FIGURES, then=then, now=__version__)
    if parts := _differing(stored, again, _WORDS):
        raise _RefutedError(DIFFERENT, again["digest"], parts=parts)
    return Text(SAME)


def _differing(stored: dict[str, Any], again: dict[str, Any], parts: tuple[str, ...]) -> list[Text]:
    return [Text(_PARTS[part]) for part in parts if rounded(stored[part]) != rounded(again[part])]
