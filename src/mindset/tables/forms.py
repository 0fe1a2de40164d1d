"""What the cells of a text column look like: the facts from which its type is decided.

Facts are gathered over every cell, chunk by chunk, never from a sample. Work is done on
the distinct values of a chunk, and a chunk that is plainly of one form is known by one
cast, so that the cost stays near that of parsing.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import IntEnum, IntFlag
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mindset.tables.buffers import Mask, cast_all, look_up, matches, starts_of, text_buffers, to_mask


class Form(IntEnum):
    """What one cell looks like."""

    OTHER = 0
    TRUE_FALSE = 1
    YES_NO = 2
    NOTHING = 3  # a word that stands for an empty cell, such as N/A
    REDACTED = 4
    INTEGER = 5
    IDENTIFIER = 6  # digits that are not a number: leading zeros, dialling codes, too many
    DECIMAL = 7
    GROUPED = 8  # 1,234,567
    GROUPED_DECIMAL = 9  # 1,234.56
    COMMA_UNSURE = 10  # 1,234: thousands, or a decimal comma
    COMMA_DECIMAL = 11  # 1234,5 or 1.234,50
    DATE = 12
    TIME = 13
    BLANK = 14  # spaces only
    POINT_UNSURE = 15  # 1.234: decimals, or thousands where the comma is decimal
    SPACED = 16  # 1 234 567


class Mark(IntFlag):
    """What else is to be said of a cell."""

    CURRENCY = 1
    BRACKETS = 2
    TRAILING_MINUS = 4
    TRAILING_DOT = 8
    PER_CENT = 16
    FIRST_OVER_12 = 32  # 13/1/2024: day first
    SECOND_OVER_12 = 64
    ORDER_MATTERS = 128  # 3/4/2024: two different days
    SHORT_YEAR = 256
    NO_OFFSET = 512
    LONG = 1024  # a whole number of more digits than a float64 holds


NUMBERS: Final = frozenset(
    {
        Form.INTEGER, Form.DECIMAL, Form.GROUPED, Form.GROUPED_DECIMAL, Form.COMMA_UNSURE, Form.COMMA_DECIMAL,
        Form.POINT_UNSURE, Form.SPACED,
    }
)  # fmt: skip
DATES: Final = frozenset({Form.DATE, Form.TIME})
NOTHING_WORDS: Final = (
    "null", "n/a", "na", "#n/a", "nan", "none", "-", "--", "\u2013", "\u2014", ".", "..", ":", "[x]", "[z]",
    "not available", "not applicable",
)  # fmt: skip
_WORDS: Final = {
    **dict.fromkeys(("true", "false"), Form.TRUE_FALSE),
    **dict.fromkeys(("yes", "no"), Form.YES_NO),
    **dict.fromkeys(NOTHING_WORDS, Form.NOTHING),
}
# Whole cells only: a supplier may be called Redactive or XXXXX Security.
REDACTED: Final = (
    r"(?i)^(.*\bredact(ed|ion)\b.*|.*[(\[](masked|withheld|removed|c)[)\]]|masked|withheld|name withheld|\*+|x{3,})$"
)
_PERHAPS_REDACTED: Final = (b"redact", b"mask", b"withheld", b"removed", b"(c)", b"[c]", b"*", b"xxx")

_DIGIT, _NOT_NUMERAL, _NOT_DATE, _SEPARATOR = 1, 2, 4, 8
_LOOK: Final = np.full(256, _NOT_NUMERAL | _NOT_DATE, dtype=np.uint8)
for _byte in b"0123456789":
    _LOOK[_byte] = _DIGIT
for _byte in b"-+., ":
    _LOOK[_byte] = 0
for _byte in "()%'$£€\u2212\u2013\u00a0\u202feE".encode():
    _LOOK[_byte] &= ~np.uint8(_NOT_NUMERAL)
for _byte in b"/:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz":
    _LOOK[_byte] &= ~np.uint8(_NOT_DATE)
for _byte in b"-/. ":
    _LOOK[_byte] |= _SEPARATOR
_SPACES: Final = np.zeros(256, dtype=bool)
_SPACES[[9, 10, 11, 12, 13, 32, 0xA0, 0x80, 0xAF, 0xC2, 0xE2, 0xE3]] = True  # the last six: parts of wider spaces
_FORMULA: Final = np.zeros(256, dtype=bool)
_FORMULA[list(b"=+-@")] = True
_SAMPLE: Final = 1_000
_SAFE_DIGITS: Final = 15  # A float64 holds every whole number of this many digits.


class Facts:
    """The facts of one column. ``first`` has, for each form and mark, the 0-based row and value first met."""

    def __init__(self) -> None:
        self.counts: Counter[Form] = Counter()
        self.marks: Counter[Mark] = Counter()
        self.first: dict[Form | Mark, tuple[int, str]] = {}
        self.formulas = 0
        self.plain = True  # a cast is all that its cells need

    @property
    def cells(self) -> int:
        """Cells with something in them."""
        return self.counts.total() - self.counts[Form.BLANK]

    def add(self, array: pa.Array, row: int) -> None:
        """Take the next cells, the first of which is in ``row``."""
        filled = len(array) - array.null_count
        if not filled:
            return
        plain = _of_one_form(array)
        if plain is not None:
            form, mark = plain
            self._count(form, filled)
            self._meet(form, row, array)
            if mark:
                self.marks[mark] += filled
                self._meet(mark, row, array)
            return
        self.plain = False
        if len(array) > 4 * _SAMPLE and _clearly_text(array.slice(0, _SAMPLE)):
            self._add_text(array, row)
        else:
            self._add_distinct(array, row)

    def _count(self, form: Form, cells: int) -> None:
        self.counts[form] += cells

    def _meet(self, form: Form | Mark, row: int, array: pa.Array) -> None:
        """The first filled cell of ``array`` is the first of its form, if none was met before."""
        if form not in self.first:
            at = int(np.argmax(to_mask(array.is_valid()))) if array.null_count else 0
            self.first[form] = (row + at, array[at].as_py())

    def _add_text(self, array: pa.Array, row: int) -> None:
        """Many different texts: only marks of redaction are looked for in each."""
        array, formulas = _trimmed(array)
        self.formulas += int(formulas.sum())
        marked = _redacted(array)
        plain = to_mask(array.is_valid()) & ~marked
        for form, having in ((Form.OTHER, plain), (Form.REDACTED, marked)):
            if having.any():
                self._count(form, int(having.sum()))
                self.first.setdefault(form, _at(array, int(np.argmax(having)), row))

    def _add_distinct(self, array: pa.Array, row: int) -> None:
        encoded = array.dictionary_encode()
        values, indices = encoded.dictionary, encoded.indices
        keys = indices.fill_null(len(values)).to_numpy()
        counts = np.bincount(keys, minlength=len(values) + 1)[: len(values)]
        values, formulas = _trimmed(values)
        self.formulas += int(counts[formulas].sum())
        codes, marks = classify(values)
        for code in np.flatnonzero(np.bincount(codes)).tolist():
            self._count(Form(code), int(counts[codes == code].sum()))
            self._meet_value(Form(code), codes == code, keys, values, row)
        for mark in Mark if marks.any() else ():
            having = (marks & np.uint16(mark)) != 0
            if having.any():
                self.marks[mark] += int(counts[having].sum())
                self._meet_value(mark, having, keys, values, row)

    def _meet_value(self, key: Form | Mark, having: Any, keys: Any, values: pa.Array, row: int) -> None:
        """Distinct values are in the order in which they were met, so the first of a form is the first met."""
        if key not in self.first:
            at = int(np.argmax(having))
            self.first[key] = (row + int(np.argmax(keys == at)), values[at].as_py())


def classify(values: pa.Array) -> tuple[Any, Any]:
    """The form (uint8) and marks (uint16) of each of ``values``, which are trimmed texts."""
    from mindset.tables import numerals, times

    codes = np.full(len(values), Form.OTHER, dtype=np.uint8)
    marks = np.zeros(len(values), dtype=np.uint16)
    if not len(values):
        return codes, marks
    lengths, data = text_buffers(values)
    look = np.full(len(values), _NOT_NUMERAL | _NOT_DATE, dtype=np.uint8)
    some = lengths > 0
    if some.any():
        look[some] = np.bitwise_or.reduceat(_LOOK[data], starts_of(lengths)[some])
    codes[~some] = Form.BLANK
    digits = (look & _DIGIT) != 0
    numerals.classify(values, codes, marks, np.flatnonzero(digits & ((look & _NOT_NUMERAL) == 0) & (lengths < 60)))
    parted = (look & (_DIGIT | _SEPARATOR | _NOT_DATE)) == _DIGIT | _SEPARATOR
    dates = parted & (lengths > 5) & (lengths < 48) & (codes == Form.OTHER)
    times.classify(values, codes, marks, np.flatnonzero(dates))
    _classify_words(values, codes, np.flatnonzero(~digits & some))
    return codes, marks


def _classify_words(values: pa.Array, codes: Any, places: Any) -> None:
    """Words with a meaning of their own; redaction marks may hold digits too and are looked for everywhere."""
    forms = look_up(values.take(pa.array(places)), _WORDS, Form.OTHER)
    known = forms != Form.OTHER
    codes[places[known]] = forms[known]
    codes[_redacted(values)] = Form.REDACTED


def _redacted(values: pa.Array) -> Mask:
    """Which of ``values`` are marks of redaction."""
    _, data = text_buffers(values)
    lowered = data.tobytes().lower()
    marked = np.zeros(len(values), dtype=bool)
    if words := [re.escape(word.decode()) for word in _PERHAPS_REDACTED if word in lowered]:
        texts = values.fill_null("") if values.null_count else values
        places = np.flatnonzero(matches(texts, f"(?i){'|'.join(words)}"))
        marked[places] = matches(texts.take(pa.array(places)), REDACTED)
    return marked


def _of_one_form(array: pa.Array) -> tuple[Form, Mark] | None:
    """The form of all filled cells if their bytes or one cast show it.

    Those are plain whole numbers, decimals, ISO dates and times, and digits that all begin with a zero.
    """
    lengths, data = text_buffers(array)
    filled = lengths > 0
    if array.null_count + int(filled.sum()) != len(array):
        return None  # Texts of no characters.
    starts, size = starts_of(lengths)[filled], lengths[filled]
    first = data[starts]
    if not (((first >= 48) & (first <= 57)) | (first == 45) | (first == 46)).all():
        return None  # A digit, a minus or a point must come first.
    shortest, longest = int(size.min()), int(size.max())
    at = starts + ((first == 45) & (size > 1))
    following = data[np.minimum(at + 1, len(data) - 1)]
    zeros = (data[at] == 48) & (starts + size - at > 1) & (following != 46)
    if zeros.any():  # Leading zeros; the cast would also take 0x1F for a number.
        codes = zeros.all() and longest <= _SAFE_DIGITS and not (data - np.uint8(48) > 9).any()
        return (Form.IDENTIFIER, Mark(0)) if codes else None
    if shortest == longest == 10 and cast_all(array, pa.date32()) is not None:
        return Form.DATE, Mark(0)
    if longest <= 19 and not (data == 46).any() and cast_all(array, pa.int64()) is not None:
        return Form.INTEGER, Mark.LONG if longest > _SAFE_DIGITS else Mark(0)
    if shortest >= 16 and cast_all(array, pa.timestamp("us", "UTC")) is not None:
        return Form.TIME, Mark(0)
    if shortest >= 16 and cast_all(array, pa.timestamp("us")) is not None:
        return Form.TIME, Mark.NO_OFFSET
    letters = bool((data > 57).any()) or bool((data == 43).any())
    numbers = None if letters else cast_all(array, pa.float64())
    if numbers is not None and pc.max(pc.abs(numbers)).as_py() < 10**_SAFE_DIGITS:
        return Form.DECIMAL, Mark(0)
    return None


def _trimmed(values: pa.Array) -> tuple[pa.Array, Any]:
    """``values`` without the spaces around them, and which of them a spreadsheet would take for formulas."""
    lengths, data = text_buffers(values)
    starts, filled = starts_of(lengths), lengths > 0
    formulas = np.zeros(len(values), dtype=bool)
    formulas[lengths > 1] = _FORMULA[data[starts[lengths > 1]]]
    ends = starts + lengths
    if _SPACES[data[starts[filled]]].any() or _SPACES[data[ends[filled] - 1]].any():
        values = pc.utf8_trim_whitespace(values)
    return values, formulas


def _clearly_text(sample: pa.Array) -> bool:
    """Nearly all different and nearly all nothing but text, so that looking at each value again is waste."""
    values, _ = _trimmed(sample.unique().drop_null())
    if 2 * len(values) < len(sample):
        return False
    codes, _ = classify(values)
    return bool((codes == Form.OTHER).mean() > 0.9)


def _at(array: pa.Array, at: int, row: int) -> tuple[int, str]:
    return row + at, array[at].as_py()
