"""Python's surface: ``mindset.PRACTICE.ANALYSIS(table, **parameters)``, for scripts and notebooks."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from mindset.analysis.declare import Analysis, registered
from mindset.analysis.errors import error_kind
from mindset.analysis.finding import Finding
from mindset.analysis.text import N_
from mindset.practices import load

MISSING_TABLE = error_kind(
    "missing-table", what=N_("{analysis} needs a table for “{table}”."), remedy=N_("Give a file, or a table in memory.")
)


@cache
def practice(name: str) -> SimpleNamespace:
    """The analyses of the practice ``name`` as functions."""
    if name not in load():
        raise AttributeError(f"module 'mindset' has no attribute {name!r}")
    return SimpleNamespace(**{item.name: _function(item) for item in registered().values() if item.practice == name})


def _function(analysis: Analysis) -> Callable[..., Finding]:
    """``analysis`` as a function of files, data frames, Arrow tables or lists of records."""

    def call(
        *sources: Any,
        engine: str = "duckdb",
        threads: int | None = None,
        memory: str | None = None,
        options: Any = None,
        **arguments: Any,
    ) -> Finding:
        from mindset.tables.options import ReadOptions
        from mindset.tables.read import read
        from mindset.tables.run import Input, run

        given = dict(zip(analysis.tables, sources, strict=False))
        inputs = {}
        for table, contract in analysis.tables.items():
            source = given.get(table, arguments.pop(table, None))
            if source is None:
                raise MISSING_TABLE(analysis=analysis.id, table=table)
            columns = {c.name: arguments.pop(c.name) for c in contract.columns if c.name in arguments}
            inputs[table] = Input(read(source, options=options or ReadOptions()), columns)
        return run(analysis, inputs, arguments, engine=engine, threads=threads, memory=memory)

    call.__name__ = analysis.name
    call.__qualname__ = analysis.id
    call.__doc__ = analysis.description
    call.__signature__ = _signature(analysis)  # type: ignore[attr-defined]
    return call


def _signature(analysis: Analysis) -> inspect.Signature:
    """The declared parameters with the columns of each contract, as ``help()`` shows them."""
    declared = inspect.signature(analysis.function)
    columns = [
        inspect.Parameter(column.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation="str | None")
        for contract in analysis.tables.values()
        for column in contract.columns
    ]
    engine = inspect.Parameter("engine", inspect.Parameter.KEYWORD_ONLY, default="duckdb", annotation="str")
    return declared.replace(parameters=[*declared.parameters.values(), *columns, engine])
