"""From facts to types: what each text column is, why, and its cells in that type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mindset.analysis.errors import InputError, Note, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables import numerals
from mindset.tables.forms import DATES, NUMBERS, Facts, Form, Mark, classify
from mindset.tables.model import Decision
from mindset.tables.options import ReadOptions
from mindset.tables.times import Where, parse_dates, parse_times

NOT_OF_TYPE = error_kind(
    "not-of-type",
    what=N_("{file}, {place}: “{value}” in “{column}” is not {kind}, which you said the column holds."),
    remedy=N_("Correct the cell, or choose text for the column."),
)

ARROW: Final = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("us", "UTC"),
}
KINDS: Final = {
    "text": N_("text"),
    "integer": N_("whole number"),
    "number": N_("number"),
    "boolean": N_("yes or no"),
    "date": N_("date"),
    "time": N_("time"),
}
_ABSENT: Final = frozenset({Form.NOTHING, Form.REDACTED, Form.BLANK})
_BOOLEANS: Final = frozenset({Form.TRUE_FALSE, Form.YES_NO})
_ANY_NUMBER: Final = NUMBERS | {Form.IDENTIFIER}
_FITTING: Final = {
    "integer": _ANY_NUMBER,
    "number": _ANY_NUMBER,
    "boolean": _BOOLEANS,
    "date": DATES,
    "time": DATES,
}


@dataclass(slots=True)
class Plan:
    """How to turn a text column into its type, and what is to be said about it.

    ``forced`` says that the person named the type. ``decimal`` and ``order`` are the decimal
    sign and the order of day and month.
    """

    kind: str
    where: Where
    facts: Facts
    forced: bool = False
    decimal: str = "."
    order: str | None = None
    timezone: str | None = None
    decisions: list[Decision] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def decide(self, what: str, value: str | Text, why: Text, override: str | None = "types") -> None:
        """Record a decision about this column."""
        self.decisions.append(Decision(what, value, why, override, self.where.column))

    def convert(self, array: pa.Array, row: int, *, blank_is_null: bool) -> pa.Array:
        """``array``, whose first cell is in ``row``, in the column's type. Spaces only are an empty cell in a CSV."""
        if self.kind == "text":
            return _without_blanks(array) if blank_is_null and self.facts.counts[Form.BLANK] else array
        if self.kind in ("date", "time"):
            only_dates = self.facts.counts.keys() <= DATES | {Form.BLANK}
            return self._moments(array if only_dates else self._only(array, DATES), row)
        if self.facts.plain and not self.forced:
            return array.cast(ARROW[self.kind])
        if self.kind == "boolean":
            kept = self._only(array, _BOOLEANS)
            truths = pc.is_in(pc.utf8_lower(kept), pa.array(["true", "yes"]))
            return pc.if_else(kept.is_valid(), truths, pa.scalar(None, pa.bool_()))
        return self._numbers(array, row)

    def _moments(self, array: pa.Array, row: int) -> pa.Array:
        if self.kind == "date":
            return parse_dates(array, date_order=self.order, where=self.where, row=row)
        return parse_times(array, date_order=self.order, timezone=self.timezone, where=self.where, row=row)

    def _only(self, array: pa.Array, forms: frozenset[Form]) -> pa.Array:
        """``array`` trimmed, null where a cell is of none of ``forms``. A forced type keeps all but absent cells."""
        encoded = pc.utf8_trim_whitespace(array).dictionary_encode()
        codes, _ = classify(encoded.dictionary)
        keep = ~np.isin(codes, list(_ABSENT)) if self.forced else np.isin(codes, list(forms))
        return _masked(encoded.dictionary, keep).take(encoded.indices)

    def _numbers(self, array: pa.Array, row: int) -> pa.Array:
        encoded = pc.utf8_trim_whitespace(array).dictionary_encode()
        codes, _ = classify(encoded.dictionary)
        kept = _masked(encoded.dictionary, np.isin(codes, list(_ANY_NUMBER if self.forced else NUMBERS)))
        try:
            return numerals.parse(kept, ARROW[self.kind], self.decimal).take(encoded.indices)
        except pa.ArrowInvalid:  # A named type may not hold the number: too many digits.
            texts = kept.take(encoded.indices)
            for at, cell in enumerate(texts):
                try:
                    numerals.parse(texts.slice(at, 1), ARROW[self.kind], self.decimal)
                except pa.ArrowInvalid:
                    raise not_of_type(self.where, self.kind, row + at, cell.as_py()) from None
            raise


