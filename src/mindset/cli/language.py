"""The language that the command line speaks."""

from __future__ import annotations

import os
from typing import Any

from cyclopts import Parameter

from mindset.analysis.text import LANGUAGES, N_, translate


def reader_language() -> str:
    """The language of ``MINDSET_LANGUAGE``, else of the terminal (``LANG``), else English."""
    for variable in ("MINDSET_LANGUAGE", "LC_ALL", "LANG"):
        if (language := os.environ.get(variable, "")[:2]) in LANGUAGES:
            return language
    return "en"


def described(words: str, *, group: str = N_("Parameters"), **settings: Any) -> Parameter:
    """An option with its help, and the heading under which help lists it, in the reader's language."""
    language = reader_language()
    return Parameter(help=translate(words, language), group=translate(group, language), **settings)
