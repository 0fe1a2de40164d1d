"""The options that say how a file is to be read, shared by every command that opens one."""

from __future__ import annotations

from inspect import Parameter as Argument
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from mindset.analysis.text import N_, translate

if TYPE_CHECKING:
    from mindset.tables.options import ReadOptions

_TEXTS: Final = {
    "encoding": N_("How letters are stored, such as utf-8 or windows-1252."),
    "delimiter": N_("What stands between two cells: , or ; or | or tab."),
    "quote": N_("The quotation mark around cells."),
    "header_row": N_("The line of the column names, counted from 1; 0 if there are none."),
    "date_order": N_("The order in dates such as 03/04/2026: dmy, mdy or ymd."),
    "decimal": N_("The decimal sign: . or ,"),
    "timezone": N_("The zone of times that do not say their own, such as Europe/London."),
    "member": N_("The file within a ZIP."),
    "records": N_("The part of a JSON file that holds the rows."),
    "total_row": N_("Rows with totals at the end of a CSV file: keep or leave-out."),
}
_GROUP: Final = N_("Reading the file")
_TYPES: Final = N_("The type of a column, as “COLUMN: TYPE”; types are text, integer, number, boolean, date and time.")
_LEAVE_OUT: Final = N_("A column: rows in which it is empty are left out, and counted. May be given again.")
_PAD: Final = N_("Fill rows that end early with empty cells.")


def reading_arguments(language: str) -> list[Argument]:
    """The reading options as keyword arguments for a command that is put together at run time."""

    def argument(name: str, kind: Any, default: Any, words: str) -> Argument:
        shown = {"help": translate(words, language), "group": translate(_GROUP, language)}
        annotation = Annotated[kind, Parameter(**shown, negative="", show_default=False)]
        return Argument(name, Argument.KEYWORD_ONLY, default=default, annotation=annotation)

    return [
        *(argument(name, str | None, None, words) for name, words in _TEXTS.items()),
        argument("types", list[str] | None, None, _TYPES),
        argument("leave_out_empty", list[str] | None, None, _LEAVE_OUT),
        argument("pad_short_rows", bool, False, _PAD),
    ]


def read_options(arguments: dict[str, Any]) -> ReadOptions:
    """Take the reading options out of ``arguments``; plain errors for values that cannot be."""
    from mindset.tables.written import options_from_text

    given = {name: arguments.pop(name, None) or "" for name in _TEXTS}
    for name in ("types", "leave_out_empty"):
        given[name] = "\n".join(arguments.pop(name, None) or ())
    given["pad_short_rows"] = "yes" if arguments.pop("pad_short_rows", False) else ""
    return options_from_text(given)
