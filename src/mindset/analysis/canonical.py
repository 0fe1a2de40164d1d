"""One form of JSON for everything that is hashed (RFC 8785), after rounding what engines may differ in."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

# Sums of the same float64 values in another order differ by about 2e-15 of their size;
# nine figures are far above that and far below what any reader uses.
SIGNIFICANT_FIGURES: Final = 9


def jsonable(value: Any) -> Any:
    """``value`` as plain JSON types: times in UTC ISO 8601 with ``Z``, dataclasses as objects, NaN as null."""
    match value:
        case None | bool() | str() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():  # money, to the penny as it was written
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): jsonable(item) for key, item in value.items()}
        case list() | tuple():
            return [jsonable(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {_wire(field): jsonable(getattr(value, field.name)) for field in fields}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _wire(field: dataclasses.Field[Any]) -> str:
    """The JSON name of a field: its own, or the one in its metadata where Python forbids it (``from``)."""
    return str(field.metadata.get("name", field.name))


def rounded(value: Any) -> Any:
    """JSON ``value`` with every float at nine significant figures; whole floats become integers."""
    match value:
        case float():
            short = float(f"{value:.{SIGNIFICANT_FIGURES}g}")
            return int(short) if short.is_integer() and abs(short) < 2**53 else short
        case dict():
            return {key: rounded(item) for key, item in value.items()}
        case list():
            return [rounded(item) for item in value]
    return value


def canonical(value: Any) -> bytes:
    """``value`` as canonical JSON (RFC 8785)."""
    import rfc8785

    return rfc8785.dumps(jsonable(value))


def digest(value: Any) -> str:
    """``sha256:`` and the SHA-256 of the canonical JSON of ``value``, rounded."""
    return "sha256:" + hashlib.sha256(canonical(rounded(jsonable(value)))).hexdigest()
