"""``python -m tests.vectors DIR``: run every vector suite below DIR, a line for each, then the totals."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.vectors import bad_inputs, decisions, payments, process_logs, proofs
from tests.vectors.suite import Suite

KINDS = (process_logs, bad_inputs, payments, proofs, decisions)


def find_suites(folder: Path) -> Iterator[Suite]:
    """Every suite below ``folder``, known by the layout of its files."""
    for kind in KINDS:
        yield from kind.suites(folder)


def main(folder: Path) -> int:
    """Run them; 0 if there was something to run and nothing failed."""
    passed = failed = 0
    for suite in find_suites(folder):
        faults = []
        for check in suite.checks():
            try:
                check.run()
                passed += 1
            except Exception as fault:  # A crash is a failed check like any other: say which and go on.
                failed += 1
                faults.append(f"  {check.name}: {type(fault).__name__}: {fault}")
        print(f"{suite.name}: {'ok' if not faults else f'{len(faults)} failed'}")
        print("\n".join(faults), end="\n" if faults else "")
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("Give a folder: make vectors DIR=path/to/folder")
    sys.exit(main(Path(sys.argv[1])))