def _masked(values: pa.Array, keep: Any) -> pa.Array:
    return pc.if_else(pa.array(keep), values, pa.scalar(None, values.type))


def _without_blanks(array: pa.Array) -> pa.Array:
    blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(array)), 0)
    return pc.if_else(pc.fill_null(blank, True), pa.scalar(None, array.type), array)


def plan_column(facts: Facts, where: Where, options: ReadOptions, delimiter: str | None) -> Plan:
    """The type of a column with these ``facts``, unless the options name one."""
    forced = options.types.get(where.column)
    plan = Plan("text", where, facts, forced is not None, timezone=options.timezone)
    if forced is not None:
        _force(plan, forced, options)
    else:
        _choose(plan, options, delimiter)
    _finish(plan, options)
    return plan


def _choose(plan: Plan, options: ReadOptions, delimiter: str | None) -> None:
    counts = plan.facts.counts
    present = plan.facts.cells - sum(counts[form] for form in _ABSENT - {Form.BLANK})
    if not present:
        return
    numbers, dates = (sum(count for form, count in counts.items() if form in group) for group in (NUMBERS, DATES))
    if present in (counts[Form.TRUE_FALSE], counts[Form.YES_NO]):
        plan.kind = "boolean"
    elif numbers == present:
        _number(plan, options, delimiter)
    elif dates == present:
        _date(plan, options)
    elif counts[Form.IDENTIFIER] and numbers + counts[Form.IDENTIFIER] == present:
        _stay_text(plan, N_("Leading zeros or long codes would be lost in a number"), Form.IDENTIFIER)
    elif 2 * numbers > present:
        _straggle(plan, present - numbers, present, NUMBERS, N_("values that are not numbers: {n} of {total}"))
    elif 2 * dates > present:
        _straggle(plan, present - dates, present, DATES, N_("values that are not dates: {n} of {total}"))


def _straggle(plan: Plan, count: int, total: int, group: frozenset[Form], template: str) -> None:
    found = [seen for form, seen in plan.facts.first.items() if isinstance(form, Form) and form not in group | _ABSENT]
    row, value = min(found)
    _stay_text(plan, template, None, (row, value), n=count, total=total)


def _stay_text(
    plan: Plan, template: str, form: Form | Mark | None, seen: tuple[int, str] | None = None, **values: Any
) -> None:
    """The column stays text; say why, and where that was first met."""
    row, value = seen or plan.facts.first[form]  # type: ignore[index]
    why = Text.of(
        N_("{reason} ({place}: “{value}”)."), reason=Text(template, values), place=plan.where.place(row), value=value
    )
    plan.kind = "text"
    plan.decide(N_("Type"), Text(KINDS["text"]), why)


def _number(plan: Plan, options: ReadOptions, delimiter: str | None) -> None:
    counts, marks = plan.facts.counts, plan.facts.marks
    commas = counts[Form.COMMA_DECIMAL]
    points = counts[Form.DECIMAL] + counts[Form.GROUPED] + counts[Form.GROUPED_DECIMAL]
    per_cent = marks[Mark.PER_CENT]
    plan.decimal = options.decimal or ("," if commas else ".")
    if (commas and plan.decimal == ".") or (points and plan.decimal == ","):
        odd = Form.COMMA_DECIMAL if plan.decimal == "." else min(_POINTED & counts.keys(), key=_first_row(plan))
        _stay_text(plan, N_("Both a comma and a point are used before decimals"), odd)
    elif counts[Form.COMMA_UNSURE] and delimiter == ";" and not (points or commas or options.decimal):
        unsure = N_("The comma could set off thousands or decimals; say with the option decimal")
        _stay_text(plan, unsure, Form.COMMA_UNSURE)
    elif counts[Form.SPACED] and not (commas or counts[Form.GROUPED_DECIMAL]):
        _stay_text(plan, N_("Digits in groups with spaces may be a code"), Form.SPACED)
    elif per_cent and per_cent != sum(counts[form] for form in NUMBERS):
        _stay_text(plan, N_("Some values have a per cent sign and some have not"), Mark.PER_CENT)
    else:
        whole = {Form.INTEGER, Form.GROUPED, Form.SPACED} | ({Form.COMMA_UNSURE} if plan.decimal == "." else set())
        if plan.decimal == ",":
            whole |= {Form.POINT_UNSURE}
        mixed = any(counts[form] for form in NUMBERS - whole)
        plan.kind = "number" if mixed or marks[Mark.CURRENCY] or per_cent else "integer"
        if plan.kind == "number" and marks[Mark.LONG]:
            _stay_text(plan, N_("Some values have more digits than a number holds"), Mark.LONG)


