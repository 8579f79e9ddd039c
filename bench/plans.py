"""How the database answers a query: does it read a table that grows from end to end?"""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

GROWS = 10_000
"""A table with more rows than this is one that grows."""
MOST_STEPS = 1_000_000
"""Instructions of SQLite's machine that one query may take; a scan of a million rows takes more."""
MOST_READ = 25_000
"""Rows that one step of a PostgreSQL plan may read, those that it throws away included."""

Query = tuple[str, Any]


@dataclass(frozen=True)
class Finding:
    """What a query costs: its work (SQLite: instructions, PostgreSQL: rows), and why it is bad."""

    work: int
    complaint: str


def look_at(query: Query, sizes: dict[str, int]) -> Finding:
    """Explain and run a query against tables of these sizes."""
    return (_on_postgresql if connection.vendor == "postgresql" else _on_sqlite)(query, sizes)


def sizes_of_tables() -> dict[str, int]:
    """Return about how many rows each table has."""
    names: dict[str, Any] = {
        model._meta.db_table: model for model in apps.get_models(include_auto_created=True)
    }
    return {name: model._base_manager.count() for name, model in names.items()}


def _on_sqlite(query: Query, sizes: dict[str, int]) -> Finding:
    sql, params = query
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        lines = [row[3] for row in cursor.fetchall()]
    steps = _steps(query)
    scans = [line for line in lines if _is_scan(line, sql, sizes)]
    is_in_order = not any("TEMP B-TREE" in line for line in lines)
    if scans and not ("LIMIT" in sql and is_in_order):
        return Finding(steps, scans[0])
    return Finding(steps, f"{steps:,} instructions" if steps > MOST_STEPS else "")


def _steps(query: Query) -> int:
    """Return how many instructions of SQLite's machine the query takes, in hundreds."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    with connection.cursor() as cursor:
        raw = cursor.connection
        raw.set_progress_handler(count, 100)
        try:
            cursor.execute(*query)
            cursor.fetchall()
        finally:
            raw.set_progress_handler(None, 0)
    return counted * 100


def _is_scan(line: str, sql: str, sizes: dict[str, int]) -> bool:
    found = re.match(r"SCAN (\w+)", line)
    if found is None:
        return False
    aliases: dict[str, str] = {
        alias: table for table, alias in re.findall(r'"(\w+)" "?([TUVW]\d+)\b', sql)
    }
    name = str(found.group(1))
    return sizes.get(aliases.get(name, name), 0) > GROWS


def _on_postgresql(query: Query, sizes: dict[str, int]) -> Finding:
    sql, params = query
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (answer,) = cursor.fetchone()
    plan = json.loads(answer) if isinstance(answer, str) else answer
    nodes = _nodes(plan[0]["Plan"])
    most = max(map(_read, nodes), default=0)
    scanned = [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"]
    grown = [table for table in scanned if sizes.get(table, 0) > GROWS]
    if grown:
        return Finding(most, f"Seq Scan on {grown[0]}")
    return Finding(most, f"{most:,} rows read" if most > MOST_READ else "")


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in _nodes(part))]


def _read(node: dict[str, Any]) -> int:
    """Return how many rows a node took from a table or an index, over all its loops."""
    if "Relation Name" not in node and "Index Name" not in node:
        return 0
    thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int((node["Actual Rows"] + thrown) * node["Actual Loops"])
