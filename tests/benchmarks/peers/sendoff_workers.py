"""Ours on PostgreSQL: one process decides, and workers alone have the function."""

from __future__ import annotations

import os
import sys
from threading import Event
from typing import TYPE_CHECKING

from desktop.backend.on_server import DatabaseWatch
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.opening import APP, reserve
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry
from tests.benchmarks.peers.services import POSTGRES
from tests.benchmarks.peers.session import WORKERS
from tests.looking import eventually

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

SLOTS = 40
"""Threads of the process that decides, and of each worker."""
TASKS = "tests.benchmarks.peers.worker_tasks"
_engine = Engine(EngineConfig(os.environ[POSTGRES], Registry(), io_slots=SLOTS))


def prepare() -> None:
    reserve(os.environ[POSTGRES], APP)


def start() -> None:
    """Wait until all workers are known."""
    _engine.start()
    DatabaseWatch(_engine, os.environ[POSTGRES], lambda: None, Event()).__enter__()
    slots = SLOTS * (1 + int(os.environ[WORKERS]))
    eventually(lambda: _engine.measures().lanes["io"]["slots"] == slots)


def enqueue(kind: Kind, number: int, asked: int) -> None:
    _engine.add_task("work", kind, number, asked)


def worker() -> list[str]:
    command = [sys.executable, "-m", "desktop", "worker", "--import", TASKS]
    return [*command, "--database", os.environ[POSTGRES]]