_POINTED: Final = {Form.DECIMAL, Form.GROUPED, Form.GROUPED_DECIMAL}


def _first_row(plan: Plan) -> Any:
    return lambda form: plan.facts.first[form][0]


def _date(plan: Plan, options: ReadOptions) -> None:
    counts, marks = plan.facts.counts, plan.facts.marks
    day_first, month_first, matters = (
        marks[mark] for mark in (Mark.FIRST_OVER_12, Mark.SECOND_OVER_12, Mark.ORDER_MATTERS)
    )
    kind = "time" if counts[Form.TIME] else "date"
    if day_first and month_first:
        later = max(Mark.FIRST_OVER_12, Mark.SECOND_OVER_12, key=_first_row(plan))
        _stay_text(plan, N_("Some dates only fit day/month and some only month/day"), later)
        return
    fitting = "dmy" if day_first else "mdy" if month_first else None
    numeric = bool(day_first or month_first or matters)
    if numeric and options.date_order and fitting not in (None, options.date_order):
        _stay_text(
            plan,
            N_("A date does not fit the order that you named"),
            Mark.FIRST_OVER_12 if day_first else Mark.SECOND_OVER_12,
        )
        return
    plan.order = options.date_order or fitting
    if matters and plan.order in (None, "ymd"):
        row, value = plan.facts.first[Mark.ORDER_MATTERS]
        place = plan.where.place(row)
        why = Text.of(N_("The dates could be day/month or month/day ({place}: “{value}”)."), place=place, value=value)
        plan.decide(N_("Type"), Text(KINDS["text"]), why, "date_order")
        plan.notes.append(Note("dates-unsettled", Text.of(N_("{column}: {why}"), column=plan.where.column, why=why)))
        plan.order = None
        return
    plan.kind = kind
    if numeric and fitting and not options.date_order:
        order = Text(N_("day/month/year")) if fitting == "dmy" else Text(N_("month/day/year"))
        row, value = plan.facts.first[Mark.FIRST_OVER_12 if day_first else Mark.SECOND_OVER_12]
        why = Text.of(N_("Only that order fits {value} ({place})."), value=value, place=plan.where.place(row))
        plan.decide(N_("Order of dates"), order, why, "date_order")
        text = Text.of(N_("{column}: dates read as {order}."), column=plan.where.column, order=order)
        plan.notes.append(Note("date-order", text))


def _force(plan: Plan, kind: str, options: ReadOptions) -> None:
    """The type that the person named; the first cell that does not have it is an error."""
    plan.kind = kind
    counts = plan.facts.counts
    if kind == "text":
        return
    if kind in ("date", "time"):
        plan.order = options.date_order
        marks = plan.facts.marks
        if plan.order is None and marks[Mark.FIRST_OVER_12] != marks[Mark.SECOND_OVER_12] == 0:
            plan.order = "dmy"
        elif plan.order is None and marks[Mark.SECOND_OVER_12] and not marks[Mark.FIRST_OVER_12]:
            plan.order = "mdy"
        return  # Every cell is read in any form that is known; the first that cannot be is named then.
    allowed = _FITTING[kind] | _ABSENT
    plan.decimal = options.decimal or ("," if counts[Form.COMMA_DECIMAL] else ".")
    if kind == "integer":
        allowed -= {Form.DECIMAL, Form.GROUPED_DECIMAL, Form.COMMA_DECIMAL, Form.POINT_UNSURE}
    elif counts[Form.COMMA_DECIMAL]:
        allowed -= _POINTED if plan.decimal == "," else {Form.COMMA_DECIMAL}
    wrong = [plan.facts.first[form] for form in counts if form not in allowed]
    if wrong:
        raise not_of_type(plan.where, kind, *min(wrong))


