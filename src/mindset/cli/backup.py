"""``mindset backup`` and ``mindset restore``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

from mindset.analysis.text import N_, NN_, Quantity, Text
from mindset.cli.language import described, reader_language
from mindset.cli.watched import watched

SAVED: Final = NN_(
    "{file}: {size} MB, with {n} table. It holds the keys as well: keep it where nobody else reads it.",
    "{file}: {size} MB, with {n} tables. It holds the keys as well: keep it where nobody else reads it.",
)
MISSING: Final = NN_(
    "{n} table is gone from the store, so the backup lacks it. See which: mindset doctor",
    "{n} tables are gone from the store, so the backup lacks them. See which: mindset doctor",
)
PUT_BACK: Final = N_("The backup of {day} was put back into {folder}, and the record in it was checked: {found}")
ASIDE: Final = N_("What was there before is in {folder}. Delete it when you do not need it any more.")
LATER: Final = NN_(
    "{n} entry was put on record after the backup, and is not in it.",
    "{n} entries were put on record after the backup, and are not in it.",
)
LATER_OUTSIDE: Final = N_(
    "The checkpoints in {folder} say so, and nothing is added to the record until they are moved away."
)

_MB: Final = 1_000_000


def backup(file: Path, /) -> None:
    """Write everything that cannot be computed again to one file, while the service runs."""
    from mindset.web.boot import setup

    setup()
    from mindset.operations.backup import backup as write

    with watched():
        done = write(file)
    language = reader_language()
    tables = sum(name.startswith("store/") for name in done.manifest.files)
    size = Quantity(-(-done.size // _MB))
    print(Text.counted(*SAVED, tables, file=str(file), size=size).render(language))
    if done.missing:
        print(Text.counted(*MISSING, len(done.missing)).render(language), file=sys.stderr)
        sys.exit(1)


def restore(
    file: Path,
    /,
    *,
    into: Annotated[
        Path | None, described(N_("The folder to put it into; by default the organisation’s own, MINDSET_HOME."))
    ] = None,
    force: Annotated[bool, described(N_("Put it in the place of records that are there."), negative="")] = False,
    unsound: Annotated[bool, described(N_("Put it back even if its record does not verify."), negative="")] = False,
) -> None:
    """Put a backup back, and check the record in it. Ends with 1 if that does not verify."""
    from mindset.operations.restore import restore as put_back
    from mindset.web.home import home

    folder = (into or home()).expanduser().absolute()
    with watched():
        done = put_back(file, folder, force=force, unsound=unsound)
    language = reader_language()
    day = done.manifest.day
    found = done.report.summary if done.report.ok else done.report.findings[0].text
    print(Text.of(PUT_BACK, day=day, folder=str(folder), found=found).render(language))
    if done.aside:
        print(Text.of(ASIDE, folder=str(done.aside)).render(language))
    if done.later:
        print(Text.counted(*LATER, done.later).render(language))
        if done.outside:
            print(Text.of(LATER_OUTSIDE, folder=str(done.outside)).render(language))
    if not done.report.ok:
        sys.exit(1)
