"""Putting tables and findings on record, and taking tables off it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mindset.analysis.canonical import digest, jsonable
from mindset.analysis.errors import Note, error_kind
from mindset.analysis.finding import Finding as Result
from mindset.analysis.text import N_, Text
from mindset.ledger.log.append import SYSTEM, append
from mindset.ledger.models import Dataset, Finding
from mindset.tables.bind import column_type
from mindset.tables.options import ReadOptions
from mindset.tables.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

    from mindset.tables.model import Table

NO_DATASET = error_kind(
    "no-dataset", what=N_("There is no dataset “{id}”."), remedy=N_("See the list of datasets for those there are.")
)
NO_FINDING = error_kind(
    "no-finding", what=N_("There is no finding “{id}”."), remedy=N_("See the list of findings for those there are.")
)
DATASET_IN_USE = error_kind(
    "dataset-in-use",
    what=N_("“{name}” is kept because findings were computed from it."),
    remedy=N_("Delete those findings first: without their data nobody could check them."),
)

FINDING_IN_USE = error_kind(
    "finding-in-use",
    what=N_("This finding is kept because it is evidence for a change or a decision."),
    remedy=N_("What was decided on it must stay open to everyone who reads it."),
)

# What the log calls these acts.
REGISTERED, FORGOTTEN, FOUND, DROPPED = "dataset.registered", "dataset.deleted", "finding.saved", "finding.deleted"

_EXAMPLES: Final = 3
_NAME_LENGTH: Final = 255
_LONGEST_EXAMPLE: Final = 40


def store() -> Store:
    """The content-addressed tables of this organisation."""
    from django.conf import settings

    return Store(Path(settings.MINDSET_HOME) / "store")


def register(
    table: Table, options: ReadOptions | None = None, *, demonstration: bool = False, by: str = SYSTEM
) -> Dataset:
    """Keep ``table`` in the store and put it on record; ``options`` are those that it was read with.

    ``by`` is the id of the person who brought it. Tables of the demonstration have no entry in the log:
    its past is written at once (:mod:`mindset.demo.past`).
    """
    from django.db import transaction

    store().put(table)
    given = dataclasses.asdict(options or ReadOptions())
    standard = dataclasses.asdict(ReadOptions())
    with transaction.atomic():
        record = Dataset.objects.create(
            name=table.name[:_NAME_LENGTH],
            fingerprint=table.fingerprint,
            rows=table.rows,
            columns=_columns(table),
            decisions=[decision.to_json() for decision in table.decisions],
            notes=[{"code": n.code, "text": n.text.to_json(), "values": jsonable(n.values)} for n in table.notes],
            options={name: value for name, value in given.items() if value != standard[name]},
            demonstration=demonstration,
        )
        if not demonstration:
            said = {"fingerprint": table.fingerprint, "rows": table.rows}
            append(REGISTERED, f"dataset/{record.pk}", said, actor=by)
    return record


def _columns(table: Table) -> list[dict[str, Any]]:
    """Name, type, a few different values and the number of empty cells of each column."""
    first: pa.RecordBatch | None = None
    empty = [0] * len(table.schema)
    for batch in table.batches():
        first = first or batch
        empty = [n + column.null_count for n, column in zip(empty, batch.columns, strict=True)]
    return [
        {
            "name": field.name,
            "type": column_type(field.type),
            "examples": _examples(first.column(place)) if first is not None else [],
            "empty": empty[place],
        }
        for place, field in enumerate(table.schema)
    ]


def _examples(column: pa.Array) -> list[str]:
    found: dict[str, None] = {}
    for value in column.slice(0, 100).to_pylist():
        if value is not None and value != "":
            text = str(jsonable(value))
            found[text if len(text) <= _LONGEST_EXAMPLE else text[: _LONGEST_EXAMPLE - 1] + "…"] = None
        if len(found) == _EXAMPLES:
            break
    return list(found)


def dataset(key: str) -> Dataset:
    """The dataset with the id ``key``; a plain error where there is none."""
    found = Dataset.objects.filter(pk=key).first()
    if found is None:
        raise NO_DATASET(id=key)
    return found


def finding(key: str) -> Finding:
    """The finding with the id ``key``; a plain error where there is none."""
    found = Finding.objects.filter(pk=key).first()
    if found is None:
        raise NO_FINDING(id=key)
    return found


def table(record: Dataset, *, verify: bool = False) -> Table:
    """The dataset's rows, with the name and the notes that it was registered with.

    ``verify`` hashes the rows anew; raises InputError where they are gone or altered.
    """
    notes = tuple(Note(note["code"], Text.from_json(note["text"]), note["values"]) for note in record.notes)
    return dataclasses.replace(store().get(record.fingerprint, verify=verify), name=record.name, notes=notes)


def save(result: Result, datasets: Iterable[Dataset], *, by: str = SYSTEM, logged: bool = True) -> Finding:
    """Put ``result`` on record with the datasets that it was computed from; ``by`` is the id of who asked.

    Without ``logged`` the caller writes the entry in the log.
    """
    from django.db import transaction

    payload = result.to_json()
    with transaction.atomic():
        record = Finding.objects.create(
            analysis=result.analysis, payload=payload, digest=result.digest, content=digest(payload)
        )
        record.datasets.set(datasets)
        if logged:
            said = {"analysis": result.analysis, "digest": result.digest}
            append(FOUND, f"finding/{record.pk}", said, actor=by)
    return record


def drop(record: Finding, *, by: str = SYSTEM) -> None:
    """Delete a finding; refused while it is evidence for a change or a decision."""
    from django.db import transaction

    with transaction.atomic():
        if record.evidence.exists() or record.decisions.exists():
            raise FINDING_IN_USE()
        key = record.pk
        record.jobs.all().delete()
        record.delete()
        append(DROPPED, f"finding/{key}", {}, actor=by)


def forget(record: Dataset, *, by: str = SYSTEM) -> None:
    """Delete a dataset, and its rows where no other dataset has the same; refused while a finding needs it."""
    from django.db import transaction

    with transaction.atomic():
        if record.findings.exists():
            raise DATASET_IN_USE(name=record.name)
        key = record.pk
        record.delete()
        append(FORGOTTEN, f"dataset/{key}", {}, actor=by)
        last = not Dataset.objects.filter(fingerprint=record.fingerprint).exists()
    if last:
        store().path(record.fingerprint).unlink(missing_ok=True)
