"""Tables kept by their fingerprint, as Parquet files that are never changed once they are there."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from mindset.analysis.errors import Note, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.fingerprint import fingerprint as fingerprint_of
from mindset.tables.model import Decision, Table
from mindset.tables.spool import parquet_batches

_KEY: Final = b"mindset.table"

NOT_KEPT = error_kind(
    "table-not-kept",
    what=N_("No table with the fingerprint {fingerprint} is kept here."),
    remedy=N_("Read its source again; the fingerprint tells whether it is still the same."),
)
ALTERED = error_kind(
    "table-altered",
    what=N_("The kept table {fingerprint} has been altered or damaged: its content does not give its fingerprint."),
    remedy=N_("Restore it from a backup, or read its source again."),
)


class Store:
    """A folder of tables. Writing is atomic and writing again what is there changes nothing."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, fingerprint: str) -> Path:
        """Where the table with ``fingerprint`` is or would be."""
        scheme, _, digest = fingerprint.partition(":")
        if scheme != "sha256" or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise NOT_KEPT(fingerprint=fingerprint)
        return self._root / digest[:2] / f"{digest[2:]}.parquet"

    def __contains__(self, fingerprint: str) -> bool:
        return self.path(fingerprint).exists()

    def put(self, table: Table) -> str:
        """Keep ``table`` with its name, decisions and notes; its fingerprint. The first to be put keeps its name."""
        path = self.path(table.fingerprint)
        if path.exists():
            return table.fingerprint
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                with pq.ParquetWriter(
                    file, table.schema.with_metadata({_KEY: _described(table)}), compression="zstd"
                ) as out:
                    for batch in table.batches():
                        out.write_batch(batch.replace_schema_metadata(out.schema.metadata))
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
            _sync_folder(path.parent)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return table.fingerprint

    def get(self, fingerprint: str, *, verify: bool = False) -> Table:
        """The table with ``fingerprint``, on disk; ``verify`` computes its fingerprint anew and compares."""
        path = self.path(fingerprint)
        if not path.exists():
            raise NOT_KEPT(fingerprint=fingerprint)
        try:
            with pq.ParquetFile(path) as file:
                rows, schema = file.metadata.num_rows, file.schema_arrow
            described = json.loads(schema.metadata[_KEY])
            if verify and fingerprint_of(parquet_batches(path), schema) != fingerprint:
                raise ALTERED(fingerprint=fingerprint)
        except (pa.ArrowException, OSError, ValueError, LookupError, TypeError):
            raise ALTERED(fingerprint=fingerprint) from None
        return Table(
            name=described["name"],
            schema=schema.remove_metadata(),
            rows=rows,
            fingerprint=fingerprint,
            decisions=tuple(Decision.from_json(packed) for packed in described["decisions"]),
            notes=tuple(_note(packed) for packed in described["notes"]),
            data=path,
        )


def _described(table: Table) -> bytes:
    notes = [{"code": note.code, "text": note.text.to_json(), "values": dict(note.values)} for note in table.notes]
    decisions = [decision.to_json() for decision in table.decisions]
    return json.dumps({"name": table.name, "decisions": decisions, "notes": notes}, ensure_ascii=False).encode()


def _note(packed: dict[str, Any]) -> Note:
    return Note(packed["code"], Text.from_json(packed["text"]), packed["values"])


def _sync_folder(folder: Path) -> None:
    """Make the new name as lasting as the content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
