"""Which database holds the records: SQLite in the organisation's folder, or the PostgreSQL of ``MINDSET_DATABASE``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.web.environment import BAD_SETTING

NO_DRIVER = error_kind(
    "no-postgresql-driver",
    what=N_("MINDSET_DATABASE names a PostgreSQL database, and the part that speaks to it is not installed."),
    remedy=N_("Install it with: pip install 'digital-mindset[postgresql]'"),
)
DATABASE_CLOSED = error_kind(
    "database-closed",
    what=N_("The database {database} cannot be used: it does not answer, or does not let us in."),
    remedy=N_("Start it, or correct MINDSET_DATABASE; “mindset doctor” says more."),
)

FILE: Final = "mindset.sqlite3"
"""The name of the SQLite database in the organisation's folder."""

_SCHEMES: Final = ("postgresql", "postgres")
_PATIENCE: Final = 10  # seconds to wait for a connection


def databases(address: str, folder: Path) -> dict[str, Any]:
    """Django's ``DATABASES`` for an ``address`` like ``postgresql://NAME:PASSWORD@HOST:PORT/DATABASE?sslmode=require``.

    SQLite in ``folder`` where the address is empty; InputError where it is none, or the driver is missing.
    """
    return {"default": _postgresql(address) if address else _sqlite(folder)}


def shown(settings: dict[str, Any]) -> str:
    """A database of ``DATABASES`` in a few characters, without its password."""
    if not settings.get("HOST") and not settings.get("PORT"):
        return str(settings["NAME"])
    return f"{settings['NAME']} at {settings['HOST']}:{settings['PORT'] or 5432}"


def _sqlite(folder: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / FILE,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Writers queue at the start of a transaction instead of failing in the middle of one.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was acknowledged is on the disk, even when the power fails.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgresql(address: str) -> dict[str, Any]:
    try:
        parts = urlsplit(address)
        name, port = unquote(parts.path[1:]), parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        name = ""
    if not name or parts.scheme not in _SCHEMES:
        raise BAD_SETTING(name="MINDSET_DATABASE", example="postgresql://NAME:PASSWORD@localhost:5432/mindset")
    if find_spec("psycopg") is None:
        raise NO_DRIVER()
    return {
        "ENGINE": "mindset.ledger.postgresql",
        "NAME": name,
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,  # a database that was started again in between is asked anew
        "OPTIONS": {"connect_timeout": _PATIENCE, **options},
    }
