"""``mindset features``: the fifteen, in order."""

from __future__ import annotations

from mindset.analysis.plain import columns
from mindset.cli.language import reader_language


def list_features() -> None:
    """List the fifteen features of a digital mindset, in order of priority."""
    from mindset.features import features

    language = reader_language()
    rows = [[str(item.rank).rjust(2), item.id, item.title.render(language)] for item in features()]
    print("\n".join(columns(rows)))
