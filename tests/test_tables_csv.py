"""Delimited text, however odd: every cell right, or one plain sentence with the line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mindset.analysis.errors import InputError
from mindset.tables.model import Table
from mindset.tables.options import ReadOptions
from mindset.tables.read import read


def table(text: str | bytes, **options: object) -> Table:
    data = text.encode() if isinstance(text, str) else text
    return read(data, name="pay.csv", options=ReadOptions(**options))  # type: ignore[arg-type]


def rows(text: str | bytes, **options: object) -> dict[str, list[object]]:
    found: dict[str, list[object]] = table(text, **options).to_arrow().to_pydict()
    return found


def refused(text: str | bytes, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        table(text, **options)
    return caught.value


def decided(found: Table, what: str) -> list[str]:
    return [str(decision.value) for decision in found.decisions if decision.what == what]


# Encodings


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("cp1252", "windows-1252"),
    ],
)
def test_an_encoding_is_found_and_said(encoding: str, named: str) -> None:
    found = table("name,cost\nCafé Rouge,£5.00\nPlas Coch,£6.50\n".encode(encoding))
    assert found.to_arrow().to_pydict() == {"name": ["Café Rouge", "Plas Coch"], "cost": [5.0, 6.5]}
    assert decided(found, "Encoding") == [named]


def test_windows_1252_names_the_characters_to_check() -> None:
    found = table("name\n“Tŷ” £\n".replace("ŷ", "ÿ").encode("cp1252"))
    (encoding,) = [decision for decision in found.decisions if decision.what == "Encoding"]
    assert "“ ÿ ” £" in str(encoding.why)
    assert encoding.override == "encoding"


@pytest.mark.parametrize(
    ("data", "line", "offset"),
    [
        ("name\ncafé\n".encode() + "£5\n".encode("cp1252"), "line 3", "byte 12"),
        ("name\n£5\n".encode("cp1252") + "café\n".encode(), "line 3", "byte 12"),
    ],
)
def test_two_encodings_in_one_file_are_refused_with_the_line(data: bytes, line: str, offset: str) -> None:
    error = refused(data)
    assert error.code == "mixed-encodings"
    assert line in error.message()
    assert offset in error.message()


def test_a_late_stray_byte_is_found_beyond_the_first_piece() -> None:
    data = b"name,n\n" + b"abc,1\n" * 400_000 + "£,2\n".encode("cp1252")
    found = table(data)
    assert found.rows == 400_001
    assert found.to_arrow()["name"][-1].as_py() == "£"
    assert refused("é,n\n".encode() + data[7:]).code == "mixed-encodings"


def test_a_named_encoding_is_obeyed_or_refused() -> None:
    assert rows("name\nŵyr\n".encode("iso-8859-14"), encoding="iso-8859-14") == {"name": ["ŵyr"]}
    assert refused("name\n£\n".encode("cp1252"), encoding="utf-8").code == "not-in-encoding"
    assert refused(b"name\nx\n", encoding="klingon").code == "bad-option"


def test_a_character_cut_by_the_border_of_two_pieces_is_whole() -> None:
    data = b"name\n" + b"x" * (1024 * 1024 - 6) + "é\nz\n".encode()
    assert rows(data)["name"][0] == "x" * (1024 * 1024 - 6) + "é"


# Delimiters, quotation marks, line ends


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end(delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(row) for row in [("ref", "note"), ("a1", '"x\ny"'), ("a2", "plain"), ("", "")])
    assert rows(text) == {"ref": ["a1", "a2"], "note": ["x\ny", "plain"]}


def test_mixed_line_ends() -> None:
    assert rows("a,b\r\nx,y\nz,w\rq,r") == {"a": ["x", "z", "q"], "b": ["y", "w", "r"]}


def test_semicolons_with_decimal_commas() -> None:
    assert rows("name;amount\nx;1,5\ny;2,25\n") == {"name": ["x", "y"], "amount": [1.5, 2.25]}


def test_a_file_that_both_delimiters_fit_is_asked_about() -> None:
    error = refused("a,b;c\n1,2;3\n")
    assert error.code == "unsure-delimiter"
    assert rows("a,b;c\n1,2;3\n", delimiter=";") == {"a,b": [1.2], "c": [3]}


def test_a_sign_in_every_text_is_not_taken_for_the_delimiter_of_a_ragged_file() -> None:
    body = "".join(f"{number},Road | Street,x,y,z\n" for number in range(40))
    error = refused(f"ref,place,a,b,c\n{body}1,2\n3,4\n")
    assert error.code == "ragged-row"
    assert "line 42" in error.message()
    tabs = "ref\tplace\n" + "".join(f"{number}\ta, b, c, d\n" for number in range(40))
    assert rows(tabs)["place"] == ["a, b, c, d"] * 40


def test_the_first_line_of_a_spreadsheet_export_may_name_the_delimiter() -> None:
    found = table("sep=|\na|b\nx,1|y\n")
    assert found.to_arrow().to_pydict() == {"a": ["x,1"], "b": ["y"]}


def test_single_quotation_marks() -> None:
    found = table("'name','note'\n'O''Brien','x,y'\n'b','c'\n")
    assert found.to_arrow().to_pydict() == {"name": ["O'Brien", "b"], "note": ["x,y", "c"]}
    assert decided(found, "Quotation mark") == ["'"]


def test_a_mark_inside_a_plain_cell_is_text_and_spaces_around_a_quoted_cell_go() -> None:
    assert rows('item,note\n5" pipe,x\na, "b, c" \n"q","say ""hi"""\n') == {
        "item": ['5" pipe', "a", "q"],
        "note": ["x", "b, c", 'say "hi"'],
    }


