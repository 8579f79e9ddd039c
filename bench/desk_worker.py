"""One database of `bench.desk`, in a process of its own: answers orders that come as JSON lines."""

import gc
import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402

from . import cpu  # noqa: E402
from .desk_pages import Page, pages  # noqa: E402
from .plans import Query, look_at, sizes_of_tables  # noqa: E402


class Worker:
    """Opens the pages of one database."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.clients: dict[str, Client] = {}
        self.sizes = sizes_of_tables()

    def answer(self, order: str, name: str) -> Any:
        """Carry out an order for the page of that name."""
        if order == "list":
            self.pages = {page.name: page for page in pages()}
            return list(self.pages)
        page = self.pages[name]
        return self.look(page) if order == "look" else self.time(page)

    def look(self, page: Page) -> dict[str, Any]:
        """Count the queries of the page and see how the database answers each."""
        queries: list[Query] = []

        def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            queries.append((sql, params))
            return execute(sql, params, many, context)

        self._open(page)
        with connection.execute_wrapper(keep):
            response = self._open(page)
        reads = [query for query in queries if query[0].startswith("SELECT")]
        findings = [look_at(query, self.sizes) for query in reads]
        return {
            "status": response.status_code,
            "queries": len(queries),
            "rows": _rows(response),
            "work": sum(finding.work for finding in findings),
            "complaints": [finding.complaint for finding in findings if finding.complaint],
        }

    def time(self, page: Page) -> float:
        """Return the seconds of CPU that the page takes, with those of the database server."""
        gc.collect()
        begun = cpu.with_database()
        self._open(page)
        return cpu.with_database() - begun

    def _open(self, page: Page) -> Any:
        if page.username not in self.clients:
            client = Client()
            if page.username:
                client.force_login(User.objects.get(username=page.username))
            self.clients[page.username] = client
        return self.clients[page.username].get(page.path)


def _rows(response: Any) -> int:
    """Return how many rows a list shows, or suggestions there are."""
    context = getattr(response, "context_data", None) or {}
    if changelist := context.get("cl"):
        return len(changelist.result_list)
    if listing := context.get("listing"):
        return len(listing.rows)
    is_json = response.headers["Content-Type"] == "application/json"
    told = response.json() if is_json and response.status_code == 200 else {}
    return len(told.get("results", ()))


def main() -> None:
    """Answer orders until there are no more."""
    worker = Worker()
    for line in sys.stdin:
        order, name = json.loads(line)
        print(json.dumps(worker.answer(order, name)), flush=True)


if __name__ == "__main__":
    main()
