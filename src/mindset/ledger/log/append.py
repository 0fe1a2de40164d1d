"""Putting acts on record, in the transaction that does them."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.ledger.log import outside, seal, tree
from mindset.ledger.log.checkpoint import Checkpoint, public_text
from mindset.ledger.log.seal import Draft
from mindset.ledger.models.record import Entry, TreeHead, TreeNode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NO_RECORD = error_kind("no-record", what=N_("Nothing is on record yet."))
LEDGER_ALTERED = error_kind(
    "ledger-altered",
    what=N_("The record does not agree with its signed checkpoint, so nothing is added to it."),
    remedy=N_("Run “mindset ledger verify” to see what was altered, and put back a backup."),
)
LEDGER_CUT = error_kind(
    "ledger-cut",
    what=N_("Entries are missing from the end of the record: {signed} were signed, and {size} are there."),
    remedy=N_("Put back a newer backup, or move the folder of checkpoints away if this one was put back on purpose."),
)

SYSTEM: Final = "system"
"""The actor where no person acted."""
BEGAN: Final = "ledger.began"
"""The kind of entry 0: it names the ledger's id and its public key."""
HEAD: Final = 1
"""The key of the only row of the table of heads."""
STORED_LEVELS: Final = 8
"""Every so many levels the hashes of complete subtrees are stored."""

_BATCH: Final = 2_000
_log = logging.getLogger(__name__)


def append(kind: str, subject: str, fields: Mapping[str, Any], *, actor: str) -> Entry:
    """Put one act on record and return its entry.

    To be called in the transaction that writes the state (RuntimeError otherwise), so that both last or neither.
    ``kind`` is like ``change.proposed``, ``subject`` like ``change/k3x…``, ``actor`` an opaque id or ``system``.
    ``fields`` are the values that may later be withheld one by one; no floats (:func:`seal.salted`). Where the
    clock says less than the entry before, the entry has that one's time, and a field ``clock`` with the clock's.
    """
    return _write([Draft(kind, subject, fields, actor)])[1]


def append_all(drafts: Iterable[Draft]) -> int:
    """Put many acts on record, in the order given; returns how many entries that made.

    As quick as many entries can be: the tree is signed once. Otherwise as :func:`append`.
    """
    return _write(drafts)[0]


def _write(drafts: Iterable[Draft]) -> tuple[int, Entry]:
    """Write the entries and the signed tree over them, all or nothing; how many, and the last of them."""
    if not connection.in_atomic_block:
        raise RuntimeError("an entry is put on record in the transaction that writes what it records")
    with (
        transaction.atomic()
    ):  # Should the drafts fail halfway and the caller go on, no entry is left without its head.
        head = _locked_head()
        key = outside.key() if head.size else outside.new_key()
        _check(head, key.public_key())
        growing = frontier(head)
        entries: list[Entry] = []
        waiting = _with_beginning(head, key, drafts)
        while batch := list(islice(waiting, _BATCH)):
            entries, nodes = _sealed(head, growing, batch)
            Entry.objects.bulk_create(entries)
            TreeNode.objects.bulk_create(nodes)
        if not entries:
            raise ValueError("nothing to put on record")
        added = growing.size - head.size
        head.peaks = b"".join(growing.peaks)
        head.size = growing.size
        head.checkpoint = Checkpoint(head.ledger, growing.size, growing.root()).signed(key)
        head.save(force_update=True)
        if not any(hook is publish for _, hook, *_ in connection.run_on_commit):
            transaction.on_commit(publish)
    return added, entries[-1]


def _locked_head() -> TreeHead:
    """The end of the record, which nobody else moves until this transaction ends; made where there is none."""
    row = TreeHead.objects.select_for_update().filter(pk=HEAD)
    head = row.first()
    if head is None:
        TreeHead.objects.bulk_create([TreeHead(pk=HEAD, ledger=secrets.token_hex(16))], ignore_conflicts=True)
        head = row.get()
    return head


def _check(head: TreeHead, key: Ed25519PublicKey) -> None:
    """Refuse to build on a head that this application did not sign, or on less than was signed.

    Otherwise the next checkpoint would sign what somebody else put there.
    """
    began = bool(head.size or head.checkpoint)
    for ledger in [head.ledger] if began else outside.ledgers():
        note = outside.latest(ledger)
        if note is None or note == head.checkpoint:
            continue
        try:
            signed = Checkpoint.read(note, key).size
        except ValueError:
            if began:
                raise LEDGER_ALTERED() from None
            continue  # another organisation's, in a folder that they share
        if signed >= head.size:
            raise LEDGER_CUT(signed=signed, size=head.size)
    if not began:
        return
    try:
        within = Checkpoint.read(head.checkpoint, key)
    except ValueError:
        raise LEDGER_ALTERED() from None
    if within != Checkpoint(head.ledger, head.size, frontier(head).root()):
        raise LEDGER_ALTERED()


def _with_beginning(head: TreeHead, key: Ed25519PrivateKey, drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts, before them the one that begins the ledger where it has not begun."""
    for number, draft in enumerate(drafts):
        if number == 0 and head.size == 0:
            named = {"ledger": head.ledger, "key": public_text(head.ledger, key.public_key())}
            yield Draft(BEGAN, f"ledger/{head.ledger}", named, SYSTEM, draft.at)
        yield draft


def _sealed(head: TreeHead, growing: tree.Frontier, drafts: Iterable[Draft]) -> tuple[list[Entry], list[TreeNode]]:
    """The entries of ``drafts``, and the nodes to be stored that they complete; ``head.at`` moves along."""
    entries, nodes = [], []
    for draft in drafts:
        clock = seal.written(draft.at or datetime.now(UTC))
        behind = {seal.CLOCK: clock} if clock < head.at else {}
        head.at = max(clock, head.at)
        entry = Entry(
            number=growing.size,
            at=head.at,
            actor=draft.actor,
            kind=draft.kind,
            subject=draft.subject,
            fields=seal.salted({**draft.fields, **behind}),
        )
        entry.leaf = entry.sealed(head.ledger)
        entries.append(entry)
        nodes += [
            TreeNode(level=level, index=index, hash=node)
            for level, index, node in growing.push(bytes(entry.leaf))
            if level and level % STORED_LEVELS == 0
        ]
    return entries, nodes


def frontier(head: TreeHead) -> tree.Frontier:
    """The tree as the head has it."""
    stored = bytes(head.peaks)
    return tree.Frontier(head.size, [stored[at : at + tree.HASH] for at in range(0, len(stored), tree.HASH)])


def publish() -> None:
    """Keep the signed checkpoint outside the database, after each transaction that added entries.

    Should it fail, what was added is on record and signed in the database, and the next transaction keeps both.
    """
    try:
        keep_checkpoint()
    except OSError as error:
        _log.warning("The signed checkpoint could not be kept in %s: %s", outside.checkpoints_folder(), error.strerror)


def keep_checkpoint() -> tuple[Path, str]:
    """Keep the newest signed checkpoint outside the database; its file and its text.

    InputError where nothing is on record, OSError where the file cannot be written.
    """
    head = TreeHead.objects.filter(pk=HEAD).first()
    if head is None:
        raise NO_RECORD()
    return outside.keep(head.ledger, head.at, head.checkpoint), head.checkpoint
