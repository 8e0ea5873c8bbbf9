"""``python -m tests.benchmarks [NAME…] [--json] [--reps 3] [--seconds 4] [--rows 100000]``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Figure, table
from tests.benchmarks.peers.field import DURABLE, IN_MEMORY, ON_POSTGRES
from tests.benchmarks.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable

SIDES = {
    "engine": ("engine", "cpu", "scale", "pruning", "views"),
    "backend": ("bulk", "post", "request", "busy", "mail", "siege", "idle"),
    "window": ("start", "window", "typing", "pages", "memory", "imports"),
}
"""The benchmarks, by the folder they are in: the side of the program that each measures."""
NAMES = tuple(name for names in SIDES.values() for name in names)
ON_A_SERVER = {"workers": "engine"}
"""Measured only where they are named, since they start database servers of their own; by side."""


def main() -> None:
    """Measure what was named, or everything; tables as they are ready, or one JSON at the end."""
    known = (*NAMES, *ON_A_SERVER)
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--reps", type=int, default=Plan.reps, help="repetitions (medians count)")
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="of one stretch")
    parser.add_argument("--rows", type=int, default=Plan.rows, help="in a long table")
    options = parser.parse_args()
    unknown = set(options.names) - set(known)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; see --help")
    # A warm start is one whose modules are compiled: where writing them is off, it never is.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    found: dict[str, list[Figure]] = {}
    with tempfile.TemporaryDirectory(prefix="sendoff-benchmarks-") as folder:
        plan = Plan(Path(folder), options.reps, options.seconds, options.rows)
        for name in options.names or NAMES:
            found[name] = measure(name)(plan)
            if not options.json:
                print(f"\n{name}\n\n{table(found[name])}", flush=True)
    if options.json:
        figures = {name: [asdict(figure) for figure in found[name]] for name in found}
        json.dump({"machine": machine(), "figures": figures}, sys.stdout, indent=2)
    else:
        print("\n" + machine())


def measure(name: str) -> Callable[[Plan], list[Figure]]:
    """Find a benchmark; each is a module with ``run(plan)``."""
    side = next((side for side, names in SIDES.items() if name in names), "")
    module = importlib.import_module(f"tests.benchmarks.{side or ON_A_SERVER[name]}.{name}")
    run: Callable[[Plan], list[Figure]] = module.run
    return run


def machine() -> str:
    """Describe where, when and how this was measured."""
    words = [time.strftime("%Y-%m-%d"), f"{os.cpu_count()} cores ({_processor()})"]
    words += [platform.platform(), f"Python {platform.python_version()}"]
    words += [f"SQLite {sqlite3.sqlite_version}"]
    rivals = (IN_MEMORY, *DURABLE, *ON_POSTGRES)
    words += dict.fromkeys(peer.version() for peer in rivals if peer.is_installed)
    if hasattr(os, "getloadavg"):
        words.append(f"load {os.getloadavg()[1]:.1f}")
    command = " ".join(["python -m tests.benchmarks", *sys.argv[1:]])
    return f"{', '.join(words)}: `{command}`"


def _processor() -> str:
    """Read the processor's name; Linux alone tells it to Python."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


if __name__ == "__main__":
    main()
