"""The same answer, to the last figure of the digest, from DuckDB with any number of threads and from Spark (Sail)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import mindset
from mindset.analysis.declare import registered
from mindset.analysis.errors import InputError
from mindset.practices import load
from mindset.tables.engine import connect

PRACTICES = Path(mindset.__file__).parent / "practices"
load()


@pytest.fixture(scope="module")
def sail(tmp_path_factory):
    """The address of a Sail server of our own."""
    script = (
        "import sys, time; from pysail.spark import SparkConnectServer;"
        "server = SparkConnectServer(ip='127.0.0.1', port=0); server.start(background=True);"
        "print(server.listening_address[1], flush=True); sys.stdin.read()"
    )
    folder = tmp_path_factory.mktemp("sail")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-c", script], **pipes, cwd=folder, text=True) as process:
        yield f"sc://127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()
        process.wait(timeout=20)


def example(analysis, **engine):
    ask = getattr(getattr(mindset, analysis.practice), analysis.name)
    files = {name: PRACTICES / analysis.practice / file for name, file in analysis.example_tables.items()}
    return ask(**files, **analysis.example_parameters, **engine)


@pytest.mark.parametrize("name", sorted(registered()))
def test_every_analysis_has_one_digest_on_every_engine(name, sail):
    analysis = registered()[name]
    expected = example(analysis).digest
    assert [example(analysis, threads=threads).digest for threads in (1, 2, 4)] == [expected] * 3
    assert example(analysis, memory="200MB").digest == expected
    assert example(analysis, engine=sail).digest == expected


@pytest.mark.parametrize("log", ["patients", "traffic_fines_10k"])
@pytest.mark.parametrize("name", ["map", "variants", "performance", "summary"])
def test_real_logs_have_one_digest_on_both_engines(log, name, sail, shared_data):
    path = shared_data / "processes-outcomes-forecasts" / f"{log}.csv.gz"
    ask = getattr(mindset.processes, name)
    assert ask(path, engine=sail).digest == ask(path).digest


@pytest.mark.parametrize(("address", "code"), [("oracle", "unknown-engine"), ("sc://127.0.0.1:1", "spark-away")])
def test_an_engine_that_is_not_there_is_said_plainly(address, code):
    with pytest.raises(InputError) as refused, connect(address):
        pass
    assert refused.value.code == code


@pytest.mark.parametrize(("limits", "code"), [({"memory": "lots"}, "bad-memory"), ({"threads": 0}, "bad-threads")])
def test_limits_that_cannot_be_are_refused(limits, code):
    with pytest.raises(InputError) as refused, connect(**limits):
        pass
    assert refused.value.code == code


def test_a_table_on_disk_gives_the_answer_of_one_in_memory(tmp_path, monkeypatch):
    from mindset.tables.read import read

    table = read(PRACTICES / "processes" / "example.csv")
    stored = tmp_path / "log.parquet"
    table.parquet(stored)
    from dataclasses import replace

    from mindset.tables.run import Input, run

    analysis = registered()["processes.map"]
    inputs = [Input(table), Input(replace(table, data=stored))]
    assert len({run(analysis, {"log": source}, {}).digest for source in inputs}) == 1


def test_numbers_handed_over_come_back():
    import numpy as np

    with connect() as engine:
        held = engine.put({"case": np.array([3, 1], dtype=np.int64)})
        assert engine.arrays(held.order_by("case"))["case"].tolist() == [1, 3]
        assert engine.fetch(held).schema == pa.schema([("case", pa.int64())])
        assert engine.arrays(held.filter(held.case > 5))["case"].tolist() == []
