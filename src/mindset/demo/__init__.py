"""The demonstration council: fictional, made from a seed, with planted truths that the practices must find."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Self

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.demo.truths import Size, Truths

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Council", "Size", "Truths", "build"]

MANIFEST: Final = "manifest.json"

NOT_A_COUNCIL = error_kind(
    "not-a-council",
    what=N_("{folder} exists and is not a demonstration council."),
    remedy=N_("Choose another folder, or empty this one."),
)


@dataclass(frozen=True, slots=True)
class Council:
    """A demonstration council on disk: its folder and its manifest (seed, size and the SHA-256 of every file)."""

    folder: Path
    manifest: Mapping[str, Any]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The council that :func:`build` wrote to ``folder``."""
        if not (folder / MANIFEST).is_file():
            raise NOT_A_COUNCIL(folder=str(folder))
        return cls(folder, json.loads((folder / MANIFEST).read_text("utf-8")))

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables."""
        return tuple(self.manifest["tables"])

    def csv(self, table: str) -> Path:
        """The CSV file of ``table``."""
        return self.folder / str(self.manifest["tables"][table]["csv"]["file"])

    def parquet(self, table: str) -> Path:
        """The Parquet file of ``table``."""
        return self.folder / str(self.manifest["tables"][table]["parquet"]["file"])


def build(folder: Path, *, seed: int = 1, size: Size = "s", truths: Truths | None = None) -> Council:
    """Generate the council of ``seed`` and ``size`` in ``folder``, in place of one that is there.

    Each table is written as CSV and as Parquet, and ``manifest.json`` names them all. The folder
    appears whole or not at all. ``truths`` plants other effects than ``truth.toml``. Raises
    :class:`~mindset.analysis.errors.InputError` if ``folder`` holds something else.
    """
    from mindset.demo.writing import described, write_csv, write_parquet

    truths = truths or Truths.load()
    folder = folder.absolute()
    if folder.exists() and not (folder / MANIFEST).is_file() and not _is_empty(folder):
        raise NOT_A_COUNCIL(folder=str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as workshop:
        new = Path(workshop) / "new"
        new.mkdir()
        entries = {}
        for name, make in makers(truths, seed, size).items():
            table = make()
            csv, parquet = new / f"{name}.csv", new / f"{name}.parquet"
            write_csv(table, csv)
            write_parquet(table, parquet)
            entries[name] = {"rows": table.num_rows, "csv": described(csv), "parquet": described(parquet)}
        manifest = {"council": truths.council, "seed": seed, "size": size, "tables": entries}
        (new / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        if folder.exists():
            folder.rename(Path(workshop) / "old")
        new.rename(folder)
    return Council(folder, manifest)


def makers(truths: Truths, seed: int, size: Size) -> dict[str, Callable[[], pa.Table]]:
    """How each table is made. A table draws from a stream of its own, so none depends on the others."""
    from mindset.demo import council
    from mindset.demo.decision_log import decision_log, planted
    from mindset.demo.log import EVENTS_PER_CASE, permit_log
    from mindset.demo.streams import Stream

    rows = truths.sizes[size]
    twins = rows.null_cases
    return {
        "areas": lambda: council.areas(Stream(seed, "areas")),
        "residents": lambda: council.residents(Stream(seed, "residents"), rows.residents),
        "services": lambda: council.services(truths),
        "changes": lambda: council.changes(truths),
        "events": lambda: permit_log(Stream(seed, "events"), truths, cases=rows.cases, events=rows.events),
        "null_events": lambda: permit_log(
            Stream(seed, "null_events"), truths, cases=twins, events=EVENTS_PER_CASE * twins, null=True
        ),
        "decisions": lambda: decision_log(Stream(seed, "decisions"), planted(truths.decisions)),
        "null_decisions": lambda: decision_log(Stream(seed, "null_decisions"), planted(truths.decisions)),
    }


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())
