"""Are the planted truths found, and is nothing found where nothing is? Asked of the public analyses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mindset.analysis.progress import report
from mindset.analysis.text import N_, Quantity, Text
from mindset.api import practice
from mindset.demo import Council
from mindset.demo.decision_log import decision_log, planted
from mindset.demo.log import EVENTS_PER_CASE, permit_log
from mindset.demo.streams import DAY, Stream
from mindset.demo.truths import SIDES, Effect, Truths

Found = Quantity | Text

# A contact belongs to the side of its case, and only cases that started this many days before the
# log ends have had time for theirs.
_FOLLOWED_DAYS: Final = 30
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One planted truth: what was planted, what was found, how far they may be apart, and whether it holds."""

    name: str
    label: Text
    planted: Found
    found: Found
    tolerance: Quantity | None = None
    ok: bool

    def render(self, language: str = "en") -> str:
        """The result as a line of ``language``."""
        parts = {"label": self.label, "planted": self.planted, "found": self.found}
        if self.tolerance is None:
            line = Text.of(N_("{label}: planted {planted}, found {found}."), **parts)
        else:
            line = Text.of(
                N_("{label}: planted {planted}, found {found}, tolerance {tolerance}."),
                **parts,
                tolerance=self.tolerance,
            )
        verdict = Text.of(N_("Holds: {line}") if self.ok else N_("Does not hold: {line}"), line=line)
        return verdict.render(language)


def check(council: Council, *, truths: Truths | None = None, seed: int = 0) -> list[CheckResult]:
    """Look for every planted truth of ``council``, and for a claim about its null twin.

    ``truths`` are those that it was built with (``truth.toml`` if not given); ``seed`` is that of the
    analyses. The rate of false claims over many null logs is :func:`null_rate`.
    """
    truths = truths or Truths.load()
    log = pq.read_table(council.parquet("events"), columns=["case", "activity", "ts", "contact_reason"])
    changed_on = truths.date_of(truths.change_of(truths.log.service))
    report(Text(N_("Comparing before and after the digital form")), 0.1)
    compared = _compare(council.parquet("events"), truths, truths.log.service, seed=seed)
    report(Text(N_("Comparing before and after in the null twin")), 0.6)
    twin = _compare(council.parquet("null_events"), truths, truths.null.service, seed=seed)
    return [
        *_counts(council, truths),
        _median_time(compared, truths),
        _finished_only(log, truths, changed_on),
        *_rework(compared, truths),
        *_failure_demand(log, truths, changed_on),
        _hidden_handover(compared, truths),
        _twin(twin),
        *_decisions(council, truths),
    ]


def _decisions(council: Council, truths: Truths) -> list[CheckResult]:
    """The median times to decide, the share escalated needlessly, and the twin in which limits changed nothing."""
    meant = truths.decisions
    decisions = practice("decisions")
    found = {group["group"]: group for group in decisions.latency(council.parquet("decisions")).result["groups"]}
    timed = [
        CheckResult(
            name=f"decisions-{name}",
            label=Text(label),
            planted=Quantity(days * DAY, "seconds"),
            found=Quantity(found[group]["median_seconds"], "seconds"),
            tolerance=Quantity(meant.tolerance * days * DAY, "seconds"),
            ok=abs(found[group]["median_seconds"] - days * DAY) <= meant.tolerance * days * DAY,
        )
        for name, label, group, days in (
            ("near", N_("Median time to decide close to the work"), "no", meant.near_days),
            ("far", N_("Median time to decide when escalated"), "yes", meant.far_days),
        )
    ]
    escalated = found["yes"]["n"] / meant.count
    needless = CheckResult(
        name="decisions-needless",
        label=Text(N_("Share of decisions escalated needlessly")),
        planted=Quantity(meant.needless, "share"),
        found=Quantity(escalated, "share"),
        ok=round(escalated * meant.count) == round(meant.needless * meant.count),
    )
    twin = decisions.compare(council.parquet("null_decisions"), changed_on=meant.changed_on).result
    claims = sum(item["claimed"] for item in twin["differences"])
    return [
        *timed,
        needless,
        CheckResult(
            name="decisions-twin",
            label=Text(N_("Claims about the limits that changed nothing")),
            planted=Quantity(0, "count"),
            found=Quantity(claims, "count"),
            ok=claims == 0,
        ),
    ]


