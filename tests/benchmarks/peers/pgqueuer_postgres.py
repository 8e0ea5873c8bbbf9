"""PgQueuer on PostgreSQL as it comes; a batch of ten, its functions in threads."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import asyncpg
import psycopg
from pgqueuer import Job, PgQueuer
from pgqueuer.db import AsyncpgDriver, SyncPsycopgDriver
from pgqueuer.queries import SyncQueries

from tests.benchmarks.peers import body
from tests.benchmarks.peers.services import POSTGRES

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

_own = threading.local()


def prepare() -> None:
    url = os.environ[POSTGRES]
    command = [sys.executable, "-m", "pgqueuer", "--pg-dsn", url, "install"]
    subprocess.run(command, check=True)


def enqueue(kind: Kind, number: int, asked: int) -> None:
    if not hasattr(_own, "queries"):
        session = psycopg.connect(os.environ[POSTGRES], autocommit=True)
        _own.queries = SyncQueries(SyncPsycopgDriver(session))
    _own.queries.enqueue("work", json.dumps([kind, number, asked]).encode())


def worker() -> list[str]:
    # Its own command does not start with each version of what it parses options by.
    return [sys.executable, "-m", __name__]


async def main() -> None:
    """Run until the process is killed."""
    queue = PgQueuer(AsyncpgDriver(await asyncpg.connect(os.environ[POSTGRES])))

    @queue.entrypoint("work")
    async def work(job: Job) -> None:
        await asyncio.to_thread(body.run, *json.loads(job.payload or b""))

    await queue.run(batch_size=10)


if __name__ == "__main__":
    asyncio.run(main())
