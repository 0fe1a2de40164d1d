"""Django's settings. What may differ from one organisation to the next is read from the environment."""

from __future__ import annotations

from typing import Any, Final

from mindset.analysis.text import LANGUAGES as OUR_LANGUAGES
from mindset.analysis.text import LOCALE_DIR
from mindset.web.home import home, secret_key

MINDSET_HOME: Final = home()
MINDSET_UPLOAD_LIMIT: Final = 512 * 1024 * 1024  # bytes, of one file

SECRET_KEY = secret_key(MINDSET_HOME)
DEBUG = False
# Sign-in is not there yet, so only this machine may ask.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "mindset.web",
    "mindset.ledger",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "mindset.web.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
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
            ],
            "builtins": ["mindset.web.templatetags.words"],
        },
    }
]

DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": MINDSET_HOME / "mindset.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Writers queue at the start of a transaction instead of failing in the middle of one.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was acknowledged is on the disk, even when the power fails.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

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
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS, HTTPS and secure cookies need a certificate, which a loopback address has not.
    "security.W008",
    "security.W016",
]

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
