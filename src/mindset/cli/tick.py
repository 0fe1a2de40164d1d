"""``mindset tick``: what is due by the clock."""

from __future__ import annotations

import sys

from mindset.cli.language import reader_language


def tick() -> None:
    """Do what is due: letters, clearing away, a checkpoint. Ends with 1 if some of it could not be done."""
    from mindset.web.boot import setup

    setup()
    from mindset.operations.tick import tick as do

    language = reader_language()
    done = do(language)
    for sentence in done.said:
        print(sentence.render(language))
    if not done.ok:
        sys.exit(1)
