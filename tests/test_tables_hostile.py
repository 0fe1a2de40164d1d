"""Hostile and oversized input: one plain error or a right import, quickly and within 512 MB."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindset.analysis.errors import InputError
from mindset.tables.options import ReadOptions
from mindset.tables.read import read

MEGABYTE = 1024**2
BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY a0 "ha">\n'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">\n' for n in range(1, 12))
    + ']>\n<log><trace><string key="concept:name" value="&a11;"/></trace></log>'
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>'
INTERNAL = '<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<log>&x;</log>'


def refused(data: bytes | Path, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read(data, name="bad", options=ReadOptions(**options))  # type: ignore[arg-type]
    message = caught.value.message()
    assert message.startswith("bad")
    assert "\n" not in message
    assert len(message) < 600
    return caught.value


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("text", [BOMB, EXTERNAL, INTERNAL], ids=["entities", "external", "internal"])
def test_declarations_in_xml_are_refused_at_once(text: str) -> None:
    with pytest.raises(InputError):
        read(b"<log/>")  # So that no import is measured.
    tracemalloc.start()
    begun = time.process_time()
    assert refused(text.encode()).code == "xml-declaration"
    assert refused(gzip.compress(text.encode())).code == "xml-declaration"
    assert refused(text.encode("utf-16")).code == "xml-declaration"
    assert time.process_time() - begun < 1
    assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
    tracemalloc.stop()


def test_xml_nested_without_end_and_a_value_without_end() -> None:
    head = '<log><trace><string key="concept:name" value="c"/><event>'
    assert refused((head + '<string key="a" value="b">' * 200_000).encode()).code == "nested-too-deep"
    assert refused((head + '<string key="a" value="' + "x" * (40 * MEGABYTE)).encode()).code == "record-too-long"


def test_a_web_page_is_named_as_such() -> None:
    assert refused(b"\n<!DOCTYPE html><html><body>Sign in</body></html>").code == "web-page"


def test_a_gzip_bomb() -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(
        [packer.compress(b"a,b\n"), *(packer.compress(b"1,2\n" * MEGABYTE) for _ in range(16)), packer.flush()]
    )
    assert refused(packed).code == "unpacks-too-large"
    plain = gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000)
    assert read(plain).rows == 1_000_000
    assert refused(plain, max_bytes=MEGABYTE).code == "unpacks-too-large"


def test_a_zip_bomb_by_its_declared_and_by_its_actual_size() -> None:
    packed = zipped(("a.csv", b"a,b\n" + b"1,2\n" * (16 * MEGABYTE)))
    assert refused(packed).code == "unpacks-too-large"
    # The same with a directory that declares ten bytes: what comes out is counted.
    size = (4 + 4 * 16 * MEGABYTE).to_bytes(4, "little")
    assert packed.count(size) == 2
    assert refused(packed.replace(size, (10).to_bytes(4, "little"))).code in (
        "unpacks-too-large",
        "damaged-file",
        "no-rows",
    )


def test_archives_with_one_file_are_read_and_others_asked_about() -> None:
    rubbish = [("__MACOSX/._a.csv", b"x"), (".DS_Store", b"x"), ("folder/", b"")]
    assert read(zipped(("folder/a.csv", b"x,y\n1,2\n"), *rubbish)).rows == 1
    two = zipped(("a.csv", b"x\nq\n"), ("b.csv", b"x\nq\nr\n"))
    error = refused(two)
    assert error.code == "several-members"
    assert "a.csv and b.csv" in error.message()
    assert read(two, options=ReadOptions(member="b.csv")).rows == 2
    assert refused(two, member="c.csv").code == "no-member"
    assert refused(zipped()).code == "empty-archive"
    assert refused(zipped(("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x"))).code == "workbook"


def test_archives_in_archives_and_encrypted_ones_are_refused() -> None:
    inner = zipped(("a.csv", b"x\n1\n"))
    for data in (zipped(("a.zip", inner)), zipped(("a.csv.gz", gzip.compress(b"x\n1\n"))), gzip.compress(inner)):
        assert refused(data).code == "nested-archive"
    assert refused(gzip.compress(gzip.compress(b"x\n1\n"))).code == "nested-archive"
    locked = bytearray(inner)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    assert refused(bytes(locked)).code == "encrypted-archive"


@pytest.mark.parametrize("cut", [1, 9, 100])
def test_cut_archives_are_refused(cut: int) -> None:
    text = "".join(f"{number},{number * 7919 % 1009}\n" for number in range(5_000)).encode()
    for data in (gzip.compress(b"a,b\n" + text), zipped(("a.csv", b"a,b\n" + text))):
        assert refused(data[:-cut]).code == "damaged-file"
    broken = bytearray(gzip.compress(b"a,b\n" + text))
    broken[len(broken) // 2] ^= 0xFF
    assert refused(bytes(broken)).code == "damaged-file"


def test_gzip_of_several_members_and_padding() -> None:
    assert read(gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n") + b"\0" * 512).rows == 2
    assert refused(gzip.compress(b"a,b\n1,2\n") + b"rubbish").code == "damaged-file"


@pytest.mark.parametrize("head", [b"BZh91AY", b"\xfd7zXZ\x00", b"7z\xbc\xaf'\x1c", b"\x28\xb5\x2f\xfd"])
def test_other_packings(head: bytes) -> None:
    assert refused(head + b"\0" * 100).code == "unknown-packing"


@pytest.mark.parametrize(
    "head", [b"%PDF-1.7\n\0\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", b"\x89PNG\r\n\x1a\n\0\0", b"\x7fELF\2\1\1\0"]
)
def test_other_files(head: bytes) -> None:
    assert refused(head + bytes(range(256)) * 4).code == "unknown-format"


def test_too_many_columns_are_counted() -> None:
    error = refused((",".join(f"c{n}" for n in range(20_000)) + "\n" + ",".join("1" * 20_000) + "\n").encode())
    assert error.code == "too-many-columns"
    assert "20,000" in error.message()
    assert refused(b"[{" + b",".join(b'"c%d":1' % n for n in range(20_000)) + b"}]").code == "too-many-columns"
    wide = ",".join(f"c{n}" for n in range(2_000)) + "\n" + ",".join("1" * 2_000) + "\n"
    assert len(read(wide.encode(), options=ReadOptions(header_row=1)).schema) == 2_000


def test_a_nul_byte_is_refused_with_its_line() -> None:
    error = refused(b"a,b\n" + b"1,2\n" * 400_000 + b"3,\0\n")
    assert error.code == "nul-byte"
    assert "line 400,002" in error.message()


@pytest.mark.parametrize(
    ("start", "code"), [(b"a,b\n1,", "record-too-long"), (b'a,b\n1,"', "open-quote"), (b"", "record-too-long")]
)
def test_a_line_of_100_megabytes(start: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    with path.open("wb") as file:
        file.write(start)
        for _ in range(100):
            file.write(b"x" * MEGABYTE)
    assert refused(path).code == code


def test_a_parquet_file_that_unpacks_to_too_much() -> None:
    out = io.BytesIO()
    schema = pa.schema([("a", pa.string())])
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for _ in range(20):
            writer.write_table(pa.table({"a": ["x" * 1_000] * 10_000}, schema))
    assert len(out.getvalue()) < MEGABYTE
    assert refused(out.getvalue(), max_bytes=50 * MEGABYTE).code == "unpacks-too-large"


@pytest.mark.parametrize("data", [b"a,b\n1,2\n3\n", b'a,b\n1,"\n', b"a,b\n1,\0\n", b'[{"a":1},{]'])
def test_nothing_is_left_behind(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(InputError):
        read(data, in_memory=0)
    with pytest.raises(InputError):
        read(Once(data), in_memory=0)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


class Once(io.RawIOBase):
    """A stream that can be read once and says nothing about itself."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(size)


