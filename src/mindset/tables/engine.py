"""The engine: where tables are held and questions are computed. The only module that knows DuckDB or Spark.

Methods see Ibis tables and the two verbs of :class:`mindset.analysis.contract.Engine`. In a
table that the engine holds every time is int64 microseconds since 1970 (UTC) and ``row`` is
the place in the file, because only integers and a total order give the same answer, to the
last digit, on DuckDB, JVM Spark and Sail.
"""

from __future__ import annotations

import re
import socket
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from mindset.analysis.contract import ROW
from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_

if TYPE_CHECKING:
    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir
    import numpy as np
    import pyarrow as pa
    from ibis.backends import BaseBackend
    from numpy.typing import NDArray

    from mindset.tables.model import Table

UNKNOWN_ENGINE = error_kind(
    "unknown-engine",
    what=N_("There is no engine called “{engine}”."),
    remedy=N_("Use duckdb, or the address of a Spark server: spark://HOST:PORT or sc://HOST:PORT."),
)
NO_SPARK = error_kind(
    "no-spark",
    what=N_("The Spark client is not installed."),
    remedy=N_("Install it with: pip install 'digital-mindset[cluster]'."),
)
SPARK_AWAY = error_kind(
    "spark-away",
    what=N_("No Spark server answers at {engine}."),
    remedy=N_("Check the address and that the server is running, or leave the engine out to use this machine."),
)
BAD_MEMORY = error_kind(
    "bad-memory",
    what=N_("“{value}” is no amount of memory."),
    remedy=N_("Write a number and a unit, such as 500MB or 4GB."),
)
BAD_THREADS = error_kind(
    "bad-threads", what=N_("The work cannot be done by {value} threads."), remedy=N_("Give 1 or more.")
)

_MEMORY: Final = re.compile(r"\d+(\.\d+)?\s*[KMGT]i?B", re.IGNORECASE)
_SPARK_PORTS: Final = {"sc": 15002, "spark": 7077}
_PATIENCE: Final = 5  # seconds for a server to answer


class _IbisEngine(ABC):
    """What both engines share: names for kept tables, and one form for results."""

    name: str

    def __init__(self, backend: BaseBackend) -> None:
        self._backend = backend
        self._names = (f"mindset_{number}" for number in count())

    @abstractmethod
    def hold(self, table: Table) -> ir.Table:
        """``table`` as an Ibis table with times as int64 microseconds and its ``row`` numbers."""

    @abstractmethod
    def keep(self, table: ir.Table) -> ir.Table:
        """Compute ``table`` once and hold it for the questions that follow."""

    @abstractmethod
    def put(self, columns: Mapping[str, NDArray[np.int64]]) -> ir.Table:
        """A small table of whole numbers, to be joined with what the engine holds."""

    def fetch(self, table: ir.Table) -> pa.Table:
        """The rows of ``table`` in memory; whole numbers as int64, other numbers as float64."""
        import pyarrow as pa

        result = self._rows(table)
        # The expression knows better than the result: DuckDB's sums of whole numbers come as decimals.
        plain = {name: _plain(kind) for name, kind in table.schema().items()}
        return result.cast(pa.schema([(field.name, plain[field.name] or field.type) for field in result.schema]))

    def arrays(self, table: ir.Table) -> dict[str, NDArray[Any]]:
        """The columns of ``table`` as numpy arrays; they must be numbers, and none may be missing."""
        import numpy as np

        # Through DLPack: pyarrow's own to_numpy() imports pandas.
        found = self.fetch(table).combine_chunks()
        return {
            name: np.from_dlpack(column.chunk(0)) if found.num_rows else np.empty(0, column.type.to_pandas_dtype())
            for name, column in zip(found.column_names, found.columns, strict=True)
        }

    @abstractmethod
    def _rows(self, table: ir.Table) -> pa.Table:
        """The rows of ``table`` with the engine's own types."""

    def close(self) -> None:
        """Let go of every table."""
        self._backend.disconnect()


def _plain(kind: dt.DataType) -> pa.DataType | None:
    """The one form in which values of this type are handed out; None for any that has its own."""
    import pyarrow as pa

    if kind.is_integer():
        return pa.int64()
    if kind.is_floating() or kind.is_decimal():
        return pa.float64()
    return pa.string() if kind.is_string() else None


def _numbered(table: pa.Table) -> pa.Table:
    """``table`` with times as int64 microseconds and a ``row`` column."""
    import numpy as np
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        columns[name] = column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
    columns[ROW] = pa.array(np.arange(table.num_rows, dtype=np.int64))
    return pa.table(columns)


