"""Settings of a laptop: plain http on this machine, SQLite, a secret key made on first use."""

import os
from urllib.parse import quote

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403
from .base import SITE_URL, VAR_DIR, database, env

DEBUG = env.bool("DEBUG", default=False)
if DEBUG:
    PAGE_CACHE_MEGABYTES = 0  # whoever changes a template sees it at once
# Passkeys without https, which browsers allow on http://localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
HOST = env.str("HOST", default="127.0.0.1")
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *env.list("ALLOWED_HOSTS", default=[HOST]),
]
# Where `make serve` listens.
_address = f"[{HOST}]" if ":" in HOST else HOST
MAIL_ORIGIN = SITE_URL or f"http://{_address}:{env.str('PORT', default='8000')}"


def _kept_secret_key() -> str:
    """Return the secret key in var/, made on first use, so that people stay signed in."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    path = VAR_DIR / "secret-key"
    try:
        # O_EXCL: of two processes that start at once, one writes the key and both read it.
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w") as file:
            file.write(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret_key()
DATABASES = {
    "default": database(env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'claims.sqlite3'}"))
}
# Mail is written to files in var/mail, unless EMAIL_URL names a server.
globals().update(env.email_url(default=f"filemail:///{quote(str(VAR_DIR / 'mail'))}"))
