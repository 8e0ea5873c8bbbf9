"""Ours: the engine as the backend composes it, blocking tasks on a ``QThreadPool``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.qtpool import QtThreads
from sendoff_tasks import task
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from tests.benchmarks.peers import body

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

SLOTS = 40


@task(name="work")
def work(kind: Kind, number: int, asked: int) -> None:
    body.run(kind, number, asked)


_registry = Registry()
_registry.add(work)
_threads = QtThreads(SLOTS)
_engine = Engine(EngineConfig(body.folder() / "engine.db", _registry, io=_threads, io_slots=SLOTS))


def start() -> None:
    _engine.start()


def enqueue(kind: Kind, number: int, asked: int) -> None:
    _engine.add_task(work, kind, number, asked)
