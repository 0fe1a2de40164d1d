"""A table that has been read: its columns and rows, its fingerprint, and what was decided on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from mindset.analysis.errors import Note
from mindset.analysis.text import Text, translate

if TYPE_CHECKING:
    import pyarrow as pa

    from mindset.tables.spool import Folder

# The code of notes about rows that are not in the table; their values are the reason, the column if any, and how many.
LEFT_OUT: Final = "rows-left-out"


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that was settled while reading: what, how, why, and the option that overrides it."""

    what: str
    value: str | Text
    why: Text
    override: str | None = None
    column: str | None = None

    def render(self, language: str = "en") -> str:
        """The decision in a line of ``language``."""
        value = self.value.render(language) if isinstance(self.value, Text) else self.value
        subject = f"{self.column}: " if self.column else ""
        return f"{subject}{translate(self.what, language)}: {value}. {self.why.render(language)}"

    def to_json(self) -> dict[str, Any]:
        """The decision as JSON; :meth:`from_json` reads it back."""
        value = {"text": self.value.to_json()} if isinstance(self.value, Text) else self.value
        return {
            "what": self.what,
            "value": value,
            "why": self.why.to_json(),
            "override": self.override,
            "column": self.column,
        }

    @classmethod
    def from_json(cls, packed: Mapping[str, Any]) -> Self:
        """The decision that :meth:`to_json` wrote."""
        value = packed["value"]
        if not isinstance(value, str):
            value = Text.from_json(value["text"])
        return cls(packed["what"], value, Text.from_json(packed["why"]), packed["override"], packed["column"])


@dataclass(frozen=True, eq=False)
class Table:
    """Rows in the order of the source, in columns of text, int64, float64, bool, date32 or timestamp[us, UTC].

    ``data`` is in memory when small and a Parquet file when large. A temporary file goes
    with the table: when it is closed or no longer referred to.
    """

    name: str
    schema: pa.Schema
    rows: int
    fingerprint: str
    decisions: tuple[Decision, ...]
    notes: tuple[Note, ...]
    data: pa.Table | Path
    folder: Folder | None = field(default=None, repr=False)

    @property
    def left_out(self) -> list[dict[str, Any]]:
        """The rows of the source that are not in the table: ``reason`` (empty or total), ``column`` and ``rows``."""
        return [dict(note.values) for note in self.notes if note.code == LEFT_OUT]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in order, some thousands at a time."""
        if isinstance(self.data, Path):
            from mindset.tables.spool import parquet_batches

            yield from parquet_batches(self.data)
        else:
            yield from self.data.to_batches()

    def to_arrow(self) -> pa.Table:
        """The whole table in memory."""
        import pyarrow as pa

        return pa.Table.from_batches(self.batches(), self.schema) if isinstance(self.data, Path) else self.data

    def parquet(self, path: Path) -> None:
        """Write the table to ``path`` as Parquet."""
        import pyarrow.parquet as pq

        with pq.ParquetWriter(path, self.schema, compression="zstd") as writer:
            for batch in self.batches():
                writer.write_batch(batch)

    def close(self) -> None:
        """Remove the temporary file, if there is one. The table cannot be used afterwards."""
        if self.folder:
            self.folder.close()
