"""The language that the command line speaks."""

from __future__ import annotations

import os

from mindset.analysis.text import LANGUAGES


def reader_language() -> str:
    """The language of ``MINDSET_LANGUAGE``, else of the terminal (``LANG``), else English."""
    for variable in ("MINDSET_LANGUAGE", "LC_ALL", "LANG"):
        if (language := os.environ.get(variable, "")[:2]) in LANGUAGES:
            return language
    return "en"
