"""``mindset verify``: compute saved findings again and compare."""

from __future__ import annotations

import sys
from typing import Annotated, Final

from mindset.analysis.plain import columns
from mindset.analysis.text import N_, translate
from mindset.cli.language import described, reader_language
from mindset.practices import load

VERIFIED: Final = N_("verified")
NOT_VERIFIED: Final = N_("NOT VERIFIED")
NOTHING_SAVED: Final = N_("No finding is saved yet. Save one with: mindset run … --save")


def verify(
    finding: Annotated[str | None, described(N_("The finding to verify; all of them where it is left out."))] = None,
    /,
) -> None:
    """Compute one saved finding again, or all, and compare digests. Ends with 1 if any differs."""
    from mindset.web.boot import setup

    setup()
    load()
    from mindset.ledger import records
    from mindset.ledger import verify as checks

    language = reader_language()
    found = [records.finding(finding)] if finding else None
    outcomes = [(record, checks.verify(record)) for record in found] if found else checks.verify_all()
    rows, good = [], True
    for record, outcome in outcomes:
        verdict = translate(VERIFIED if outcome.ok else NOT_VERIFIED, language)
        rows.append([record.id, record.analysis, verdict, outcome.reason.render(language)])
        good = good and outcome.ok
    print("\n".join(columns(rows)) if rows else translate(NOTHING_SAVED, language))
    if not good:
        sys.exit(1)
