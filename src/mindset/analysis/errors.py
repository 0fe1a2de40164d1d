"""Every way an input can be wrong, each with one plain sentence and what to do about it.

An :class:`ErrorKind` is declared once, beside the code that finds the fault; calling it
makes the exception. Surfaces only ever print :meth:`InputError.message`, so no library's
own wording reaches a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mindset.analysis.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: its stable code, what is wrong, what to do, and the field it belongs to."""

    code: str
    what: Text
    remedy: Text
    field: str | None = None

    def at(self, field: str | None) -> Problem:
        """The same problem of another ``field``."""
        return replace(self, field=field)

    def render(self, language: str = "en") -> str:
        """What is wrong and what to do, in one or two sentences."""
        return f"{self.what.render(language)} {self.remedy.render(language)}".strip()


class MindsetError(Exception):
    """The base of every error that is meant for a person to read."""


class InputError(MindsetError):
    """The input cannot be used. Holds one :class:`Problem` or several; nothing was written."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(self.message())

    def message(self, language: str = "en") -> str:
        """All problems, a line each, in ``language``."""
        return "\n".join(problem.render(language) for problem in self.problems)

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One row of the error table. Call it with the values of its sentences to get the exception."""

    code: str
    what: str
    remedy: str = ""

    def problem(self, *, field: str | None = None, **values: Any) -> Problem:
        """The fault as data, to be raised with others or kept."""
        return Problem(self.code, Text(self.what, values), Text(self.remedy, values), field)

    def __call__(self, *, field: str | None = None, **values: Any) -> InputError:
        """The exception, to be raised."""
        return InputError(self.problem(field=field, **values))


ERROR_TABLE: Final[dict[str, ErrorKind]] = {}


def error_kind(code: str, what: str, remedy: str = "") -> ErrorKind:
    """Declare a row of the error table. ``code`` is stable and unique; the sentences are marked with ``N_``."""
    if code in ERROR_TABLE:
        raise ValueError(f"the error code {code} is declared twice")
    kind = ERROR_TABLE[code] = ErrorKind(code, what, remedy)
    return kind


@dataclass(frozen=True, slots=True)
class Note:
    """A warning that is kept with the finding: what was met and what was done about it."""

    code: str
    text: Text
    values: Mapping[str, Any] = field(default_factory=dict)


def plain(problem: Problem, language: str) -> dict[str, str | None]:
    """``problem`` as the JSON that the HTTP API and the error summary use."""
    return {
        "code": problem.code,
        "field": problem.field,
        "what": problem.what.render(language),
        "remedy": problem.remedy.render(language),
    }
