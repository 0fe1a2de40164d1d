"""The worker: a process that does the jobs in the queue, one after the other.

``python -m mindset.web.worker`` works until it is told to stop, or until the process that
started it is gone. There is one at a time; a second one waits until the first has ended, however it ended.
"""

from __future__ import annotations

from typing import Final

from mindset.web.alone import WORKER, waiting_alone
from mindset.web.boot import end_with_parent, setup
from mindset.web.home import home

_LOOK_EVERY: Final = 0.2  # seconds between two looks into an empty queue


def main() -> None:
    """Work until stopped."""
    setup(migrate=False)
    from django.core.management import call_command

    from mindset.web.jobs import recover

    end_with_parent()
    with waiting_alone(home(), WORKER):
        recover()
        call_command("db_worker", interval=_LOOK_EVERY, startup_delay=False, reload=False, verbosity=0)


if __name__ == "__main__":
    main()
