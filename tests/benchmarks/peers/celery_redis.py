"""Celery on Redis without results, else as it comes: acknowledged early, four fetched ahead."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from celery import Celery

from tests.benchmarks.peers import body
from tests.benchmarks.peers.services import REDIS

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

app = Celery("benchmark", broker=os.environ[REDIS])
app.conf.task_ignore_result = True
app.conf.broker_connection_retry_on_startup = True


@app.task(name="task")
def task(kind: Kind, number: int, asked: int) -> None:
    body.run(kind, number, asked)


def enqueue(kind: Kind, number: int, asked: int) -> None:
    task.delay(kind, number, asked)


def worker() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", __name__, "worker", "-c", "2", "-l", "error"]
