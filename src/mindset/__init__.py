"""Digital Mindset: think and work digitally in a local public service, and prove it with evidence.

``mindset.processes.summary("permits.csv")`` runs a declared analysis; every practice is an
attribute of this package.
"""

from __future__ import annotations

from typing import Any

from mindset.version import __version__

__all__ = ["__version__"]


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    from mindset.api import practice

    return practice(name)


def __dir__() -> list[str]:
    from mindset.practices import names

    return [*__all__, *names()]
