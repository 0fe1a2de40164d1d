"""Which line of the file a row came from."""

from __future__ import annotations

from typing import Any

import numpy as np

from mindset.analysis.text import Text
from mindset.tables.formats.base import line_place

Lines = np.ndarray[Any, np.dtype[np.int64]]


class Places:
    """Rows and their lines, kept as the rows where the line is not simply one more than that of the row before."""

    def __init__(self) -> None:
        self._rows: list[Lines] = []
        self._lines: list[Lines] = []
        self._count = 0
        self._last = -1

    def add(self, lines: Lines) -> None:
        """The next rows begin on ``lines``."""
        steps = np.diff(lines, prepend=self._last)
        breaks = np.flatnonzero(steps != 1)
        self._rows.append(breaks + self._count)
        self._lines.append(lines[breaks])
        self._count += len(lines)
        self._last = int(lines[-1])

    def of(self, row: int) -> Text:
        """The line on which the 0-based ``row`` begins."""
        rows, lines = np.concatenate(self._rows), np.concatenate(self._lines)
        at = int(np.searchsorted(rows, row, side="right")) - 1
        return line_place(int(lines[at]) + row - int(rows[at]))
