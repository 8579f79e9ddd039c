"""A web of one server, which the tests of the whole read from."""

import pytest

from sources.tests.hostile import hostile_server


@pytest.fixture
def web(settings):
    """A server on this machine whose pages a test sets."""
    with hostile_server() as server:
        settings.FETCH_ALLOWS_LOOPBACK = True
        settings.FETCH_PORTS = [server.port]
        settings.FETCH_PAUSE = 0
        settings.FETCH_OBEYS_ROBOTS = False
        yield server
