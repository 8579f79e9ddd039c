"""The settings of the naive site: those of a new Django project, on the tracker's own rows.

It is given what Django gives nobody by itself, so that it is a strict measure: connections that
are kept, and the pragmas of the tracker.
"""

from typing import Any

from config.settings.development import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.peers.naive"
WSGI_APPLICATION = "bench.peers.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # its app asks for it
]
TEMPLATES: list[dict[str, Any]] = [  # type: ignore[no-redef]
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "bench" / "peers" / "templates"],  # noqa: F405
    }
]
REST_FRAMEWORK = {
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,  # type: ignore[dict-item]
    "DEFAULT_FILTER_BACKENDS": ["rest_framework.filters.SearchFilter"],
}
