"""Table contracts: the columns that an analysis needs, their types and meaning.

A contract is a class; its ``columns`` are the declaration from which come the mapping
form, the ``--case COL`` options, the documentation and the checks. An instance is a real
table bound to the contract: an Ibis table whose columns carry the contract's names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from mindset.analysis.errors import Note

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

ColumnType = Literal["text", "time", "number", "integer", "boolean"]

# The name of the column that holds each row's place in the file, from 0. It breaks ties in
# every ordering, so that results do not depend on an engine's choice.
ROW = "__row"  # a name that no column of a file has


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a contract.

    ``also`` lists further names under which files carry this column, in lower case; a file
    column with exactly one of these names is taken without asking.
    """

    name: str
    type: ColumnType
    title: str
    meaning: str
    required: bool = True
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is recognised, the contract's own first."""
        return (self.name, *self.also)


class Engine(Protocol):
    """What a method may ask of the engine that holds its tables."""

    @property
    def name(self) -> str:
        """``duckdb`` or ``spark``."""
        ...

    def keep(self, table: ir.Table) -> ir.Table:
        """Compute ``table`` once and hold it for the questions that follow."""
        ...

    def put(self, columns: Mapping[str, NDArray[np.int64]]) -> ir.Table:
        """A small table of whole numbers, to be joined with what the engine holds."""
        ...

    def fetch(self, table: ir.Table) -> pa.Table:
        """The rows of ``table`` in memory; whole numbers as int64, other numbers as float64."""
        ...

    def arrays(self, table: ir.Table) -> dict[str, NDArray[Any]]:
        """The columns of ``table`` as numpy arrays; they must be numbers, and none may be missing."""
        ...


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A table bound to its contract.

    ``table`` has the contract's columns under the contract's names, every other column of
    the file under its own, and ``row``. Times are int64 microseconds since 1970 in UTC, so
    that differences are the same on every engine.
    """

    title: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]

    table: ir.Table
    engine: Engine
    name: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def has(self, column: str) -> bool:
        """Whether the file has a column bound to the contract's ``column``."""
        return column in self.mapping

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The columns by the names that they have in the file, those with a part in the contract first."""
        others = (name for name in self.table.columns if name not in self.mapping and name != ROW)
        return (*self.mapping.values(), *others)

    def file_column(self, name: str) -> ir.Column:
        """The column called ``name`` in the file, whatever part it plays."""
        parts = {column: part for part, column in self.mapping.items()}
        return self.table[parts.get(name, name)]
