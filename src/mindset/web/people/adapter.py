"""The sign-in library in our house: our sentences, our rules for joining, secrets encrypted."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from mindset.analysis.text import N_
from mindset.ledger.people.models import Organisation, Person
from mindset.web.pages.render import page
from mindset.web.people import membership
from mindset.web.words import say

# What the library may say, by its own names for it; what is not here it never says, because nothing leads there.
_SENTENCES: Final = {
    "email_password_mismatch": N_("The email address and the password do not belong together. Check both."),
    "too_many_login_attempts": N_("There were too many attempts. Wait five minutes, then try again."),
    "account_inactive": N_("This membership has ended. Ask one of those who keep the settings."),
    "incorrect_code": N_("This code is not right. Take the one that your app shows now."),
    "incorrect_password": N_("This is not your password. Try again."),
    "enter_current_password": N_("This is not your password. Try again."),
    "rate_limited": N_("There were too many attempts. Wait five minutes, then try again."),
    "cannot_generate_recovery_codes": N_("Set up codes from an app first."),
    "cannot_delete_authenticator": N_("Codes from an app cannot be taken away."),
}
_ANYTHING_ELSE: Final = N_("This could not be done. Go back and try again.")
# What is worth saying after something was done, by the library's template for it.
_DONE: Final = {
    "account/messages/password_changed.txt": N_("Your password is changed. You are signed out everywhere else."),
    "account/messages/password_set.txt": N_("You have a password now."),
    "mfa/messages/totp_activated.txt": N_("From now on we ask for a code when you sign in."),
    "mfa/messages/totp_deactivated.txt": N_("We no longer ask for a code when you sign in."),
}


def _error(code: str) -> ValidationError:
    return ValidationError(say(_SENTENCES.get(code, _ANYTHING_ELSE)), code=code)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts: nobody signs up, and no mail leaves that we did not write."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (the library's signature)
        """Never: people are invited."""
        return False

    def validation_error(self, code: str, *_args: Any) -> ValidationError:
        """Our sentence for the library's error."""
        return _error(code)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *_args: Any,
        **_more: Any,
    ) -> None:
        """Our sentence for what was done, where it is worth one."""
        done = _DONE.get(message_template or "")
        if done:
            messages.add_message(request, level, say(done))

    def send_mail(self, *_args: Any, **_more: Any) -> None:
        """Nothing: the library's letters are not ours."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Back to one's own page."""
        return reverse("me")


class CodeAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Codes from an app: their secrets are encrypted with the folder's key, so that a copy of the database has none."""

    def validation_error(self, code: str, *_args: Any) -> ValidationError:
        """Our sentence for the library's error."""
        return _error(code)

    def get_totp_issuer(self) -> str:
        """What the app calls us."""
        return Organisation.current().name or "Digital Mindset"

    def encrypt(self, text: str) -> str:
        """``text``, readable only with the folder's key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, *_args: Any, **_more: Any) -> None:
        """Nothing: the page says it."""


def _box() -> Fernet:
    key = hashlib.sha256(f"mindset.two-steps:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The organisation's own sign-in: it says who somebody is; who is a member we say."""

    def validation_error(self, code: str, *_args: Any) -> ValidationError:
        """Our sentence for the library's error."""
        return _error(code)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person by the address that the provider has verified, or stop here.

        A known account was connected before. Otherwise the address must be that of a person or of an open
        invitation, unless everybody may join whom the provider vouches for.
        """
        if sociallogin.is_existing:
            return
        email = next((item.email for item in sociallogin.email_addresses if item.verified is True), "").lower()
        person = Person.objects.filter(email=email).first() if email else None
        if person is None and email:
            person = _joining(email, sociallogin)
        if person is None:
            raise ImmediateHttpResponse(_refused(request))
        sociallogin.connect(request, person)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Never: :meth:`pre_social_login` has made the person, or refused."""
        return False

    def send_notification_mail(self, *_args: Any, **_more: Any) -> None:
        """Nothing."""


def _joining(email: str, sociallogin: Any) -> Person | None:
    """The person who joins now: by invitation, or because everybody may."""
    invitation = membership.open_invitation(email=email)
    if invitation:
        return membership.accept(invitation, None)
    provider = settings.ENVIRONMENT.provider
    if provider is None or not provider.join:
        return None
    data = sociallogin.account.extra_data
    told = data.get("userinfo") or data.get("id_token") or {}
    name = str(told.get("name") or email.partition("@")[0])[:100]
    return membership.add(membership.Details(name, email, level=Organisation.current().levels[0]))


def _refused(request: HttpRequest) -> HttpResponse:
    context = {
        "what": N_("You are not a member yet"),
        "remedy": N_("Ask one of those who keep the settings to invite you, with the address that you sign in with."),
    }
    return page(request, "error", context, status=403)
