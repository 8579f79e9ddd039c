"""The WSGI entry point that the web server loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from .page_cache import PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

application = PageCache(get_wsgi_application(), settings.PAGE_CACHE_MEGABYTES * 1_000_000)
"""Pages for readers are answered from memory where nothing changed since they were made."""
