"""Django's settings. What may differ from one organisation to the next is read from the environment."""

from __future__ import annotations

from typing import Final

from mindset.analysis.text import LANGUAGES as OUR_LANGUAGES
from mindset.analysis.text import LOCALE_DIR
from mindset.web.database import databases
from mindset.web.environment import Environment, provider_apps
from mindset.web.home import home, secret_key

ENVIRONMENT: Final = Environment.read()
MINDSET_HOME: Final = home()
MINDSET_UPLOAD_LIMIT: Final = 512 * 1024 * 1024  # bytes, of one file

SECRET_KEY = secret_key(MINDSET_HOME)
DEBUG = False
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts

INSTALLED_APPS = [
    "mindset.web",
    "mindset.ledger",
    "mindset.ledger.people",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "mindset.web.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mindset.web.people.middleware.ApiTokenMiddleware",
    # Before the form tokens: who is not signed in is asked to, and told nothing else.
    "mindset.web.people.middleware.MembersOnlyMiddleware",
    "mindset.web.people.middleware.FormTokenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "mindset.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "mindset.web.people.context.everywhere",
            ],
            "builtins": ["mindset.web.templatetags.words"],
        },
    }
]

DATABASES = databases(ENVIRONMENT.database, MINDSET_HOME)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "mindset.web.people.passwords.OurPasswords"}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds that a one-time link for signing in is good for
ACCOUNT_ADAPTER = "mindset.web.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# People come in by invitation, which went to their address: there is nothing left to verify.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "mindset.web.people.allauth_forms.SignIn",
    "reauthenticate": "mindset.web.people.allauth_forms.PasswordAgain",
    "change_password": "mindset.web.people.allauth_forms.ChangePassword",
    "set_password": "mindset.web.people.allauth_forms.FirstPassword",
}
MFA_ADAPTER = "mindset.web.people.adapter.CodeAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "mindset.web.people.allauth_forms.Code",
    "reauthenticate": "mindset.web.people.allauth_forms.CodeAgain",
    "activate_totp": "mindset.web.people.allauth_forms.FirstCode",
}
SOCIALACCOUNT_ADAPTER = "mindset.web.people.adapter.ProviderAdapter"
# The link on the sign-in page leads to the provider at once; whoever follows it signs in as nobody but themselves.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": provider_apps(ENVIRONMENT.provider)}}

SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a long working day; closing the browser ends it too
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from the organisation's own sign-in.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
LANGUAGES = list(OUR_LANGUAGES.items())
LOCALE_PATHS = [LOCALE_DIR]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
# Served from the packages as they are installed: nothing to collect.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300

FILE_UPLOAD_HANDLERS = ["mindset.web.uploads.LimitedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024  # bytes, of pasted tables and of requests in JSON
DATA_UPLOAD_MAX_NUMBER_FILES = 1

# Django 6's setting, applied by our own middleware until then.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mindset.web.pages.errors.forged"
LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENVIRONMENT.https
if ENVIRONMENT.https:
    # A proxy in front of us ends the encryption and says how it was asked, and by whom.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^api/conformance$"]  # asked from this machine, to see whether the pages are up
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    # No other name of the domain, and no page without encryption, can put a cookie in place of these.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-form"
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # The middleware for form tokens is Django's, without its exceptions.
    "security.W004",  # HSTS, HTTPS and secure cookies need a certificate, which a loopback address has not.
    "security.W005",  # Other names of the domain, and the browsers' list, are for the owner of the domain to decide.
    "security.W008",
    "security.W012",
    "security.W016",
    "security.W021",
]

if ENVIRONMENT.mail:
    EMAIL_HOST, EMAIL_PORT = ENVIRONMENT.mail.host, ENVIRONMENT.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.user, ENVIRONMENT.mail.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = ENVIRONMENT.mail.tls, not ENVIRONMENT.mail.tls
    DEFAULT_FROM_EMAIL = ENVIRONMENT.mail.sender
    EMAIL_TIMEOUT = 10  # seconds
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django_tasks": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django_tasks_db": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "mindset": {"handlers": ["console"], "level": "INFO"},
    },
}