def test_one_column_without_any_delimiter() -> None:
    found = table("name\nx\n\ny\n")
    assert found.to_arrow().to_pydict() == {"name": ["x", "y"]}
    assert decided(found, "Delimiter") == ["none"]
    assert decided(found, "Blank rows") == ["left out: 1"]


# Header


def test_lines_above_the_header_are_left_out_and_quoted() -> None:
    found = table("Payments over £500,,\nMonth:,April 2024,\n\nBody,Date,Amount\nX,2024-04-01,5\nTotal,,5\n")
    assert found.schema.names == ["Body", "Date", "Amount"]
    assert found.rows == 1  # The total is left out too, and that is another decision.
    (header,) = [decision for decision in found.decisions if decision.what == "Header"]
    assert "Payments over £500; Month: April 2024" in str(header.why)
    assert str(header.value) == "line 4"


def test_names_are_made_and_told_apart() -> None:
    found = table("Amount,Amount,,amount,Year 2024\na,b,c,d,e\n")
    assert found.schema.names == ["Amount", "Amount_2", "column_3", "amount_3", "Year 2024"]
    assert decided(found, "Name") == ["Amount_2", "column_3", "amount_3"]


def test_a_made_name_does_not_take_one_that_is_there() -> None:
    assert table("x_2,x,x,column_4,\n1,2,3,4,5\n").schema.names == ["x_2", "x", "x_3", "column_4", "column_5"]


def test_years_are_names() -> None:
    assert rows("Area,2023,2024\nX,1,2\n") == {"Area": ["X"], "2023": [1], "2024": [2]}


def test_a_missing_header_is_refused_and_can_be_said() -> None:
    error = refused("X,1.5,2024-01-01\nY,2.5,2024-01-02\n")
    assert error.code == "no-header"
    assert "line 1" in error.message()
    found = rows("X,1.5\nY,2.5\n", header_row=0)
    assert found == {"column_1": ["X", "Y"], "column_2": [1.5, 2.5]}


def test_a_named_header_row() -> None:
    assert rows("a,b\nc,d\n1,2\n", header_row=2) == {"c": [1], "d": [2]}
    assert refused("a,b\nc,d\n", header_row=9).code == "no-header-line"


def test_nothing_to_read() -> None:
    assert refused(b"").code == "empty-file"
    assert refused(b"\xef\xbb\xbf").code == "empty-file"
    assert refused("\n \n").code == "empty-file"
    assert refused("a,b\n").code == "no-rows"


# Rows


def test_a_ragged_row_is_refused_with_line_expected_and_found() -> None:
    error = refused('a,b,c\n1,"x\ny",2\n3,4\n')
    assert error.code == "ragged-row"
    assert "line 4" in error.message()
    assert "2 cells where the header has 3" in error.message()
    assert rows("a,b\n1,2\n3\n", pad_short_rows=True) == {"a": [1, 3], "b": [2, None]}
    assert "line 3" in refused("a,b\n1,2\n1,2,3\n").message()


