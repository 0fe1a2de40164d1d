"""What must be borne in mind about a comparison, as sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mindset.analysis.text import N_, Quantity, Text

if TYPE_CHECKING:
    from mindset.practices.processes.comparison_view import Sides
    from mindset.practices.processes.method.comparison import ComparisonResult
    from mindset.practices.processes.method.distance import Distance


def all_caveats(result: ComparisonResult, sides: Sides) -> Iterator[Text]:
    """How strong the evidence is, who was watched for how long, and what chance does by itself."""
    yield _strength(sides)
    yield from _watched(result, sides)
    yield from _chance(result)
    if result.distance:
        yield _distance(result.distance)


def _strength(sides: Sides) -> Text:
    if sides.changed_on:
        return Text(
            N_(
                "Strength of evidence: level 2 of 5, before and after with nothing else held equal. Whatever moved "
                "may have moved for another reason that arose at the same time."
            )
        )
    return Text(
        N_(
            "Strength of evidence: level 2 of 5, groups as they came about. Whatever differs may differ because "
            "different kinds of cases went to each group."
        )
    )


def _watched(result: ComparisonResult, sides: Sides) -> Iterator[Text]:
    if sum(result.unfinished):
        yield Text.of(
            N_(
                "{old} of the {old_cases} cases {before} and {new} of the {new_cases} cases {after} were still open at "
                "the end of the log. They count as open for as long as they were watched; leaving them out would make "
                "times look shorter than they are."
            ),
            old=result.unfinished[0],
            old_cases=result.cases[0],
            before=sides.before,
            new=result.unfinished[1],
            new_cases=result.cases[1],
            after=sides.after,
        )
    if result.window is not None:
        yield Text.of(
            N_(
                "What is done in a case is compared among cases that began at least {window} before the log ends, so "
                "that both sides had the time to do it."
            ),
            window=Quantity(result.window, "seconds"),
        )
    if not result.comparable_paths:
        yield Text(
            N_(
                "Too few cases on one side were watched for long enough to compare what is done in them, so only times "
                "are compared. A later log will have more."
            )
        )
    if any(math.isnan(item.difference) or not math.isfinite(item.high - item.low) for item in result.differences):
        yield Text(N_("Where a bound is not known, too few cases have finished to say how far the difference reaches."))
    crossing = result.crossing
    if crossing.cases and sides.changed_on:
        yield Text.counted(
            "{n} case began before {day} and was still running on that day. It counts as before, although the "
            "change may have touched it.",
            "{n} cases began before {day} and were still running on that day; half of them took {median} or less. "
            "They count as before, although the change may have touched them.",
            crossing.cases,
            day=sides.changed_on,
            median=Quantity(crossing.median if math.isfinite(crossing.median) else math.nan, "seconds"),
        )


def _chance(result: ComparisonResult) -> Iterator[Text]:
    features = Text.counted("{n} thing that happens in cases", "{n} things that happen in cases", len(result.paths))
    counts = {"tested": len(result.differences), "features": features}
    if not result.paths:
        yield Text.of(
            N_(
                "{tested} measures were tested together: were there no difference at all, the chance of any claim "
                "would be at most 5%."
            ),
            **counts,
        )
    elif result.multiplicity == "max-statistic":
        yield Text.of(
            N_(
                "{tested} measures and {features} were tested together: were there no difference at all, the chance "
                "of any claim would be at most 5%."
            ),
            **counts,
        )
    else:
        yield Text.of(
            N_(
                "{tested} measures and {features} were tested together. Of the claims about what happens in cases, "
                "up to 5% may be false."
            ),
            **counts,
        )
    yield Text(
        N_(
            "Each interval stands for itself, at 95%. A difference counts as found only if it also stands when all "
            "that was tested is allowed for, so an interval may leave out 0 and yet nothing be found."
        )
    )
    if result.left_out:
        yield Text.counted(
            "{n} thing that happens in hardly any case, or in nearly all, was not tested.",
            "{n} things that happen in hardly any case, or in nearly all, were not tested.",
            result.left_out,
        )
    if result.stratified:
        yield Text(
            N_(
                "Chance was judged by exchanging only cases of the same time of year or kind; the figures shown are "
                "those of all cases."
            )
        )


def _distance(distance: Distance) -> Text:
    values = {
        "value": round(distance.value, 3),
        "expected": round(distance.expected, 3),
        "upper": round(distance.upper, 3),
        "p": round(distance.p, 3),
        "merged": Quantity(distance.merged, "share"),
    }
    if distance.merged:
        return Text.of(
            N_(
                "The mixes of paths are {value} apart (0: the same, 1: nothing in common). Chance alone puts them "
                "{expected} apart on average and less than {upper} in 95% of cases (p = {p}). Rare paths, {merged} of "
                "the cases, count as the common path most like them."
            ),
            **values,
        )
    return Text.of(
        N_(
            "The mixes of paths are {value} apart (0: the same, 1: nothing in common). Chance alone puts them "
            "{expected} apart on average and less than {upper} in 95% of cases (p = {p})."
        ),
        **values,
    )
