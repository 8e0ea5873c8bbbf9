"""The process of a worker: from its command to its drain."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Collection, Sequence
from typing import Final

from desktop.engine.facade.opening import NO_ADDRESS, Purpose, is_on_server, needing_driver, reserve
from desktop.engine.facade.running_engine import ASYNC_SLOTS, GRACE_S, default_cpu_slots
from desktop.engine.fastapi.app_registry import AppRegistry
from desktop.engine.functions.registry import Registry
from desktop.engine.lanes.elsewhere import WorkerOffer
from desktop.engine.store.file.errors import StoreError
from desktop.engine.text import sentence

IO_SLOTS: Final = 40
"""Threads for what waits, as ``install`` has them."""


class NotImported(Exception):
    """A module of the app does not import; its text is a sentence."""


def run(url: str, modules: Sequence[str], queues: Collection[str] = ()) -> int:
    """Run attempts until SIGTERM or Ctrl+C; raises ``NotImported`` and ``StoreError``."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    if not is_on_server(url):
        raise StoreError(NO_ADDRESS)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    registry = imported(modules)
    offer = offer_of(registry, modules, queues)
    reserve(url, Purpose.APP)
    with needing_driver():
        from desktop.engine.worker.work import Work
    work = Work(url, registry, offer, f"{socket.gethostname()} {os.getpid()}")
    work.start()
    print(f"This worker has {len(offer.functions)} functions.", flush=True)  # noqa: T201
    ended.wait()
    work.stop(GRACE_S)
    return 0


def imported(modules: Sequence[str]) -> Registry:
    """Import the app's modules, also of the current folder, and find what ``@task`` describes."""
    if "" not in sys.path:
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 - sys.path holds text
    for module in modules:
        try:
            importlib.import_module(module.partition(":")[0])
        except (Exception, SystemExit) as error:
            said = sentence(error).rstrip(".")
            raise NotImported(f"The module {module} cannot be imported: {said}.") from error
    registry = AppRegistry()
    registry.add_described()
    return registry


def offer_of(
    registry: Registry,
    modules: Sequence[str],
    queues: Collection[str] = (),
    io_slots: int = IO_SLOTS,
    cpu_slots: int | None = None,
) -> WorkerOffer:
    """Tell what a worker has; of certain queues only those functions that ``@task`` describes."""
    specs = [spec for name in registry.names() if (spec := registry.get(name)) is not None]
    functions = {spec.name for spec in specs if not queues or spec.queue in queues}
    packages = set() if queues else {_top(module) for module in modules}
    slots = {"io": io_slots, "cpu": cpu_slots or default_cpu_slots(), "async": ASYNC_SLOTS}
    return WorkerOffer("", frozenset(functions), frozenset(packages), slots)


def _top(module: str) -> str:
    return module.partition(":")[0].partition(".")[0]
