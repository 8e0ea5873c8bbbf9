"""A worker's process: it imports an app, offers its functions, and drains when it is stopped."""

from __future__ import annotations

import importlib
import os
import socket
import sys
from collections.abc import Callable, Collection, Sequence
from inspect import isfunction
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from sendoff_tasks.attempts.claim import TRAVELLING
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.opening import needing_driver
from sendoff_tasks.facade.running_engine import ASYNC_SLOTS, GRACE_S, IO_SLOTS, default_cpu_slots
from sendoff_tasks.functions.registry import AppRegistry, Registry
from sendoff_tasks.functions.worker_offer import WorkerOffer, tell
from sendoff_tasks.lanes.os_process import runs_for_another
from sendoff_tasks.text import sentence
from sendoff_tasks.words.table import ENGLISH


class NotImported(Exception):
    """A module of the app cannot be imported; the text is a sentence."""


def run(url: str, registry: Registry, offer: WorkerOffer, follow: Callable[[], object]) -> None:
    """Run attempts until ``follow`` returns; raise ``StoreError`` if the driver is missing.

    Ends the process if functions run on after that: their tasks may run elsewhere now.
    """
    runs_for_another.set()
    with needing_driver():
        from sendoff_tasks.worker.order_follower import OrderFollower
    follower = OrderFollower(url, registry, offer, f"{socket.gethostname()} {os.getpid()}")
    follower.start()
    print(f"Functions of this worker: {len(offer.functions)}.", flush=True)  # noqa: T201
    follow()
    if not follower.stop(GRACE_S):
        os._exit(0)


def imported(modules: Sequence[str]) -> Registry:
    """Import the app's modules, also from the current folder; return its ``@task`` functions.

    What an app in one of them has around its attempts is around these, too, and its task lifespan
    is theirs. Raises ``NotImported``.
    """
    registry = AppRegistry()
    for module in modules:
        names = _variables_of(module.partition(":")[0])
        for app in [value for value in names.values() if issubclass(type(value), FastAPI)]:
            engine: Engine | None = getattr(app.state, "sendoff_engine", None)
            if engine is not None:
                registry.around = engine.config.registry.around
                registry.lifespan = engine.config.registry.lifespan
    registry.add_described()
    return registry


def app_in(place: str) -> FastAPI:
    """Import an app by its place, ``main:app``, or make it; raise ``NotImported``."""
    module, _, name = place.partition(":")
    app = _variables_of(module).get(name or "app")
    if isfunction(app):  # uvicorn --factory
        app = app()
    if not isinstance(app, FastAPI):
        raise NotImported(ENGLISH.say("app", "missing", name=name or "app", module=module))
    return app


def _variables_of(module: str) -> dict[str, Any]:
    """Import a module, also from the current folder; raise ``NotImported``."""
    if module.endswith(".py"):
        place = ".".join(Path(os.path.relpath(module)).with_suffix("").parts)
        raise NotImported(ENGLISH.say("app", "file", file=module, place=place))
    if "" not in sys.path:
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 - sys.path holds text
    try:
        return vars(importlib.import_module(module))
    except (Exception, SystemExit) as error:
        said = sentence(error).rstrip(".")
        raise NotImported(ENGLISH.say("app", "not_imported", module=module, why=said)) from error


def offer_of(registry: Registry, modules: Sequence[str], queues: Collection[str]) -> WorkerOffer:
    """Return what a worker offers; for certain ``queues``, only their ``@task`` functions."""
    specs = registry.specs()
    functions = {spec.name for spec in specs if not queues or spec.queue in queues}
    packages = set() if queues else {_top(module) for module in modules}
    slots = {"io": IO_SLOTS, "cpu": default_cpu_slots(), "async": ASYNC_SLOTS}
    told = {spec.name: tell(spec) for spec in specs if spec.name in functions}
    described = {name: each for name, each in told.items() if each is not None}
    return WorkerOffer(
        "", frozenset(functions), frozenset(packages), slots, described, reads=TRAVELLING
    )


def _top(module: str) -> str:
    return module.partition(":")[0].partition(".")[0]
