"""Check a copy of the record: ``python verify.py``, beside the other files, or ``python verify.py COPY.zip``.

Needs Python 3.9 or newer and nothing else. It shares no code with the program that wrote the record, so that
it is a second opinion. Ends with 0 if the copy is as it was signed, with 1 if it is not.

What is checked: every entry against its seal; the seals together (a Merkle tree, RFC 6962) against the signed
checkpoints; and their signatures (Ed25519, RFC 8032) against the key in key.txt. That this key is the right one
is for you to know: compare it with the one that the organisation publishes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The curve of Ed25519 (RFC 8032, section 5.1): -x² + y² = 1 + d x² y² over the integers modulo P.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]
"""A point (X : Y : Z : T), where x = X/Z, y = Y/Z and x y = T/Z."""


def add(a: Point, b: Point) -> Point:
    """The sum of two points (5.1.4)."""
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, point: Point) -> Point:
    """The point added to itself ``n`` times."""
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, point)
        point, n = add(point, point), n >> 1
    return total


def unpack(data: bytes) -> Point:
    """The point in 32 bytes (5.1.3); ValueError where there is none."""
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if len(data) != 32 or y >= P:
        raise ValueError("not a point")
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = unpack((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of ``key`` signed ``message`` (5.1.7)."""
    try:
        public, begin, factor = unpack(key), unpack(signature[:32]), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    if len(signature) != 64 or factor >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(factor, BASE), add(begin, times(challenge, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


class Key:
    """The key in key.txt: a name, and 32 bytes."""

    def __init__(self, text: str) -> None:
        self.name, _, encoded = text.strip().split("+", 2)
        data = base64.b64decode(encoded, validate=True)
        if len(data) != 33 or data[0] != 1:
            raise ValueError("not an Ed25519 key")
        self.public = data[1:]
        self.mark = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]


def checkpoint(note: str, key: Key) -> tuple[int, bytes]:
    """The number of entries and the root hash that a note says; ValueError unless the key signed it."""
    body, _, signatures = note.partition("\n\n")
    origin, size, root = body.split("\n")
    name, encoded = signatures.rstrip("\n")[2:].split(" ")
    signature = base64.b64decode(encoded, validate=True)
    if origin != key.name or name != key.name or signature[:4] != key.mark:
        raise ValueError("not of this key")
    if not signed(key.public, (body + "\n").encode(), signature[4:]):
        raise ValueError("not signed")
    found = int(size), base64.b64decode(root, validate=True)
    if note != f"{origin}\n{found[0]}\n{_text(found[1])}\n\n— {name} {_text(signature)}\n":
        raise ValueError("not written as it should be")
    return found


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def canonical(value: Any) -> str:
    """JSON in the one form of RFC 8785; the record has no fractions, whose writing would need more."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def leaf(ledger: str, entry: dict[str, Any]) -> bytes:
    """The seal of an entry: the hash of it with each field replaced by its commitment."""
    sealed = {name: entry[name] for name in ("number", "at", "actor", "kind", "subject")}
    fields = {}
    for name, held in entry["fields"].items():
        if not isinstance(held, list) and not re.fullmatch("[0-9a-f]{64}", held):
            raise ValueError("neither a value with its salt nor a commitment")
        fields[name] = hashlib.sha256(canonical(held).encode()).hexdigest() if isinstance(held, list) else held
    return hashlib.sha256(b"\0" + canonical({**sealed, "ledger": ledger, "fields": fields}).encode()).digest()


class Tree:
    """A Merkle tree (RFC 6962) that grows: the roots of its complete subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def push(self, node: bytes) -> None:
        """Add a leaf."""
        for bit in range(64):
            if not self.size >> bit & 1:
                break
            node = hashlib.sha256(b"\1" + self.peaks.pop() + node).digest()
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root hash."""
        root = self.peaks[-1] if self.peaks else hashlib.sha256(b"").digest()
        for peak in self.peaks[-2::-1]:
            root = hashlib.sha256(b"\1" + peak + root).digest()
        return root


def check(folder: Path | zipfile.Path) -> Iterator[str]:
    """What is wrong with the copy in a folder, a sentence each; nothing where it is as it was signed."""
    try:
        key = Key((folder / "key.txt").read_text(encoding="utf-8"))
        size, root = checkpoint((folder / "checkpoint.txt").read_text(encoding="utf-8"), key)
    except (OSError, KeyError, ValueError):
        yield "key.txt and checkpoint.txt do not belong together, or were altered."
        return
    due = {size: ("checkpoint.txt", root)}
    earlier = folder / "checkpoints"
    for file in earlier.iterdir() if earlier.is_dir() else ():
        try:
            then, root_then = checkpoint(file.read_text(encoding="utf-8"), key)
            due.setdefault(then, (f"checkpoints/{file.name}", root_then))
        except ValueError:
            yield f"checkpoints/{file.name} was altered."
    ledger, tree = key.name.partition("/")[2], Tree()
    with (folder / "entries.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            number = tree.size
            try:
                entry = json.loads(line)
                node = leaf(ledger, entry)
                if entry["number"] != number or entry["seal"] != node.hex():
                    yield f"Entry {number} does not match its seal, or is not in its place."
            except (ValueError, LookupError, TypeError, AttributeError):
                yield f"Line {number + 1} of entries.jsonl is no entry."
                node = b""
            tree.push(node)
            if tree.size in due and due[tree.size][1] != tree.root():
                yield f"The entries up to {number} are not those that {due[tree.size][0]} was signed for."
    if tree.size != size:
        yield f"{size} entries were signed, and {tree.size} are here."


def main(arguments: list[str]) -> int:
    """Print what is wrong, or that nothing is."""
    given = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    folder = zipfile.Path(given) if given.is_file() else given
    faults = 0
    for fault in check(folder):
        faults += 1
        sys.stdout.write(fault + "\n")
    sys.stdout.write("NOT as it was signed.\n" if faults else "Every entry is as it was signed.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
