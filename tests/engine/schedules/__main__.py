"""``python -m tests.engine.schedules``: a virtual year, four processes, one store, many kills.

With ``--postgres`` the store is a database on a server of its own.

Real processes compete for the store; their clock is a number in a file, which goes from one due
time to the next. The one that owns the store is often killed at that moment. Prints how many due
times each schedule had; exits with 1 when one had no task, or two.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from mmap import mmap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.functions.registry import Registry, task
from sendoff_tasks.functions.schedule import DueRule
from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.store.errors import DatabaseInUse, StoreInUse
from tests.engine.postgres.server import serving

BEGIN: Final = datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
DAY_S: Final = 86_400
PROCESSES: Final = 4
LOOK_S: Final = 0.002
"""How often a process looks at the clock, and for the store, s."""
WITHIN_S: Final = 60.0
"""How long a due time may take to have its task, in real s."""
TAKEN: Final = "SELECT count(*) FROM due_times WHERE name = ? AND due_at = ?"
GIVEN: Final = "SELECT seq FROM sqlite_sequence WHERE name = 'tasks'"
MADE: Final = "SELECT count(*) FROM tasks"
"""On a server each process has numbers for itself; so less time passes than tasks are kept."""
SERVER_DAYS: Final = 29


@task(cron="30 2 * * *", timezone="Europe/Berlin")
def nightly() -> None: ...


@task(cron="*/30 2 * * sun", timezone="Europe/Berlin")
def on_sundays() -> None: ...


@task(cron="0 7 * * mon-fri", timezone="America/New_York")
def digest() -> None: ...


@task(every="1 day")
def daily() -> None: ...


def registry() -> Registry:
    """Give the schedules of the year."""
    known = Registry()
    for function in (nightly, on_sundays, digest, daily):
        known.add(function)
    return known


class FileClock:
    """The time that stands in a file, for every process."""

    def __init__(self, folder: Path) -> None:
        path = folder / "clock"
        if not path.exists():
            path.write_bytes(struct.pack("d", BEGIN))
        with path.open("r+b") as file:
            self._map = mmap(file.fileno(), 8)

    def now(self) -> float:
        return float(struct.unpack("d", self._map[:8])[0])

    steady = now

    def set(self, now: float) -> None:
        self._map[:8] = struct.pack("d", now)


def own(folder: Path, database: str | None) -> None:
    """Own the store as soon as it is free, until this process is killed."""
    clock = FileClock(folder)
    engine = Engine(
        EngineConfig(database or folder / "store.db", registry(), clock=clock, cpu_slots=1)
    )
    while True:
        with suppress(StoreInUse, DatabaseInUse):
            engine.start()
            break
        time.sleep(LOOK_S)
    (folder / "owner").write_text(str(os.getpid()))
    last = 0.0
    while True:
        if (now := clock.now()) != last:
            last = now
            engine._running.inbox.wake()
        time.sleep(LOOK_S)


class Year:
    """Goes from due time to due time, and kills owners."""

    def __init__(self, folder: Path, seed: int, database: str | None = None) -> None:
        self.folder, self.random = folder, random.Random(seed)
        self.database = database
        self.clock = FileClock(folder)
        self.rules: dict[str, DueRule] = {}
        for name in (known := registry()).names():
            spec = known.get(name)
            assert spec is not None
            assert spec.schedule is not None
            self.rules[name] = spec.schedule
        self.made: Counter[str] = Counter()
        self.kills = 0
        self._processes = [self._spawn() for _ in range(PROCESSES)]
        self._wait(lambda: (folder / "owner").exists())
        self.store: Any = Connection(database) if database else _read_only(folder / "store.db")
        self._wait(lambda: self._count("SELECT count(*) FROM schedules") == len(self.rules))

    def play(self, kill_every: int, days: int) -> bool:
        """Live through the year, or some of its days; tells whether every due time had one task."""
        end = BEGIN + days * DAY_S
        while (due := min(rule.next_after(self.clock.now()) for rule in self.rules.values())) < end:
            names = [n for n, r in self.rules.items() if r.next_after(self.clock.now()) == due]
            self.clock.set(due)
            if self.random.randrange(kill_every) == 0:
                self._kill_owner()
            for name in names:
                self._wait(partial(self._is_taken, name, due))
                self.made[name] += 1
        return self._count(MADE if self.database else GIVEN) == self.made.total()

    def stop(self) -> None:
        """Kill what is left."""
        for process in self._processes:
            process.kill()
            process.wait()
        self.store.close()

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.engine.schedules", "--own", str(self.folder)]
        command += ["--database", self.database] if self.database else []
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)  # it tells of each kill

    def _kill_owner(self) -> None:
        """Kill the process that has the store, at a moment of its own, and start another."""
        time.sleep(self.random.uniform(0, 0.02))
        owner = int((self.folder / "owner").read_text() or "0")
        for place, process in enumerate(self._processes):
            if process.pid == owner:
                os.kill(owner, signal.SIGKILL)
                process.wait()
                self.kills += 1
                self._processes[place] = self._spawn()

    def _count(self, query: str, *parameters: object) -> int:
        row = self.store.execute(query, parameters).fetchone()
        return 0 if row is None else int(row[0])

    def _is_taken(self, name: str, due: int) -> bool:
        return self._count(TAKEN, name, due * 1000) == 1

    def _wait(self, met: Callable[[], bool]) -> None:
        until = time.monotonic() + WITHIN_S
        while not met():
            if time.monotonic() > until:
                raise TimeoutError(f"a due time at {self.clock.now()} has no task")
            time.sleep(LOOK_S)


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)


def main() -> int:
    """Play the year, or be one of its processes."""
    parser = argparse.ArgumentParser(prog="python -m tests.engine.schedules", description=__doc__)
    parser.add_argument("--own", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kill-every", type=int, default=8, metavar="DUE_TIMES")
    options = parser.parse_args()
    if options.own:
        own(options.own, options.database)
    with TemporaryDirectory(prefix="sendoff-year-") as folder, ExitStack() as held:
        database = held.enter_context(serving()).database() if options.postgres else None
        year = Year(Path(folder), options.seed, database)
        try:
            is_once = year.play(options.kill_every, SERVER_DAYS if options.postgres else 365)
        finally:
            year.stop()
    told = ", ".join(f"{name} {count}" for name, count in sorted(year.made.items()))
    print(f"{year.made.total()} due times ({told}), {year.kills} kills: ", end="")
    print("each once" if is_once else "NOT each once")
    return 0 if is_once else 1


if __name__ == "__main__":
    sys.exit(main())
