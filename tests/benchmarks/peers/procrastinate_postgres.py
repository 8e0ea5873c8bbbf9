"""Procrastinate on PostgreSQL as it comes: ``fsync`` and ``synchronous_commit`` on; ten at once."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import procrastinate

from tests.benchmarks.peers import body
from tests.benchmarks.peers.services import POSTGRES

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(conninfo=os.environ[POSTGRES], max_size=16)
)


@app.task(name="task")
def task(kind: Kind, number: int, asked: int) -> None:
    body.run(kind, number, asked)


def prepare() -> None:
    with app.open():
        app.schema_manager.apply_schema()


def start() -> None:
    app.open()


def enqueue(kind: Kind, number: int, asked: int) -> None:
    task.defer(kind=kind, number=number, asked=asked)


def worker() -> list[str]:
    command = [sys.executable, "-m", "procrastinate", f"--app={__name__}.app"]
    return [*command, "--log-level", "error", "worker", "--concurrency", "10"]
