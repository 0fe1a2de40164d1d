"""The fifteen practices, a folder each, independent of one another: they meet in the ledger."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
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


@cache
def load_acts() -> None:
    """Declare every act: those of the ledger, and those of the practices that have some. Needs Django."""
    folders = ["mindset.ledger.acts", *(f"{__name__}.{name}.acts" for name in names())]
    for folder in folders:
        if find_spec(folder) is not None:
            for module in iter_modules(import_module(folder).__path__, f"{folder}."):
                import_module(module.name)
