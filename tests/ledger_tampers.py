"""Ways to tamper with the record behind the application's back. Each returns the number of an entry that must be named.

(None where the tampering is with no entry in particular.) All of them have whatever the database and the files
allow, but not the key.
"""

from __future__ import annotations

import json
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from mindset.ledger.log import outside, seal, tree
from mindset.ledger.log.append import STORED_LEVELS
from mindset.ledger.log.checkpoint import Checkpoint
from mindset.ledger.models import Entry, TreeHead, TreeNode

COLUMNS = ("at", "actor", "kind", "subject", "fields", "leaf")


def changed(random: Random, value):
    """``value`` with one character, byte or digit different, one more or one less."""
    if isinstance(value, int):
        return value + random.choice([-1, 1, 7])
    if not len(value):
        return value + (b"x" if isinstance(value, bytes) else "x")
    place = random.randrange(len(value))
    one = value[place : place + 1]
    other = (
        bytes([one[0] ^ (1 << random.randrange(8))])
        if isinstance(value, bytes)
        else chr(ord(one) ^ random.choice([1, 2, 4, 8]))
    )
    return random.choice(
        [
            value[:place] + other + value[place + 1 :],
            value[:place] + value[place + 1 :],
            value[:place] + one + value[place:],
        ]
    )


def some(random: Random) -> int:
    return random.randrange(Entry.objects.count())


def update(number: int, /, **columns) -> None:
    Entry.objects.filter(number=number).update(**columns)


def alter_column(random: Random) -> int:
    number, column = some(random), random.choice(COLUMNS)
    value = Entry.objects.values_list(column, flat=True).get(number=number)
    new = changed(random, bytes(value) if column == "leaf" else value)
    update(number, **{column: new})
    return number


def alter_salt(random: Random) -> int:
    entry = Entry.objects.get(number=some(random))
    held = json.loads(entry.fields)
    name = random.choice([name for name, item in held.items() if isinstance(item, list)])
    held[name][0] = f"{random.getrandbits(128):032x}"
    update(entry.number, fields=seal.text(held))
    return entry.number


def alter_value_and_seal(random: Random) -> int:
    """The entry agrees with its seal again, but not with the tree."""
    entry = Entry.objects.get(number=some(random))
    entry.fields = seal.salted({"reasons": "none"})
    entry.leaf = entry.sealed(TreeHead.objects.get().ledger)
    entry.save()
    return None


def not_text(random: Random) -> int | None:
    """SQLite keeps anything in any column: text that is none, a number for bytes."""
    number = some(random)
    table, column, where = random.choice(
        [
            *[("entry", column, f"number = {number}") for column in COLUMNS],
            ("treenode", "hash", f'"index" = {random.randrange(2)}'),
            *[("treehead", column, "id = 1") for column in ("ledger", "size", "peaks", "at", "checkpoint")],
        ]
    )
    value = random.choice(["CAST(x'7bff' AS TEXT)", "x'ff'", "1000000000000"])
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE ledger_{table} SET "{column}" = {value} WHERE {where}')
    return number if table == "entry" else None


def hide_field(random: Random) -> int:
    entry = Entry.objects.exclude(kind="ledger.began").order_by("?").first()
    update(entry.number, fields=seal.withhold(entry.fields, lambda _: True))
    return entry.number


def delete(random: Random) -> int:
    number = some(random)
    Entry.objects.filter(number=number).delete()
    return number


def renumber(random: Random) -> int:
    number = some(random)
    update(number, number=random.choice([-1, Entry.objects.count() + random.randrange(9)]))
    return number


def swap(random: Random) -> int:
    one, two = random.sample(range(Entry.objects.count()), 2)
    columns = COLUMNS if random.random() < 0.5 else COLUMNS[:-1]
    first, second = (Entry.objects.values(*columns).get(number=number) for number in (one, two))
    update(one, **second)
    update(two, **first)
    return one


def duplicate(random: Random) -> int:
    one, two = random.sample(range(1, Entry.objects.count()), 2)
    update(one, **Entry.objects.values(*COLUMNS).get(number=two))
    return one


def replay(random: Random) -> int:
    """An entry as another ledger has it: sealed there under the same number."""
    entry = Entry.objects.get(number=some(random))
    entry.leaf = entry.sealed(f"{random.getrandbits(128):032x}")
    entry.save()
    return entry.number


def cut_tail(random: Random) -> int:
    size = Entry.objects.count()
    first = random.randrange(1, size)
    Entry.objects.filter(number__gte=first).delete()
    return first


