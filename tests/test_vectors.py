"""Every vector suite of the shared data."""

from __future__ import annotations

import pytest

from tests.vectors.__main__ import find_suites, main


@pytest.mark.parametrize("topic", ["processes-outcomes-forecasts", "real", "debates-decisions-agreements"])
def test_the_known_answers_of_the_shared_data(topic, shared_data, capsys):
    assert main(shared_data / topic) == 0, capsys.readouterr().out


def test_a_folder_without_suites_is_no_success(tmp_path):
    assert not list(find_suites(tmp_path))
    assert main(tmp_path) == 1
