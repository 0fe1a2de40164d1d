"""Parameters that do not fit, in our own words: pydantic's codes to rows of the error table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from mindset.analysis.errors import ErrorKind, InputError, error_kind
from mindset.analysis.text import N_, Text

if TYPE_CHECKING:
    from pydantic import ValidationError

    from mindset.analysis.parameters import Parameter

MISSING = error_kind("parameter-missing", what=N_("“{parameter}” is missing."), remedy=N_("Give it a value."))
UNKNOWN_PARAMETER = error_kind(
    "parameter-unknown",
    what=N_("There is no parameter “{parameter}” here."),
    remedy=N_("There are: {names}."),
)
NOT_A_NUMBER = error_kind(
    "parameter-not-a-number",
    what=N_("“{parameter}” is not a number: “{value}”."),
    remedy=N_("Write digits, such as {example}."),
)
NOT_PENCE = error_kind(
    "parameter-not-pence",
    what=N_("“{parameter}” has more than two places: “{value}”."),
    remedy=N_("Write pounds and pence, such as 1200.50."),
)
NOT_WHOLE = error_kind(
    "parameter-not-a-whole-number",
    what=N_("“{parameter}” is not a whole number: “{value}”."),
    remedy=N_("Write digits, such as {example}."),
)
NOT_A_DATE = error_kind(
    "parameter-not-a-date",
    what=N_("“{parameter}” is not a date: “{value}”."),
    remedy=N_("Write year, month and day, such as 2026-03-01."),
)
NOT_YES_OR_NO = error_kind(
    "parameter-not-yes-or-no", what=N_("“{parameter}” is neither yes nor no: “{value}”."), remedy=N_("Write yes or no.")
)
NOT_A_CHOICE = error_kind(
    "parameter-not-a-choice", what=N_("“{parameter}” cannot be “{value}”."), remedy=N_("Choose one of: {choices}.")
)
TOO_SMALL = error_kind(
    "parameter-too-small", what=N_("“{parameter}” is too small: {value}."), remedy=N_("Give {limit} or more.")
)
TOO_LARGE = error_kind(
    "parameter-too-large", what=N_("“{parameter}” is too large: {value}."), remedy=N_("Give {limit} or less.")
)
NOT_ABOVE = error_kind(
    "parameter-not-above",
    what=N_("“{parameter}” is too small: {value}."),
    remedy=N_("Give more than {limit}."),
)
NOT_BELOW = error_kind(
    "parameter-not-below",
    what=N_("“{parameter}” is too large: {value}."),
    remedy=N_("Give less than {limit}."),
)
TOO_LONG = error_kind(
    "parameter-too-long",
    what=N_("“{parameter}” is too long."),
    remedy=N_("Write at most {limit} characters."),
)
NOT_TEXT = error_kind(
    "parameter-not-text", what=N_("“{parameter}” is not text: “{value}”."), remedy=N_("Write it as text.")
)
NOT_A_LIST = error_kind(
    "parameter-not-a-list", what=N_("“{parameter}” is not a list: “{value}”."), remedy=N_("Give the values one by one.")
)
NOT_VALID = error_kind(
    "parameter-not-valid",
    what=N_("“{parameter}” cannot be “{value}”."),
    remedy=N_("See the description of the parameter."),
)

# By the beginning of pydantic's code; the first that fits counts.
_KINDS: Final[tuple[tuple[str, ErrorKind], ...]] = (
    ("missing", MISSING),
    ("extra_forbidden", UNKNOWN_PARAMETER),
    ("int_", NOT_WHOLE),
    ("float_", NOT_A_NUMBER),
    ("finite_number", NOT_A_NUMBER),
    ("decimal_max_places", NOT_PENCE),
    ("decimal_", NOT_A_NUMBER),
    ("bool_", NOT_YES_OR_NO),
    ("date_", NOT_A_DATE),
    ("datetime_", NOT_A_DATE),
    ("literal_error", NOT_A_CHOICE),
    ("string_too_short", MISSING),
    ("string_too_long", TOO_LONG),
    ("greater_than_equal", TOO_SMALL),
    ("greater_than", NOT_ABOVE),
    ("less_than_equal", TOO_LARGE),
    ("less_than", NOT_BELOW),
    ("string_", NOT_TEXT),
    ("list_", NOT_A_LIST),
)
_LIMITS: Final = ("ge", "gt", "le", "lt", "max_length")
_LONGEST_QUOTE: Final = 60


def refuse_parameters(error: ValidationError, parameters: Iterable[Parameter]) -> InputError:
    """The input error that says, a sentence per parameter, what pydantic found."""
    known = {parameter.name: parameter for parameter in parameters}
    problems = []
    for item in error.errors(include_url=False):
        name = str(item["loc"][0])
        kind = next((kind for start, kind in _KINDS if item["type"].startswith(start)), NOT_VALID)
        parameter = known.get(name)
        context: dict[str, Any] = item.get("ctx", {})
        problems.append(
            kind.problem(
                field=name,
                parameter=Text(parameter.title) if parameter else name,
                value=_quote(item["input"]),
                names=sorted(known),
                choices=list(parameter.choices) if parameter else [],
                example=_example(parameter),
                limit=next((context[limit] for limit in _LIMITS if limit in context), ""),
            )
        )
    return InputError(*problems)


def _quote(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def _example(parameter: Parameter | None) -> str:
    if parameter is None:
        return ""
    return str(next((value for value in (parameter.default, parameter.least) if value is not None), 10))
