"""What every test gets: a folder of its own for whatever is recorded."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).parent.parent


def missing(what: str) -> NoReturn:
    """Skip a test for want of something, loudly; fail it where everything is required (continuous integration)."""
    if os.environ.get("MINDSET_REQUIRE_ALL"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(autouse=True)
def mindset_home(tmp_path_factory, monkeypatch, settings):
    """An empty folder for records; no test ever touches a person's own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MINDSET_HOME", str(home))
    settings.MINDSET_HOME = home
    return home


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared data, beside the repository or where MINDSET_SHARED says."""
    folder = Path(os.environ.get("MINDSET_SHARED", REPOSITORY.parent / "shared")) / "data"
    if not folder.is_dir():
        missing(f"the shared data are not at {folder}; set MINDSET_SHARED to run this test")
    return folder
