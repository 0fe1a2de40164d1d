"""Whole instances in processes of their own: a folder, a database of the kind that is tested, and commands."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import REPOSITORY


class Instance:
    """A folder with records, and what can be done to it."""

    def __init__(self, home: Path, database: str = "", **environment: str) -> None:
        self.home = home
        own = {"MINDSET_HOME": str(home), "MINDSET_DATABASE": database, "MINDSET_LANGUAGE": "en"}
        self.environment = os.environ | own | environment

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """``mindset`` with these arguments."""
        return self._done([sys.executable, "-m", "mindset", *arguments], environment)

    def python(self, program: str) -> str:
        """What a program prints that runs with Django set up; it must end well."""
        done = self._done([sys.executable, "-c", f"from mindset.web.boot import setup\nsetup()\n{program}"], {})
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, program: str) -> subprocess.Popen[str]:
        """The same, not waited for."""
        command = [sys.executable, "-c", f"from mindset.web.boot import setup\nsetup()\n{program}"]
        return subprocess.Popen(command, cwd=REPOSITORY, env=self.environment, stdout=subprocess.PIPE, text=True)

    def _done(self, command, environment) -> subprocess.CompletedProcess[str]:
        surroundings = self.environment | environment
        return subprocess.run(
            command, cwd=REPOSITORY, env=surroundings, capture_output=True, text=True, check=False, timeout=180
        )


@contextmanager
def instance(home: Path, **environment: str):
    """An instance with an empty database of the kind that the tests run on; that goes again afterwards."""
    from django.conf import settings

    address = settings.ENVIRONMENT.database
    if not address:
        yield Instance(home, **environment)
        return
    import psycopg

    name = f"drill_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield Instance(home, urlsplit(address)._replace(path=f"/{name}").geturl(), **environment)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
