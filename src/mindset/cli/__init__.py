"""The command line. Commands are imported when they are called, so that ``mindset --help`` stays quick."""

from __future__ import annotations

import sys

from cyclopts import App
from cyclopts.exceptions import CycloptsError

from mindset.analysis.errors import InputError, MindsetError
from mindset.cli.language import reader_language
from mindset.cli.usage import usage_error
from mindset.version import __version__

BAD_INPUT = 2

app = App(
    name="mindset",
    version=__version__,
    help="Think and work digitally in a local public service, and prove it with evidence.",
    help_format="plaintext",
)
app.command("mindset.cli.run:run_app", name="run", help="Run an analysis on your data.")
app.command("mindset.cli.tables:tables_app", name="tables", help="Look at a file before using it.")
app.command("mindset.cli.verify:verify", name="verify", help="Compute saved findings again and compare.")
app.command("mindset.cli.serve:serve", name="serve", help="Open the application in a browser.")
app.command("mindset.cli.demo:demo", name="demo", help="Build the demonstration council and open it.")
app.command(
    "mindset.cli.features:list_features", name="features", help="List the fifteen features of a digital mindset."
)


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
