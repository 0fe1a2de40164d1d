"""What the practice can be asked. Each function is a declaration: every surface is made from it.

Methods are imported inside the functions, so that listing the analyses stays quick.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from mindset.analysis.charts import drawing
from mindset.analysis.declare import analysis
from mindset.analysis.event_log import EventLog
from mindset.analysis.text import N_
from mindset.practices.processes.checks import check_cases, check_sides
from mindset.practices.processes.comparison_view import Comparison
from mindset.practices.processes.map_view import Graph, ProcessMap
from mindset.practices.processes.parameters import (
    Activities,
    By,
    ChangedOn,
    CommonShare,
    Ends,
    FirstGroup,
    HorizonDays,
    Keep,
    Multiplicity,
    Permutations,
    Resamples,
    SecondGroup,
    Seed,
    Since,
    Stratify,
    Unit,
    Until,
    Where,
)
from mindset.practices.processes.performance_view import Performance
from mindset.practices.processes.summary_view import Summary
from mindset.practices.processes.variants_view import Variants

if TYPE_CHECKING:
    from mindset.practices.processes.method.log import CaseLog
    from mindset.practices.processes.method.work import Layouts

PRACTICE = "processes"

drawing("processes/process-map", "mindset.practices.processes.map_view:draw_map")
drawing("processes/before-after-map", "mindset.practices.processes.pair_view:draw_maps")


@analysis(
    practice=PRACTICE,
    title=N_("What is in the log"),
    question=N_("How many cases are there, what happens to them and how long do they take?"),
    example={"log": "example.csv"},
    check=check_cases,
)
def summary(
    log: EventLog,
    *,
    since: Since = None,
    until: Until = None,
    activities: Activities = [],  # noqa: B006 (never changed; pydantic copies it)
    where: Where = [],  # noqa: B006
    common_share: CommonShare = 1.0,
) -> Summary:
    """Counts the cases, events, activities and paths of a log and how long cases take.

    The throughput time of a case is its last event minus its first; quantiles are exact. Cases that
    are still open count with what has been seen of them. The report says how many events of a case
    share a time and how many rows stand out of order, because the order of the file then decides.
    """
    from mindset.practices.processes import summary_view
    from mindset.practices.processes.method import graph, overview, performance, sides, variants

    rows = _laid_out(log, since, until, activities, where, common_share, work=False).rows
    return summary_view.present(
        overview.overview(rows),
        sides.open_cases(rows),
        rows.activities,
        performance.spread(performance.case_seconds(rows)),
        len(variants.case_paths(rows).paths),
        graph.starts(rows),
        graph.ends(rows),
    )


@analysis(
    practice=PRACTICE,
    title=N_("Process map"),
    question=N_("What follows what, how often, and where does it take long?"),
    example={"log": "example.csv"},
    check=check_cases,
)
def map(  # noqa: A001 (the field's own word, called as processes.map)
    log: EventLog,
    *,
    since: Since = None,
    until: Until = None,
    activities: Activities = [],  # noqa: B006
    where: Where = [],  # noqa: B006
    common_share: CommonShare = 1.0,
    keep: Keep = 0.9,
) -> ProcessMap:
    """Draws the directly-follows graph with counts and exact median and mean times.

    Two consecutive events of a case, ordered by time and then by their place in the file, make an
    arrow (van der Aalst 2016, section 6.1). Where the file has starts and completions, a second graph
    counts pieces of work: a start and its completion are one, and the time on an arrow is waiting alone.
    """
    from mindset.practices.processes import map_view

    laid = _laid_out(log, since, until, activities, where, common_share, resources=False)
    return map_view.present(_graph(laid.rows), _graph(laid.work.log) if laid.work else None, keep)


@analysis(
    practice=PRACTICE,
    title=N_("Paths"),
    question=N_("Which different ways do cases take, and which are common?"),
    example={"log": "example.csv"},
    check=check_cases,
)
def variants(
    log: EventLog,
    *,
    since: Since = None,
    until: Until = None,
    activities: Activities = [],  # noqa: B006
    where: Where = [],  # noqa: B006
    common_share: CommonShare = 1.0,
) -> Variants:
    """Counts the cases on each distinct sequence of activities.

    Sequences are compared whole; the most common come first, equal counts in the order of their
    names. Where the file has starts and completions, a second count takes pieces of work as steps.
    """
    from mindset.practices.processes import variants_view
    from mindset.practices.processes.method.variants import case_paths

    def paths(of: CaseLog) -> tuple[variants_view.Variant, ...]:
        return variants_view.named(case_paths(of), of.activities)

    laid = _laid_out(log, since, until, activities, where, common_share, resources=False)
    return variants_view.present(paths(laid.rows), paths(laid.work.log) if laid.work else ())


@analysis(
    practice=PRACTICE,
    title=N_("Where the time goes"),
    question=N_("Where do cases wait, who hands to whom, and what is done twice?"),
    example={"log": "example.csv"},
    check=check_cases,
)
def performance(
    log: EventLog,
    *,
    since: Since = None,
    until: Until = None,
    activities: Activities = [],  # noqa: B006
    where: Where = [],  # noqa: B006
    common_share: CommonShare = 1.0,
    unit: Unit = "work",
) -> Performance:
    """Splits time into working, waiting and idle, and counts handovers and rework.

    Throughput is last minus first event of a case. Idle time is throughput minus the union of the
    active intervals, so work in parallel counts once; for a team or person the same over all its
    cases. Waiting between two activities is the next start minus this end. Definitions are those of
    edeaR (bupaR): done again at once is a self-loop, later a repetition; by the same team or person
    a repeat, by another a redo. A handover is a change of team or person between two consecutive
    events that both name one.
    """
    from mindset.practices.processes import performance_view, summary_view
    from mindset.practices.processes.method import graph, overview, performance, sides

    laid = _laid_out(log, since, until, activities, where, common_share, work=unit == "work")
    rows = laid.rows
    caveats = list(summary_view.caveats(overview.overview(rows), sides.open_cases(rows), rows.activities))
    pieces, processing = rows, None
    if laid.work:
        pieces = laid.work.log
        processing = performance.spread(performance.worked_seconds(pieces))
        caveats += performance_view.unpaired(laid.work.unfinished, laid.work.unstarted)
    else:
        caveats.append(performance_view.waiting_and_work())
    return performance_view.present(
        throughput=performance.spread(performance.case_seconds(rows)),
        idle=performance.spread(performance.case_idle_seconds(pieces)),
        processing=processing,
        activities=performance.activity_times(pieces),
        waits=performance.waits(graph.edges(pieces)),
        resources=performance.resource_times(pieces) if pieces.has_resources else (),
        handovers=performance.handovers(pieces) if pieces.has_resources else (0, ()),
        rework=performance.rework(pieces),
        caveats=caveats,
    )


@analysis(
    practice=PRACTICE,
    title=N_("Before and after a change"),
    question=N_("What did a change do to the process?"),
    example={"log": "example.csv", "changed_on": "2025-03-01"},
    check=check_sides,
)
def compare(
    log: EventLog,
    *,
    changed_on: ChangedOn = None,
    by: By = None,
    before: FirstGroup = None,
    after: SecondGroup = None,
    ends: Ends = [],  # noqa: B006
    stratify: Stratify = None,
    horizon_days: HorizonDays = None,
    since: Since = None,
    until: Until = None,
    where: Where = [],  # noqa: B006
    multiplicity: Multiplicity = "max-statistic",
    resamples: Resamples = 2_000,
    permutations: Permutations = 999,
    seed: Seed = 0,
) -> Comparison:
    """Compares cases before and after a date, or two groups of cases: times, rework, paths and completion.

    The unit is the case, placed by its start. Unfinished cases are censored where the log ends, not
    dropped (Kaplan and Meier 1958). Intervals are BCa bootstrap intervals over cases (Efron 1987),
    chance is judged by permuting the labels of cases within month and kind, and many comparisons
    are guarded together (Westfall and Young 1993, or Benjamini and Hochberg 1995). The distance
    between the paths is the earth movers' distance with its own null (Leemans, Syring and van der
    Aalst 2019). When nothing is claimed, the finding says that no difference was found.
    """
    from mindset.practices.processes import comparison_view, pair_view
    from mindset.practices.processes.method.comparison import compare_cases
    from mindset.practices.processes.method.sides import Sides, take_sides

    sides = Sides.of(changed_on=changed_on, by=by, before=before, after=after)
    columns = tuple(column for column in (by, stratify) if column)
    # Filters on what happened in a case are not offered: they would choose cases by their outcome.
    laid = _laid_out(log, since, until, [], where, 1.0, columns)
    cases = laid.work.log if laid.work else laid.rows
    sided = take_sides(cases, sides, ends=ends, stratify=stratify)
    result = compare_cases(
        sided.sample,
        horizon_s=None if horizon_days is None else horizon_days * 86_400,
        resamples=resamples,
        permutations=permutations,
        multiplicity=multiplicity,
        seed=seed,
    )
    labels = pair_view.labels(sides)
    finding = comparison_view.present(
        result,
        before_label=labels[0],
        after_label=labels[1],
        changed_on=changed_on,
        caveats=tuple(pair_view.caveats(sided, sides)),
    )
    if not (watched := sided.watched(cases)):
        return finding
    earlier, later = watched
    maps, steps = pair_view.chart(_graph(earlier), _graph(later), sides)
    first, *others = finding.charts
    return replace(finding, charts=(first, maps, *others), tables=(*finding.tables, steps))


def _laid_out(
    log: EventLog,
    since: date | None,
    until: date | None,
    activities: list[str],
    where: list[str],
    common_share: float,
    columns: tuple[str, ...] = (),
    *,
    resources: bool = True,
    work: bool = True,
) -> Layouts:
    """The log by rows and, if ``work`` is wanted and the file records it, by pieces of work; both filtered.

    ``columns`` stand beside the cases with those that the filters need.
    """
    from mindset.practices.processes.method.filters import Filters, conditions
    from mindset.practices.processes.method.work import lay_out_both

    filters = Filters(
        since=since,
        until=until,
        activities=tuple(activities),
        where=conditions(where),
        common_share=common_share,
    )
    return lay_out_both(log, filters, columns, resources=resources, work=work)


def _graph(log: CaseLog) -> Graph:
    from mindset.practices.processes.method import graph, performance

    return Graph(
        edges=graph.edges(log),
        activities=performance.activity_times(log),
        starts=graph.starts(log),
        ends=graph.ends(log),
    )
