"""Searching everything: full text by SQLite's FTS5 or PostgreSQL, never by reading every row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save

from mindset.analysis.text import LANGUAGES
from mindset.ledger.identified import Identified
from mindset.ledger.models import Change, Dataset, Decision, Finding, Service
from mindset.ledger.models.search import Searchable
from mindset.ledger.people.models import Person
from mindset.ledger.sight import seen_datasets, seen_findings

_MOST: Final = 50
_WORD: Final = re.compile(r"\w+")
_SQLITE: Final = (
    "SELECT s.kind, s.key, s.title FROM ledger_searchable_index i JOIN ledger_searchable s ON s.id = i.rowid "
    "WHERE ledger_searchable_index MATCH %s ORDER BY bm25(ledger_searchable_index, 10.0, 1.0), s.id DESC LIMIT %s"
)
_POSTGRESQL: Final = (
    "SELECT kind, key, title FROM ledger_searchable, to_tsquery('simple', %s) AS sought "
    "WHERE to_tsvector('simple', title || ' ' || words) @@ sought "
    "ORDER BY ts_rank(setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', words), sought) DESC, "
    "id DESC LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that has the words: its kind (``change``), its id and its title."""

    kind: str
    key: str
    title: str


def _finding(record: Finding) -> tuple[str, str]:
    said = [record.title.render(language) for language in LANGUAGES]
    return said[0], " ".join([*said, record.analysis])


# What of each kind of record is found: its title and its words.
_WORDS: Final[Mapping[type[Identified], Callable[[Any], tuple[str, str]]]] = {
    Service: lambda item: (item.name, f"{item.purpose} {item.outcome} {item.team}"),
    Change: lambda item: (item.title, f"{item.hypothesis} {item.measure} {item.lesson}"),
    Decision: lambda item: (item.question, f"{item.context} {item.reasons} {item.dissent} {item.review_words}"),
    Finding: _finding,
    Dataset: lambda item: (item.name, item.purpose),
}


def find(query: str, person: Person) -> list[Hit]:
    """The records that have every word of ``query`` (or a word that begins so), the best first, as ``person`` sees."""
    words = _WORD.findall(query)
    if not words:
        return []
    sqlite = connection.vendor == "sqlite"
    sought = " ".join(f'"{word}"*' for word in words) if sqlite else " & ".join(f"{word}:*" for word in words)
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if sqlite else _POSTGRESQL, [sought, _MOST])
        hits = [Hit(*row) for row in cursor.fetchall()]
    return [hit for hit in hits if hit in _seen(hits, person)]


def _seen(hits: Iterable[Hit], person: Person) -> set[Hit]:
    """Those of ``hits`` that do not tell what ``person`` may not see."""
    keys = {kind: {hit.key for hit in hits if hit.kind == kind} for kind in ("finding", "dataset")}
    findings = set(seen_findings(person).filter(pk__in=keys["finding"]).values_list("pk", flat=True))
    datasets = set(seen_datasets(person).filter(pk__in=keys["dataset"]).values_list("pk", flat=True))
    allowed = {"finding": findings, "dataset": datasets}
    return {hit for hit in hits if hit.kind not in allowed or hit.key in allowed[hit.kind]}


def rebuild() -> None:
    """Write the words of every record anew: after many were made at once."""
    with transaction.atomic():
        Searchable.objects.all().delete()
        for model in _WORDS:
            Searchable.objects.bulk_create(
                _searchable(item) for item in model._default_manager.iterator(chunk_size=500)
            )


def _searchable(record: Identified) -> Searchable:
    title, words = _WORDS[type(record)](record)
    return Searchable(kind=_kind(record), key=record.pk, title=title, words=words)


def _kind(record: Identified) -> str:
    return str(record._meta.model_name)


def _saved(instance: Identified, **_more: Any) -> None:
    title, words = _WORDS[type(instance)](instance)
    Searchable.objects.update_or_create(
        kind=_kind(instance), key=instance.pk, defaults={"title": title, "words": words}
    )


def _deleted(instance: Identified, **_more: Any) -> None:
    Searchable.objects.filter(kind=_kind(instance), key=instance.pk).delete()


def follow() -> None:
    """Keep the words up to date with every record that is saved or deleted."""
    for model in _WORDS:
        post_save.connect(_saved, sender=model, dispatch_uid=f"search-{model.__name__}")
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"search-{model.__name__}")