def not_of_type(where: Where, kind: str, row: int, value: str) -> InputError:
    """The error that a cell is not of the type that was named for its column."""
    return NOT_OF_TYPE(
        field="types",
        file=where.file,
        place=where.place(row),
        value=value,
        column=where.column,
        kind=Text(KINDS[kind]),
    )


def _finish(plan: Plan, options: ReadOptions) -> None:
    """Say what the type rests on and what was read in a way that could surprise."""
    counts, marks, column = plan.facts.counts, plan.facts.marks, plan.where.column
    if plan.forced:
        plan.decide(N_("Type"), Text(KINDS[plan.kind]), Text(N_("You named it.")))
    elif plan.kind != "text":
        why = Text.counted("The {n} filled cell fits.", "All {n} filled cells fit.", plan.facts.cells)
        if any(counts[form] for form in _ABSENT):
            why = Text(N_("All filled cells fit, apart from those named below."))
        plan.decide(N_("Type"), Text(KINDS[plan.kind]), why)
    for what, count, value, reason in _said(plan):
        if count:
            plan.decide(what, Text.of(value, n=count), Text(reason))
    if plan.kind == "time" and (marks[Mark.NO_OFFSET] or counts[Form.DATE]) and options.timezone is None:
        plan.notes.append(
            Note("time-zone", Text.of(N_("{column}: times without an offset are taken as UTC."), column=column))
        )
        why = Text(N_("The file does not say in which time zone they were written."))
        plan.decide(N_("Time zone"), "UTC", why, "timezone")
    if plan.kind == "text" and plan.facts.formulas:
        text = Text.counted(
            "{column}: {n} cell begins with = + - or @ and was read as text.",
            "{column}: {n} cells begin with = + - or @ and were read as text.",
            plan.facts.formulas,
            column=column,
        )
        plan.notes.append(Note("formula-cells", text))


def _said(plan: Plan) -> Iterator[tuple[str, int, str, str]]:
    """What is worth saying, how often it was met, how it was read, and why."""
    counts, marks = plan.facts.counts, plan.facts.marks
    redacted = N_("kept as text: {n}") if plan.kind == "text" else N_("read as empty: {n}")
    yield N_("Redacted cells"), counts[Form.REDACTED], redacted, N_("They hold a mark in place of a value.")
    if plan.kind == "text":
        return
    nothing = N_("They are words such as N/A or a dash.")
    yield N_("Words for nothing"), counts[Form.NOTHING], N_("read as empty: {n}"), nothing
    if plan.kind in ("date", "time"):
        short = N_("Two figures from 69 to 99 are 1969 to 1999, others 2000 to 2068.")
        yield N_("Short years"), marks[Mark.SHORT_YEAR], N_("read as four figures: {n}"), short
        return
    grouped = counts[Form.GROUPED] + counts[Form.GROUPED_DECIMAL] + counts[Form.SPACED]
    if plan.decimal == ".":
        grouped += counts[Form.COMMA_UNSURE]
    yield N_("Thousands"), grouped, N_("read as one number: {n}"), N_("Figures are set off in groups of three.")
    if plan.decimal == ",":
        commas = counts[Form.COMMA_DECIMAL] + counts[Form.COMMA_UNSURE]
        yield N_("Decimal comma"), commas, N_("read as decimals: {n}"), N_("Only that reading fits all values.")
    for mark, what, value, why in (
        (Mark.CURRENCY, N_("Currency signs"), N_("left out: {n}"), N_("The sign is not part of the number.")),
        (Mark.BRACKETS, N_("Numbers in brackets"), N_("read as negative: {n}"), N_("Accounts write credits so.")),
        (Mark.TRAILING_MINUS, N_("Minus after the number"), N_("read as negative: {n}"), N_("Ledgers do so.")),
        (Mark.TRAILING_DOT, N_("Point after the decimals"), N_("left out: {n}"), N_("It changes nothing.")),
        (Mark.PER_CENT, N_("Per cent signs"), N_("left out: {n}"), N_("12.5% is read as 12.5, not as 0.125.")),
    ):
        yield what, marks[mark], value, why
