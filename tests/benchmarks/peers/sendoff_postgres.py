"""Ours on PostgreSQL: one process decides about the tasks and runs them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sendoff_tasks import task
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from tests.benchmarks.peers import body
from tests.benchmarks.peers.services import POSTGRES

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind


@task(name="work")
def work(kind: Kind, number: int, asked: int) -> None:
    body.run(kind, number, asked)


_registry = Registry()
_registry.add(work)
_engine = Engine(EngineConfig(os.environ[POSTGRES], _registry))


def start() -> None:
    _engine.start()


def enqueue(kind: Kind, number: int, asked: int) -> None:
    _engine.add_task(work, kind, number, asked)