def null_rate(
    *, truths: Truths | None = None, runs: int | None = None, seed: int = 1, permutations: int = 199
) -> CheckResult:
    """In what share of logs in which nothing changed is anything claimed?

    The logs are drawn by chance, ``runs`` of them (as many as ``truth.toml`` says if not given). Each
    is compared with ``permutations``, and with the fewest bootstrap samples allowed: no claim rests on those.
    """
    truths = truths or Truths.load()
    null = truths.null
    runs = runs or null.runs
    claimed = 0
    for run in range(runs):
        report(Text.of(N_("Null log {n} of {runs}"), n=run + 1, runs=runs), run / runs)
        events = EVENTS_PER_CASE * null.cases
        stream = Stream(seed, f"null run {run}")
        log = permit_log(stream, truths, cases=null.cases, events=events, null=True, by_chance=True)
        drawn = {"resamples": 200, "permutations": permutations, "seed": run}
        claimed += bool(_claims(_compare(_plain(log), truths, null.service, **drawn)))
    return CheckResult(
        name="null-rate",
        label=Text.of(N_("Share of {runs} null logs in which something is claimed"), runs=runs),
        planted=Quantity(null.rate, "share"),
        found=Quantity(claimed / runs, "share"),
        tolerance=Quantity(null.most(runs) - null.rate, "points"),
        ok=claimed / runs <= null.most(runs),
    )


def null_rate_of_decisions(*, truths: Truths | None = None, runs: int | None = None, seed: int = 1) -> CheckResult:
    """In what share of logs of decisions in which limits changed nothing is anything claimed?"""
    truths = truths or Truths.load()
    runs = runs or truths.null.runs
    claimed = 0
    for run in range(runs):
        report(Text.of(N_("Null log {n} of {runs}"), n=run + 1, runs=runs), run / runs)
        log = decision_log(Stream(seed, f"null decisions {run}"), planted(truths.decisions), exact=False)
        found = practice("decisions").compare(log, changed_on=truths.decisions.changed_on).result
        claimed += any(item["claimed"] for item in found["differences"])
    return CheckResult(
        name="decisions-null-rate",
        label=Text.of(N_("Share of {runs} null logs of decisions in which something is claimed"), runs=runs),
        planted=Quantity(truths.null.rate, "share"),
        found=Quantity(claimed / runs, "share"),
        tolerance=Quantity(truths.null.most(runs) - truths.null.rate, "points"),
        ok=claimed / runs <= truths.null.most(runs),
    )


def _compare(source: Any, truths: Truths, service: str, **settings: int) -> Mapping[str, Any]:
    """The result of the public comparison around the change of ``service``."""
    finding = practice("processes").compare(
        source,
        changed_on=truths.date_of(truths.change_of(service)),
        ends=list(truths.log.end_activities),
        **settings,
    )
    return dict(finding.result)


def _plain(log: pa.Table) -> pa.Table:
    """``log`` with plain texts in place of dictionaries."""
    decoded = {
        name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(log.column_names, log.columns, strict=True)
    }
    return pa.table(decoded)


def _claims(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item for item in (*result["differences"], *result["paths"]) if item["claimed"]]


