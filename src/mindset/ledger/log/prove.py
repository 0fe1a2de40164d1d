"""Proofs from the stored tree: that an entry is in the record, and that the record only ever grew."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from mindset.ledger.log import outside, seal, tree
from mindset.ledger.log.append import HEAD, LEDGER_ALTERED, STORED_LEVELS, frontier
from mindset.ledger.log.checkpoint import Checkpoint, public_key, public_text
from mindset.ledger.log.erase import entry
from mindset.ledger.models.record import Entry, TreeHead, TreeNode

_TILE = 1 << STORED_LEVELS


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry (as JSON, its fields perhaps withheld) with all that it takes to check it, but trust in the key."""

    entry: Mapping[str, Any]
    path: tuple[bytes, ...]
    checkpoint: str
    key: str

    def to_json(self) -> dict[str, Any]:
        """The proof as JSON; :meth:`from_json` reads it back."""
        path = [base64.b64encode(item).decode() for item in self.path]
        return {"entry": dict(self.entry), "path": path, "checkpoint": self.checkpoint, "key": self.key}

    @classmethod
    def from_json(cls, packed: Mapping[str, Any]) -> Self:
        """The proof that :meth:`to_json` wrote; KeyError, TypeError or ValueError where it is none."""
        path = tuple(base64.b64decode(item, validate=True) for item in packed["path"])
        return cls(packed["entry"], path, packed["checkpoint"], packed["key"])

    def holds(self) -> bool:
        """Whether the entry, as it is shown, is in the record that the key has signed."""
        try:
            signed = Checkpoint.read(self.checkpoint, public_key(self.key))
            shown = self.entry
            fields = seal.text(shown["fields"])
            leaf = seal.leaf(
                signed.ledger, shown["number"], shown["at"], shown["actor"], shown["kind"], shown["subject"], fields
            )
            return tree.includes(shown["number"], leaf, signed.size, signed.root, self.path)
        except (LookupError, TypeError, ValueError, AttributeError):
            return False


def shown(found: Entry, hidden: Callable[[str], bool] = lambda _: False) -> dict[str, Any]:
    """An entry as JSON for whoever is to check it, without the values of the fields that ``hidden`` names."""
    fields = json.loads(seal.withhold(found.fields, hidden))
    named = {name: getattr(found, name) for name in ("number", "at", "actor", "kind", "subject")}
    return {**named, "fields": fields}


def prove(number: int, hidden: Callable[[str], bool] = lambda _: False) -> Proof:
    """The proof that entry ``number`` is in the record as it stands, without the fields that ``hidden`` names.

    Raises InputError where there is no such entry, or where what is stored does not hang together.
    """
    found = entry(number)
    head = TreeHead.objects.get(pk=HEAD)
    path = tree.inclusion_path(number, head.size, stored_nodes(head))
    key = public_text(head.ledger, outside.key().public_key())
    proof = Proof(shown(found, hidden), tuple(path), head.checkpoint, key)
    if not proof.holds():
        raise LEDGER_ALTERED()
    return proof


def prove_growth(size: int) -> list[bytes]:
    """The proof that the record of the first ``size`` entries is the beginning of the one that stands now."""
    head = TreeHead.objects.get(pk=HEAD)
    return tree.consistency_path(size, head.size, stored_nodes(head))


def stored_nodes(head: TreeHead) -> tree.NodeSource:
    """Complete subtrees out of the database; what was read is kept for the next.

    Those at the right edge are in the head. Of the others every eighth level is stored.
    """
    try:
        edge = {(level, index): peak for level, index, peak in frontier(head).subtrees()}
    except ValueError:
        raise LEDGER_ALTERED() from None
    tiles: dict[tuple[int, int], list[bytes]] = {}

    def node(level: int, index: int) -> bytes:
        if (level, index) in edge:
            return edge[level, index]
        above = level % STORED_LEVELS
        base, first, count = level - above, index << above, 1 << above
        place = base, first // _TILE
        if place not in tiles:
            tiles[place] = _tile(*place)
        hashes = tiles[place][first % _TILE : first % _TILE + count]
        if len(hashes) != count:
            raise LEDGER_ALTERED()
        return tree.fold(hashes)

    return node


def _tile(level: int, number: int) -> list[bytes]:
    """The hashes of a level in a stretch of 256, as far as there are any."""
    first, last = number * _TILE, (number + 1) * _TILE
    if level == 0:
        leaves = Entry.objects.filter(number__gte=first, number__lt=last).order_by("number")
        return [bytes(leaf) for leaf in leaves.values_list("leaf", flat=True)]
    nodes = TreeNode.objects.filter(level=level, index__gte=first, index__lt=last).order_by("index")
    return [bytes(item) for item in nodes.values_list("hash", flat=True)]
