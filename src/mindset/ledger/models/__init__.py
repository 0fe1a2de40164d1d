"""What the ledger holds, in tables that show the present.

Sentences are stored untranslated (:class:`mindset.analysis.text.Text` as JSON), so that a
record reads well in a language that was added after it was made.
"""

from mindset.ledger.identified import Identified, new_id
from mindset.ledger.models.datasets import Dataset
from mindset.ledger.models.decisions import Advice, Decision, Door, Limit, Objection, Option, Reach
from mindset.ledger.models.findings import Check, Finding, FindingQuerySet
from mindset.ledger.models.jobs import Job, packed, waiting
from mindset.ledger.models.record import Entry, TreeHead, TreeNode
from mindset.ledger.models.search import Searchable
from mindset.ledger.models.thread import OVER, Change, Evidence, Service

__all__ = [
    "OVER",
    "Advice",
    "Change",
    "Check",
    "Dataset",
    "Decision",
    "Door",
    "Entry",
    "Evidence",
    "Finding",
    "FindingQuerySet",
    "Identified",
    "Job",
    "Limit",
    "Objection",
    "Option",
    "Reach",
    "Searchable",
    "Service",
    "TreeHead",
    "TreeNode",
    "new_id",
    "packed",
    "waiting",
]
