"""Decision logs with known indicators, and written records with the verdict of the law, each in one JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import mindset
from tests.vectors.suite import Check, Suite, equal, near

_HOUR = 3_600
_LARGEST = 20_000_000  # bytes; a known log is small
_SHARES = {
    "share_decided_at_closest_level": "decided_at_closest_level",
    "share_reviewed_on_time": "reviewed_on_time",
    "reversal_rate": "reversed",
    "amended_or_reversed_rate": "amended_or_reversed",
    "advice_answer_rate": "advice_answered",
    "share_with_affected_and_expert_advice_before_decision": "affected_and_expert_advice",
}


def suites(folder: Path) -> Iterator[Suite]:
    """A suite for each known log and each file of records below ``folder``."""
    for path in sorted(folder.rglob("*.json")):
        if path.stat().st_size > _LARGEST:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if '"closest_level"' in text and '"answers"' in text:
            yield Suite(f"decision log {path.name}", partial(_log_checks, path))
        elif '"alternatives_rejected"' in text and '"missing"' in text:
            yield Suite(f"written records {path.name}", partial(_record_checks, path))


def _log_checks(path: Path) -> Iterator[Check]:
    known = json.loads(path.read_text(encoding="utf-8"))
    answers = known["answers"]

    @cache
    def result() -> dict[str, Any]:
        day = known["as_of"].partition("T")[0]
        return mindset.decisions.summary(path, as_of=day, levels=known["levels"]).result

    def share(name: str) -> dict[str, Any]:
        return next(item for item in result()["shares"] if item["name"] == name)

    def latency(name: str) -> Any:
        return result()["latency"][name]

    yield Check("decisions", lambda: equal(latency("n"), answers["n"]))
    yield Check("decided", lambda: equal(latency("decided"), answers["decided"]))
    yield Check("open", lambda: equal(latency("open"), answers["open"]))
    censored, alone = answers["median_hours_kaplan_meier"], answers["median_hours_decided_only"]
    yield Check("median, open ones censored", lambda: equal(latency("median_seconds"), censored * _HOUR))
    yield Check("median of decided", lambda: equal(latency("median_of_decided_seconds"), alone * _HOUR))
    yield Check("levels climbed", lambda: near(result()["climb"]["mean"], answers["mean_levels_climbed"], 1e-8))
    yield Check("reviews due", lambda: equal(share("reviewed_on_time")["n"], answers["reviews_due"]))
    yield Check("requests for advice", lambda: equal(share("advice_answered")["n"], answers["advice_requests"]))
    for theirs, ours in _SHARES.items():
        yield Check(theirs, partial(lambda o, t: near(share(o)["share"], answers[t], 1e-8), ours, theirs))


def _record_checks(path: Path) -> Iterator[Check]:
    known = json.loads(path.read_text(encoding="utf-8"))["cases"]

    @cache
    def verdicts() -> dict[str, dict[str, Any]]:
        return {item["reference"]: item for item in mindset.decisions.completeness(path).result["records"]}

    def check(case: dict[str, Any]) -> None:
        found = verdicts()[case["id"]]
        required = case.get("required", True)
        equal(found["verdict"], ("complete" if case["complete"] else "incomplete") if required else "not required")
        equal(found["missing"], case["missing"])

    for case in known:
        yield Check(f"record {case['id']}", partial(check, case))
