"""The limit: one hand-written query that makes the JSON of an answer, and no framework."""

import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

_local = threading.local()
CLAIM = """
json_object(
  'id', c.id, 'text', c.text, 'kind', c.kind, 'status', c.status, 'language', c.language,
  'stated_on', c.stated_on, 'selection_reason', c.selection_reason, 'listed_at', c.listed_at,
  'what_would_settle', c.what_would_settle,
  'speaker', (SELECT json_object('slug', slug, 'kind', kind, 'name', name, 'description',
    description, 'affiliation', affiliation, 'same_as', same_as) FROM claims_speaker
    WHERE id = c.speaker_id),
  'topics', (SELECT json_group_array(json_object('slug', t.slug, 'name', t.name))
    FROM claims_claim_topics ct JOIN claims_topic t ON t.id = ct.topic_id WHERE ct.claim_id = c.id),
  'appearances', (SELECT json_group_array(json_object('article', s.source_id, 'sha256', s.sha256,
    'exact', a.exact, 'prefix', a.prefix, 'suffix', a.suffix, 'start', a.start, 'end', a."end",
    'attribution', a.attribution, 'speaker_role', a.speaker_role))
    FROM claims_appearance a JOIN sources_snapshot s ON s.id = a.snapshot_id
    WHERE a.claim_id = c.id),
  'review', (SELECT json_object('id', r.id, 'number', r.number, 'finding', r.finding,
    'rationale', r.rationale, 'as_of', r.as_of, 'labels', r.labels, 'published_at', r.published_at,
    'author', au.display_name, 'approver', ap.display_name,
    'rating', json_object('slug', g.slug, 'alternate_name', g.alternate_name, 'rating_value',
      g.rating_value, 'definition', g.definition, 'test', g.test),
    'evidence', (SELECT json_group_array(json_object('stance', e.stance, 'summary', e.summary,
      'is_primary', e.is_primary, 'passage', e.passage, 'note', e.note, 'source',
      json_object('id', s.id, 'kind', s.kind, 'title', s.title, 'url', s.url, 'author', s.author,
        'published_on', s.published_on, 'publisher', p.name)))
      FROM claims_evidence e JOIN sources_source s ON s.id = e.source_id
      LEFT JOIN sources_publisher p ON p.id = s.publisher_id WHERE e.review_id = r.id))
    FROM claims_review r JOIN claims_rating g ON g.id = r.rating_id
    JOIN accounts_user au ON au.id = r.author_id LEFT JOIN accounts_user ap ON ap.id = r.approver_id
    WHERE r.claim_id = c.id AND r.status = 'published')
)
"""
ONE = f"SELECT {CLAIM} FROM claims_claim c WHERE c.id = ?"
LIST = f"""
SELECT json_group_array(json(document)) FROM (
  SELECT {CLAIM} AS document FROM claims_claim c
  WHERE coalesce(c.status, '') IN ('in_review', 'published', 'retracted')
  AND (c.listed_at, c.id) < (?, ?) ORDER BY c.listed_at DESC, c.id DESC LIMIT 50)
"""


def _database() -> sqlite3.Connection:
    if not hasattr(_local, "database"):
        path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
        _local.database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        _local.database.execute("PRAGMA mmap_size = 268435456")
    found: sqlite3.Connection = _local.database
    return found


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer /claims/7/ and /claims/?after=moment,7 (or without) with JSON."""
    if found := re.fullmatch(r"/claims/(\d+)/", environ["PATH_INFO"]):
        (text,) = _database().execute(ONE, (int(found[1]),)).fetchone()
    else:
        asked = parse_qs(environ["QUERY_STRING"]).get("after", ["9999-12-31,0"])[0]
        moment, _comma, key = asked.rpartition(",")
        (text,) = _database().execute(LIST, (moment, int(key))).fetchone()
    body = text.encode()
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return [body]
