"""A process in which one of two people works: `python -m tests.race_worker`."""

import django

django.setup()

from tests.races import serve  # noqa: E402  needs what was set up

serve()
