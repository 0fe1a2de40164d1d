"""The record without its database: the tree, the form of entries, and signed checkpoints."""

from __future__ import annotations

import json
import os
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from mindset.analysis.canonical import canonical
from mindset.ledger.log import offline, seal, tree
from mindset.ledger.log.checkpoint import Checkpoint, public_key, public_text
from tests.vectors.__main__ import main

LEDGER = "3f" * 16
LEAVES = [tree.leaf_hash(bytes([n])) for n in range(130)]


def mth(leaves):
    """RFC 6962, 2.1, as it is written there."""
    n = len(leaves)
    if n == 0:
        return sha256(b"").digest()
    if n == 1:
        return leaves[0]
    k = max(1 << bit for bit in range(n.bit_length()) if 1 << bit < n)
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def node(level, index):
    return mth(LEAVES[index << level : (index + 1) << level])


def test_known_answers_of_proofs_and_canonical_json(shared_data, capsys):
    assert main(shared_data / "debates-decisions-agreements") == 0
    said = capsys.readouterr().out
    assert "Merkle proofs: ok" in said and "canonical JSON: ok" in said


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129])
def test_the_root_is_that_of_the_standard(size):
    assert tree.root_of(LEAVES[:size]) == mth(LEAVES[:size])


def test_a_growing_tree_names_each_complete_subtree_once():
    grown = tree.Frontier()
    found = {(level, index): hashed for leaf in LEAVES for level, index, hashed in grown.push(leaf)}
    assert set(found) == {(level, index) for level in range(8) for index in range(len(LEAVES) >> level)}
    assert all(hashed == node(*place) for place, hashed in found.items())
    assert list(grown.subtrees()) == [(7, 0, node(7, 0)), (1, 64, node(1, 64))]
    by_blocks = tree.Frontier()
    for index in range(32):
        list(by_blocks.push(node(2, index), 2))
    assert by_blocks.root() == mth(LEAVES[:128])


@given(st.integers(1, 130), st.data())
def test_a_leaf_is_proved_to_be_where_it_is_and_nowhere_else(size, data):
    number = data.draw(st.integers(0, size - 1))
    path = tree.inclusion_path(number, size, node)
    root = mth(LEAVES[:size])
    assert len(path) <= (size - 1).bit_length()
    assert tree.includes(number, LEAVES[number], size, root, path)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != number)) if size > 1 else size
    assert not tree.includes(other, LEAVES[number], size, root, path)
    assert not tree.includes(number, b"", size, root, path)
    assert not tree.includes(number, LEAVES[number], size, root, [*path, root])
    if path:
        assert not tree.includes(number, LEAVES[number], size, root, path[:-1])
        bad = data.draw(st.integers(0, len(path) - 1))
        broken = [bytes([step[0] ^ 1]) + step[1:] if at == bad else step for at, step in enumerate(path)]
        assert not tree.includes(number, LEAVES[number], size, root, broken)


@given(st.integers(1, 130), st.data())
def test_a_tree_is_proved_to_begin_another(size2, data):
    size1 = data.draw(st.integers(1, size2))
    path = tree.consistency_path(size1, size2, node)
    root1, root2 = mth(LEAVES[:size1]), mth(LEAVES[:size2])
    assert tree.extends(size1, root1, size2, root2, path)
    assert not tree.extends(size1, LEAVES[-1], size2, root2, path)
    assert not tree.extends(size1, root1, size2, LEAVES[-1], path)
    assert not tree.extends(size1, root1, size2, root2, [*path, root1])
    if path:
        assert not tree.extends(size1, root1, size2, root2, path[:-1])


def test_proofs_that_make_no_sense_are_not_made():
    for number, size in ((3, 3), (-1, 3), (0, 0)):
        with pytest.raises(ValueError, match="has no leaf"):
            tree.inclusion_path(number, size, node)
    for size1, size2 in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="is no beginning"):
            tree.consistency_path(size1, size2, node)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=6,
)
field_names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@given(st.dictionaries(field_names, json_values, max_size=5), st.data())
def test_a_leaf_is_canonical_json_whatever_is_withheld(fields, data):
    text = seal.salted(fields)
    assert seal.values(text) == fields
    commitments = {name: sha256(canonical(held)).hexdigest() for name, held in json.loads(text).items()}
    row = {"actor": "p1", "at": "2026-01-02T03:04:05.000006Z", "kind": "a.b", "number": 7, "subject": "a/b"}
    expected = tree.leaf_hash(canonical({**row, "ledger": LEDGER, "fields": commitments}))
    hidden = data.draw(st.sets(st.sampled_from(sorted(fields)))) if fields else set()
    public = seal.withhold(text, hidden.__contains__)
    for shown in (text, public, seal.text(json.loads(public))):
        assert seal.leaf(LEDGER, 7, row["at"], "p1", "a.b", "a/b", shown) == expected
        assert offline.leaf(LEDGER, {**row, "fields": json.loads(shown)}) == expected
    assert seal.withheld(public) == sorted(hidden)
    assert set(seal.values(public)) == set(fields) - hidden


