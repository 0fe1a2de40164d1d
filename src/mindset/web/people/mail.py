"""Letters that we send, where the organisation has named a mail server."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import send_mail

from mindset.analysis.text import N_, Text
from mindset.ledger.people.models import Invitation, Organisation
from mindset.web.words import say

_SUBJECT: Final = N_("You are invited to {organisation}")
_BODY: Final = N_(
    "Hello {name},\n\n{by} invites you to the place where {organisation} records its changes, the evidence for "
    "them and its decisions.\n\nOpen this link to choose a password. It is for you alone, works once, and ends on "
    "{until}:\n\n{address}\n"
)
_log = logging.getLogger("mindset.mail")


def invite(invitation: Invitation, address: str) -> bool:
    """Mail the link; False where there is no mail server, or it took nothing."""
    if settings.ENVIRONMENT.mail is None:
        return False
    organisation = Organisation.current().name
    values = {
        "name": invitation.name,
        "by": invitation.invited_by.name,
        "organisation": organisation,
        "until": invitation.expires.date(),
        "address": address,
    }
    subject = say(Text(_SUBJECT, {"organisation": organisation}))
    try:
        return bool(send_mail(subject, say(Text(_BODY, values)), None, [invitation.email]))
    except (OSError, SMTPException):
        _log.exception("the invitation could not be mailed")
        return False
