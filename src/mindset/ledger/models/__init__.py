"""What the ledger holds, in tables that show the present.

Sentences are stored untranslated (:class:`mindset.analysis.text.Text` as JSON), so that a
record reads well in a language that was added after it was made.
"""

from mindset.ledger.models.base import Identified, new_id
from mindset.ledger.models.datasets import Dataset
from mindset.ledger.models.findings import Check, Finding, FindingQuerySet
from mindset.ledger.models.jobs import Job, packed, waiting

__all__ = ["Check", "Dataset", "Finding", "FindingQuerySet", "Identified", "Job", "new_id", "packed", "waiting"]
