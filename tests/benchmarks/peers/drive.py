"""The process that hands tasks in: ``python -m tests.benchmarks.peers.drive MODULE VERB …``.

A peer without a worker of its own runs them in this process, which then stays until its stdin
closes. It prints a line when everything is handed in.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from tests.benchmarks.peers import body

if TYPE_CHECKING:
    from types import ModuleType

QUIET = (0.005, 0.015)
"""Seconds nothing happens before a task is handed in alone."""
BEGUN_WITHIN = 10.0
WARM_WITHIN = 60.0
WARM_UP = 300
"""Tasks."""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers.drive")
    parser.add_argument("module")
    parser.add_argument("verb", choices=["prepare", "many", "alone", "stay"])
    parser.add_argument("--tasks", type=int, default=1)
    parser.add_argument("--submitters", type=int, default=1)
    parser.add_argument("--kind", default="nothing", choices=["nothing", "slow", "waits"])
    options = parser.parse_args()
    peer = importlib.import_module(f"tests.benchmarks.peers.{options.module}")
    if options.verb == "prepare":
        _call(peer, "prepare")
        return
    _call(peer, "start")
    if options.kind != "slow":
        _warm_up(peer, options.tasks)
    if options.verb == "many":
        _many(peer, options)
    elif options.verb == "alone":
        _alone(peer, options)
    sys.stdin.read()
    os._exit(0)  # threads of a peer may still wait for work


def _call(peer: ModuleType, name: str) -> None:
    if hasattr(peer, name):
        getattr(peer, name)()


def _warm_up(peer: Any, tasks: int) -> None:
    number = min(WARM_UP, tasks)
    for place in range(number):
        peer.enqueue("nothing", place - number, time.monotonic_ns())
    pause = threading.Event()
    latest = time.monotonic() + WARM_WITHIN
    while body.written(body.folder(), "warmed up") < number:
        if time.monotonic() > latest:
            raise SystemExit("The tasks to warm up were not run.")
        pause.wait(0.005)


def _many(peer: Any, options: argparse.Namespace) -> None:
    """Hand in from several threads at once, each waiting for one answer before the next."""

    def submit(first: int) -> None:
        for number in range(first, options.tasks, options.submitters):
            asked = time.monotonic_ns()
            peer.enqueue(options.kind, number, asked)
            if options.kind == "slow":  # of those a lost one counts
                body.note("accepted", body.Record(number, asked, asked))

    places = range(options.submitters)
    threads = [threading.Thread(target=submit, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("handed in", flush=True)


def _alone(peer: Any, options: argparse.Namespace) -> None:
    """Hand in one task at a time, once the one before has ended and it has been quiet."""
    pause = threading.Event()
    chance = random.Random(1)
    for number in range(options.tasks):
        pause.wait(chance.uniform(*QUIET))
        ended = body.written(body.folder(), "ended")
        latest = time.monotonic() + BEGUN_WITHIN
        peer.enqueue(options.kind, number, time.monotonic_ns())
        while not pause.wait(0.001) and time.monotonic() < latest:
            if body.written(body.folder(), "ended") > ended:
                break
    print("handed in", flush=True)


if __name__ == "__main__":
    main()