class DuckDBEngine(_IbisEngine):
    """This machine: DuckDB in memory, spilling to a temporary folder when ``memory`` is used up."""

    name = "duckdb"

    def __init__(self, *, threads: int | None = None, memory: str | None = None) -> None:
        import ibis

        self._spill = tempfile.TemporaryDirectory(prefix="mindset-engine-")
        # Rows are numbered and every question that needs an order asks for it; keeping another costs memory.
        settings: dict[str, Any] = {"temp_directory": self._spill.name, "preserve_insertion_order": False}
        if threads:
            settings["threads"] = threads
        if memory:
            settings["memory_limit"] = memory
        super().__init__(ibis.duckdb.connect(**settings))

    def hold(self, table: Table) -> ir.Table:
        if isinstance(table.data, Path):
            return self.scan(table.data)
        return self._register(_numbered(table.data))

    def put(self, columns: Mapping[str, NDArray[np.int64]]) -> ir.Table:
        return self._register(dict(columns))

    def _register(self, data: Any) -> ir.Table:
        """Let DuckDB read ``data`` (an Arrow table, or numpy arrays by name) where it lies in memory."""
        name = next(self._names)
        self._connection.register(name, data)
        return self._table(name)

    def _table(self, name: str, schema: Any = None) -> ir.Table:
        """The table called ``name`` as an expression, equal to any other engine's (see :func:`_duckdb_sql`)."""
        import ibis

        return ibis.table(schema or self._backend.table(name).schema(), name=name)

    def _rows(self, table: ir.Table) -> pa.Table:
        # Not by table.to_pyarrow(), which imports pandas.
        return self._connection.execute(_duckdb_sql(table.op())).to_arrow_table()

    def scan(self, parquet: Path) -> ir.Table:
        """A Parquet file as it lies on disk, numbered in file order and never copied whole into memory."""
        name = next(self._names)
        source = "read_parquet({}, file_row_number = true)".format(_quoted(str(parquet), "'"))
        found = self._connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608
        columns = []
        for column, kind, *_ in found:
            quoted = _quoted(column)
            if column not in (ROW, "file_row_number"):
                # On the moment itself: DuckDB's cast to a time without a zone asks ICU about each one.
                columns.append(f"epoch_us({quoted}) AS {quoted}" if kind.startswith("TIMESTAMP") else quoted)
        columns.append(f"file_row_number AS {_quoted(ROW)}")
        self._connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {', '.join(columns)} FROM {source}")  # noqa: S608
        return self._table(name)

    def keep(self, table: ir.Table) -> ir.Table:
        name = next(self._names)
        self._connection.execute(f"CREATE TEMP TABLE {name} AS {_duckdb_sql(table.op())}")
        return self._table(name, table.schema())

    @property
    def _connection(self) -> Any:
        return self._backend.con

    def close(self) -> None:
        super().close()
        self._spill.cleanup()


@lru_cache(maxsize=512)
def _duckdb_sql(question: Any) -> str:
    """The SQL text of an Ibis operation.

    Compiling takes 5 to 10 ms, as long as scanning a million rows. The tables of every engine carry the
    same names in turn, so a process that is asked the same question again finds its text here.
    """
    import ibis

    return str(ibis.to_sql(question.to_expr(), dialect="duckdb", pretty=False))


def _quoted(text: str, mark: str = '"') -> str:
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"


class SparkEngine(_IbisEngine):
    """A Spark cluster, or Sail, by its Spark Connect address; the same expressions, the same answers.

    Tables that are not yet on the cluster's storage travel as a Parquet file in ``exchange``,
    a folder that this machine and the cluster both see.
    """

    name = "spark"

    def __init__(self, address: str, exchange: Path | None = None) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise NO_SPARK() from None
        import ibis

        _knock(address)
        builder = SparkSession.builder
        builder = builder.remote(address) if address.startswith("sc://") else builder.master(address)
        try:
            session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
            session.conf.set("spark.sql.session.timeZone", "UTC")
        except Exception:  # Every client library fails in its own way; the reader needs one sentence.
            raise SPARK_AWAY(engine=address) from None
        self._session = session
        self._exchange = tempfile.TemporaryDirectory(prefix="mindset-engine-", dir=exchange)
        self._kept: list[str] = []
        super().__init__(ibis.pyspark.connect(session))

    def hold(self, table: Table) -> ir.Table:
        return self._load(_numbered(table.to_arrow()))

    def put(self, columns: Mapping[str, NDArray[np.int64]]) -> ir.Table:
        import pyarrow as pa

        return self._load(pa.table(dict(columns)))

    def _load(self, table: pa.Table) -> ir.Table:
        import pyarrow.parquet as pq

        name = next(self._names)
        path = Path(self._exchange.name) / f"{name}.parquet"
        pq.write_table(table, path)
        return self._backend.read_parquet(path, table_name=name)

    def _rows(self, table: ir.Table) -> pa.Table:
        return table.to_pyarrow()

    def keep(self, table: ir.Table) -> ir.Table:
        name = next(self._names)
        self._kept.append(name)
        return self._backend.create_table(name, table, overwrite=True)

    def close(self) -> None:
        for name in self._kept:
            self._backend.drop_table(name, force=True)
        self._session.stop()
        self._exchange.cleanup()


def _knock(address: str) -> None:
    """Refuse an address where nothing listens; the Spark client alone would try for ten minutes."""
    place = urlsplit(address)
    try:
        if place.scheme in ("sc", "spark"):
            socket.create_connection(
                (place.hostname or "", place.port or _SPARK_PORTS[place.scheme]), _PATIENCE
            ).close()
    except (OSError, ValueError):
        raise SPARK_AWAY(engine=address) from None


AnyEngine = DuckDBEngine | SparkEngine


@contextmanager
def connect(engine: str = "duckdb", *, threads: int | None = None, memory: str | None = None) -> Iterator[AnyEngine]:
    """Open the engine that ``engine`` names (``duckdb``, ``spark://…``, ``sc://…``) and close it afterwards.

    ``threads`` and ``memory`` (such as ``4GB``) bound DuckDB; a cluster has its own limits.
    """
    opened: AnyEngine
    if memory and not _MEMORY.fullmatch(memory):
        raise BAD_MEMORY(field="memory", value=memory)
    if threads is not None and threads < 1:
        raise BAD_THREADS(field="threads", value=threads)
    if engine == "duckdb":
        opened = DuckDBEngine(threads=threads, memory=memory)
    elif engine.startswith(("spark://", "sc://", "local")):
        opened = SparkEngine(engine)
    else:
        raise UNKNOWN_ENGINE(engine=engine)
    try:
        yield opened
    finally:
        opened.close()
