"""``mindset serve``: the application in a browser."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter


def serve(
    *,
    host: Annotated[
        str, Parameter(help="The address to listen on; only this machine's own are allowed.")
    ] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port to listen on.")] = 8000,
    open: Annotated[bool, Parameter(help="Open a browser.", negative="")] = False,  # noqa: A002 (the option's name)
) -> None:
    """Serve the pages and do the work that they ask for, until Ctrl-C."""
    from mindset.web.serve import serve as run

    run(host=host, port=port, open_browser=open)
