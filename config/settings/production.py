"""Settings of a public server. Refuses to start while something it needs is missing."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import FETCH_ALLOWS_LOOPBACK, SITE_URL, database, env

NEEDED = {
    "SECRET_KEY": "a long random string that nobody else knows",
    "ALLOWED_HOSTS": "the host names this site answers to, separated by commas",
    "DATABASE_URL": "the database, such as sqlite:////srv/claims/claims.sqlite3 or "
    "postgres://user:password@localhost/claims",
    "EMAIL_URL": "the mail server, such as smtp+tls://user:password@mail.example:587",
    "DEFAULT_FROM_EMAIL": "the address that mail comes from",
}

_missing = [f"{name} ({what})" for name, what in NEEDED.items() if not env.str(name, default="")]
if _missing:
    raise ImproperlyConfigured(
        "The site cannot start: set these environment variables first: " + "; ".join(_missing) + "."
    )

if FETCH_ALLOWS_LOOPBACK:
    raise ImproperlyConfigured(
        "The site cannot start: FETCH_ALLOWS_LOOPBACK lets whoever names a source read what only "
        "this machine may see. Take it out; it is for tests."
    )

DEBUG = False
MFA_REQUIRED = True
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
MAIL_ORIGIN = SITE_URL or f"https://{ALLOWED_HOSTS[0].removeprefix('.')}"
if MAIL_ORIGIN == "https://*":
    raise ImproperlyConfigured(
        "The site cannot start: ALLOWED_HOSTS names no host that links in mail could lead to. Set "
        "SITE_URL, such as https://facts.example."
    )
DATABASES = {"default": database(env.str("DATABASE_URL"))}
globals().update(env.email_url())

# Set when a proxy in front speaks https for us, and only then: it trusts what the proxy says.
if env.bool("BEHIND_HTTPS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Attempts to sign in are counted by the last address that this proxy adds to X-Forwarded-For.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
