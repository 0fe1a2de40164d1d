"""What the practice can be asked. Each function is a declaration: every surface is made from it.

Methods are imported inside the functions, so that listing the analyses stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mindset.analysis.decision_log import DecisionLog, StatutoryRecords
from mindset.analysis.declare import analysis
from mindset.analysis.text import N_
from mindset.practices.decisions.checks import check_levels, check_sides
from mindset.practices.decisions.comparison_view import Comparison
from mindset.practices.decisions.completeness_view import Completeness
from mindset.practices.decisions.latency_view import Latencies
from mindset.practices.decisions.method.levels import LEVELS
from mindset.practices.decisions.parameters import AsOf, By, ChangedOn, FirstGroup, GroupBy, Levels, SecondGroup
from mindset.practices.decisions.summary_view import Summary

if TYPE_CHECKING:
    from mindset.practices.decisions.method.latency import Curve, Latency
    from mindset.practices.decisions.method.log import Decisions

PRACTICE = "decisions"


@analysis(
    practice=PRACTICE,
    title=N_("How decisions are taken"),
    question=N_("Are decisions taken close to the work, with advice, in good time, and looked at again?"),
    example={"log": "example.csv"},
    check=check_levels,
)
def summary(log: DecisionLog, *, as_of: AsOf = None, levels: Levels = list(LEVELS)) -> Summary:  # noqa: B006 (never changed)
    """Counts how decisions are taken: how far up, after whose advice, how they are reviewed, by whom.

    Shares are of decided decisions, with Wilson's interval (1927); requests for advice are those of
    decided decisions, with an interval that allows for requests of one decision being alike; advice of both
    kinds counts if given before or at the decision. Reviews count when they fell due by the moment of looking, and are
    on time when done by then. The median time to decide counts open decisions (Kaplan and Meier 1958). A share
    stands in the finding if the file has the columns for it.
    """
    from mindset.practices.decisions import summary_view
    from mindset.practices.decisions.method import indicators, latency
    from mindset.practices.decisions.method.log import lay_out

    decisions = lay_out(log, levels=levels, as_of=as_of)
    return summary_view.present(
        decisions,
        latency.latency(decisions),
        indicators.shares(decisions),
        indicators.climb(decisions),
        indicators.load(decisions),
        indicators.late_advice(decisions),
        indicators.below_authority(decisions),
    )


@analysis(
    practice=PRACTICE,
    title=N_("Time to decide"),
    question=N_("How long does it take to decide, and where does it take longer?"),
    example={"log": "example.csv"},
    check=check_levels,
)
def latency(
    log: DecisionLog,
    *,
    by: GroupBy = None,
    as_of: AsOf = None,
    levels: Levels = list(LEVELS),  # noqa: B006
) -> Latencies:
    """Measures the time from raised to decided, with decisions that are still open counted as waiting.

    The median is the smallest time at which the share still waiting is at most one half (Kaplan and Meier
    1958), found in exact fractions; its interval is that of Brookmeyer and Crowley (1982) on the log-log
    scale. The median of the decided ones alone stands beside it to show what leaving out open ones does.
    Without a column to tell decisions apart by, they are told apart by escalation where the file has the
    levels.
    """
    from mindset.practices.decisions import latency_view
    from mindset.practices.decisions.method import latency
    from mindset.practices.decisions.method.log import lay_out

    decisions = lay_out(log, levels=levels, as_of=as_of, value=by, advice=False)
    parts = list(latency.groups(decisions, by) if by else latency.by_escalation(decisions))
    told_apart = by or (latency.ESCALATED if parts else None)
    groups = [_timed(part, group) for group, part in parts]
    return latency_view.present(decisions, _timed(decisions), told_apart, groups)


@analysis(
    practice=PRACTICE,
    title=N_("Decisions before and after a change"),
    question=N_("Are decisions taken differently since a change, or in one group than in another?"),
    example={"log": "example.csv", "changed_on": "2025-07-01"},
    check=check_sides,
)
def compare(
    log: DecisionLog,
    *,
    changed_on: ChangedOn = None,
    by: By = None,
    before: FirstGroup = None,
    after: SecondGroup = None,
    as_of: AsOf = None,
    levels: Levels = list(LEVELS),  # noqa: B006
) -> Comparison:
    """Compares decisions raised before and since a date, or two groups: time to decide, and shares.

    Before a date means as the log stood on that day. Medians count open decisions (Kaplan and Meier
    1958); the interval of their difference joins those of Brookmeyer and Crowley (1982) on each side by
    the method of Zou and Donner (2008). Shares are compared by Newcombe's interval (1998, method 10). All
    intervals hold together with 95% confidence (Bonferroni), and a difference is claimed only where its
    interval leaves out zero; otherwise the finding says that no difference was found. Reversals are
    compared between groups only: younger decisions have had less time to be reversed.
    """
    from mindset.practices.decisions import comparison_view
    from mindset.practices.decisions.method import comparison
    from mindset.practices.decisions.method.log import lay_out

    sides = comparison.Sides.of(changed_on=changed_on, by=by, before=before, after=after)
    decisions = lay_out(log, levels=levels, as_of=as_of, value=by)
    earlier, later = comparison.split(decisions, sides)
    return comparison_view.present(
        decisions,
        sides,
        _timed(earlier, "before"),
        _timed(later, "after"),
        comparison.compare(earlier, later, by_date=changed_on is not None),
    )


@analysis(
    practice=PRACTICE,
    title=N_("Completeness of records"),
    question=N_("Does the written record of each decision hold what the law asks for?"),
    example={"log": "records.csv"},
)
def completeness(log: StatutoryRecords) -> Completeness:
    """Checks written records against SI 2012/2089, regulations 12 and 13, and SI 2014/2095, regulation 7.

    A record of an executive decision holds the decision and its date, the reasons, alternatives considered
    and rejected, conflicts of interest declared and, for each, a note of any dispensation. An officer's
    non-executive decision under express authorisation needs the same without dispensations; under general
    authorisation it needs no conflicts, and no record at all unless it grants a permission or licence,
    affects the rights of an individual, or awards a contract or spends materially. Where the table does
    not say, more is asked for. Our reading of the wording, not legal advice.
    """
    from mindset.practices.decisions import completeness_view
    from mindset.practices.decisions.method.records import checked

    return completeness_view.present(checked(log))


def _timed(decisions: Decisions, group: str = "") -> tuple[Latency, Curve]:
    from mindset.practices.decisions.method import latency

    return latency.latency(decisions, group), latency.curve(decisions, group)
