"""Addresses about people. Of the sign-in library only the views that are needed have one."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as codes
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.urls import path
from django.views.generic import RedirectView

from mindset.web.people import directory, entering, first_run, me, organisation, provider

urlpatterns = [
    path(".well-known/security.txt", organisation.security_txt, name="security-txt"),
    path("organisation.css", organisation.style, name="organisation-style"),
    path("set-up/", first_run.waiting, name="set-up"),
    path("set-up/<str:token>/", first_run.set_up, name="set-up-link"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", codes.authenticate, name="mfa_authenticate"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code/", codes.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/ended/", account.account_inactive, name="account_inactive"),
    path("sign-in/stopped/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/link/<str:token>/", entering.link, name="link"),
    path("sign-in/with/<slug:provider_id>/", provider.start, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", provider.back, name="openid_connect_callback"),
    path("sign-out/", account.logout, name="account_logout"),
    path("join/<str:token>/", entering.join, name="join"),
    path("me/", me.me, name="me"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/password/first/", account.password_set, name="account_set_password"),
    path("me/codes/", RedirectView.as_view(url="/me/#codes"), name="mfa_index"),
    path("me/codes/start/", totp.activate_totp, name="mfa_activate_totp"),
    path("me/codes/stop/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/codes/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/codes/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("me/tokens/new/", me.token_new, name="token-new"),
    path("me/tokens/<slug:key>/end/", me.token_end, name="token-end"),
    path("people/", directory.people, name="people"),
    path("people/invite/", directory.invite, name="invite"),
    path("people/invited/<slug:key>/end/", directory.uninvite, name="uninvite"),
    path("people/<slug:key>/", directory.person, name="person"),
    path("people/<slug:key>/link/", directory.person_link, name="person-link"),
    path("people/<slug:key>/end/", directory.person_end, name="person-end"),
    path("people/<slug:key>/resume/", directory.person_resume, name="person-resume"),
    path("organisation/", organisation.organisation, name="organisation"),
]
