"""What was made of a file: its format, its columns, and every decision with its reason and how to override it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from mindset.analysis.errors import Note
from mindset.analysis.text import N_, Text, translate
from mindset.tables.fingerprint import logical_type
from mindset.tables.model import Decision, Table
from mindset.tables.options import ReadOptions
from mindset.tables.read import format_of, read
from mindset.tables.typing import KINDS

_EXAMPLES: Final = 3
_EXAMPLE_LENGTH: Final = 40
_ARGUMENTS: Final = {
    "encoding": "windows-1252",
    "delimiter": '";"',
    "quote": '"\'"',
    "header_row": "2",
    "date_order": "dmy",
    "timezone": "Europe/London",
    "records": "NAME",
    "total_row": "keep|leave-out",
}
_NO_OPTIONS: Final = ReadOptions()


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """One column: its type (text, integer, number, boolean, date or time), first different values, empty cells."""

    name: str
    type: str
    examples: tuple[str, ...]
    empty: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that is said about a file before it is used."""

    file: str
    format: str
    rows: int
    fingerprint: str
    columns: tuple[ColumnSummary, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[Note, ...]

    def text(self, language: str = "en") -> str:
        """The inspection as plain lines: what it is, its columns, what was decided and how to decide otherwise."""
        head = Text.of(
            N_("{file}: {format}, {rows}, {columns}"),
            file=self.file,
            format=self.format,
            rows=Text.counted("{n} row", "{n} rows", self.rows),
            columns=Text.counted("{n} column", "{n} columns", len(self.columns)),
        )
        lines = [head.render(language), "", translate(N_("Columns"), language)]
        width = max((len(column.name) for column in self.columns), default=0)
        for column in self.columns:
            shown = ", ".join(column.examples)
            empty = Text.of(N_("; empty: {n}"), n=column.empty).render(language) if column.empty else ""
            lines.append(
                f"  {column.name:<{width}}  {translate(KINDS[column.type], language)}{empty}  {shown}".rstrip()
            )
        lines += ["", translate(N_("What was decided"), language)]
        for decision in self.decisions:
            lines.append(f"  {decision.render(language)}")
            if decision.override:
                override = Text.of(N_("To decide otherwise: {option}"), option=_option(decision))
                lines.append(f"    {override.render(language)}")
        if self.notes:
            lines += ["", translate(N_("To know"), language)]
            lines += [f"  {note.text.render(language)}" for note in self.notes]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The inspection as JSON."""
        return {
            "file": self.file,
            "format": self.format,
            "rows": self.rows,
            "fingerprint": self.fingerprint,
            "columns": [
                {"name": c.name, "type": c.type, "examples": list(c.examples), "empty": c.empty} for c in self.columns
            ],
            "decisions": [
                {**decision.to_json(), "text": decision.render(), "option": _option(decision)}
                for decision in self.decisions
            ],
            "notes": [{"code": note.code, "text": note.text.render()} for note in self.notes],
        }


def _option(decision: Decision) -> str | None:
    """The command-line option that settles it otherwise."""
    if decision.override == "types":
        return f'--types "{decision.column}: text"'
    if decision.override == "leave_out_empty":
        return None  # It was the person's own, and goes with the option.
    if decision.override is None:
        return None
    return f"--{decision.override.replace('_', '-')} {_ARGUMENTS.get(decision.override, '')}".rstrip()


def inspect(path: Path | str, options: ReadOptions = _NO_OPTIONS) -> Inspection:
    """Read the file at ``path`` whole and say what was made of it. Raises InputError like reading itself."""
    table = read(path, options=options)
    try:
        return Inspection(
            file=table.name,
            format=format_of(path, options),
            rows=table.rows,
            fingerprint=table.fingerprint,
            columns=summaries(table),
            decisions=table.decisions,
            notes=table.notes,
        )
    finally:
        table.close()


def summaries(table: Table) -> tuple[ColumnSummary, ...]:
    """Each column of ``table`` in short."""
    empty = dict.fromkeys(table.schema.names, 0)
    examples: dict[str, dict[str, None]] = {name: {} for name in table.schema.names}
    for batch in table.batches():
        for name, column in zip(table.schema.names, batch.columns, strict=True):
            empty[name] += column.null_count
            found = examples[name]
            if len(found) < _EXAMPLES:
                for value in pc.unique(column.drop_null().slice(0, 1_000)).slice(0, _EXAMPLES):
                    found.setdefault(_shown(value), None)
    return tuple(
        ColumnSummary(field.name, logical_type(field.type), tuple(examples[field.name])[:_EXAMPLES], empty[field.name])
        for field in table.schema
    )


def _shown(value: pa.Scalar) -> str:
    cell = value.as_py()
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    text = " ".join(str(cell).split())
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"
