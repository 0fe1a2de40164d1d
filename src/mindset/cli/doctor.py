"""``mindset doctor``: whether the service is well."""

from __future__ import annotations

import json as json_module
import sys
from typing import Annotated, Final

from mindset.analysis.text import N_, translate
from mindset.cli.language import described, reader_language
from mindset.cli.watched import watched

WELL: Final = N_("The service is well.")
NOT_WELL: Final = N_("The service is not well.")

_SIGNS: Final = {"good": "✓", "note": "·", "bad": "✗"}


def doctor(
    *,
    deep: Annotated[bool, described(N_("Read every stored table, not only the newest."), negative="")] = False,
    json: Annotated[bool, described(N_("Print it as one JSON object."), negative="")] = False,
) -> None:
    """Say whether the service is well, and what to do where it is not. Ends with 1 if it is not."""
    from mindset.operations.doctor import State, examine

    language = reader_language()
    with watched():
        found = list(examine(deep=deep))
    well = all(item.state != State.BAD for item in found)
    if json:
        answer = {"well": well, "found": [item.to_json(language) for item in found]}
        print(json_module.dumps(answer, ensure_ascii=False))
    else:
        for item in found:
            print(f"{_SIGNS[item.state]} {item.what.render(language)}")
            if remedy := item.remedy.render(language):
                print(f"  {remedy}")
        print(translate(WELL if well else NOT_WELL, language))
    if not well:
        sys.exit(1)
