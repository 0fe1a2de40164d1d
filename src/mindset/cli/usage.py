"""A command line that does not fit, in our own words."""

from __future__ import annotations

from cyclopts.exceptions import (
    ConsumeMultipleError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from mindset.analysis.errors import InputError, error_kind
from mindset.analysis.text import N_

NO_SUCH_COMMAND = error_kind("no-such-command", what=N_("There is no “{given}” here."), remedy=N_("It has: {names}."))
NO_SUCH_OPTION = error_kind(
    "no-such-option", what=N_("There is no option “{given}”."), remedy=N_("Add --help to see the options.")
)
OPTION_MISSING = error_kind(
    "option-missing", what=N_("“{option}” is missing or has no value."), remedy=N_("Add --help to see the options.")
)
OPTION_TWICE = error_kind("option-twice", what=N_("“{option}” is given twice."), remedy=N_("Give it once."))
NOT_UNDERSTOOD = error_kind(
    "not-understood", what=N_("“{given}” was not understood."), remedy=N_("Add --help to see what can be written.")
)


def usage_error(error: CycloptsError) -> InputError:
    """The plain error for what the command-line parser found."""
    match error:
        case UnknownCommandError():
            names = sorted(name for name in (error.app or error.command_chain or ()) if not name.startswith("-"))
            return NO_SUCH_COMMAND(given=(error.unused_tokens or [""])[0], names=names)
        case UnknownOptionError():
            return NO_SUCH_OPTION(given=error.token.keyword or error.token.value)
        case MissingArgumentError() | ConsumeMultipleError():
            return OPTION_MISSING(option=error.argument.name if error.argument else "")
        case RepeatArgumentError():
            return OPTION_TWICE(option=error.token.keyword or "")
        case UnusedCliTokensError():
            return NOT_UNDERSTOOD(given=" ".join(error.unused_tokens or []))
    return NOT_UNDERSTOOD(given=" ".join(error.root_input_tokens or []))
