"""Huey on SQLite: WAL with ``synchronous=FULL``, as SQLite comes; two threads, as for two cores."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from huey import SqliteHuey

from tests.benchmarks.peers import body

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

huey = SqliteHuey("benchmark", filename=str(body.folder() / "huey.db"))


@huey.task()
def task(kind: Kind, number: int, asked: int) -> None:
    body.run(kind, number, asked)


def enqueue(kind: Kind, number: int, asked: int) -> None:
    task(kind, number, asked)


def worker() -> list[str]:
    consumer = [sys.executable, "-m", "huey.bin.huey_consumer", f"{__name__}.huey"]
    return [*consumer, "-w", "2", "-k", "thread", "-q"]