def _difference(result: Mapping[str, Any], measure: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(item for item in result["differences"] if item["measure"] == measure)
    return found


def _counts(council: Council, truths: Truths) -> list[CheckResult]:
    rows = truths.sizes[council.manifest["size"]]
    result = practice("processes").summary(council.parquet("events")).result
    return [
        CheckResult(
            name=name,
            label=Text(label),
            planted=Quantity(planted, "count"),
            found=Quantity(result[name], "count"),
            ok=result[name] == planted,
        )
        for name, label, planted in (("cases", N_("Cases"), rows.cases), ("events", N_("Events"), rows.events))
    ]


def _median_time(result: Mapping[str, Any], truths: Truths) -> CheckResult:
    times = truths.end_to_end_days
    found = _difference(result, "median_time")
    apart = abs(found["difference"] - times.difference * DAY)
    return CheckResult(
        name="median-time",
        label=Text(N_("Difference of the median end-to-end times")),
        planted=Quantity(times.difference * DAY, "seconds", signed=True),
        found=Quantity(found["difference"], "seconds", signed=True),
        tolerance=Quantity(times.tolerance * DAY, "seconds"),
        ok=bool(found["claimed"] and apart <= times.tolerance * DAY),
    )


def _rework(result: Mapping[str, Any], truths: Truths) -> list[CheckResult]:
    found = _difference(result, "rework")
    labels = (N_("Rework before the change"), N_("Rework after the change"))
    return _shares("rework", labels, truths.rework, (found["before"], found["after"]))


def _shares(name: str, labels: tuple[str, str], planted: Effect, found: tuple[float, float]) -> list[CheckResult]:
    """A share on both sides, each within the tolerance or not."""
    return [
        CheckResult(
            name=f"{name}-{side}",
            label=Text(label),
            planted=Quantity(planted.on(side), "share"),
            found=Quantity(share, "share"),
            tolerance=Quantity(planted.tolerance, "points"),
            ok=abs(share - planted.on(side)) <= planted.tolerance,
        )
        for side, label, share in zip(SIDES, labels, found, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _CaseTimes:
    """A log's cases: ``case`` is the entry of each row, the others have an entry per case (microseconds)."""

    case: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    finished: npt.NDArray[np.bool_]


def _case_times(log: pa.Table, truths: Truths) -> _CaseTimes:
    """``log`` must be in the order of time, as those of the council are."""
    case = log["case"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    us = log["ts"].cast(pa.int64()).to_numpy()
    _, first = np.unique(case, return_index=True)
    _, last = np.unique(case[::-1], return_index=True)
    ends = pc.is_in(log["activity"], pa.array(truths.log.end_activities)).to_numpy()
    finished = np.zeros(len(first), dtype=np.bool_)
    finished[case[ends]] = True
    return _CaseTimes(case, us[first], us[len(case) - 1 - last], finished)


def _microseconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp()) * _MICROSECONDS


def _finished_only(log: pa.Table, truths: Truths, changed_on: date) -> CheckResult:
    """What an analysis that drops the open cases would say; it must be wrong, or open cases would not matter here."""
    cases = _case_times(log, truths)
    after = cases.start >= _microseconds(changed_on)
    seconds = (cases.end - cases.start) / _MICROSECONDS
    medians = [float(np.median(seconds[cases.finished & side])) for side in (~after, after)]
    times = truths.end_to_end_days
    found = medians[1] - medians[0]
    return CheckResult(
        name="finished-only",
        label=Text(N_("The same from finished cases alone, which must miss")),
        planted=Quantity(times.difference * DAY, "seconds", signed=True),
        found=Quantity(found, "seconds", signed=True),
        tolerance=Quantity(times.tolerance * DAY, "seconds"),
        ok=abs(found - times.difference * DAY) > times.tolerance * DAY,
    )


def _failure_demand(log: pa.Table, truths: Truths, changed_on: date) -> list[CheckResult]:
    """Contacts for one of the planted reasons as a share of all contacts, by the side on which the case starts."""
    cases = _case_times(log, truths)
    followed = cases.start <= cases.end.max() - _FOLLOWED_DAYS * DAY * _MICROSECONDS
    after = (cases.start >= _microseconds(changed_on))[cases.case]
    contact = pc.is_valid(log["contact_reason"]).to_numpy() & followed[cases.case]
    avoidable = pc.is_in(log["contact_reason"], pa.array(truths.failure_demand.reasons)).to_numpy()
    labels = (N_("Avoidable contacts before the change"), N_("Avoidable contacts after the change"))
    shares = (float(avoidable[contact & ~after].mean()), float(avoidable[contact & after].mean()))
    return _shares("failure-demand", labels, truths.failure_demand, shares)


def _hidden_handover(result: Mapping[str, Any], truths: Truths) -> CheckResult:
    """The handovers that are claimed to have come with the change and were never there before."""
    hidden = truths.hidden_handover
    appeared = [
        tuple(item["names"])
        for item in result["paths"]
        if item["kind"] == "handover" and item["claimed"] and item["before"] == 0
    ]
    return CheckResult(
        name="hidden-handover",
        label=Text(N_("Handover that came with the change")),
        planted=_handovers([(hidden.giver, hidden.taker)]),
        found=_handovers(appeared),
        ok=appeared == [(hidden.giver, hidden.taker)],
    )


def _handovers(pairs: list[tuple[str, ...]]) -> Text:
    if not pairs:
        return Text(N_("none"))
    return Text("{pairs}", {"pairs": [" → ".join(pair) for pair in pairs]})


def _twin(result: Mapping[str, Any]) -> CheckResult:
    claims = len(_claims(result))
    return CheckResult(
        name="null-twin",
        label=Text(N_("Claims about the change that did nothing")),
        planted=Quantity(0, "count"),
        found=Quantity(claims, "count"),
        ok=claims == 0,
    )
