"""The log as a resource: what happened, each entry with the proof that it is in the record."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from mindset.analysis.text import N_, Text
from mindset.ledger.acts.declare import NO_RECORD
from mindset.ledger.acts.words import MaybeLine
from mindset.ledger.log import seal
from mindset.ledger.log.prove import prove
from mindset.ledger.models.record import Entry as Stored
from mindset.ledger.people.models import Person
from mindset.web.rest.resource import Since, midnight, only, resource


class Entry(Schema):
    """One act on record: who did what to which record, when, and with which answers."""

    number: int
    at: datetime
    actor: Annotated[str, Field(description="The id of the person, or “system”.")]
    kind: Annotated[str, Field(description="What was done, in the past tense: change.proposed.")]
    subject: Annotated[str, Field(description="The record that it was done to: change/ID.")]
    values: Annotated[dict[str, Any], Field(description="What was answered.")]
    withheld: Annotated[list[str], Field(description="The names of answers of which only the commitment is left.")]
    leaf: Annotated[str, Field(description="Its hash in the Merkle tree (RFC 6962), in base64.")]
    proof: Annotated[str, Field(description="The address of the proof that it is in the record.")]

    @staticmethod
    def resolve_withheld(entry: Stored) -> list[str]:
        """From the sealed text."""
        return seal.withheld(entry.fields)

    @staticmethod
    def resolve_leaf(entry: Stored) -> str:
        """As proofs write hashes."""
        return base64.b64encode(bytes(entry.leaf)).decode()

    @staticmethod
    def resolve_proof(entry: Stored, context: Mapping[str, Any]) -> str:
        """The address of the resource below this one."""
        return str(context["request"].build_absolute_uri(f"/api/v1/log/{entry.number}/proof"))


class Proof(Schema):
    """An entry with all that it takes to check it, but trust in the key (see the documentation of the record)."""

    entry: Annotated[dict[str, Any], Field(description="The entry as it is sealed, fields with their salts.")]
    path: Annotated[list[str], Field(description="The inclusion proof (RFC 6962, 2.1.1), in base64.")]
    checkpoint: Annotated[str, Field(description="The signed size and root of the tree.")]
    key: Annotated[str, Field(description="The public key of the signature.")]


@resource("log", Stored, Entry)
def log(
    _person: Person,
    *,
    subject: Annotated[
        MaybeLine, Field(title=N_("Record"), description=N_("Only what happened to this record: change/ID."))
    ] = "",
    kind: Annotated[
        MaybeLine,
        Field(title=N_("What was done"), description=N_("Only entries of this kind, such as change.proposed.")),
    ] = "",
    since: Since = None,
) -> QuerySet[Stored]:
    """What happened, the latest first."""
    begin = midnight(since)
    # Times are kept as text in UTC, which sorts as they do.
    written = begin.astimezone(UTC).isoformat() if begin else ""
    return Stored.objects.filter(only(subject=subject, kind=kind, at__gte=written)).order_by("-number")


def entry(request: HttpRequest, number: int) -> Stored:  # noqa: ARG001 (as ninja calls it)
    """One entry of the log."""
    found = Stored.objects.filter(pk=number).first()
    if found is None:
        raise NO_RECORD(kind=Text(N_("entry")), id=str(number))
    return found


def proof(request: HttpRequest, number: int) -> dict[str, Any]:
    """The proof that the entry is in the record as it stands, to be checked without us."""
    return prove(entry(request, number).number).to_json()
