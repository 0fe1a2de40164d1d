"""What an organisation says about its instance in environment variables, read and checked once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_

BAD_SETTING = error_kind(
    "bad-setting",
    what=N_("The environment variable {name} is not what it should be."),
    remedy=N_("Write it like {example}."),
)
HALF_SETTING = error_kind(
    "half-setting",
    what=N_("{name} is missing: the organisation’s sign-in needs the issuer, the client id and the client secret."),
    remedy=N_("Set all three, or none."),
)

PROVIDER: Final = "organisation"  # its name in addresses

_YES: Final = ("yes", "true", "1")
_LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")
_PORT: Final = re.compile(r":\d+$")
_PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in: ``smtp://NAME:PASSWORD@HOST:PORT?from=ADDRESS`` (STARTTLS), or ``smtps://`` (TLS)."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    tls: bool

    @classmethod
    def of(cls, address: str) -> Self:
        """The server of ``address``; a plain error where it is none."""
        try:
            parts = urlsplit(address)
            port = parts.port or _PORTS[parts.scheme]
            sender = parse_qs(parts.query)["from"][0]
        except (ValueError, KeyError):
            raise BAD_SETTING(
                name="MINDSET_SMTP_URL", example="smtp://NAME:PASSWORD@mail.example.org:587?from=mindset@example.org"
            ) from None
        return cls(
            host=parts.hostname or "localhost",
            port=port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=sender,
            tls=parts.scheme == "smtps",
        )


@dataclass(frozen=True, slots=True)
class SignInProvider:
    """The organisation's own sign-in (OpenID Connect); ``join`` lets everybody in whom it vouches for."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    join: bool


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that may be said; what is left out is off."""

    hosts: tuple[str, ...] = ()
    https: bool = False
    security_contact: str = ""
    database: str = ""
    mail: MailServer | None = None
    provider: SignInProvider | None = None
    allowed_hosts: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where people find this instance, ending in a slash."""
        if self.hosts:
            return f"{'https' if self.https else 'http'}://{self.hosts[0]}/"
        return "http://127.0.0.1:8000/"

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ) -> Self:
        """What ``variables`` say; plain errors for what cannot be."""
        hosts = tuple(name.strip() for name in variables.get("MINDSET_HOSTS", "").split(",") if name.strip())
        if any("/" in name or "*" in name for name in hosts):
            raise BAD_SETTING(name="MINDSET_HOSTS", example="mindset.example.org,mindset.example.com")
        smtp = variables.get("MINDSET_SMTP_URL", "")
        return cls(
            hosts=hosts,
            https=_yes(variables, "MINDSET_HTTPS"),
            security_contact=variables.get("MINDSET_SECURITY_CONTACT", ""),
            database=variables.get("MINDSET_DATABASE", ""),
            mail=MailServer.of(smtp) if smtp else None,
            provider=_provider(variables),
            # This machine may always ask: the command line does, when it looks whether the pages are up.
            allowed_hosts=[*_LOCAL, *(_PORT.sub("", name) for name in hosts)],
        )


def _yes(variables: Mapping[str, str], name: str) -> bool:
    return variables.get(name, "").lower() in _YES


def _provider(variables: Mapping[str, str]) -> SignInProvider | None:
    names = ("MINDSET_OIDC_ISSUER", "MINDSET_OIDC_CLIENT_ID", "MINDSET_OIDC_CLIENT_SECRET")
    values = [variables.get(name, "") for name in names]
    if not any(values):
        return None
    for name, value in zip(names, values, strict=True):
        if not value:
            raise HALF_SETTING(name=name)
    issuer = urlsplit(values[0])
    # Tokens are only as trustworthy as the connection that they come by (OpenID Connect Core, 3.1.3.7).
    if issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1"):
        raise BAD_SETTING(name=names[0], example="https://sign-in.example.org")
    return SignInProvider(
        issuer=values[0].rstrip("/"),
        client_id=values[1],
        client_secret=values[2],
        name=variables.get("MINDSET_OIDC_NAME", "") or str(issuer.hostname),
        join=_yes(variables, "MINDSET_OIDC_JOIN"),
    )


def provider_apps(provider: SignInProvider | None) -> list[dict[str, Any]]:
    """The organisation's sign-in as django-allauth wants to be told of it."""
    if provider is None:
        return []
    return [
        {
            "provider_id": PROVIDER,
            "name": provider.name,
            "client_id": provider.client_id,
            "secret": provider.client_secret,
            "settings": {"server_url": provider.issuer},
        }
    ]
