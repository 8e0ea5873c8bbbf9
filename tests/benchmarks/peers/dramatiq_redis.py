"""Dramatiq on Redis with its usual middleware: two processes of eight threads, its default."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from tests.benchmarks.peers import body
from tests.benchmarks.peers.services import REDIS

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

dramatiq.set_broker(RedisBroker(url=os.environ[REDIS]))


@dramatiq.actor
def task(kind: Kind, number: int, asked: int) -> None:
    body.run(kind, number, asked)


def enqueue(kind: Kind, number: int, asked: int) -> None:
    task.send(kind, number, asked)


def worker() -> list[str]:
    return [sys.executable, "-m", "dramatiq", __name__, "-p", "2", "-t", "8"]