def cut_tail_and_tidy(random: Random) -> int | None:
    """Everything else in the database is made to agree; sometimes with a checkpoint that was really signed once."""
    head = TreeHead.objects.get()
    kept = [outside.read(path) for path in outside.days(head.ledger)][:-1]
    note = random.choice([head.checkpoint, *kept])
    signed_once = note != head.checkpoint
    first = outside.size(note) if signed_once else random.randrange(1, head.size)
    Entry.objects.filter(number__gte=first).delete()
    rebuild(head, note)
    return first


def add_forged(random: Random) -> int:
    head = TreeHead.objects.get()
    for number in range(head.size, head.size + random.randrange(1, 4)):
        entry = Entry(
            number=number, at=head.at, actor="p1", kind="a.forged", subject="a/b", fields=seal.salted({"n": number})
        )
        entry.leaf = entry.sealed(head.ledger)
        entry.save(force_insert=True)
    if random.random() < 0.5:
        forged = Ed25519PrivateKey.generate()
        size = number + 1
        root = tree.root_of(bytes(leaf) for leaf in Entry.objects.order_by("number").values_list("leaf", flat=True))
        note = random.choice([head.checkpoint, Checkpoint(head.ledger, size, root).signed(forged)])
        rebuild(head, note)
        return None
    return head.size


def rewrite(random: Random) -> None:
    """An entry is altered, and every seal, node and peak that follows from it."""
    head = TreeHead.objects.get()
    alter_value_and_seal(random)
    rebuild(head, head.checkpoint)


def rebuild(head: TreeHead, note: str) -> None:
    """Compute the tree anew from the entries' seals, as the application would, but for the signature."""
    TreeNode.objects.all().delete()
    grown = tree.Frontier()
    for leaf in Entry.objects.order_by("number").values_list("leaf", flat=True):
        for level, index, found in grown.push(bytes(leaf)):
            if level and level % STORED_LEVELS == 0:
                TreeNode(level=level, index=index, hash=found).save(force_insert=True)
    head.size, head.peaks, head.checkpoint = grown.size, b"".join(grown.peaks), note
    head.at = Entry.objects.order_by("-number").values_list("at", flat=True)[0]
    head.save()


def alter_node(random: Random) -> None:
    found = random.choice(list(TreeNode.objects.all()))
    row = TreeNode.objects.filter(level=found.level, index=found.index)
    match random.randrange(4):
        case 0:
            row.update(hash=changed(random, bytes(found.hash)))
        case 1:
            row.delete()
        case 2:
            row.update(index=found.index + 7)
        case 3:
            TreeNode(level=random.choice([3, 8, 16, 0]), index=found.index + 9, hash=found.hash).save(force_insert=True)


def alter_head(random: Random) -> None:
    head = TreeHead.objects.get()
    column = random.choice(["ledger", "size", "peaks", "at", "checkpoint"])
    value = getattr(head, column)
    TreeHead.objects.update(**{column: changed(random, bytes(value) if column == "peaks" else value)})


def delete_head(random: Random) -> None:
    TreeHead.objects.all().delete()


def add_head(random: Random) -> None:
    head = TreeHead.objects.get()
    head.pk = random.choice([0, 2])
    head.save(force_insert=True)


def empty(random: Random) -> None:
    for model in (Entry, TreeNode, TreeHead):
        model.objects.all().delete()


def alter_checkpoint(random: Random) -> None:
    path = random.choice(outside.days(TreeHead.objects.get().ledger))
    path.write_bytes(changed(random, path.read_bytes()))


def forge_checkpoint(random: Random) -> None:
    head = TreeHead.objects.get()
    path = random.choice(outside.days(head.ledger))
    path.write_text(Checkpoint(head.ledger, head.size, random.randbytes(32)).signed(Ed25519PrivateKey.generate()))


def delete_checkpoints(random: Random) -> None:
    for path in outside.days(TreeHead.objects.get().ledger):
        path.unlink()


def exchange_key(random: Random) -> None:
    outside.key_file().unlink()
    if random.random() < 0.5:
        outside.new_key()


TAMPERS = [
    alter_column, alter_column, alter_column, alter_column, alter_salt, alter_value_and_seal, not_text, hide_field,
    delete, renumber, swap, duplicate, replay, cut_tail, cut_tail_and_tidy, add_forged, rewrite, alter_node,
    alter_head, delete_head, add_head, empty, alter_checkpoint, forge_checkpoint, delete_checkpoints, exchange_key,
]  # fmt: skip
