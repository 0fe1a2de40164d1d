"""``mindset serve``: the application in a browser."""

from __future__ import annotations

from typing import Annotated

from mindset.analysis.text import N_
from mindset.cli.language import described


def serve(
    *,
    host: Annotated[
        str, described(N_("The address to listen on; others than this machine’s own need MINDSET_HOSTS."))
    ] = "127.0.0.1",
    port: Annotated[int, described(N_("The port to listen on."))] = 8000,
    open: Annotated[bool, described(N_("Open a browser."), negative="")] = False,  # noqa: A002 (the option's name)
) -> None:
    """Serve the pages and do the work that they ask for, until Ctrl-C."""
    from mindset.web.serve import serve as run

    run(host=host, port=port, open_browser=open)
