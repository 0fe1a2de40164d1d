"""Rows that are no rows of the table: totals at the end of a file, and rows with a gap that a person leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mindset.analysis.declare import find
from mindset.analysis.errors import InputError
from mindset.analysis.finding import Finding
from mindset.practices import load
from mindset.tables.inspect import inspect
from mindset.tables.model import Table
from mindset.tables.options import ReadOptions
from mindset.tables.read import read
from mindset.tables.run import Input, run
from mindset.tables.store import Store
from mindset.tables.written import options_from_text

PAYMENTS = "Date,Supplier,Amount\n2024-01-01,Total Gas,10.50\n2024-01-02,Bryn Ltd,20.25\n2024-01-02,Cwm,-0.75\n"
LOG = """Case,Activity,Start time,End
1,Receive,2024-01-01 10:00,2024-01-01 11:00
1,Visit,2024-01-02 10:00,
2,Receive,2024-01-02 10:00,2024-01-02 12:00
2,Visit,2024-01-03 10:00,N/A
2,Close,2024-01-04 10:00,2024-01-04 10:30
"""


def table(text: str, **options: Any) -> Table:
    return read(text.encode(), name="f.csv", options=ReadOptions(**options))


def said(found: Table, what: str) -> list[str]:
    return [f"{decision.value}: {decision.why}" for decision in found.decisions if decision.what == what]


def summary(found: Table, columns: Mapping[str, str] | None = None) -> Finding:
    load()
    return run(find("processes.summary"), {"log": Input(found, columns or {})}, {})


@pytest.mark.parametrize(
    "foot",
    [
        "Total,,30.00",
        'TOTAL:,,"£30.00"',
        ",Grand total,30",
        "Cyfanswm,,30.00",
        "Total,,30\nGrand total,,30",
        "Total,3,",
    ],
    ids=["total", "currency", "second column", "Welsh", "two", "number of rows"],
)
@pytest.mark.parametrize("end", ["", "\n", "\n,,\n"], ids=["no line end", "line end", "blank row"])
def test_a_total_that_adds_up_is_left_out_and_said(foot: str, end: str) -> None:
    found = table(PAYMENTS + foot + end)
    assert found.rows == 3
    assert [str(kind) for kind in found.schema.types] == ["date32[day]", "string", "double"]
    (decision,) = said(found, "Total at the end")
    assert decision.startswith("left out: line 5")
    assert [note.code for note in found.notes] == ["rows-left-out"]
    assert found.left_out == [{"reason": "total", "rows": 1 + foot.count("\n")}]


def test_what_may_be_a_total_but_does_not_add_up_stays_and_is_said() -> None:
    found = table(PAYMENTS + "Total,,31\n")
    assert found.rows == 4
    assert found.left_out == []
    assert said(found, "Total at the end")[0].startswith("kept: line 5: ")
    assert [str(note.text) for note in found.notes] == [
        "1 row at the end of the file may be a total and was kept (line 5)."
    ]


@pytest.mark.parametrize(
    "row",
    ["2024-02-01,Total Gas,30", "Total Gas,,30", "Total,,", "Total,see note,30", "Totals for May,,30"],
    ids=["supplier", "begins like one", "no figure", "words beside it", "longer"],
)
def test_what_is_not_surely_a_total_is_a_row_like_others(row: str) -> None:
    found = table(PAYMENTS + row + "\n")
    assert found.rows == 4
    assert not said(found, "Total at the end")
    assert not found.notes


def test_only_the_end_of_the_file_holds_totals() -> None:
    assert table(PAYMENTS + "Total,,30.00\n2024-02-01,Cwm,5\n").rows == 5
    only = table("Name,Case,Amount\nTotal,,5\n")
    assert (only.rows, said(only, "Total at the end")) == (1, [])


@pytest.mark.parametrize(("figure", "keep", "rows"), [("30.00", "keep", 4), ("31", "leave-out", 3)])
def test_a_person_decides_otherwise(figure: str, keep: str, rows: int) -> None:
    found = table(f"{PAYMENTS}Total,,{figure}\n", total_row=keep)
    assert found.rows == rows
    assert said(found, "Total at the end")[0].endswith("You said so.")
    assert len(found.notes) == (keep == "leave-out")


def test_the_total_of_a_large_file_with_decimal_commas_is_found() -> None:
    rows = "".join(f"2024-01-01;A;{n},10\n" for n in range(60_000))
    total = sum(range(60_000)) + 6_000
    found = table(f"Date;Supplier;Amount\n{rows}Totals;;{total},00")
    assert found.rows == 60_000
    assert found.left_out == [{"reason": "total", "rows": 1}]


def test_two_totals_at_the_end_of_a_large_file_without_a_line_end() -> None:
    found = table("Name,Amount\n" + "Somebody with a long name,1\n" * 60_000 + "Total,60000\nGrand total,60000")
    assert found.rows == 60_000
    assert found.left_out == [{"reason": "total", "rows": 2}]


def test_inspecting_says_how_to_decide_otherwise(tmp_path: Any) -> None:
    path = tmp_path / "payments.csv"
    path.write_text(PAYMENTS + "Total,,30.00\n")
    assert "--total-row keep|leave-out" in inspect(path).text()


def test_empty_times_are_refused_with_the_way_out() -> None:
    with pytest.raises(InputError) as caught:
        summary(table("Case,Activity,When\n" + "1,a,2024-01-01\n2,a,\n" * 5), {"timestamp": "When"})
    assert str(caught.value) == (
        "f.csv: “Time” has empty cells: 5, the first in row 2, row 4 and row 6. Fill the cells, or leave those rows "
        'out with --leave-out-empty "When". Rows are counted from 1 below the header.'
    )


def test_an_end_that_is_empty_beside_a_start_is_told_from_a_gap() -> None:
    with pytest.raises(InputError) as caught:
        summary(table(LOG))
    assert caught.value.code == "empty-cells-still-open"
    assert str(caught.value).startswith(
        "f.csv: “Time” is empty in rows in which “Start time” is filled: 2, the first in row 2 and row 4. "
        'If these rows are of something that is still going on, leave them out with --leave-out-empty "End"'
    )
    with pytest.raises(InputError) as caught:
        summary(table(LOG + "3,Receive,,\n"))
    assert caught.value.code == "empty-cells"


def test_rows_left_out_are_counted_in_the_caveats_and_the_recipe() -> None:
    found = table(LOG, leave_out_empty=("End",))
    assert found.rows == 3
    assert found.left_out == [{"reason": "empty", "column": "End", "rows": 2}]
    assert said(found, "Rows without a value")[0].startswith("left out: 2")
    finding = summary(found)
    assert finding.result["events"] == 3
    assert "2 rows in which “End” is empty were left out." in [str(caveat) for caveat in finding.caveats]
    assert finding.recipe is not None
    assert finding.recipe.inputs["log"]["left_out"] == found.left_out
    whole = summary(
        table("".join(line for line in LOG.splitlines(keepends=True) if not line.endswith((",\n", "N/A\n"))))
    )
    assert finding.digest == whole.digest
    assert whole.recipe is not None
    assert "left_out" not in whole.recipe.inputs["log"]


def test_what_was_left_out_is_known_after_storing(tmp_path: Any) -> None:
    store = Store(tmp_path)
    found = table(LOG, leave_out_empty=("End",))
    assert store.get(store.put(found)).left_out == found.left_out


def test_each_row_is_left_out_once() -> None:
    found = table("a,b,c\n1,,x\n,,y\n,2,z\n3,4,w\n", leave_out_empty=("a", "b"))
    assert found.to_arrow()["c"].to_pylist() == ["w"]
    assert [(gap["column"], gap["rows"]) for gap in found.left_out] == [("a", 2), ("b", 1)]


def test_leaving_out_works_for_every_format() -> None:
    found = read([{"a": 1, "b": None}, {"a": 2, "b": "x"}], options=ReadOptions(leave_out_empty=("b",)))
    assert found.to_arrow()["a"].to_pylist() == [2]
    found = read(b'[{"a": 1, "b": ""}, {"a": 2, "b": "2024-01-01"}]', options=ReadOptions(leave_out_empty=("b",)))
    assert found.to_arrow()["a"].to_pylist() == [2]


def test_leaving_out_nothing_is_said_without_a_caveat() -> None:
    found = table("a,b\n1,2\n", leave_out_empty=("a",))
    assert (found.rows, found.left_out) == (1, [])
    assert said(found, "Rows without a value")[0].startswith("left out: 0")


@pytest.mark.parametrize(("column", "code"), [("nope", "not-a-column"), ("b", "all-rows-left-out")])
def test_columns_that_cannot_be_left_out(column: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        table("a,b\n1,\n2,\n", leave_out_empty=(column,))
    assert caught.value.code == code
    assert caught.value.problems[0].field == "leave_out_empty"


def test_options_as_people_write_them() -> None:
    options = options_from_text({"leave_out_empty": "When \n\nStart time\n", "total_row": "keep"})
    assert options == ReadOptions(leave_out_empty=("When", "Start time"), total_row="keep")
    with pytest.raises(InputError) as caught:
        options_from_text({"total_row": "perhaps"})
    assert caught.value.code == "bad-option"


@pytest.mark.parametrize("others", ["", "5,a,13/04/2024\n"], ids=["order unknown", "order known"])
def test_a_day_that_no_month_has_is_no_date_and_not_ambiguous(others: str) -> None:
    text = "case,activity,timestamp\n1,a,01/02/2024\n2,a,02/03/2024\n3,a,04/05/2024\n4,a,32/01/2025\n"
    with pytest.raises(InputError) as caught:
        summary(table(text + others))
    assert caught.value.code == "not-a-date"
    assert str(caught.value).startswith("f.csv, row 4: “32/01/2025” in “timestamp” is not a date or time. Correct it")
