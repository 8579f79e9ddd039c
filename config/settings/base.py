"""Settings that hold everywhere. What differs is in development, testing and production."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
"""What the running site writes: database, collected static files, generated secret."""

# The name readers see, in page titles and as the author of every ClaimReview.
SITE_NAME = env.str("SITE_NAME", default="Claims Tracker")
# Scheme and host of the public site, such as https://facts.example. Empty: taken from the request.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
# A sentence that stands above every page, such as while the site is moved. Empty: none.
NOTICE = env.str("NOTICE", default="")
# The mail address that readers may write to. Empty: none is shown.
CONTACT = env.str("CONTACT", default="")
# Whom to tell of a hole: a mailto: or https: address, for /.well-known/security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
# Where links in mail lead: a step that mail tells of may be taken without any request.
MAIL_ORIGIN = SITE_URL or "http://localhost:8000"

# Nobody publishes alone. Only a newsroom of one switches this off; its method page says so.
SECOND_PERSON = env.bool("SECOND_PERSON", default=True)

INSTALLED_APPS = [
    "accounts",
    "sources",
    "claims",
    "tips",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "simple_history",
    "config.admin.DeskConfig",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.caching.CachingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.policies.PagePolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.second_factor.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# Fields of ours have templates beside those of pages.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# SQLite as a server's database. FULL, because WAL with NORMAL loses commits that people were told
# were saved when the power fails; IMMEDIATE, because a read that becomes a write inside a
# transaction otherwise fails at once with "database is locked". Why not trusted_schema=OFF:
# docs/decisions/0002.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-32768;"
        "PRAGMA mmap_size=268435456;"
    ),
}


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for a database address.

    Takes an address such as sqlite:///var/claims.sqlite3 or postgres://user:pass@host/name.
    Connections are kept: opening one costs more than most of our queries.
    """
    config: dict[str, Any] = dict(env.db_url_config(url))
    config["CONN_MAX_AGE"] = None
    config["CONN_HEALTH_CHECKS"] = True
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = SQLITE_OPTIONS
    return config


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts attempts to sign in, for all server processes together; docs/decisions/0005 says why it is
# in the database. Another place: CACHE_URL=rediscache://localhost:6379/1
CACHES = {
    "default": env.cache_url("CACHE_URL", default="dbcache://cache?max_entries=10000"),
    # What each process may find out again at any time. It never pushes a count of attempts to
    # sign in out of the other, whose entries all processes share.
    "computed": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "computed",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Pictures of claims, about 25 KB each, for all server processes. Each can be drawn again.
    "cards": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cards",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
# Files of fonts for the scripts of which none is installed with the tracker.
CARD_FONTS = env.list("CARD_FONTS", default=[])

# Of pages for readers who are not signed in, in each server process; 0 keeps none.
PAGE_CACHE_MEGABYTES = env.int("PAGE_CACHE_MEGABYTES", default=16)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

ACCOUNT_ADAPTER = "accounts.adapter.NewsroomAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "add_email": "accounts.forms.ChangeEmailForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
# An invitation proves its address; a changed one is proved before it takes the place of the old.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True

# Editors, administrators and superusers work only with a second factor. Production says True.
MFA_REQUIRED = False
MFA_FORMS = {"authenticate": "accounts.forms.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
# One step of 30 seconds early or late, for clocks that differ.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Nobody signs up here, so nobody can sit on somebody else's address.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# In this language addresses have no prefix, and programs are answered.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [
    ("ar", _("Arabic")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("fr", _("French")),
    ("hi", _("Hindi")),
    ("zh-hans", _("Chinese (simplified)")),
]
if LANGUAGE_CODE not in dict(LANGUAGES):
    known = ", ".join(code for code, _name in LANGUAGES)
    raise ImproperlyConfigured(f"LANGUAGE_CODE is one of {known}; {LANGUAGE_CODE} is not.")
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]


def snapshot_storage(bucket: str, endpoint: str) -> dict[str, Any]:
    """Return where kept copies lie: in a bucket of S3 or the like if one is named, else on disk.

    A bucket needs `pip install django-storages[s3]`; its keys come from AWS’s own variables. Each
    file is private as the bucket is: a bucket without ACLs refuses those that name one.
    """
    if not bucket:
        place = {"location": VAR_DIR / "snapshots"}
        return {"BACKEND": "sources.storage.DurableStorage", "OPTIONS": place}
    # A type of its own: taken for packed text, a copy would be unpacked on its way to whoever reads
    # it, and would no longer be what its name says.
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "object_parameters": {"ContentType": "application/warc"},
    }
    if endpoint:
        options["endpoint_url"] = endpoint
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "snapshots": snapshot_storage(
        env.str("SNAPSHOT_BUCKET", default=""), env.str("SNAPSHOT_ENDPOINT_URL", default="")
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Nothing is loaded from anywhere but this site, and nothing inline runs. What somebody types into a
# search box is sent to this site for suggestions, and a passkey is asked for its challenge.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# The admin's select2 and calendar set style attributes.
ADMIN_CONTENT_SECURITY_POLICY = {
    "style-src-attr": [UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
}
# The same for single pages, by the names of their addresses: the QR code of an authenticator app is
# a data: address.
PAGE_CONTENT_SECURITY_POLICIES = {
    "mfa_activate_totp": {"img-src": [SELF, "data:"]},
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# What a page must not wait for is done by `manage.py worker`: docs/operations.md.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# So many days what readers sent is kept once it is settled. 0: for good.
READERS_KEPT_DAYS = env.int("READERS_KEPT_DAYS", default=365)
# What `manage.py tick` calls with the time of day; each returns what it did, in words, or nothing.
EACH_MINUTE = [
    "accounts.tasks.forget_old",
    "accounts.tasks.send_due",
    "sources.archiving.ask_again",
    "sources.tasks.ask_for_link_checks",
    "sources.public_archive.go_on",
    "tips.telling.tell_readers",
    "tips.telling.forget_daily",
    "claims.search.index.add_up",
    "claims.search.index.add_missing",
    "claims.matching.by_meaning.compute_due",
]
# Whether claims are matched by what they mean too, where requirements-embedding.txt is installed.
MATCH_BY_MEANING = env.bool("MATCH_BY_MEANING", default=True)
# So many texts one address may have matched within a minute, in each server process. 0: any number.
MATCH_TEXTS_A_MINUTE = env.int("MATCH_TEXTS_A_MINUTE", default=300)
# What is called with a row whose edit is remembered: accounts/history.py.
ROW_EDITED = "claims.search.index.edited"
# What is called with a source when its text, its link or its standing changed: sources/links.py.
SOURCE_CHANGED = "claims.risks.reconcile"
# Which sources something public rests on; their links are looked at.
CITED_SOURCES = "claims.visibility.visible_sources"
# Days between two looks at the link of a cited source; 0 switches them off.
LINK_CHECK_DAYS = env.float("LINK_CHECK_DAYS", default=7.0)
LINK_CHECKS_AT_ONCE = env.int("LINK_CHECKS_AT_ONCE", default=8)

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="claims@localhost")
# Seconds for each word of the mail server; see LEASE in accounts/delivery.py.
EMAIL_TIMEOUT = 10

# How sources are fetched: docs/operations.md. Who runs this program is told to every site it reads.
FETCH_CONTACT = env.str("FETCH_CONTACT", default="") or SITE_URL or parseaddr(DEFAULT_FROM_EMAIL)[1]
FETCH_PORTS = env.list("FETCH_PORTS", cast=int, default=[80, 443])
FETCH_OBEYS_ROBOTS = env.bool("FETCH_OBEYS_ROBOTS", default=True)
# Seconds in which a host is left alone after each fetch.
FETCH_PAUSE = env.float("FETCH_PAUSE", default=2.0)
# For tests with a server of their own on this machine. Production refuses to start with it.
FETCH_ALLOWS_LOOPBACK = env.bool("FETCH_ALLOWS_LOOPBACK", default=False)

# The Internet Archive is asked to keep public copies when both keys are set: docs/operations.md.
INTERNET_ARCHIVE_ACCESS_KEY = env.str("INTERNET_ARCHIVE_ACCESS_KEY", default="").strip()
INTERNET_ARCHIVE_SECRET_KEY = env.str("INTERNET_ARCHIVE_SECRET_KEY", default="").strip()
INTERNET_ARCHIVE_URL = env.str("INTERNET_ARCHIVE_URL", default="https://web.archive.org")

# Edits are read by their row, never by their day alone: accounts/history.py.
SIMPLE_HISTORY_DATE_INDEX = False

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_FILTER_BACKENDS": ["claims.api.filtering.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "claims.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "claims.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Claims Tracker API",
    "DESCRIPTION": "Claims, who made them and where, our reviews of them, and their sources.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "ENUM_NAME_OVERRIDES": {
        "ClaimKind": "claims.models.Claim.Kind",
        "ClaimStatus": "claims.models.Claim.Status",
        "SpeakerKind": "claims.models.Speaker.Kind",
        "SourceKind": "sources.models.Source.Kind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "claims.api.schema.add_problems",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # It would say each second that there is nothing to do.
    "loggers": {"django_tasks_db": {"level": "WARNING"}},
}
