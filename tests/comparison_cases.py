"""Cases with a planted change, for the tests of the comparison."""

from __future__ import annotations

import numpy as np

from mindset.practices.processes.method.case_sample import CaseSample

DAY = 86_400_000_000  # microseconds
SECONDS = 86_400.0
ACTIVITIES = ("Receive", "Check", "Ask back", "Decide", "Consult", "Visit")
TEAMS = ("Front desk", "Planning", "Legal")


def cases(
    seed,
    *,
    n=(400, 400),
    median=(6.2, 6.2),
    spread=0.8,
    rework=(0.2, 0.2),
    days=730,
    change=None,
    kinds=1,
):
    """Two groups of lognormal times (days), parted by a change, watched until ``days``; rework is "Ask back, Check"."""
    rng = np.random.default_rng(seed)
    change = days / 2 if change is None else change
    group = np.repeat(np.array([0, 1], dtype=np.int8), n)
    start = np.where(group == 0, rng.uniform(0, change, group.size), rng.uniform(change, days, group.size))
    end = start + np.exp(rng.normal(0, spread, group.size)) * np.array(median)[group]
    finished = end <= days
    again = rng.random(group.size) < np.array(rework)[group]
    times = np.minimum(rng.geometric(0.6, group.size), 3)
    consult, visit, passed = rng.random((3, group.size)) < np.array([[0.3], [0.2], [0.4]])
    paths, team_paths = {}, {}
    path, team_path = np.empty((2, group.size), dtype=np.int64)
    for i in range(group.size):
        steps = (0, 1, *(4,) * int(consult[i]), *(2, 1) * int(again[i] * times[i]), *(5,) * int(visit[i]), 3)
        steps = steps if finished[i] else steps[:2]
        teams = tuple((0, 1, 1, 1, 2, 1 + int(passed[i]))[step] for step in steps)
        path[i] = paths.setdefault(steps, len(paths))
        team_path[i] = team_paths.setdefault(teams, len(team_paths))
    return CaseSample(
        start_us=(start * DAY).astype(np.int64),
        end_us=(np.where(finished, end, start) * DAY).astype(np.int64),
        finished=finished,
        observed_until_us=int(days * DAY),
        group=group,
        stratum=rng.integers(0, kinds, group.size),
        path=path,
        paths=tuple(paths),
        activities=ACTIVITIES,
        team_path=team_path,
        team_paths=tuple(team_paths),
        teams=TEAMS,
        crossing=(group == 0) & (end > change),
    )


def by_measure(result):
    """The differences of a result by their measure."""
    return {item.measure: item for item in result.differences}
