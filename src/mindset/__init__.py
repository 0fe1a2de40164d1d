"""Digital Mindset: think and work digitally in a local public service, and prove it with evidence.

``mindset.processes.summary("permits.csv")`` runs a declared analysis; every practice is an
attribute of this package.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    from mindset.api import practice

    return practice(name)
