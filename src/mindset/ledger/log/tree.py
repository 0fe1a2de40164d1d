"""The Merkle tree of RFC 6962 (section 2.1) and RFC 9162: roots, proofs, and checking proofs.

A *complete subtree* is named by its level and its index: it spans the leaves
``index * 2**level`` up to ``(index + 1) * 2**level``. Hashes are 32 bytes (SHA-256).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

HASH: Final = 32
"""Bytes of a hash."""

EMPTY_ROOT: Final = sha256(b"").digest()

NodeSource = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree with a level and an index."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 6962, 2.1: the prefix keeps a leaf from passing for a node)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node from those of its two children."""
    return sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash of a complete subtree from the hashes of a level below; their number is a power of two."""
    row = list(hashes)
    while len(row) > 1:
        row = [sha256(b"\x01" + row[at] + row[at + 1]).digest() for at in range(0, len(row), 2)]
    return row[0]


@dataclass
class Frontier:
    """A tree that grows to the right, as the roots of its complete subtrees: ``size.bit_count()`` hashes.

    ``peaks`` are in order from the left, hence from the largest to the smallest.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def push(self, node: bytes, level: int = 0) -> Iterator[tuple[int, int, bytes]]:
        """Put a complete subtree (a leaf where ``level`` is 0) at the right end, which lies on its boundary.

        Yields the subtree, and every larger one that it completes, as (level, index, hash).
        To be run to its end: the tree has grown only then.
        """
        before = self.size >> level
        self.size += 1 << level
        index = before
        yield level, index, node
        while index & 1:
            node = node_hash(self.peaks.pop(), node)
            level, index = level + 1, index >> 1
            yield level, index, node
        self.peaks.append(node)

    def subtrees(self) -> Iterator[tuple[int, int, bytes]]:
        """The complete subtrees of which the peaks are the roots, as (level, index, hash)."""
        first = 0
        for level, peak in zip(_bits(self.size), self.peaks, strict=True):
            yield level, first >> level, peak
            first += 1 << level

    def root(self) -> bytes:
        """The root hash (RFC 6962, 2.1: MTH)."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of the tree over these leaf hashes."""
    tree = Frontier()
    for leaf in leaves:
        for _ in tree.push(leaf):
            pass
    return tree.root()


def inclusion_path(number: int, size: int, node: NodeSource) -> list[bytes]:
    """The proof that leaf ``number`` is in the tree with ``size`` leaves (RFC 6962, 2.1.1: PATH)."""
    if not 0 <= number < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {number}")
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _left(last - first)
        if number < middle:
            path.append(_range(middle, last, node))
            last = middle
        else:
            path.append(_range(first, middle, node))
            first = middle
    return path[::-1]


def consistency_path(size1: int, size2: int, node: NodeSource) -> list[bytes]:
    """The proof that the tree with ``size1`` leaves is the beginning of that with ``size2`` (2.1.2: PROOF)."""
    if not 0 < size1 <= size2:
        raise ValueError(f"a tree of {size1} leaves is no beginning of one of {size2}")
    path: list[bytes] = []
    first, last, whole = 0, size2, True
    while last != size1:
        middle = first + _left(last - first)
        if size1 <= middle:
            path.append(_range(middle, last, node))
            last = middle
        else:
            path.append(_range(first, middle, node))
            first, whole = middle, False
    if not whole:
        path.append(_range(first, last, node))
    return path[::-1]


def _bits(size: int) -> list[int]:
    """The places of the ones in a number, the highest first."""
    return [bit for bit in reversed(range(size.bit_length())) if size >> bit & 1]


def _left(size: int) -> int:
    """The largest power of two below ``size``: how many leaves stand left of the root."""
    return 1 << (size - 1).bit_length() - 1


def _range(first: int, last: int, node: NodeSource) -> bytes:
    """The hash over the leaves from ``first`` up to ``last``, which begins on a boundary of the tree."""
    size = last - first
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, first >> level)
    middle = first + _left(size)
    return node_hash(_range(first, middle, node), _range(middle, last, node))


def includes(number: int, leaf: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether ``path`` proves that ``leaf`` is number ``number`` of the tree (RFC 9162, 2.1.3.2).

    A hash that has not 32 bytes proves nothing.
    """
    if not 0 <= number < size or not _sound(leaf, root, *path):
        return False
    place, end, found = number, size - 1, leaf
    for step in path:
        if end == 0:
            return False
        if place & 1 or place == end:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, end = place >> 1, end >> 1
        else:
            found = node_hash(found, step)
        place, end = place >> 1, end >> 1
    return end == 0 and found == root


def extends(size1: int, root1: bytes, size2: int, root2: bytes, path: Sequence[bytes]) -> bool:
    """Whether ``path`` proves that the first tree is the beginning of the second (RFC 9162, 2.1.4.2).

    A hash that has not 32 bytes proves nothing, nor does an empty first tree.
    """
    if not 0 < size1 <= size2 or not _sound(root1, root2, *path):
        return False
    if size1 == size2:
        return not path and root1 == root2
    if not path:
        return False
    steps = list(path) if size1 & (size1 - 1) else [root1, *path]
    place, end = size1 - 1, size2 - 1
    while place & 1:
        place, end = place >> 1, end >> 1
    older = newer = steps[0]
    for step in steps[1:]:
        if end == 0:
            return False
        if place & 1 or place == end:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while not place & 1 and place:
                place, end = place >> 1, end >> 1
        else:
            newer = node_hash(newer, step)
        place, end = place >> 1, end >> 1
    return end == 0 and older == root1 and newer == root2


def _sound(*hashes: bytes) -> bool:
    return all(len(item) == HASH for item in hashes)