def _arrow(opener: Callable[..., pa.ipc.RecordBatchStreamWriter]) -> bytes:
    out = io.BytesIO()
    with opener(out, SMALL.schema) as writer:
        writer.write_table(SMALL)
    return out.getvalue()


SMALL = pa.table({"a": [1, 2], "b": ["x", None], "c": ["01/02/2024", ""], "l": [[1], None]})
OUT = io.BytesIO()
pq.write_table(SMALL, OUT)
CSV = 'a,b,c\n1,"x, ""y""",(1,234.50)\n2,é,12/01/2024\n\n3,z,"q\nr"\n'
XES = (
    '<?xml version="1.0" encoding="UTF-8"?><log><trace><string key="concept:name" value="c"/>'
    '<event><string key="concept:name" value="A"/><date key="time:timestamp" value="2024-01-01T10:00:00Z"/></event>'
    "</trace></log>"
)
SOUND = [
    CSV.encode(),
    CSV.encode("cp1252"),
    CSV.encode("utf-16"),
    b'[{"a":1,"b":{"c":[1,2]}},{"a":null}]',
    b'{"a":1}\n{"a":"x"}\n',
    b'{"m":[{"a":1.5}],"n":2}',
    OUT.getvalue(),
    _arrow(pa.ipc.new_stream),
    _arrow(pa.ipc.new_file),
    XES.encode(),
    gzip.compress(CSV.encode()),
    zipped(("a.csv", CSV.encode())),
]
CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 8),
        st.sampled_from([b"", b'"', b",", b"\n", b"\r", b"\0", b"<", b"\xff", b"{", b"-", b"1/1/1"])
        | st.binary(max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SOUND), CHANGES)
