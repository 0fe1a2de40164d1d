"""Types are decided on every cell of a column, stated with their reason, and can be named instead."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from mindset.analysis.errors import InputError
from mindset.analysis.text import Text
from mindset.tables.columns import to_time
from mindset.tables.model import Table
from mindset.tables.options import ReadOptions
from mindset.tables.read import read
from mindset.tables.times import Where, parse_times

WHERE = Where("log.csv", "when", lambda row: Text(f"row {row + 1}"))


def column(cells: list[str], delimiter: str = ",", **options: object) -> Table:
    quoted = "\n".join(f'r{number}{delimiter}"{cell}"' for number, cell in enumerate(cells))
    return read(f"ref{delimiter}x\n{quoted}\n".encode(), name="f.csv", options=ReadOptions(**options))  # type: ignore[arg-type]


def values(cells: list[str], delimiter: str = ",", **options: object) -> list[object]:
    found: list[object] = column(cells, delimiter, **options).to_arrow()["x"].to_pylist()
    return found


def said(table: Table) -> str:
    return "\n".join(decision.render() for decision in table.decisions if decision.column == "x")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "-2", "30"], [1, -2, 30]),
        (["1,954", "12", "3,000,000"], [1954, 12, 3_000_000]),
        (["1.5", "2", "-.5", "7."], [1.5, 2.0, -0.5, 7.0]),
        (["(1,234.50)", "5.00", "(3)"], [-1234.5, 5.0, -3.0]),
        (["12.50-", "1.25"], [-12.5, 1.25]),
        (["10298896.31.", "1.00"], [10298896.31, 1.0]),
        (["£1,234.50", "-£5", "£-6.25", "(£7)"], [1234.5, -5.0, -6.25, -7.0]),
        (["€ 10", "20 €", "$3"], [10.0, 20.0, 3.0]),
        (["\u22125", "\u20136", "7"], [-5, -6, 7]),
        (["12.5%", "3%", "-1 %"], [12.5, 3.0, -1.0]),
        (["1.5e3", "2E-2", "1e+16"], [1500.0, 0.02, 1e16]),
        (["1234,50", "5,25", "1.234,5"], [1234.5, 5.25, 1234.5]),
        (["0,954", "1,250"], [0.954, 1.25]),
        (["1 234,50", "1\u00a0000 000,5"], [1234.5, 1_000_000.5]),
        (["9223372036854775807", "1"], [9223372036854775807, 1]),
        ([" 5 ", "6\u00a0"], [5, 6]),
        (["5", "N/A", "-", "", "NULL", "nan"], [5, None, None, None, None, None]),
        (["5", "REDACTED", "***", "[redacted]", "xxxx"], [5, None, None, None, None]),
        (["TRUE", "false", ""], [True, False, None]),
        (["yes", "No", "YES"], [True, False, True]),
    ],
)
def test_numbers_and_booleans(cells: list[str], expected: list[object]) -> None:
    assert values(cells) == expected
    assert [type(value) for value in values(cells)] == [type(value) for value in expected]


@pytest.mark.parametrize(
    "cells",
    [
        ["007", "12"],  # leading zeros
        ["0161 9733485", "0161 9733486"],
        ["+441619733485", "+441619733486"],
        ["9223372036854775808", "1"],  # one more than int64 holds
        ["12345678901234567.5", "1.5"],  # more digits than a float64 holds
        ["9007199254740993", "0.5"],
        ["123 456 789", "987 654 321"],  # a code in groups
        ["12E4", "13E5"],  # a code, not 120,000
        ["0x1F", "0x2A"],
        ["inf", "1.5"],
        ["(5", "6"],
        ["-(5)", "6"],
        ["--5", "6"],
        ["5-6", "7"],
        ["1,23,456", "7"],
        ["1.2.3", "4"],
        ["1.5", "1,5"],  # both signs before decimals
        ["50%", "0.5"],
        ["Y", "N"],
        ["2023-04-01/P1M", "2023-05-01/P1M"],
        ["10.0.0.1", "10.0.0.2"],
        ["31/02/2024", "30/02/2024"],  # no such days
        ["13/13/2024", "14/14/2024"],
    ],
)
def test_what_stays_text_is_not_touched(cells: list[str]) -> None:
    assert values(cells) == cells


def test_a_straggler_makes_text_and_is_named() -> None:
    found = column(["1.50"] * 15 + ["see note"] + ["2"] * 4)
    assert found.schema.field("x").type == pa.string()
    assert "values that are not numbers: 1 of 20 (line 17: “see note”)" in said(found)
    with pytest.raises(InputError) as caught:
        column(["1.50"] * 15 + ["see note"], types={"x": "number"})
    assert caught.value.code == "not-of-type"
    assert "line 17" in caught.value.message()
    assert "see note" in caught.value.message()


def test_every_surprising_reading_is_stated() -> None:
    text = said(column(["(£1,234.50)", "12.50-", "5.25.", "n/a", "REDACTED"]))
    for expected in (
        "Numbers in brackets: read as negative: 1",
        "Minus after the number: read as negative: 1",
        "Point after the decimals: left out: 1",
        "Currency signs: left out: 1",
        "Thousands: read as one number: 1",
        "Words for nothing: read as empty: 1",
        "Redacted cells: read as empty: 1",
    ):
        assert expected in text
    assert "12.5% is read as 12.5" in said(column(["1%", "2%"]))


def test_redactions_in_text_are_counted_whole_cells_only() -> None:
    cells = ["REDACTED - Personal Information", "Redacted Personal Data", "INDIVIDUAL (MASKED)",
             "Redactive Publishing Ltd", "XXXXX SECURITY SYS R", "Mask Makers Ltd", "Acme"]  # fmt: skip
    found = column(cells)
    assert found.to_arrow()["x"].to_pylist() == cells
    assert "Redacted cells: kept as text: 3" in said(found)


def test_many_different_texts_are_still_searched_for_redactions() -> None:
    found = column([f"Supplier {number} & Sons" for number in range(9_000)] + ["Redacted Data", "REDACTED"])
    assert "Redacted cells: kept as text: 2" in said(found)


def test_unsure_commas_in_a_semicolon_file_are_asked_about() -> None:
    assert values(["1,954", "2,100"], ";") == ["1,954", "2,100"]
    assert "decimal" in said(column(["1,954", "2,100"], ";"))
    assert values(["1,954", "2,100"], ";", decimal=",") == [1.954, 2.1]
    assert values(["1,954", "2,100"], ";", decimal=".") == [1954, 2100]


def test_types_can_be_named() -> None:
    assert values(["1", "2"], types={"x": "text"}) == ["1", "2"]
    assert values(["007", "12"], types={"x": "integer"}) == [7, 12]
    assert values(["1", "2"], types={"x": "number"}) == [1.0, 2.0]
    assert values(["20240331", "20240401"], types={"x": "date"}) == [date(2024, 3, 31), date(2024, 4, 1)]
    assert values(["2024-03-31", ""], types={"x": "time"}) == [datetime(2024, 3, 31, tzinfo=UTC), None]
    for cells, kind in (
        (["1.5"], "integer"),
        (["x"], "date"),
        (["5"], "boolean"),
        (["99999999999999999999"], "integer"),
    ):
        with pytest.raises(InputError) as caught:
            values(cells, types={"x": kind})
        assert cells[0] in caught.value.message()
        assert "line 2" in caught.value.message()
    with pytest.raises(InputError) as caught:
        values(["1"], types={"y": "text"})
    assert caught.value.code == "type-of-no-column"


# Dates and times


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2024-03-01", "2024-12-31"], [date(2024, 3, 1), date(2024, 12, 31)]),
        (["2024/3/1"], [date(2024, 3, 1)]),
        (["31/12/2024", "01/02/2024"], [date(2024, 12, 31), date(2024, 2, 1)]),
        (["12/31/2024", "01/02/2024"], [date(2024, 12, 31), date(2024, 1, 2)]),
        (["31.12.2024", "01.02.2024"], [date(2024, 12, 31), date(2024, 2, 1)]),
        (["05/05/2024", "6/6/2024"], [date(2024, 5, 5), date(2024, 6, 6)]),
        (["13/01/24", "14/01/69"], [date(2024, 1, 13), date(1969, 1, 14)]),
        (["1 May 2024", "02-Jun-2024", "3rd July 2024", "Mon, 05 Aug 2024"],
         [date(2024, 5, 1), date(2024, 6, 2), date(2024, 7, 3), date(2024, 8, 5)]),
        (["May 1, 2024", "Sept 12, 2024"], [date(2024, 5, 1), date(2024, 9, 12)]),
        (["29/02/2024", ""], [date(2024, 2, 29), None]),
    ],
)  # fmt: skip
def test_dates(cells: list[str], expected: list[date]) -> None:
    assert values(cells) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-03-31T00:30:00+00:00", datetime(2024, 3, 31, 0, 30, tzinfo=UTC)),
        ("2024-03-31T02:15:00.5+01:00", datetime(2024, 3, 31, 1, 15, 0, 500_000, tzinfo=UTC)),
        ("2024-03-31 02:15", datetime(2024, 3, 31, 2, 15, tzinfo=UTC)),
        ("2024-03-31T02:15:00.1234567Z", datetime(2024, 3, 31, 2, 15, 0, 123_456, tzinfo=UTC)),
        ("31/03/2024 14:05", datetime(2024, 3, 31, 14, 5, tzinfo=UTC)),
        ("31/03/2024 2:05:06 PM", datetime(2024, 3, 31, 14, 5, 6, tzinfo=UTC)),
        ("31/03/2024 12:05 am", datetime(2024, 3, 31, 0, 5, tzinfo=UTC)),
        ("31 March 2024 09:00", datetime(2024, 3, 31, 9, 0, tzinfo=UTC)),
        ("2024-03-31T10:00:00 -0530", datetime(2024, 3, 31, 15, 30, tzinfo=UTC)),
    ],
)
def test_times(cell: str, expected: datetime) -> None:
    assert values([cell]) == [expected]
    assert values([cell, "2023-12-25T00:00:00Z"]) == [expected, datetime(2023, 12, 25, tzinfo=UTC)]


def test_the_order_of_dates_is_stated() -> None:
    found = column(["01/02/2024", "31/12/2024"])
    assert "Order of dates: day/month/year. Only that order fits 31/12/2024 (line 3)." in said(found)
    assert [note.code for note in found.notes] == ["date-order"]


def test_an_unsettled_order_leaves_text_and_is_asked_about_when_a_date_is_needed() -> None:
    found = column(["03/04/2024 10:00", "04/05/2024 10:00"])
    assert found.schema.field("x").type == pa.string()
    assert "could be day/month or month/day (line 2: “03/04/2024 10:00”)" in said(found)
    with pytest.raises(InputError) as caught:
        to_time(found, "x")
    assert caught.value.code == "ambiguous-dates"
    assert "row 1" in caught.value.message()
    assert to_time(found, "x", ReadOptions(date_order="mdy")).to_pylist()[0] == datetime(2024, 3, 4, 10, tzinfo=UTC)
    assert values(["03/04/2024"], date_order="dmy") == [date(2024, 4, 3)]


def test_dates_of_both_orders_stay_text() -> None:
    found = column(["31/12/2024", "12/31/2024"])
    assert found.schema.field("x").type == pa.string()
    assert "some only month/day (line 3: “12/31/2024”)" in said(found)
    assert column(["31/12/2024"], date_order="mdy").schema.field("x").type == pa.string()


def test_times_without_an_offset_take_the_zone_and_say_so() -> None:
    found = column(["2024-07-01 10:00"])
    assert [note.code for note in found.notes] == ["time-zone"]
    assert "Time zone: UTC" in said(found)
    assert values(["2024-07-01 10:00", "2024-07-01T10:00:00Z"], timezone="Europe/London") == [
        datetime(2024, 7, 1, 9, tzinfo=UTC),
        datetime(2024, 7, 1, 10, tzinfo=UTC),
    ]


def test_hours_that_the_clocks_skip_or_repeat() -> None:
    assert values(["2024-10-27 01:30"], timezone="Europe/London") == [datetime(2024, 10, 27, 0, 30, tzinfo=UTC)]
    with pytest.raises(InputError) as caught:
        values(["2024-03-31 00:30", "2024-03-31 01:30"], timezone="Europe/London")
    assert caught.value.code == "no-such-time"
    assert "line 3" in caught.value.message()


def test_parse_times_names_the_row_and_the_text() -> None:
    with pytest.raises(InputError) as caught:
        parse_times(pa.array(["2024-01-01", None, "soon"]), date_order=None, timezone=None, where=WHERE)
    assert caught.value.code == "not-a-date"
    assert "row 3" in caught.value.message()
    assert "soon" in caught.value.message()
    nothing = parse_times(pa.array([None, " "], pa.string()), date_order=None, timezone=None, where=WHERE)
    assert nothing.null_count == 2


def test_types_are_decided_on_the_whole_file_not_on_its_beginning() -> None:
    late = "n,m\n" + "1,2\n" * 700_000 + "x,3.5\n"
    found = read(late.encode())
    assert [str(kind) for kind in found.schema.types] == ["string", "double"]
    (why,) = [str(decision.why) for decision in found.decisions if decision.column == "n"]
    assert "values that are not numbers: 1 of 700,001 (line 700,002: “x”)" in why
