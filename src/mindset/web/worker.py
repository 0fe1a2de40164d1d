"""The worker: a process that does the jobs in the queue, one after the other.

``python -m mindset.web.worker`` works until it is told to stop, or until the process that
started it is gone.
"""

from __future__ import annotations

from typing import Final

from mindset.web.boot import end_with_parent, setup

_LOOK_EVERY: Final = 0.2  # seconds between two looks into an empty queue


def main() -> None:
    """Work until stopped."""
    setup(migrate=False)
    from django.core.management import call_command

    end_with_parent()
    call_command("db_worker", interval=_LOOK_EVERY, startup_delay=False, reload=False, verbosity=0)


if __name__ == "__main__":
    main()
