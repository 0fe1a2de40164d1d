"""Proofs of Merkle trees (``merkle/*.jsonl``) and canonical JSON (``jcs/input`` beside ``jcs/output``)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mindset.analysis.canonical import canonical
from mindset.ledger.log import tree
from tests.vectors.suite import Check, Suite, equal


def suites(folder: Path) -> Iterator[Suite]:
    """A suite for each file of proofs and each folder of pairs below ``folder``."""
    for path in sorted(folder.rglob("merkle/*.jsonl")):
        yield Suite("Merkle proofs", partial(_proofs, path))
    for path in sorted(folder.rglob("jcs/input")):
        yield Suite("canonical JSON", partial(_pairs, path))


def _proofs(path: Path) -> Iterator[Check]:
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield Check(case["path"], partial(_proof, case))


def _proof(case: dict[str, Any]) -> None:
    path = [base64.b64decode(step) for step in case["proof"] or []]
    if "leafIdx" in case:
        root, leaf = base64.b64decode(case["root"]), base64.b64decode(case["leafHash"])
        holds = tree.includes(case["leafIdx"], leaf, case["treeSize"], root, path)
    else:
        root1, root2 = base64.b64decode(case["root1"]), base64.b64decode(case["root2"])
        holds = tree.extends(case["size1"], root1, case["size2"], root2, path)
    equal(holds, not case["wantErr"])


def _pairs(inputs: Path) -> Iterator[Check]:
    for path in sorted(inputs.glob("*.json")):
        yield Check(path.name, partial(_pair, path, inputs.parent / "output" / path.name))


def _pair(given: Path, expected: Path) -> None:
    equal(canonical(json.loads(given.read_bytes())), expected.read_bytes())
