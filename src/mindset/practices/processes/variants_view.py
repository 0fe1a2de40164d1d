"""The finding of `processes.variants`: the different paths that cases take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from mindset.analysis.finding import Chart, Finding, Heading, Measure, TableView
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.method.variants import CasePaths

# How many paths are drawn, and the share of the cases that the headline asks paths for.
_DRAWN: Final = 12
_MOST: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A path and the cases that follow it."""

    path: tuple[str, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class Variants(Finding):
    """The paths, most frequent first.

    ``variants`` counts every row as a step; ``work_variants`` counts pieces of work, with starts and
    completions paired, and is empty where the file records only one of them.
    """

    variants: tuple[Variant, ...]
    work_variants: tuple[Variant, ...] = ()


def named(paths: CasePaths, activities: tuple[str, ...]) -> tuple[Variant, ...]:
    """``paths`` with the names of their activities."""
    return tuple(
        Variant(path=tuple(activities[code] for code in path), count=int(count))
        for path, count in zip(paths.paths, paths.counts, strict=True)
    )


def present(rows: tuple[Variant, ...], work: tuple[Variant, ...]) -> Variants:
    """The finding; the picture shows pieces of work where the file has them."""
    shown = work or rows
    cases = sum(variant.count for variant in shown)
    covered = np.cumsum([variant.count for variant in shown]) / cases
    most = int(np.searchsorted(covered, _MOST - 1e-12)) + 1
    headline = Text.of(
        N_(
            "Cases take {variants} different paths: the most common is taken by {count} of {cases} ({share}), "
            "and {most} of them hold {covered} of the cases."
        ),
        variants=len(shown),
        count=shown[0].count,
        cases=cases,
        share=Quantity(shown[0].count / cases, "share"),
        most=most,
        covered=Quantity(float(covered[most - 1]), "share"),
    )
    drawn = shown[:_DRAWN]
    return Variants(
        headline=headline,
        measures=(
            Measure(name="variants", label=Text(N_("Different paths")), value=len(shown), unit="count", n=cases),
            Measure(
                name="commonest",
                label=Text(N_("Cases on the most common path")),
                value=shown[0].count / cases,
                unit="share",
                n=cases,
            ),
            Measure(
                name="once",
                label=Text(N_("Cases on a path that no other case takes")),
                value=sum(1 for variant in shown if variant.count == 1) / cases,
                unit="share",
                n=cases,
            ),
        ),
        charts=(
            Chart(
                kind="processes/variants",
                title=headline,
                subtitle=Text.of(N_("Cases on each of the {n} most common paths"), n=len(drawn)),
                alternative=Text.of(
                    N_("Bar chart of the {n} most common paths. The first, {path}, is taken by {share} of the cases."),
                    n=len(drawn),
                    path=" → ".join(shown[0].path),
                    share=Quantity(shown[0].count / cases, "share"),
                ),
                data={
                    "paths": [
                        {"path": f"{place}", "count": variant.count, "share": variant.count / cases}
                        for place, variant in enumerate(drawn, start=1)
                    ]
                },
                table="variants",
            ),
        ),
        tables=(
            TableView(
                name="variants",
                title=Text(N_("The paths")),
                headings=(
                    Heading(label=Text(N_("Path number")), unit="count"),
                    Heading(label=Text(N_("Path"))),
                    Heading(label=Text(N_("Cases")), unit="count"),
                    Heading(label=Text(N_("Share of cases")), unit="share"),
                ),
                rows=tuple(
                    (place, " → ".join(variant.path), variant.count, variant.count / cases)
                    for place, variant in enumerate(shown, start=1)
                ),
            ),
        ),
        variants=rows,
        work_variants=work,
    )
