"""Process logs with known counts and times: ``NAME.csv[.gz]`` or ``NAME.xes[.gz]`` beside ``NAME.known.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import mindset
from mindset.analysis.finding import Finding
from tests.vectors.suite import Check, Suite, equal, near

_FORMATS = (".csv", ".csv.gz", ".xes", ".xes.gz", ".parquet")
_DAY, _HOUR = 86_400, 3_600


def suites(folder: Path) -> Iterator[Suite]:
    """A suite for each known log below ``folder``."""
    for known in sorted(folder.rglob("*.known.json")):
        answers = json.loads(known.read_text(encoding="utf-8"))
        if isinstance(answers, dict) and "dfg" in answers:
            name = known.name.removesuffix(".known.json")
            logs = [known.with_name(name + ending) for ending in _FORMATS]
            log = next(path for path in logs if path.exists())
            yield Suite(f"process log {log.name}", partial(_checks, log, answers))


def _checks(log: Path, known: dict[str, Any]) -> Iterator[Check]:
    @cache
    def ask(analysis: str) -> Finding:
        settings = {"unit": "rows"} if analysis == "performance_rows" else {}
        return getattr(mindset.processes, analysis.removesuffix("_rows"))(log, **settings)

    def summary() -> dict[str, Any]:
        return ask("summary").result

    for name in ("cases", "events", "activities", "resources"):
        yield Check(name, partial(lambda name: equal(summary()[name], known[name]), name))
    yield Check("ties", lambda: equal(summary()["ties"], known["ties_within_case"]))
    yield Check("rows out of order", lambda: equal(summary()["out_of_order"], known["out_of_order_rows"]))
    for name in ("first", "last"):
        moment = known[name].replace(" ", "T").replace("+00:00", "Z")
        yield Check(f"{name} event", partial(lambda name, moment: equal(summary()[name], moment), name, moment))
    for ours, theirs in (("starts", "start"), ("ends", "end")):
        yield Check(f"{ours} of cases", partial(lambda o, t: equal(_counts(summary()[o]), known[t]), ours, theirs))
    for ours, theirs in (("mean", "mean"), ("median", "median"), ("p90", "p90"), ("longest", "max")):
        yield Check(
            f"{ours} duration",
            partial(lambda o, t: near(summary()["durations"][o], known["case_duration_s"][t], 1e-3), ours, theirs),
        )
    yield Check("number of variants", lambda: equal(summary()["variants"], known["variants_sql"]))
    yield from _variants(ask, known)
    yield from _edges(ask, known)
    yield from _performance(ask, known)


def _counts(ends: list[dict[str, Any]]) -> dict[str, int]:
    return {end["activity"]: end["count"] for end in ends}


def _variants(ask: Any, known: dict[str, Any]) -> Iterator[Check]:
    def found() -> dict[str, int]:
        return {" > ".join(item["path"]): item["count"] for item in ask("variants").result["variants"]}

    yield Check("variants listed", lambda: equal(len(found()), known["variants_sql"]))
    yield Check("every case has a variant", lambda: equal(sum(found().values()), known["cases"]))
    for path, count in known["top_variants"]:
        yield Check(f"variant {path[:40]}…", partial(lambda path, count: equal(found().get(path), count), path, count))


def _edges(ask: Any, known: dict[str, Any]) -> Iterator[Check]:
    def found() -> dict[tuple[str, str], dict[str, Any]]:
        return {(edge["from"], edge["to"]): edge for edge in ask("map").result["edges"]}

    yield Check("number of edges", lambda: equal(len(found()), known["dfg_edges"]))
    yield Check("pairs in all", lambda: equal(sum(e["count"] for e in found().values()), known["dfg_total"]))

    def edge(source: str, target: str, count: int, mean: float, median: float) -> None:
        ours = found()[source, target]
        equal(ours["count"], count)
        near(ours["mean_seconds"], mean, 1e-3)
        near(ours["median_seconds"], median, 1e-3)

    for row in known["dfg"]:
        yield Check(f"edge {row[0]} → {row[1]}", partial(edge, *row))


def _performance(ask: Any, known: dict[str, Any]) -> Iterator[Check]:
    def rows() -> dict[str, Any]:
        return ask("performance_rows").result

    def work() -> dict[str, Any]:
        return ask("performance").result

    yield Check("handover pairs", lambda: equal(rows()["handover_pairs"], known["handover"]["pairs"]))
    yield Check("handovers", lambda: equal(rows()["handover_changes"], known["handover"]["changes"]))
    again = known["rework_cases_per_activity"]
    yield Check("rework", lambda: equal({r["activity"]: r["cases"] for r in rows()["rework"]}, again))
    for resource, days in known.get("published_by_bupaR_idle_time_days_by_resource", {}).items():

        def idle(resource: str, days: float) -> None:
            ours = {item["resource"]: item["idle_seconds"] / _DAY for item in work()["resources"]}
            near(ours[resource], days, 5e-5)

        yield Check(f"idle days of {resource}", partial(idle, resource, days))
    for activity, hours in known.get("processing_time_mean_h_by_activity", {}).items():

        def worked(activity: str, hours: float) -> None:
            ours = {item["activity"]: item["mean_seconds"] / _HOUR for item in work()["activities"]}
            near(ours[activity], hours, 5e-5)

        yield Check(f"hours worked on {activity}", partial(worked, activity, hours))
