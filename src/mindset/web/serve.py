"""The web and its worker together, for this machine alone."""

from __future__ import annotations

import ipaddress
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.web.boot import end_with_parent, setup

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

NOT_LOOPBACK = error_kind(
    "not-loopback",
    what=N_("The address {host} can be reached from other computers, and there is no sign-in yet."),
    remedy=N_("Use 127.0.0.1, ::1 or localhost."),
)
PORT_TAKEN = error_kind(
    "port-taken",
    what=N_("Port {port} cannot be used: something else listens there, or it is reserved."),
    remedy=N_("Choose another one with --port."),
)

_THREADS: Final = 8  # requests answered at the same time
_PATIENCE: Final = 5  # seconds that a process gets to stop by itself
_PAUSE: Final = 1.0  # seconds before a worker that died is started again


def serve(host: str = "127.0.0.1", port: int = 8000, *, open_browser: bool = False, path: str = "/") -> None:
    """Serve pages and do jobs until Ctrl-C or SIGTERM; both processes have stopped when it returns.

    ``path`` is the page to say, and to open. Brings the database up to date first. Refuses any
    address that other computers could reach.
    """
    address = _loopback(host)
    check_port(address, port)
    setup()
    from granian.constants import HTTPModes, Interfaces
    from granian.server import Server

    server = Server(
        "mindset.web.serve:application",
        factory=True,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=_PATIENCE,
        log_enabled=False,
    )
    url = f"http://{f'[{address}]' if ':' in address else address}:{port}/"
    threading.Thread(target=_announce, args=(url, path, open_browser), daemon=True).start()
    worker = KeptWorker()
    try:
        server.serve()
    finally:
        worker.stop()


def application() -> WSGIHandler:
    """The WSGI application, in the process that the server starts for it."""
    setup(migrate=False)
    end_with_parent()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


class KeptWorker:
    """A worker process that is started again when it dies. Jobs that it leaves unfinished are said to be so."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        """Let it finish within a few seconds, or end it."""
        self._stopping.set()
        for end in (self._process.terminate, self._process.terminate, self._process.kill):
            end()
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                continue
            break
        self._keeper.join(_PATIENCE)

    def _start(self) -> subprocess.Popen[bytes]:
        from mindset.web.jobs import abandon

        abandon()
        # A session of its own, so that Ctrl-C reaches it only through us.
        return subprocess.Popen(
            [sys.executable, "-m", "mindset.web.worker"], stdin=subprocess.DEVNULL, start_new_session=True
        )

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._stopping.wait(_PAUSE):
                break
            self._process = self._start()
        from mindset.web.jobs import abandon

        abandon()


def _loopback(host: str) -> str:
    """``host`` as an address that only this machine can reach."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        raise NOT_LOOPBACK(host=host) from None
    if not address.is_loopback:
        raise NOT_LOOPBACK(host=host)
    return str(address)


def check_port(address: str, port: int) -> None:
    """Say plainly that the port is taken, before anything is started."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except (OSError, OverflowError):
            raise PORT_TAKEN(port=str(port)) from None


def _announce(url: str, path: str, open_browser: bool) -> None:
    """Say where the pages are as soon as they can be opened."""
    while True:
        try:
            with urlopen(url + "api/conformance"):  # noqa: S310 (our own address)
                break
        except URLError:
            time.sleep(0.1)
    page = url + path.lstrip("/")
    sys.stdout.write(f"{page}\n")
    sys.stdout.flush()
    if open_browser:
        webbrowser.open(page)
