"""Progress and cancellation."""

from __future__ import annotations

from pathlib import Path

import pytest

import mindset
from mindset.analysis.progress import Cancelled, listening, report, within
from mindset.analysis.text import Text

LOG = Path(mindset.__file__).parent / "practices" / "processes" / "example.csv"


def test_parts_of_the_work_are_parts_of_the_progress():
    heard = []
    with listening(lambda _, done: heard.append(round(done, 3))):
        report(Text("first"), 0.1)
        with within(0.2, 0.6):
            report(Text("part"), 0.0)
            with within(0.5, 1.0):
                report(Text("part of a part"), 0.5)
        report(Text("too much"), 3)
    report(Text("nobody listens"), 0.5)
    assert heard == [0.1, 0.2, 0.5, 1.0]


def test_progress_of_an_analysis_only_grows_and_ends_whole():
    heard = []
    with listening(lambda doing, done: heard.append((done, str(doing)))):
        mindset.processes.compare(LOG, changed_on="2025-03-01", resamples=200, permutations=199)
    shares = [done for done, _ in heard]
    reading = [done for done, doing in heard if "Reading the file" in doing or done < 1]
    assert shares[-1] == 1.0
    assert len(reading) > 3
    computing = shares[shares.index(0.2) :]
    assert computing == sorted(computing)


def test_whoever_listens_can_stop_the_work():
    def stop(_doing, done):
        if done > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled), listening(stop):
        mindset.processes.compare(LOG, changed_on="2025-03-01", resamples=200, permutations=199)
