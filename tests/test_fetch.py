"""Files from the web come from the public web alone, and no more of them than is allowed (OWASP ASVS 5.0, V15.3.2)."""

from __future__ import annotations

import io
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse

from mindset.analysis.errors import InputError
from mindset.ledger.models import Dataset
from mindset.web import fetch as module
from mindset.web.fetch import fetch, is_public
from tests.webhelp import EXAMPLE, text


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255"),
    ],
)
def test_what_is_not_public_is_told(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_what_is_public_is_told(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        *(
            (bad, "not-an-address")
            for bad in ("", "permits.csv", "file:///etc/passwd", "ftp://example.org/a", "http://")
        ),
        *((bad, "not-an-address") for bad in ("http://a:b@example.org/", "http://example.org:22/", "http://[::1")),
        *((near, "not-public") for near in ("http://127.0.0.1/", "https://[::1]/a", "http://169.254.169.254/latest")),
        *((near, "not-public") for near in ("http://localhost/", "http://2130706433/", "http://0x7f.1/")),
        ("http://no-such-host.invalid/a.csv", "no-answer"),
    ],
)
def test_addresses_that_are_never_asked(address, code, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("it was asked"))
    with pytest.raises(InputError) as refused:
        fetch(address, io.BytesIO(), 1_000)
    assert refused.value.code == code


class _Files(BaseHTTPRequestHandler):
    def do_GET(self):
        moved = {"/moved": "/a%20file.csv", "/inside": "http://127.0.0.2/secret", "/circle": "/circle"}
        if self.path in moved:
            self.send_response(302)
            self.send_header("Location", moved[self.path])
            self.end_headers()
        elif self.path.startswith("/gone"):
            self.send_error(404)
        else:
            self.send_response(200)
            self.send_header("Content-Length", "5" if self.path == "/liar" else str(len(EXAMPLE.read_bytes())))
            self.end_headers()
            self.wfile.write(EXAMPLE.read_bytes())

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def web(monkeypatch):
    """A server of ours on port 80's place, which counts as public; nothing else on this machine does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    monkeypatch.setitem(module._PORTS, "http", server.server_port)
    monkeypatch.setattr(module, "is_public", lambda place: place == "127.0.0.1")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield "http://127.0.0.1"
    server.shutdown()
    server.server_close()


def test_a_file_is_fetched_after_redirects_by_its_name(web):
    target = io.BytesIO()
    assert fetch(f"{web}/moved", target, 1_000_000) == "a file.csv"
    assert target.getvalue() == EXAMPLE.read_bytes()


@pytest.mark.parametrize(
    ("path", "code"), [("/inside", "not-public"), ("/circle", "no-answer"), ("/gone", "not-found-there")]
)
def test_redirects_inside_in_circles_and_missing_files_are_refused(web, path, code):
    with pytest.raises(InputError) as refused:
        fetch(web + path, io.BytesIO(), 1_000_000)
    assert refused.value.code == code


def test_no_more_is_written_than_is_allowed_whatever_was_declared(web):
    target = io.BytesIO()
    with pytest.raises(InputError) as refused:
        fetch(f"{web}/big", target, 1_000)
    assert refused.value.code == "too-much-there" and len(target.getvalue()) <= 1_000
    assert fetch(f"{web}/liar", io.BytesIO(), 1_000_000) == "liar"


@pytest.mark.django_db
def test_the_form_takes_an_address(client, web, mindset_home):
    answer = client.post(reverse("dataset-new"), {"address": f"{web}/permits.csv"})
    assert answer.status_code == 302 and Dataset.objects.get().name == "permits.csv"
    answer = client.post(reverse("dataset-new"), {"address": "http://10.0.0.1/permits.csv"})
    assert answer.status_code == 422 and "10.0.0.1 is not a public address." in text(answer)
    assert len(list((mindset_home / "uploads").iterdir())) == 1
