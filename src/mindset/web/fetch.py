"""Fetching a file from a web address, as a stranger would: never from this machine or its network.

A name is looked up once, every address that it has must be public, and the connection goes to that
very address, so that the name cannot lead elsewhere in between. Each redirect is looked at in the same way.
(OWASP ASVS 5.0, V15.3.2 and V1.3.6.)
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from pathlib import PurePosixPath
from typing import BinaryIO, Final
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.version import __version__

NOT_AN_ADDRESS = error_kind(
    "not-an-address",
    what=N_("“{address}” is not an address that a file can be fetched from."),
    remedy=N_("Give one that begins with https:// or http://, without a name or password in it."),
)
NOT_PUBLIC = error_kind(
    "not-public",
    what=N_("{host} is not a public address."),
    remedy=N_("Files are fetched from the public web only. Download the file, then choose it here."),
)
NOT_FOUND_THERE = error_kind(
    "not-found-there",
    what=N_("{host} answered {status} instead of a file."),
    remedy=N_("Open the address in a browser to see whether it is right and open to everyone."),
)
NO_ANSWER = error_kind(
    "no-answer", what=N_("{host} does not answer."), remedy=N_("Check the address, or try again later.")
)
TOO_MUCH_THERE = error_kind(
    "too-much-there",
    what=N_("The file at {host} is larger than {limit} MB."),
    remedy=N_("Download it and read it with the command line, which has no such limit."),
)

_PORTS: Final = {"http": 80, "https": 443}
_HOPS: Final = 4
_PATIENCE: Final = 10.0  # seconds for each step of the other side
_ALL_IN_ALL: Final = 120.0  # seconds
_PIECE: Final = 1 << 16
_MEGABYTE: Final = 1 << 20
_TRANSLATED: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))


def fetch(address: str, target: BinaryIO, limit: int) -> str:
    """Write what is at ``address`` to ``target``, ``limit`` bytes at most; the name that the file goes by.

    Raises InputError for an address that is none or not public, no answer, no file, or too large a one.
    """
    until = time.monotonic() + _ALL_IN_ALL
    for _ in range(_HOPS):
        parts = _parsed(address)
        answer = _get(parts)
        try:
            if answer.status in (301, 302, 303, 307, 308) and (onward := answer.headers["Location"]):
                address = urljoin(address, onward)
                continue
            if answer.status != http.client.OK:
                raise NOT_FOUND_THERE(field="address", host=parts.hostname, status=answer.status)
            _copy(answer, target, limit, until, str(parts.hostname))
        except (OSError, http.client.HTTPException):
            raise NO_ANSWER(field="address", host=parts.hostname) from None
        finally:
            answer.close()
        return unquote(PurePosixPath(parts.path).name) or str(parts.hostname)
    raise NO_ANSWER(field="address", host=parts.hostname)


def is_public(address: str) -> bool:
    """Whether anybody on the internet could reach ``address``, an IP address."""
    found = ipaddress.ip_address(address)
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast and not any(found in network for network in _TRANSLATED)


def _parsed(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        fits = parts.scheme in _PORTS and parts.hostname and parts.port in (None, _PORTS[parts.scheme])
    except ValueError:
        fits = False
    if not fits or parts.username is not None or parts.password is not None:
        raise NOT_AN_ADDRESS(field="address", address=address)
    return parts


def _get(parts: SplitResult) -> http.client.HTTPResponse:
    """Ask for the file; the response is open."""
    host, port = str(parts.hostname), _PORTS[parts.scheme]
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise NO_ANSWER(field="address", host=host) from None
    if not all(is_public(place) for place in found):
        raise NOT_PUBLIC(field="address", host=host)
    path = parts.path or "/"
    headers = {"User-Agent": f"digital-mindset/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
    try:
        connection = _connected(parts.scheme, host, min(found), port)
        connection.request("GET", f"{path}?{parts.query}" if parts.query else path, headers=headers)
        return connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError):
        raise NO_ANSWER(field="address", host=host) from None


def _connected(scheme: str, host: str, place: str, port: int) -> http.client.HTTPConnection:
    """A connection to ``place``, which speaks to it as ``host``."""
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    stream = socket.create_connection((place, port), _PATIENCE)
    connection.sock = stream
    if scheme == "https":
        connection.sock = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
    return connection


def _copy(answer: http.client.HTTPResponse, target: BinaryIO, limit: int, until: float, host: str) -> None:
    """Copy the file; what was declared is not believed, only counted."""
    done = 0
    while piece := answer.read(_PIECE):
        done += len(piece)
        if done > limit:
            raise TOO_MUCH_THERE(field="address", host=host, limit=limit // _MEGABYTE)
        if time.monotonic() > until:
            raise NO_ANSWER(field="address", host=host)
        target.write(piece)
