"""Checking the whole record: every entry, the tree over them, and what was signed of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import DatabaseError
from django.db.models import Max, Min

from mindset.analysis.errors import InputError, error_kind
from mindset.analysis.progress import report
from mindset.analysis.text import N_, Text
from mindset.ledger.log import findings as words
from mindset.ledger.log import outside, seal, tree
from mindset.ledger.log.append import HEAD, STORED_LEVELS
from mindset.ledger.log.checkpoint import Checkpoint
from mindset.ledger.log.erase import ERASED
from mindset.ledger.log.findings import Finding, Report, about
from mindset.ledger.log.scan import BLOCK, Rows, Stretch, block_hash, stretches
from mindset.ledger.models.record import Entry, TreeHead, TreeNode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NO_CHECKPOINT_FILE = error_kind(
    "no-checkpoint-file", what=N_("The checkpoint {file} cannot be read."), remedy=N_("Check the name and the folder.")
)

# In SQLite anything can be in any column, text that is none included.
_UNREADABLE: Final = (DatabaseError, UnicodeDecodeError)
_BINARY: Final = (bytes, memoryview)
_COLUMNS: Final = ("number", "at", "actor", "kind", "subject", "fields", "leaf")


@dataclass
class _Outside:
    """What is kept outside the database: the key, and the checkpoints that it has signed, by ledger and size."""

    key: Ed25519PublicKey | None = None
    signed: dict[str, dict[int, tuple[Checkpoint, date | str]]] = field(default_factory=lambda: defaultdict(dict))
    findings: list[Finding] = field(default_factory=list)


def verify(checkpoint: Path | None = None, *, processes: int | None = None) -> Report:
    """Check the record against its seals, its tree and all that was signed; ``checkpoint`` is a copy kept elsewhere.

    What is added meanwhile is left for the next time. ``processes`` is as for
    :func:`mindset.ledger.log.scan.stretches`. Raises InputError where ``checkpoint`` cannot be read.
    """
    # First what is outside, then the nodes, then the head: what was added in between is never missing from a later one.
    kept = _read_outside(checkpoint)
    nodes = _read_nodes()
    head = _read_head()
    if head is None:
        return _without_head(kept)
    return _Check(head, nodes, kept).run(processes)


def _read_outside(checkpoint: Path | None) -> _Outside:
    paths = [path for ledger in outside.ledgers() for path in outside.days(ledger)]
    found = _Outside()
    try:
        found.key = outside.key().public_key()
    except InputError as error:
        found.findings.append(Finding(None, error.problems[0].what))
        return found
    for path in [*paths, *([checkpoint] if checkpoint else [])]:
        try:
            signed = Checkpoint.read(outside.read(path), found.key)
        except OSError:
            raise NO_CHECKPOINT_FILE(file=str(path)) from None
        except ValueError:
            found.findings.append(about(None, words.CHECKPOINT_ALTERED, file=str(path)))
        else:
            found.signed[signed.ledger][signed.size] = signed, _day(path.stem)
    return found


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _read_nodes(**where: int) -> dict[tuple[int, int], bytes]:
    """The stored nodes; those whose hash is none have an empty one. None at all where they cannot be read."""
    try:
        rows = list(TreeNode.objects.filter(**where).values_list("level", "index", "hash"))
    except _UNREADABLE:
        return {}
    return {(level, index): bytes(found) if isinstance(found, _BINARY) else b"" for level, index, found in rows}


def _read_head() -> TreeHead | None:
    """The stored end of the record; None where it is missing or is not one."""
    try:
        head = TreeHead.objects.filter(pk=HEAD).first()
    except _UNREADABLE:
        return None
    if head is None or not isinstance(head.size, int) or not isinstance(head.peaks, _BINARY):
        return None
    return head if all(isinstance(text, str) for text in (head.ledger, head.at, head.checkpoint)) else None


def _without_head(kept: _Outside) -> Report:
    """There is no record, unless there was one."""
    entries = Entry.objects.count()
    if not entries and not kept.signed:
        return Report("", 0, 0, ())
    gone = [Finding(None, Text(words.HEAD_MISSING))] if entries else []
    return Report("", entries, 0, (*kept.findings, *gone, *_replaced(kept, "")))


def _replaced(kept: _Outside, ledger: str) -> Iterator[Finding]:
    """The same key has signed another record, which is not the one that is here."""
    for other, signed in kept.signed.items():
        if other != ledger:
            size = max(signed)
            yield about(None, words.REPLACED, size=size, day=signed[size][1])


def read_rows(first: int, last: int) -> Rows:
    """The columns of the entries from ``first`` up to ``last``, as they are checked.

    One that cannot be read has empty columns.
    """
    wanted = Entry.objects.filter(number__gte=first, number__lt=last).order_by("number")
    try:
        return list(wanted.values_list(*_COLUMNS))
    except _UNREADABLE:
        return [_readable(number) for number in wanted.values_list("number", flat=True)]


def _readable(number: int) -> tuple[Any, ...]:
    nothing = (number, *[""] * (len(_COLUMNS) - 1))
    try:
        return Entry.objects.filter(number=number).values_list(*_COLUMNS).first() or nothing
    except _UNREADABLE:
        return nothing


class _Check:
    """One check of a record that has begun."""

    def __init__(self, head: TreeHead, nodes: dict[tuple[int, int], bytes], kept: _Outside) -> None:
        self.head, self.nodes, self.kept = head, nodes, kept
        self.findings = kept.findings
        self.within = self._signed_within()
        # What was signed goes before what stands beside it.
        self.ledger = self.within.ledger if self.within else head.ledger
        self.size = self.within.size if self.within else head.size
        self.signed = dict(kept.signed[self.ledger])
        if self.within:
            self.signed.setdefault(self.size, (self.within, _day(head.at[:10])))
        self.growing: tree.Frontier | None = tree.Frontier()  # None from where the tree is not known
        self.agreed = 0  # entries up to the last checkpoint that agreed
        self.rewritten = False

    def _signed_within(self) -> Checkpoint | None:
        """The checkpoint in the database, if it is signed."""
        if self.kept.key is None:
            return None
        try:
            return Checkpoint.read(self.head.checkpoint, self.kept.key)
        except ValueError:
            self._add(self.head.size - 1, words.HEAD_UNSIGNED, last=self.head.size - 1)
            return None

    def _add(self, number: int | None, template: str, /, **values: object) -> None:
        self.findings.append(about(number, template, **values))

    def run(self, processes: int | None) -> Report:
        """Read the record once from end to end."""
        withheld: dict[int, list[str]] = {}
        missing: list[int] = []
        for stretch in stretches(self.ledger, self.size, read_rows, processes):
            withheld |= stretch.withheld
            missing += stretch.missing
            self._stretch(stretch)
            report(Text(N_("Checking the record")), (stretch.first + len(stretch.leaves)) / self.size)
        self.findings += words.over_ranges(missing, words.MISSING, words.MISSING_RANGE)
        self.findings += words.over_ranges(self._foreign(), words.FOREIGN, words.FOREIGN_RANGE)
        self._cut_off()
        self._end()
        self._foreign_nodes()
        self._silent(withheld)
        return Report(self.ledger, self.size, self._published(), tuple(self.findings))

    def _stretch(self, stretch: Stretch) -> None:
        for number in stretch.unsound:
            self._add(number, words.UNSOUND, number=number)
        for start in range(0, len(stretch.leaves), BLOCK):
            first = stretch.first + start
            leaves = stretch.leaves[start : start + BLOCK]
            altered = {n: leaf for n, leaf in stretch.unsound.items() if first <= n < first + BLOCK}
            computed = [altered.get(first + at, leaf) for at, leaf in enumerate(leaves)] if altered else leaves
            if len(leaves) == BLOCK:
                self._block(first, leaves, computed, stretch.blocks[start // BLOCK])
            else:
                self._last_leaves(first, leaves, computed)

    def _block(self, first: int, leaves: list[bytes | None], computed: list[bytes | None], node: bytes | None) -> None:
        """A full block. Where an entry and its hash differ, the stored node says which of the two was altered."""
        stored = self._stored(STORED_LEVELS, first // BLOCK)
        if computed is not leaves and node != stored and block_hash(computed) == stored:
            leaves, node = computed, stored
        for size in self._signed_after(first, first + BLOCK - 1):
            self._compare(size, _grown(self.growing, leaves[: size - first]))
        self._push(node or stored, STORED_LEVELS)
        if first + BLOCK in self.signed:
            self._compare(first + BLOCK, self.growing)

    def _last_leaves(self, first: int, leaves: list[bytes | None], computed: list[bytes | None]) -> None:
        """What is left after the last full block; here it is the stored end of the record that says."""
        end = bytes(self.head.peaks)
        found, other = _grown(self.growing, leaves), _grown(self.growing, computed)
        if other and b"".join(other.peaks) == end and (not found or b"".join(found.peaks) != end):
            leaves = computed
        for size in self._signed_after(first, first + len(leaves)):
            self._compare(size, _grown(self.growing, leaves[: size - first]))
        self.growing = _grown(self.growing, leaves)

    def _stored(self, level: int, index: int) -> bytes | None:
        """A stored node, from what was read at first or, where it was completed meanwhile, from the database."""
        if (level, index) not in self.nodes:
            self.nodes |= _read_nodes(level=level, index=index)
        return self.nodes.get((level, index))

    def _push(self, node: bytes | None, level: int) -> None:
        """Go on with a complete subtree, and compare all that it completes with what is stored."""
        if self.growing is None or node is None:
            self.growing = None
            return
        for above, index, found in self.growing.push(node, level):
            if above % STORED_LEVELS == 0 and self._stored(above, index) != found:
                first = index << above
                self._add(first, words.NODE_ALTERED, first=first, last=first + (1 << above) - 1)

    def _signed_after(self, first: int, last: int) -> list[int]:
        return sorted(size for size in self.signed if first < size <= last)

    def _compare(self, size: int, grown: tree.Frontier | None) -> None:
        """Compare the tree with what was signed of it; the first time that it differs is told."""
        if grown is None or self.rewritten:
            return
        signed, day = self.signed[size]
        if signed.root == grown.root():
            self.agreed = size
        else:
            self.rewritten = True
            self._add(self.agreed, words.REWRITTEN, first=self.agreed, last=size - 1, day=day)

    def _foreign(self) -> Iterator[int]:
        """The numbers of entries that the head does not know: before the first or, by now still, after the last."""
        bounds = Entry.objects.aggregate(first=Min("number"), last=Max("number"))
        if bounds["first"] is not None and bounds["first"] < 0:
            yield from Entry.objects.filter(number__lt=0).order_by("number").values_list("number", flat=True)
        now = TreeHead.objects.filter(pk=HEAD).values_list("size", flat=True).first()
        known = self.size if now == self.head.size else max(self.size, now or 0)
        if bounds["last"] is not None and bounds["last"] >= known:
            beyond = Entry.objects.filter(number__gte=known, number__lte=bounds["last"])
            yield from beyond.order_by("number").values_list("number", flat=True)

    def _cut_off(self) -> None:
        """More was signed outside than the record has."""
        if (most := max(self.signed, default=0)) > self.size:
            self.findings.append(words.cut_off(self.size, most, self.signed[most][1]))
        self.findings += _replaced(self.kept, self.ledger)
        if self.kept.key is not None and not self.kept.signed.get(self.ledger):
            self._add(None, words.NO_CHECKPOINT)

    def _published(self) -> int:
        return min(self.size, max(self.kept.signed.get(self.ledger, {}), default=0))

    def _end(self) -> None:
        """The head agrees with the entries and with what was signed with it."""
        last = _readable(self.size - 1)[1]
        peaks = b"".join(self.growing.peaks) if self.growing else bytes(self.head.peaks)
        said = (self.head.ledger, self.head.size, bytes(self.head.peaks), self.head.at)
        if said != (self.ledger, self.size, peaks, last or self.head.at) or TreeHead.objects.count() > 1:
            self._add(self.size - 1, words.HEAD_ALTERED, last=self.size - 1)

    def _foreign_nodes(self) -> None:
        for level, index in sorted(self.nodes):
            if level % STORED_LEVELS or not 0 < level < 64 or not 0 <= index < self.size >> level:
                self._add(None, words.NODE_FOREIGN, level=level, index=index)

    def _silent(self, withheld: dict[int, list[str]]) -> None:
        """Each field that is gone was erased on record."""
        told: set[tuple[int, str]] = set()
        if withheld:
            for entry in Entry.objects.filter(kind=ERASED).values_list("number", flat=True):
                try:
                    said = seal.values(_readable(entry)[_COLUMNS.index("fields")])
                    told.update((said["entry"], name) for name in said["names"])
                except (ValueError, LookupError, TypeError, AttributeError):
                    continue  # Altered, and told as that.
        for number, names in withheld.items():
            for name in names:
                if (number, name) not in told:
                    self._add(number, words.SILENT, number=number, name=name)


def _grown(before: tree.Frontier | None, leaves: Sequence[bytes | None]) -> tree.Frontier | None:
    """The tree with more leaves; None where one of them is not known."""
    if before is None:
        return None
    grown = tree.Frontier(before.size, list(before.peaks))
    for leaf in leaves:
        if leaf is None:
            return None
        for _ in grown.push(leaf):
            pass
    return grown
