"""Our sentences, figures and dates in the language of the request."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from mindset.analysis.numbers import write, write_date
from mindset.analysis.text import LANGUAGES, Text, translate
from mindset.practices.decisions.record import CATEGORIES


def language() -> str:
    """The language of the request: one of ours."""
    code = (get_language() or "en").split("-")[0]
    return code if code in LANGUAGES else "en"


def say(sentence: Any) -> str:
    """A :class:`Text`, a text in both languages or a marked message, in the language of the request."""
    if isinstance(sentence, str):
        return translate(sentence, language())
    return str(sentence.render(language())) if sentence else ""


def say_stored(packed: dict[str, Any]) -> str:
    """A sentence as the ledger stores it."""
    return say(Text.from_json(packed))


def count(value: int) -> str:
    """``12,345``."""
    return write(value, "count", language())


def rows(n: int) -> str:
    """``12,345 rows``."""
    return say(Text.counted("{n} row", "{n} rows", n))


def when(moment: date) -> str:
    """``1 March 2026, 14:05``, in the time of the place."""
    return write_date(timezone.localtime(moment) if isinstance(moment, datetime) else moment, language())


def day(moment: date) -> str:
    """``1 March 2026``, in the time of the place."""
    return when(timezone.localdate(moment) if isinstance(moment, datetime) else moment)


def money(amount: Decimal) -> str:
    """``£12,500`` or ``£12,500.50``."""
    from babel.numbers import format_currency

    whole = amount == amount.to_integral_value()
    return format_currency(amount, "GBP", "¤#,##0" if whole else "¤#,##0.00", language(), currency_digits=False)


def exempt(category: str) -> str:
    """What a category of exempt information is called."""
    return say(CATEGORIES[category])