def test_empty_cells_beyond_the_header_are_left_out() -> None:
    found = table("a,b\n1,2,,\n3,4\n5,6, \n")
    assert found.to_arrow().to_pydict() == {"a": [1, 3, 5], "b": [2, 4, 6]}
    assert decided(found, "Cells beyond the header") == ["left out; rows concerned: 2"]
    assert rows("a,b\n1,2,\n3,4,\n") == {"a": [1, 3], "b": [2, 4]}
    assert refused("a,b\n1,2,\n3,4,x\n").code == "ragged-row"


def test_blank_rows_of_every_kind_are_left_out_and_counted() -> None:
    found = table('a,b\n\n1,2\n,\n   \n" ",""\n3,4\n\n')
    assert found.to_arrow().to_pydict() == {"a": [1, 3], "b": [2, 4]}
    assert decided(found, "Blank rows") == ["left out: 5"]


def test_a_quotation_mark_that_is_never_closed_is_named_where_it_opens() -> None:
    error = refused('a,b\n1,2\n3,"four\n5,6\n')
    assert error.code == "open-quote"
    assert "line 3" in error.message()
    later = refused('a,b\n1,2\n3,"four\n5,"six"\n')
    assert later.code == "text-after-quote"
    assert "line 3" in later.message()
    assert "line 4" in later.message()


def test_lines_are_right_after_breaks_in_cells_and_blank_rows() -> None:
    found = table('ref,amount\n"a\nb",1\n\n,\nc,2\nd,x\ne,3\n')
    (kind,) = [decision for decision in found.decisions if decision.column == "amount"]
    assert "values that are not numbers: 1 of 4 (line 7: “x”)" in str(kind.why)


def test_cells_that_look_like_formulas_are_text_and_noted() -> None:
    found = table("name,note\na,=1+1\nb,@x\nc,plain\n")
    assert found.to_arrow()["note"].to_pylist() == ["=1+1", "@x", "plain"]
    assert [str(note.text) for note in found.notes] == ["note: 2 cells begin with = + - or @ and were read as text."]


def test_text_keeps_its_spaces_and_blank_cells_are_empty() -> None:
    assert rows("a,b\n x ,y\n  ,z\n") == {"a": [" x ", None], "b": ["y", "z"]}


# Round trips

_TEXT = st.text(
    st.characters(
        codec="utf-8",
        exclude_characters="\0\x1f\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\ufeff",
        exclude_categories=["Cs"],
    ),
    max_size=12,
)


def _plain_words(cell: str) -> str:
    """A cell that no rule of typing takes for anything but text, and that is not blank."""
    return f"w{cell}w"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(_TEXT.map(_plain_words), min_size=width, max_size=width), min_size=1, max_size=8
        )
    ),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_comes_back_as_it_was_written(
    cells: list[list[str]], delimiter: str, end: str, encoding: str, quoting: int
) -> None:
    names = [f"name {number}" for number in range(len(cells[0]))]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([names, *cells])  # type: ignore[arg-type]
    found = read(out.getvalue().encode(encoding), options=ReadOptions(delimiter=delimiter)).to_arrow()
    assert found.column_names == names
    assert [list(row.values()) for row in found.to_pylist()] == cells
    try:
        guessed = read(out.getvalue().encode(encoding)).to_arrow()
    except InputError:
        return  # Refused is right; wrong is not.
    assert guessed.to_pylist() == found.to_pylist()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet='ab,"\n\r 1', max_size=60))
def test_any_text_is_read_as_the_standard_reader_reads_it_or_refused(body: str) -> None:
    text = "h1,h2\n" + body
    try:
        found = rows(text, delimiter=",", header_row=1, types={"h1": "text", "h2": "text"})
    except InputError:
        return
    expected = [
        [cell.strip() or None for cell in row[:2]]
        for row in csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
        if any(cell.strip() for cell in row)
    ][1:]
    trimmed = [[(cell or "").strip() or None for cell in row] for row in zip(found["h1"], found["h2"], strict=True)]
    assert trimmed == expected
