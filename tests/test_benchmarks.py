"""The benchmarks run, and both sides of each agree on the answers; times are not judged here."""

from __future__ import annotations

from random import Random

from benchmarks import engine, intake, measure, processes, xes


def test_the_practice_and_its_peer_answer_alike(capsys):
    assert processes.compare_sides(10_000, rounds=1) == []
    assert "peak memory" in capsys.readouterr().out


def test_the_engine_answers_as_sql_written_by_hand(capsys):
    assert engine.main(10_000, rounds=1) == 0
    assert "beyond compiling" in capsys.readouterr().out


def test_no_odd_file_comes_in_wrong():
    verdicts, _ = intake.count_verdicts(30)
    assert verdicts["ours"]["wrong"] == 0
    assert verdicts["ours"]["right"] >= 27


def test_odd_files_have_the_truth_that_they_claim(tmp_path):
    made = intake.odd_file(Random(4), 500, frozenset())
    path = tmp_path / "plain.csv"
    path.write_bytes(made.content)
    assert [intake.judge(reader, path, made) for reader in intake.READERS.values()] == ["right"] * 3


def test_every_reader_finds_the_events_of_an_xes_log(capsys):
    xes.main(1_000, rounds=1)
    assert "PM4Py" in capsys.readouterr().out


def test_memory_is_that_of_the_process_alone():
    held = bytearray(200 * 1024**2)
    held[::4096] = b"x" * len(held[::4096])
    child = measure.apart("tests.test_benchmarks:idle")
    assert child.peak < 150 * 1024**2 < measure.peak_memory()


def idle(clock: measure.Clock) -> None:
    with clock.part("nothing"):
        pass
