"""The least a queue in PostgreSQL can do: insert and notify; claim ten by SKIP LOCKED, run, commit.

It keeps no states, no history and no attempts: a task that ends is deleted.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import TYPE_CHECKING

import psycopg

from tests.benchmarks.peers import body
from tests.benchmarks.peers.services import POSTGRES

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

_TABLE = "CREATE TABLE jobs (id BIGSERIAL PRIMARY KEY, work TEXT NOT NULL)"
_ADD = (
    "WITH added AS (INSERT INTO jobs (work) VALUES (%s) RETURNING id)"
    " SELECT pg_notify('jobs', '') FROM added"
)
_CLAIM = (
    "DELETE FROM jobs WHERE id IN"
    " (SELECT id FROM jobs ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED) RETURNING work"
)
_own = threading.local()


def prepare() -> None:
    with psycopg.connect(os.environ[POSTGRES]) as session:
        session.execute(_TABLE)


def enqueue(kind: Kind, number: int, asked: int) -> None:
    if not hasattr(_own, "session"):
        _own.session = psycopg.connect(os.environ[POSTGRES], autocommit=True)
    _own.session.execute(_ADD, (json.dumps([kind, number, asked]),)).fetchall()


def worker() -> list[str]:
    return [sys.executable, "-m", __name__]


def main() -> None:
    """Run until the process is killed."""
    url = os.environ[POSTGRES]
    with psycopg.connect(url) as session, psycopg.connect(url, autocommit=True) as listening:
        listening.execute("LISTEN jobs")
        while True:
            found = session.execute(_CLAIM).fetchall()
            for (work,) in found:
                body.run(*json.loads(work))
            session.commit()
            if not found:
                for _ in listening.notifies(timeout=1.0, stop_after=1):
                    pass


if __name__ == "__main__":
    main()
