"""Readers who never stop, while somebody publishes: none may be handed what was replaced.

`python -m tests.publishing` does it on the database that DATABASE_URL names.
"""

import itertools
import re
import sys
import threading
from io import BytesIO

READERS, VERSIONS = 4, 12


def main():
    """Publish version after version under the eyes of readers; raise when one reads an old one."""
    from django.core.wsgi import get_wsgi_application

    from claims import workflow
    from claims.tests import factories
    from config.page_cache import PageCache

    factories.make_groups()
    author, approver = (factories.make_person(role=role) for role in ("reviewer", "editor"))
    claim = factories.make_published_claim(author=author, approver=approver)
    # As two server processes, each with what it keeps.
    servers = [PageCache(get_wsgi_application(), 1_000_000) for _ in range(2)]
    readers = Readers(servers, f"/claims/{claim.pk}/")
    with readers:
        for number in range(2, VERSIONS + 1):
            draft = workflow.revise(
                claim, by=author, kind="correction", note=f"Correction {number}."
            )
            factories.complete(draft, finding=f"The finding of version {number}.")
            workflow.submit(draft, by=author)
            workflow.publish(draft, by=approver)
            readers.standing = number
            for server in servers:
                assert readers.version_at(server) == number
    assert not readers.wrong, readers.wrong[:5]
    kept = [server.pages.bytes for server in servers]
    assert all(0 < size <= 500_000 for size in kept), kept
    print(f"{readers.count} pages read while {VERSIONS - 1} versions were published")  # noqa: T201


class Readers:
    """Threads that read a page over and over, and remember each that was older than it may be."""

    def __init__(self, servers, address):
        self.servers, self.address = servers, address
        self.standing, self.count, self.wrong = 1, 0, []
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self.read, args=[server])
            for server in itertools.islice(itertools.cycle(servers), READERS)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=60)

    def read(self, server):
        from django.db import connections

        while not self.over.is_set():
            at_least = self.standing
            try:
                found = self.version_at(server)
            except Exception as error:  # whatever it is, the one who publishes is told
                found = repr(error)
            if isinstance(found, str) or found < at_least:
                self.wrong.append((at_least, found))
            self.count += 1
        connections.close_all()

    def version_at(self, server):
        """Return which version of the verdict a reader finds on the page."""
        _status, _headers, body = get(server, self.address)
        return (
            int(re.search(r"The finding of version (\d+)\.", body)[1])
            if "of version" in body
            else 1
        )


def get(server, address, **headers):
    """Ask a WSGI application for an address. Returns the status, the headers and the text."""
    path, _, query = address.partition("?")
    told = []
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
    } | headers
    answer = server(environ, lambda status, given, exc_info=None: told.append((status, given)))
    try:
        body = b"".join(answer).decode()
    finally:
        if hasattr(answer, "close"):
            answer.close()
    status, given = told[-1]
    return int(status[:3]), dict(given), body


if __name__ == "__main__":
    import django

    django.setup()
    main()
