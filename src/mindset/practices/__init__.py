"""The fifteen practices, a folder each, independent of one another: they meet in the ledger."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules


def names() -> tuple[str, ...]:
    """The practices that are built."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if module.ispkg))


@cache
def load() -> tuple[str, ...]:
    """Import every practice's declarations, so that the registry is whole. Returns the practices' names."""
    for name in names():
        import_module(f"{__name__}.{name}.analyses")
    return names()
