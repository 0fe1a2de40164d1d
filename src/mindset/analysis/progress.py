"""Progress and cancellation: a method says where it is; whoever runs it listens or stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mindset.analysis.errors import MindsetError
from mindset.analysis.text import Text

Listener = Callable[[Text, float], None]


class Cancelled(MindsetError):  # noqa: N818 (nothing went wrong)
    """The person who started the work asked for it to stop. Nothing was written."""


_listener: ContextVar[Listener | None] = ContextVar("mindset_progress", default=None)


def report(doing: Text, done: float) -> None:
    """Say what is being done now and how much of the work is done (0 to 1).

    A listener may raise :class:`Cancelled` here, so call it between steps, never halfway
    through a write.
    """
    if listener := _listener.get():
        listener(doing, min(1.0, max(0.0, done)))


@contextmanager
def within(start: float, end: float) -> Iterator[None]:
    """What the block reports as its whole is the part from ``start`` to ``end`` of the work around it."""
    outer = _listener.get()
    if outer is None:
        yield
        return
    with listening(lambda doing, done: outer(doing, start + (end - start) * done)):
        yield


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send every :func:`report` made inside the block to ``listener``."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
