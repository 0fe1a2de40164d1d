"""The levels at which an organisation decides, the closest to the work first."""

from __future__ import annotations

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.ledger.people.models import Organisation

NO_SUCH_LEVEL = error_kind(
    "no-such-level", what=N_("There is no level “{level}”."), remedy=N_("The levels are: {levels}.")
)


def levels() -> tuple[str, ...]:
    """The organisation's levels."""
    return tuple(Organisation.current().levels)
