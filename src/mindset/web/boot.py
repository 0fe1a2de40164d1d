"""Django set up outside a web server: for the command line, the worker and notebooks."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Final

from mindset.web.home import home, prepare

_LOOK_EVERY: Final = 1.0  # seconds


def setup(*, migrate: bool = True) -> None:
    """Make the organisation's folder and start Django; bring the database up to date unless told not to."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mindset.web.settings")
    prepare(home())
    import django

    django.setup()
    if migrate:
        _migrate()


def end_with_parent() -> None:
    """Stop this process when the one that started it is gone, even if that was killed: no orphan holds a port."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_EVERY)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _migrate() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    from mindset.web.database import DATABASE_CLOSED, shown

    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        raise DATABASE_CLOSED(database=shown(settings.DATABASES["default"])) from None
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
