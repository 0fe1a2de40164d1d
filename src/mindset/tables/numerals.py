"""Numbers as people write them: thousands, currency, brackets or a trailing minus for negatives, a decimal comma."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mindset.tables.buffers import Mask, matches, to_mask
from mindset.tables.forms import Form, Mark

Codes = np.ndarray[Any, np.dtype[np.uint8]]
Marks = np.ndarray[Any, np.dtype[np.uint16]]

_MINUS: Final = "-\u2212\u2013"
_SPACE: Final = " \u00a0\u202f"
# sign, currency, sign · digits and separators · exponent · currency, per cent, trailing minus; all in brackets or not
_NUMERAL: Final = (
    rf"^\(?[{_MINUS}+]?[{_SPACE}]?[£$€]?[{_SPACE}]?[{_MINUS}+]?[{_SPACE}]?"
    rf"(\d(?:[\d,.'{_SPACE}]*[\d,.])?|\.\d+)([eE][-+]?\d+)?"
    rf"[{_SPACE}]?[£$€]?[{_SPACE}]?%?[{_MINUS}]?\)?$"
)
_LARGEST: Final = "9223372036854775807"
_SAFE_DIGITS: Final = 15  # A float64 holds every whole number of this many digits.

# Nearly all numbers of nearly all files. They carry no mark and need none of the questions below.
_ORDINARY: Final = (
    (r"^-?(?:0|[1-9]\d{0,14})$", Form.INTEGER),
    (r"^-?(?:0|[1-9]\d{0,14})\.(?:\d{1,2}|\d{4,15})$", Form.DECIMAL),
    (r"^0\d{1,14}$", Form.IDENTIFIER),
)
# Tried in this order on the digits and separators alone; the first that fits is the form.
_FORMS: Final = (
    (r"^\d+$", Form.INTEGER),
    (r"^[1-9]\d{0,2}\.\d{3}$", Form.POINT_UNSURE),
    (r"^\d*\.\d+$|^\d+\.$|^\d+\.\d+\.$", Form.DECIMAL),
    (r"^[1-9]\d{0,2},\d{3}$", Form.COMMA_UNSURE),
    (r"^[1-9]\d{0,2}(,\d{3}){2,}\.?$", Form.GROUPED),
    (r"^[1-9]\d{0,2}(,\d{3})+\.\d+\.?$", Form.GROUPED_DECIMAL),
    (rf"^[1-9]\d{{0,2}}([{_SPACE}']\d{{3}})+$", Form.SPACED),
    (rf"^[1-9]\d{{0,2}}([{_SPACE}']\d{{3}})+\.\d+$", Form.GROUPED_DECIMAL),
    (rf"^\d+,\d+$|^[1-9]\d{{0,2}}([.{_SPACE}']\d{{3}})+,\d+$|^[1-9]\d{{0,2}}(\.\d{{3}}){{2,}}$", Form.COMMA_DECIMAL),
    (r"^\d+\.\d*[eE][-+]?\d+$|^\d+[eE][-+]\d+$", Form.DECIMAL),
)


def classify(values: pa.Array, codes: Codes, marks: Marks, candidates: np.ndarray[Any, Any]) -> None:
    """Set the form and marks of those of ``values`` (trimmed, distinct) at ``candidates`` that are numbers."""
    for pattern, form in _ORDINARY:
        if not len(candidates):
            return
        fits = matches(values.take(pa.array(candidates)), pattern)
        codes[candidates[fits]] = form
        candidates = candidates[~fits]
    subset = values.take(pa.array(candidates))
    numeral = matches(subset, _NUMERAL)
    places = candidates[numeral]
    if not len(places):
        return
    subset = subset.filter(pa.array(numeral))
    core = pc.replace_substring_regex(subset, _NUMERAL, r"\1\2")
    found = np.full(len(places), Form.OTHER, dtype=np.uint8)
    for pattern, form in reversed(_FORMS):
        found[matches(core, pattern)] = form
    flags = _flags(subset, core)
    # A leading zero, a long dialling code or more digits than a number holds: an identifier.
    lengths = pc.utf8_length(core).to_numpy()
    whole = found == Form.INTEGER
    too_large = whole & ((lengths > len(_LARGEST)) | ((lengths == len(_LARGEST)) & to_mask(pc.greater(core, _LARGEST))))
    dialling = whole & (lengths > 8) & matches(subset, r"^\+")
    padded = (found != Form.OTHER) & matches(core, r"^0\d")
    found[padded | too_large | dialling] = Form.IDENTIFIER
    lost = (found == Form.DECIMAL) & matches(core, rf"^\d{{{_SAFE_DIGITS + 1},}}\.")
    found[lost] = Form.IDENTIFIER
    found[matches(core, r"^0,\d+$")] = Form.COMMA_DECIMAL
    found[_twice_negative(subset)] = Form.OTHER
    codes[places] = found
    marks[places] = flags


def _twice_negative(values: pa.Array) -> Mask:
    """Brackets that do not pair, and two signs: nobody can say what these mean."""
    opened, closed = matches(values, r"^\("), matches(values, r"\)$")
    before, after = matches(values, rf"^[^\d.]*[{_MINUS}+]"), matches(values, rf"[{_MINUS}]\)?$")
    doubled = matches(values, rf"^[^\d.]*[{_MINUS}+][^\d.]*[{_MINUS}+]")
    return np.asarray((opened != closed) | (opened & (before | after)) | (before & after) | doubled)


def _flags(values: pa.Array, core: pa.Array) -> Marks:
    flags = np.zeros(len(values), dtype=np.uint16)
    for pattern, mark in (
        (r"[£$€]", Mark.CURRENCY),
        (r"^\(", Mark.BRACKETS),
        (rf"[{_MINUS}]$", Mark.TRAILING_MINUS),
        (r"%", Mark.PER_CENT),
    ):
        flags[matches(values, pattern)] |= np.uint16(mark)
    flags[matches(core, r"\d\.\d+\.$")] |= np.uint16(Mark.TRAILING_DOT)
    flags[matches(core, rf"^\d{{{_SAFE_DIGITS + 1},}}$")] |= np.uint16(Mark.LONG)
    return flags


def parse(values: pa.Array, kind: pa.DataType, decimal: str) -> pa.Array:
    """``values`` (trimmed; null or numbers as :func:`classify` knows them) as int64 or float64.

    ``decimal`` is the sign before the decimals. Raises ArrowInvalid for anything else.
    """
    core = pc.replace_substring_regex(values, _NUMERAL, r"\1\2")
    if decimal == ",":
        core = pc.replace_substring_regex(core, rf"[.'{_SPACE}]", "")
        core = pc.replace_substring(core, ",", ".")
    else:
        core = pc.replace_substring_regex(core, rf"[,'{_SPACE}]", "")
        core = pc.replace_substring_regex(core, r"\.$", "")
    numbers = core.cast(kind)
    negative = pc.match_substring_regex(values, rf"^\(|^[^\d.]*[{_MINUS}]|[{_MINUS}]$")
    return pc.if_else(negative, pc.negate(numbers), numbers)
