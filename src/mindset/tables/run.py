"""Running a declared analysis on tables: bind, compute, seal. Every surface goes through here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mindset.analysis.declare import Analysis
from mindset.analysis.finding import Finding, Recipe
from mindset.analysis.progress import report, within
from mindset.analysis.text import N_, Text
from mindset.tables.bind import bind, resolve
from mindset.tables.engine import connect
from mindset.tables.model import Table
from mindset.version import __version__


@dataclass(frozen=True, slots=True)
class Input:
    """A table and the columns chosen for it (contract column → file column); the rest is found by name."""

    table: Table
    columns: Mapping[str, str] = field(default_factory=dict)


def run(
    analysis: Analysis,
    inputs: Mapping[str, Input],
    parameters: Mapping[str, Any],
    *,
    engine: str = "duckdb",
    threads: int | None = None,
    memory: str | None = None,
) -> Finding:
    """Run ``analysis`` and return its finding with recipe and digest.

    ``inputs`` has one :class:`Input` for each of the analysis's tables. Raises
    :class:`~mindset.analysis.errors.InputError` for anything that does not fit.
    """
    settings = analysis.validate(parameters)
    columns = {
        name: resolve(contract, inputs[name].table, inputs[name].columns) for name, contract in analysis.tables.items()
    }
    report(Text(N_("Reading the table")), 0.05)
    with connect(engine, threads=threads, memory=memory) as opened:
        bound = [
            bind(contract, inputs[name].table, columns[name], opened) for name, contract in analysis.tables.items()
        ]
        report(Text(N_("Computing")), 0.2)
        with within(0.2, 0.95):
            finding = analysis(*bound, **settings)
    report(Text(N_("Writing the finding")), 1.0)
    sources = {
        name: {
            "name": source.table.name,
            "fingerprint": source.table.fingerprint,
            "rows": source.table.rows,
            "columns": columns[name],
            **({"left_out": left_out} if (left_out := source.table.left_out) else {}),
        }
        for name, source in inputs.items()
    }
    recipe = Recipe(inputs=sources, parameters=settings, seed=settings.get("seed"), version=__version__)
    notes = tuple(note.text for source in inputs.values() for note in source.table.notes)
    return finding.sealed(analysis.id, recipe, notes)
