"""Signed checkpoints: how large the tree is, its root, and who says so.

The format is that of C2SP ``tlog-checkpoint``, a signed note (C2SP ``signed-note``) with an Ed25519
signature, which the tools of transparency logs read::

    mindset/3f…            the origin: this ledger
    1042                   how many entries
    5yRk…=                 the root hash

    — mindset/3f… Ab0…=    the name of the key, and its hash with the signature
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mindset.ledger.log.tree import HASH

_ED25519: Final = b"\x01"
_KEY_HASH: Final = 4
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")


def origin(ledger: str) -> str:
    """The name of a ledger in its checkpoints, which is that of its key as well."""
    return f"mindset/{ledger}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree as it was signed: the ledger's id, the number of entries and the root."""

    ledger: str
    size: int
    root: bytes

    def body(self) -> str:
        """The text that is signed."""
        return f"{origin(self.ledger)}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, key: Ed25519PrivateKey) -> str:
        """The note: the text and a signature of it."""
        signature = _key_hash(self.ledger, key.public_key()) + key.sign(self.body().encode())
        return f"{self.body()}\n— {origin(self.ledger)} {base64.b64encode(signature).decode()}\n"

    @classmethod
    def read(cls, note: str, key: Ed25519PublicKey) -> Self:
        """The checkpoint in ``note``; ValueError unless ``key`` signed it and not a character is different."""
        body, gap, signatures = note.partition("\n\n")
        lines = body.split("\n")
        prefix, _, ledger = lines[0].partition("/")
        if not gap or len(lines) != 3 or prefix != "mindset" or not _SIZE.fullmatch(lines[1]):
            raise ValueError("not a checkpoint")
        # Only one way of writing each part is taken, so that the text read is the text that `body` writes again.
        found = cls(ledger, int(lines[1]), _decoded(lines[2], HASH))
        name, _, signature = signatures.removeprefix("— ").removesuffix("\n").partition(" ")
        key_hash = _key_hash(ledger, key)
        signed = _decoded(signature, _KEY_HASH + 64)
        if signatures != f"— {name} {signature}\n" or name != origin(ledger) or signed[:_KEY_HASH] != key_hash:
            raise ValueError("not signed by this key")
        try:
            key.verify(signed[_KEY_HASH:], found.body().encode())
        except InvalidSignature:
            raise ValueError("the signature does not match") from None
        return found


def public_text(ledger: str, key: Ed25519PublicKey) -> str:
    """A public key as a line of text (the verifier key of C2SP ``signed-note``)."""
    return f"{origin(ledger)}+{_key_hash(ledger, key).hex()}+{base64.b64encode(_ED25519 + _raw(key)).decode()}"


def public_key(text: str) -> Ed25519PublicKey:
    """The key in such a line; ValueError where it is none."""
    name, _, rest = text.strip().partition("+")
    key_hash, _, encoded = rest.partition("+")
    data = _decoded(encoded, 33)
    key = Ed25519PublicKey.from_public_bytes(data[1:])
    if data[:1] != _ED25519 or _key_hash(name.removeprefix("mindset/"), key).hex() != key_hash:
        raise ValueError("not a key")
    return key


def _key_hash(ledger: str, key: Ed25519PublicKey) -> bytes:
    return sha256(origin(ledger).encode() + b"\n" + _ED25519 + _raw(key)).digest()[:_KEY_HASH]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()


def _decoded(text: str, length: int) -> bytes:
    """Base64 of exactly ``length`` bytes, written the one way it should be; ValueError otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None
    if len(data) != length or base64.b64encode(data).decode() != text:
        raise ValueError("not base64 of the right length")
    return data
