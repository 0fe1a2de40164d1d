"""What a request gives: the members of its JSON object or of its query, fit to be checked and kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_
from mindset.web.ogc.problems import NOT_DECLARED_JSON

NOT_AN_OBJECT = error_kind(
    "not-an-object",
    what=N_("The request is not a JSON object."),
    remedy=N_("Send one object whose members are the parameters, such as {example}."),
)
TOO_MUCH = error_kind(
    "too-much",
    what=N_("The request is longer than {most} bytes."),
    remedy=N_("Shorten the texts: none may have more than 20,000 characters."),
)
NOT_FLAT = error_kind(
    "parameter-not-flat",
    what=N_("“{parameter}” is an object, or a list of lists."),
    remedy=N_("Give text, a number, true or false, or a list of texts."),
)
UNFIT_TEXT = error_kind(
    "parameter-unfit",
    what=N_("“{parameter}” has a character that cannot be kept."),
    remedy=N_("Leave out zero characters and halves of characters (surrogates)."),
)

# Every parameter of every act, at its longest and with every character escaped, is shorter.
_MOST: Final = 4 * 1024 * 1024
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")
_EXAMPLE: Final = '{"title": "…"}'


def body(request: HttpRequest) -> dict[str, Any]:
    """The members of the request's JSON object, exact numbers included; an empty body gives none."""
    content = _content(request)
    if not content:
        return {}
    if request.content_type != "application/json":
        raise NOT_DECLARED_JSON()
    try:
        found = json.loads(content, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        raise NOT_AN_OBJECT(example=_EXAMPLE) from None
    if not isinstance(found, dict):
        raise NOT_AN_OBJECT(example=_EXAMPLE)
    return fit(found)


def fit(found: Mapping[str, Any]) -> dict[str, Any]:
    """``found``, refused where a value is nested or holds what no text on record can hold."""
    if problems := list(_problems(found)):
        raise InputError(*problems)
    return dict(found)


def _problems(found: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in found.items():
        items = value if isinstance(value, list) else [value]
        shown = _UNFIT.sub("\N{REPLACEMENT CHARACTER}", name)
        if any(isinstance(item, list | dict) for item in items):
            yield NOT_FLAT.problem(field=shown, parameter=shown)
        elif any(isinstance(text, str) and _UNFIT.search(text) for text in (name, *items)):
            yield UNFIT_TEXT.problem(field=shown, parameter=shown)


def _content(request: HttpRequest) -> bytes:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) <= _MOST:
            return request.body
    except (RequestDataTooBig, ValueError):
        pass
    raise TOO_MUCH(most=_MOST)


def _refuse(constant: str) -> NoReturn:
    """NaN and Infinity are not JSON, whatever Python thinks."""
    raise ValueError(constant)
