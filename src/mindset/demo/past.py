"""A past for the demonstration council: records made as acts would have made them, at the times of the story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mindset.ledger.acts.declare import reference
from mindset.ledger.identified import Identified
from mindset.ledger.log.append import append_all
from mindset.ledger.log.seal import Draft
from mindset.ledger.models import Finding
from mindset.ledger.people.models import Person
from mindset.ledger.records import FOUND


@dataclass
class Past:
    """What happened, to be put on record at once, in the order of time."""

    drafts: list[tuple[datetime, Draft]] = field(default_factory=list)

    def note(
        self, kind: str, record: Identified, who: Person, at: datetime, fields: Mapping[str, Any] | None = None
    ) -> None:
        """``who`` did it to ``record`` at that time; ``fields`` are the answers that the act asks for."""
        self.drafts.append((at, Draft(kind, reference(record), fields or {}, who.pk, at)))

    def found(self, finding: Finding, who: Person, at: datetime) -> None:
        """``who`` had put the finding on record by that time."""
        said = {"analysis": finding.analysis, "digest": finding.digest}
        self.note(FOUND, finding, who, at, said)

    def write(self) -> None:
        """Put everything on record. To be called in the transaction that made the records."""
        append_all(draft for _, draft in sorted(self.drafts, key=lambda noted: noted[0]))
