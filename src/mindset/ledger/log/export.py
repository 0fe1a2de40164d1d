"""A copy of the record that anybody can check without us: one ZIP with the entries, the signatures and a checker."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Final

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_, Text, translate
from mindset.ledger.log import offline, outside, seal
from mindset.ledger.log.append import HEAD, NO_RECORD
from mindset.ledger.log.check import read_rows
from mindset.ledger.log.checkpoint import public_text
from mindset.ledger.log.scan import STRETCH
from mindset.ledger.models.record import TreeHead

NOTHING_WITHHELD = error_kind(
    "nothing-withheld",
    what=N_("No entry has a field “{rule}”, so nothing was written."),
    remedy=N_("Give the name of a field, or KIND:FIELD or NUMBER:FIELD; see “mindset ledger list”."),
)
EXPORT_CLOSED = error_kind(
    "export-closed", what=N_("{file} cannot be written."), remedy=N_("Choose another place, or make room there.")
)

_TITLE: Final = N_("A copy of the record")
_WORDS: Final = (
    N_("This is what was put on record, entry by entry, and what it takes to check that nothing of it was altered."),
    N_("To check it, unpack it and run: python verify.py. That needs Python and nothing else, and no network."),
    N_("entries.jsonl has an entry on each line: its number, when, who, what kind of act, about what, and the fields."),
    N_(
        "A field is its value beside a random number, or, where it is withheld, a code of 64 digits and letters. The "
        "code was made from the two, so that nobody can exchange the value and nobody can guess it."
    ),
    N_(
        "checkpoint.txt says how many entries there are and what they come to, and is signed; so are those of each day."
    ),
    N_("key.txt has the public key. Compare it with the one that the organisation publishes."),
)
_STAMP: Final = (1980, 1, 1, 0, 0, 0)  # the same entries make the same file, whenever it is made

Hidden = Callable[[int, str, str], bool]
"""Whether to withhold a field: of the entry with a number and a kind, the one with a name."""


class Withholding:
    """Which fields to withhold: ``FIELD`` of every entry, ``KIND:FIELD`` or ``NUMBER:FIELD``; ``*`` for every field."""

    def __init__(self, rules: Iterable[str]) -> None:
        self._rules = frozenset(rules)
        self._used: set[str] = set()

    def __call__(self, number: int, kind: str, name: str) -> bool:
        """Whether a field is withheld."""
        found = self._rules & {name, f"{kind}:{name}", f"{number}:{name}", f"{kind}:*", f"{number}:*"}
        self._used |= found
        return bool(found)

    @property
    def unused(self) -> list[str]:
        """The rules that no field has met so far: most likely misspelt."""
        return sorted(self._rules - self._used)


def export(target: Path, withhold: Iterable[str] = (), language: str = "en") -> int:
    """Write the copy to ``target``; returns how many entries it has.

    ``withhold`` is as for :class:`Withholding`. Nothing is written where a rule meets no field, since what was to
    be kept back would be published. The same record and rules make the same bytes.
    """
    head = TreeHead.objects.filter(pk=HEAD).first()
    if head is None:
        raise NO_RECORD()
    hidden = Withholding(withhold)
    try:
        handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=".", suffix=".tmp")
    except OSError:
        raise EXPORT_CLOSED(file=str(target)) from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, head, hidden, language)
        if hidden.unused:
            raise NOTHING_WITHHELD(rule=hidden.unused[0])
        temporary.replace(target)
    except OSError:
        raise EXPORT_CLOSED(file=str(target)) from None
    finally:
        temporary.unlink(missing_ok=True)
    return head.size


def _write(file: IO[bytes], head: TreeHead, hidden: Hidden, language: str) -> None:
    texts = {
        "README.txt": _readme(language),
        "verify.py": Path(offline.__file__).read_text(encoding="utf-8"),
        "key.txt": public_text(head.ledger, outside.key().public_key()) + "\n",
        "checkpoint.txt": head.checkpoint,
    }
    for path in outside.days(head.ledger):
        note = outside.read(path)
        if outside.size(note) <= head.size:
            texts[f"checkpoints/{path.stem}.txt"] = note
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(_named(name), text)
        with archive.open(_named("entries.jsonl"), "w", force_zip64=True) as out:
            for first in range(0, head.size, STRETCH):
                for row in read_rows(first, min(first + STRETCH, head.size)):
                    out.write(_line(hidden, *row).encode())


def _named(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _line(hidden: Hidden, number: int, at: str, actor: str, kind: str, subject: str, fields: str, leaf: bytes) -> str:
    """An entry as a line of JSON."""
    kept = seal.withhold(fields, lambda name: hidden(number, kind, name)).replace(",\n", ",")
    named = {"number": number, "at": at, "actor": actor, "kind": kind, "subject": subject}
    return f'{json.dumps(named)[:-1]}, "seal": "{bytes(leaf).hex()}", "fields": {kept}}}\n'


def _readme(language: str) -> str:
    import textwrap

    title = translate(_TITLE, language)
    paragraphs = [textwrap.fill(Text(words).render(language), 96) for words in _WORDS]
    return "\n\n".join([f"{title}\n{'=' * len(title)}", *paragraphs]) + "\n"