def test_no_damage_fails_in_any_other_way(data: bytes, changes: list[tuple[float, int, bytes]]) -> None:
    for share, removed, added in changes:
        at = int(share * len(data))
        data = data[:at] + added + data[at + removed :]
    try:
        read(data, name="bad").to_arrow().validate(full=True)
    except InputError as error:
        assert error.message().startswith("bad")


# Memory, each measured in a process of its own


def spending(size: int) -> Iterator[bytes]:
    """A CSV of about ``size`` bytes of ordinary payments with one oddity here and there."""
    yield b"Body,Service,Date,Number,Amount,Supplier,Narrative\n"
    block = b"".join(
        b'Some Council,"Housing, adults",%02d/03/2024,51%08d,"%d,%03d.50","Supplier %d",Ref %d\r\n'
        % (n % 28 + 1, n, n % 90 + 1, n % 1000, n % 1500, n)
        for n in range(20_000)
    )
    for _ in range(size // len(block)):
        yield block


MEASURE = """
import sys
from mindset.analysis.errors import InputError
from mindset.tables.read import read
try:
    print(read(sys.argv[1]).rows)
except InputError as error:
    print(error.code)
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def measured(path: Path) -> tuple[str, int]:
    """What reading ``path`` gave, and the most memory it took, in MB."""
    done = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    answer, peak = done.stdout.split()
    return answer, int(peak) // 1024


def _written(path: Path, pieces: Iterator[bytes], opener: Callable[[Path], io.BufferedIOBase]) -> Path:
    with opener(path) as file:
        for piece in pieces:
            file.write(piece)
    return path


@pytest.mark.parametrize("size", [200 * 10**6, pytest.param(2 * 10**9, marks=pytest.mark.slow)], ids=["200 MB", "2 GB"])
def test_a_large_file_stays_within_512_megabytes(size: int, tmp_path: Path) -> None:
    path = _written(tmp_path / "large.csv", spending(size), lambda path: path.open("wb"))
    answer, peak = measured(path)
    assert int(answer) % 20_000 == 0
    assert int(answer) > size / 100
    assert peak < 512


@pytest.mark.parametrize("kind", ["line", "columns", "quote", "xes", "json"])
def test_hostile_files_stay_within_512_megabytes(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "bad"
    megabytes = [b"x" * MEGABYTE] * 100
    pieces, code = {
        "line": ([b"a,b\n", *megabytes], "record-too-long"),
        "columns": ([b",".join(b"column_%d" % n for n in range(2_000_000)), b"\n1\n"], "too-many-columns"),
        "quote": ([b'a,b\n"', *[b"x,y\n" * (MEGABYTE // 4)] * 100], "open-quote"),
        "xes": ([b'<log><trace><string key="concept:name" value="', *megabytes], "record-too-long"),
        "json": ([b'[{"a": "', *megabytes], "cut-json"),
    }[kind]
    answer, peak = measured(_written(path, iter(pieces), lambda path: path.open("wb")))
    assert answer == code
    assert peak < 512