def test_equal_values_have_different_commitments():
    one, two = (seal.withhold(seal.salted({"level": "team"}), lambda _: True) for _ in range(2))
    assert one != two


@pytest.mark.parametrize("text", ["", "{", "}", "[]", '{"a":1}', '{"a":"12"}', '{"a"}', '{"a":"' + "0" * 64 + '" }'])
def test_what_is_not_the_text_of_fields_is_refused(text):
    with pytest.raises(ValueError, match=r"not|neither"):
        seal.leaf(LEDGER, 1, "", "", "", "", text)


def test_money_is_never_a_float():
    assert seal.values(seal.salted({"cost": Decimal("12.50")})) == {"cost": "12.50"}
    for value in (1.5, [1.5], {"a": {"b": 1.0}}):
        with pytest.raises(TypeError, match="no floats"):
            seal.salted({"cost": value})


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "proposed"}, {"kind": 'a.b"'}, {"subject": ""}, {"subject": "a b"}, {"subject": "a\n"},
        {"actor": "Ann Smith"}, {"fields": {"Two Words": 1}}, {"fields": {"clock": "x"}}, {"kind": "a." + "b" * 60},
    ],
)  # fmt: skip
def test_what_would_need_escaping_is_refused(wrong):
    with pytest.raises(ValueError, match="cannot be the"):
        seal.Draft(**{"kind": "a.b", "subject": "a/b", "fields": {}, "actor": "p1"} | wrong)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without its zone"):
        seal.written(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.fixture(scope="module")
def key():
    return Ed25519PrivateKey.generate()


def test_a_checkpoint_reads_back_and_not_one_byte_may_differ(key):
    made = Checkpoint(LEDGER, 1042, os.urandom(32))
    note = made.signed(key)
    assert Checkpoint.read(note, key.public_key()) == made
    data = note.encode()
    for place in range(len(data)):
        for altered in (data[:place] + data[place + 1 :], data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]):
            with pytest.raises(ValueError, match=r"."):
                Checkpoint.read(altered.decode(errors="replace"), key.public_key())
    for added in (note + "\n", "\n" + note, note + note.splitlines()[-1] + "\n"):
        with pytest.raises(ValueError, match=r"."):
            Checkpoint.read(added, key.public_key())


def test_a_checkpoint_of_another_key_is_refused(key):
    note = Checkpoint(LEDGER, 1, os.urandom(32)).signed(Ed25519PrivateKey.generate())
    with pytest.raises(ValueError, match="not signed by this key"):
        Checkpoint.read(note, key.public_key())


def test_a_public_key_reads_back(key):
    text = public_text(LEDGER, key.public_key())
    assert public_key(text + "\n") == key.public_key()
    with pytest.raises(ValueError, match=r"not a key|not base64"):
        public_key(text.replace("+", "+0", 1))


# RFC 8032, section 7.1, tests 1 to 3.
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_second_opinion_checks_signatures_by_the_standard(public, message, signature):
    parts = [bytes.fromhex(part) for part in (public, message, signature)]
    assert offline.signed(*parts)
    for part in (0, 2):
        for place in range(len(parts[part])):
            broken = bytearray(parts[part])
            broken[place] ^= 1
            assert not offline.signed(*(bytes(broken) if at == part else given for at, given in enumerate(parts)))
    assert not offline.signed(parts[0], parts[1] + b"x", parts[2])
    assert not offline.signed(*parts[:2], parts[2][:-1])
    raised = int.from_bytes(parts[2][32:], "little") + offline.ORDER
    assert not offline.signed(*parts[:2], parts[2][:32] + raised.to_bytes(32, "little"))
