"""``mindset ledger``: look at the record of what happened, check it, and give copies of it away."""

from __future__ import annotations

import json as json_module
import sys
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App

from mindset.analysis.plain import columns
from mindset.analysis.text import N_, NN_, Text, translate
from mindset.cli.language import described, reader_language

ledger_app = App(
    name="ledger",
    help=translate(N_("Check the record of what happened, and give copies of it away."), reader_language()),
    help_format="plaintext",
)


def _help(words: str) -> str:
    return translate(words, reader_language())


BEHIND: Final = NN_(
    "{n} of them is not in the checkpoint outside the database yet: mindset ledger checkpoint",
    "{n} of them are not in the checkpoint outside the database yet: mindset ledger checkpoint",
)
WITHHELD: Final = N_("(withheld)")
KEPT: Final = N_("Kept in {file}")
WRITTEN: Final = NN_("{n} entry written to {file}", "{n} entries written to {file}")


@ledger_app.command(
    name="verify", help=_help(N_("Check every entry and all that was signed. Ends with 1 if anything was altered."))
)
def verify(
    *,
    checkpoint: Annotated[
        Path | None, described(N_("A checkpoint that was kept elsewhere, to compare with as well."))
    ] = None,
) -> None:
    """Check every entry and all that was signed. Ends with 1 if anything was altered."""
    _setup()
    from mindset.ledger.log.check import verify as check

    language = reader_language()
    found = check(checkpoint)
    if found.ok:
        print(found.summary.render(language))
        if behind := found.size - found.published:
            print(Text.counted(*BEHIND, behind).render(language))
        return
    print("\n".join(finding.text.render(language) for finding in found.findings))
    sys.exit(1)


@ledger_app.command(name="list", help=_help(N_("List the entries, oldest first.")))
def list_entries(
    *,
    subject: Annotated[str | None, described(N_("Only what is about this, such as change/k3x…"))] = None,
    kind: Annotated[str | None, described(N_("Only acts of this kind, such as change.proposed"))] = None,
) -> None:
    """List the entries, oldest first."""
    _setup()
    from mindset.ledger.log import seal
    from mindset.ledger.log.append import NO_RECORD
    from mindset.ledger.models import Entry

    language = reader_language()
    asked = {name: value for name, value in (("subject", subject), ("kind", kind)) if value is not None}
    rows = []
    for entry in Entry.objects.filter(**asked).order_by("number").iterator():
        # As JSON, so that nothing that was put on record can steer the terminal.
        known = {name: json_module.dumps(value, ensure_ascii=False) for name, value in entry.values.items()}
        hidden = dict.fromkeys(seal.withheld(entry.fields), translate(WITHHELD, language))
        said = "  ".join(f"{name}: {value}" for name, value in (known | hidden).items())
        rows.append([str(entry.number), entry.at[:19].replace("T", " "), entry.actor, entry.kind, entry.subject, said])
    print("\n".join(columns(rows)) if rows else translate(NO_RECORD.what, language))


@ledger_app.command(
    name="prove",
    help=_help(N_("Prove that an entry is in the record: print it with its path to the signed checkpoint.")),
)
def prove(
    number: int, /, *, json: Annotated[bool, described(N_("Print it as one JSON object."), negative="")] = False
) -> None:
    """Prove that an entry is in the record: print it with its path to the signed checkpoint."""
    _setup()
    from mindset.ledger.log.prove import prove as proof_of

    proof = proof_of(number).to_json()
    if json:
        print(json_module.dumps(proof, ensure_ascii=False))
        return
    for name, value in proof["entry"].items():
        print(f"{name}: {json_module.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value}")
    print("", *proof["path"], "", proof["checkpoint"], proof["key"], sep="\n")


@ledger_app.command(
    name="export", help=_help(N_("Write a copy of the record that anybody can check, as one ZIP file."))
)
def export(
    file: Path,
    /,
    *,
    withhold: Annotated[
        list[str] | None,
        described(N_("A field to leave out: FIELD, KIND:FIELD or NUMBER:FIELD. May be given again."), negative=""),
    ] = None,
) -> None:
    """Write a copy of the record that anybody can check, as one ZIP file."""
    _setup()
    from mindset.ledger.log.export import export as write

    language = reader_language()
    entries = write(file, withhold or (), language)
    print(Text.counted(*WRITTEN, entries, file=str(file)).render(language))


@ledger_app.command(name="checkpoint", help=_help(N_("Keep the signed checkpoint outside the database, and print it.")))
def checkpoint() -> None:
    """Keep the signed checkpoint outside the database, and print it."""
    _setup()
    from mindset.ledger.log.append import keep_checkpoint

    path, note = keep_checkpoint()
    print(note, end="")
    print(Text.of(KEPT, file=str(path)).render(reader_language()), file=sys.stderr)


def _setup() -> None:
    from mindset.web.boot import setup

    setup()
