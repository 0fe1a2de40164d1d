"""What every test gets: a folder of its own for whatever is recorded."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest
from django.test import Client

from tests import webhelp

pytest_plugins = ["tests.browser"]
REPOSITORY = Path(__file__).parent.parent


def missing(what: str) -> NoReturn:
    """Skip a test for want of something, loudly; fail it where everything is required (continuous integration)."""
    if os.environ.get("MINDSET_REQUIRE_ALL"):
        pytest.fail(what)
    pytest.skip(what)


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what touches the database is tested: the rest was tested without it."""
    if not os.environ.get("MINDSET_DATABASE"):
        return
    needing = {"db", "transactional_db", "instances"}
    touching = [item for item in items if item.get_closest_marker("django_db") or needing & set(item.fixturenames)]
    config.hook.pytest_deselected(items=[item for item in items if item not in touching])
    items[:] = touching


@pytest.fixture(autouse=True)
def mindset_home(tmp_path_factory, monkeypatch, settings):
    """An empty folder for records; no test ever touches a person's own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MINDSET_HOME", str(home))
    # Programs that a test starts have a database in that folder, unless the test gives them another (tests.instances).
    monkeypatch.delenv("MINDSET_DATABASE", raising=False)
    settings.MINDSET_HOME = home
    return home


@pytest.fixture(autouse=True)
def quick_and_unlimited(settings):
    """Passwords that are hashed at once, and no memory of the attempts that other tests made to sign in."""
    from django.core.cache import cache

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def member(db):
    """Somebody without marks."""
    return webhelp.person("Mair Member")


@pytest.fixture
def visitor(db):
    """The browser of somebody who is not signed in, where others could be."""
    webhelp.person("Somebody Else")
    return Client()


@pytest.fixture
def client(member):
    """The browser of a member: most tests are about what members do."""
    return webhelp.signed_in(member)


@pytest.fixture
def steward(db):
    """The browser of a member who may see personal data."""
    return webhelp.signed_in(webhelp.person("Stan Steward", steward=True))


@pytest.fixture
def keeper(db):
    """The browser of a member who keeps the settings."""
    return webhelp.signed_in(webhelp.person("Kit Keeper", keeper=True))


@pytest.fixture
def instances(tmp_path):
    """Makes whole instances, each with a folder of this name and a database of its own (:mod:`tests.instances`)."""
    from tests.instances import instance

    with ExitStack() as stack:
        yield lambda name, **environment: stack.enter_context(instance(tmp_path / name, **environment))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared data, beside the repository or where MINDSET_SHARED says."""
    folder = Path(os.environ.get("MINDSET_SHARED", REPOSITORY.parent / "shared")) / "data"
    if not folder.is_dir():
        missing(f"the shared data are not at {folder}; set MINDSET_SHARED to run this test")
    return folder
