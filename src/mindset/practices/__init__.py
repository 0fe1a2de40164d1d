"""The fifteen practices, a folder each, independent of one another: they meet in the ledger."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules


@cache
def load() -> tuple[str, ...]:
    """Import every practice's declarations, so that the registry is whole. Returns the practices' names."""
    names = tuple(sorted(module.name for module in iter_modules(__path__) if module.ispkg))
    for name in names:
        import_module(f"{__name__}.{name}.analyses")
    return names
