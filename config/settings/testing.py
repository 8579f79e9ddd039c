"""Settings of the tests: fast password hashing, SQLite in memory unless DATABASE_URL says more."""

from .base import *  # noqa: F403
from .base import CACHES, database, env

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {"default": database(env.str("DATABASE_URL", default="sqlite://:memory:"))}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "snapshots": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Nothing is collected before the tests run.
WHITENOISE_AUTOREFRESH = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {
    **CACHES,
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "cards": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "cards"},
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Threads would see nothing of what a test wrote in its transaction.
LINK_CHECKS_AT_ONCE = 1
SECURITY_CONTACT = "mailto:security@claims.example"
# Whatever the environment says: no test asks the Internet Archive.
INTERNET_ARCHIVE_ACCESS_KEY = INTERNET_ARCHIVE_SECRET_KEY = ""
