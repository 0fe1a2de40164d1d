"""The web and its worker together."""

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
from mindset.web.environment import Environment

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

NOT_LOOPBACK = error_kind(
    "not-loopback",
    what=N_("The address {host} can be reached from other computers, and nothing says by which name they ask."),
    remedy=N_("Set MINDSET_HOSTS to that name, such as mindset.example.org, or listen on 127.0.0.1."),
)
NO_ADDRESS = error_kind(
    "no-address",
    what=N_("“{host}” is not an address to listen on."),
    remedy=N_("Use an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them."),
)
PORT_TAKEN = error_kind(
    "port-taken",
    what=N_("Port {port} cannot be used: something else listens there, or it is reserved."),
    remedy=N_("Choose another one with --port."),
)

_THREADS: Final = 8  # requests answered at the same time
_PATIENCE: Final = 5  # seconds that a process gets to stop by itself
_PAUSE: Final = 1.0  # seconds before a worker that died is started again


def serve(host: str = "127.0.0.1", port: int = 8000, *, open_browser: bool = False, path: str = "") -> None:
    """Serve pages and do jobs until Ctrl-C or SIGTERM; both processes have stopped when it returns.

    ``path`` is the page to say, and to open; by default the first one, or where nobody is a member yet the
    one-time link that sets the instance up. Brings the database up to date first. Refuses an address
    that other computers could reach, unless the environment says by which names they ask.
    """
    address = _address(host)
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
    asked = threading.Thread(
        target=_announce, args=(_local(address, port), path or _first(), open_browser), daemon=True
    )
    asked.start()
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
    """A worker process that is started again when it dies, and then takes up what it had begun."""

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
        # A session of its own, so that Ctrl-C reaches it only through us.
        return subprocess.Popen(
            [sys.executable, "-m", "mindset.web.worker"], stdin=subprocess.DEVNULL, start_new_session=True
        )

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._stopping.wait(_PAUSE):
                return
            self._process = self._start()


def _address(host: str) -> str:
    """``host`` as an address to listen on: this machine's own, or any if it is said who may ask."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        raise NO_ADDRESS(host=host) from None
    if not address.is_loopback and not Environment.read().hosts:
        raise NOT_LOOPBACK(host=host)
    return str(address)


def _local(address: str, port: int) -> str:
    """Where this machine itself finds the pages."""
    if ipaddress.ip_address(address).is_unspecified:
        address = "::1" if ":" in address else "127.0.0.1"
    return f"http://{f'[{address}]' if ':' in address else address}:{port}/"


def _first() -> str:
    """The page to begin with."""
    from mindset.web.people import links

    return "/" if links.somebody_real() else links.set_up_path()


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
    environment = Environment.read()
    page = (environment.address if environment.hosts else url) + path.lstrip("/")
    sys.stdout.write(f"{page}\n")
    sys.stdout.flush()
    if open_browser:
        webbrowser.open(page)
