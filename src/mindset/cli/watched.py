"""Progress on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mindset.analysis.progress import listening
from mindset.analysis.text import Text
from mindset.cli.language import reader_language


@contextmanager
def watched() -> Iterator[None]:
    """Say how far the work in the block is: on standard error, and only to a person who watches."""
    if not sys.stderr.isatty():
        yield
        return
    try:
        with listening(_say):
            yield
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _say(doing: Text, done: float) -> None:
    print(f"\r\033[K{done:4.0%} {doing.render(reader_language())}", end="", file=sys.stderr, flush=True)
