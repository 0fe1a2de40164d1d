"""The command line. Commands are imported when they are called, so that ``mindset --help`` stays quick."""

from __future__ import annotations

import sys

from cyclopts import App
from cyclopts.exceptions import CycloptsError

from mindset.analysis.errors import InputError, MindsetError
from mindset.analysis.text import N_, translate
from mindset.cli.language import reader_language
from mindset.cli.usage import usage_error
from mindset.version import __version__

BAD_INPUT = 2

_COMMANDS = {
    "run": ("mindset.cli.run:run_app", N_("Run an analysis on your data.")),
    "tables": ("mindset.cli.tables:tables_app", N_("Look at a file before using it.")),
    "verify": ("mindset.cli.verify:verify", N_("Compute saved findings again and compare.")),
    "ledger": ("mindset.cli.ledger:ledger_app", N_("Check the record of what happened, and give copies of it away.")),
    "serve": ("mindset.cli.serve:serve", N_("Open the application in a browser.")),
    "backup": ("mindset.cli.backup:backup", N_("Write everything to one file, while the service runs.")),
    "restore": ("mindset.cli.backup:restore", N_("Put a backup back, and check the record in it.")),
    "doctor": (
        "mindset.cli.doctor:doctor",
        N_("Say whether the service is well, and what to do where it is not."),
    ),
    "tick": ("mindset.cli.tick:tick", N_("Do what is due: letters, clearing away, a checkpoint.")),
    "demo": ("mindset.cli.demo:demo", N_("Build the demonstration council and open it.")),
    "people": ("mindset.cli.people:people_app", N_("Add people, and make links by which they choose a password.")),
    "features": (
        "mindset.cli.features:show_features",
        N_("List the fifteen features of a digital mindset, or show one."),
    ),
}
_ABOUT = N_("Think and work digitally in a local public service, and prove it with evidence.")

app = App(name="mindset", version=__version__, help=translate(_ABOUT, reader_language()), help_format="plaintext")
for _name, (_place, _help) in _COMMANDS.items():
    app.command(_place, name=_name, help=translate(_help, reader_language()))


def main(arguments: list[str] | None = None) -> None:
    """Run the command line. Bad input ends with exit code 2 and one plain message on standard error."""
    try:
        app(arguments, exit_on_error=False, print_error=False)
    except InputError as error:
        _stop(error.message(reader_language()), BAD_INPUT)
    except CycloptsError as error:
        _stop(usage_error(error).message(reader_language()), BAD_INPUT)
    except MindsetError as error:
        _stop(str(error), 1)
    except BrokenPipeError:
        # The reader of our output went away (`mindset … | head`): nothing is wrong.
        sys.stderr.close()
    except KeyboardInterrupt:
        sys.exit(130)


def _stop(message: str, code: int) -> None:
    print(message, file=sys.stderr)
    sys.exit(code)
