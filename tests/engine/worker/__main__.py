"""``python -m tests.engine.worker``: workers and deciding processes killed, frozen and cut off.

One PostgreSQL server, three workers, and two processes of an app, or with ``--backends`` three of
``sendoff serve``. At random moments one of them gets kill -9 or is frozen for longer than its
lease, all connections end, or a process of the server gets kill -9, which has the server begin
again. Prints what became of the tasks; exits with 1 when one was lost, had its effect twice, or
more of a limited queue were running at once than the limit says.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg

from tests.engine.postgres.server import serving
from tests.looking import eventually

WORKERS: Final = 3
LIMIT: Final = 3
AT_REST_WITHIN_S: Final = 300.0
APP: Final = "from tests.engine.worker.campaign_app import serve; serve({!r}, {!r}, {})"
BACKEND: Final = "from tests.engine.worker.campaign_app import answer; answer({!r}, {!r}, {})"
WORKER: Final = "from tests.engine.worker.campaign_app import work; work({!r})"
OPEN: Final = (
    "SELECT count(*) FROM sendoff.tasks WHERE state NOT IN ('succeeded', 'uncertain')"
    " AND reason IS DISTINCT FROM 'held_after_crashes'"
)
STATES: Final = (
    "SELECT arguments::jsonb->0->>1, CASE reason WHEN 'held_after_crashes' THEN 'held'"
    " ELSE state END, attempt FROM sendoff.tasks"
)
AT_ONCE: Final = (
    "SELECT count(*) FROM sendoff.tasks JOIN sendoff.functions AS f ON f.id = function"
    " WHERE state = 'running' AND f.queue = 'limited'"
)
CUT: Final = (
    "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
ANY_SESSION: Final = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() ORDER BY pid LIMIT 1"
)


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(prog="python -m tests.engine.worker")
    parser.add_argument("--faults", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backends", action="store_true", help="of serve, in place of an app's")
    options = parser.parse_args()
    apps = (
        {f"backend {n}": BACKEND for n in range(3)}
        if options.backends
        else {f"app {n}": APP for n in range(2)}
    )
    with TemporaryDirectory() as folder, serving() as server, ExitStack() as held:
        campaign = Campaign(server.database(), Path(folder), Random(options.seed), held, apps)
        campaign.run(options.faults)
        return campaign.judge()


class Campaign:
    """The processes, and what befalls them."""

    def __init__(
        self, url: str, folder: Path, random: Random, held: ExitStack, apps: Mapping[str, str]
    ) -> None:
        self.url, self.folder, self.random, self.apps = url, folder, random, apps
        self.sent = folder / "sent"
        self.begun = Counter[str]()
        self.most = 0
        self._numbers = iter(range(0, 1 << 40, 1_000_000))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        held.callback(self.end)
        for name in (*apps, *(f"worker {n}" for n in range(WORKERS))):
            self.begin(name)

    def begin(self, name: str) -> None:
        code = WORKER.format(self.url)
        if name in self.apps:
            code = self.apps[name].format(self.url, str(self.sent), next(self._numbers))
        accepted = (self.folder / f"accepted {time.monotonic_ns()}").open("wb")
        with accepted, (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-c", code]
            pipe = subprocess.PIPE
            self.processes[name] = subprocess.Popen(
                # What a worker prints has a number too, and is no task.
                command,
                stdin=pipe,
                stdout=accepted if name in self.apps else log,
                stderr=log,
            )

    def run(self, faults: int) -> None:
        """Bring so many faults about, a few seconds apart."""
        with self.looking():
            eventually(self.sent.exists)
            for _ in range(faults):
                time.sleep(self.random.uniform(1.0, 4.0))
                self.restart()
                fault = self.random.choice(("kill", "kill", "freeze", "cut", "crash"))
                name = self.random.choice(sorted(self.processes))
                kind = name.partition(" ")[0]
                is_servers = fault in {"cut", "crash"}
                self.begun[fault if is_servers else f"{fault} {kind}"] += 1
                if is_servers:
                    self.disturb_server(fault)
                    continue
                process = self.processes[name]
                if fault == "freeze":
                    process.send_signal(signal.SIGSTOP)
                    time.sleep(self.random.uniform(3.0, 6.0))
                    process.send_signal(signal.SIGCONT)
                else:
                    process.kill()
                    process.wait()
                    self.begin(name)
            for name in self.apps:  # they add no more, and end what is left
                stdin = self.processes[name].stdin
                assert stdin is not None
                stdin.close()
            latest = time.monotonic() + AT_REST_WITHIN_S
            while time.monotonic() < latest and not self.is_at_rest():
                time.sleep(0.2)

    def restart(self) -> None:
        """Do what a supervisor does with a backend that gave up, since another had its place."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                self.begun[f"gave up {name.partition(' ')[0]}"] += 1
                self.begin(name)

    def disturb_server(self, fault: str) -> None:
        """End all connections, or kill a process of the server, as far as it is up."""
        with suppress(psycopg.Error, ProcessLookupError):
            if fault == "cut":
                self.ask(CUT)
            else:
                for (session,) in self.ask(ANY_SESSION):
                    os.kill(session, signal.SIGKILL)

    def is_at_rest(self) -> bool:
        with suppress(psycopg.Error):
            handed = self.ask("SELECT count(*) FROM sendoff.handed")[0][0]
            return bool(handed == 0 and self.ask(OPEN)[0][0] == 0)
        return False

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look all the while how many of the limited queue run."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.02):
                with suppress(psycopg.Error):
                    self.most = max(self.most, self.ask(AT_ONCE)[0][0])

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def judge(self) -> int:
        """Say what became of the tasks; 1 where a promise was broken."""
        tasks = {int(number): (state, attempt) for number, state, attempt in self.ask(STATES)}
        files = self.folder.glob("accepted *")
        accepted = {int(n) for file in files for n in file.read_text().split() if n.isdecimal()}
        done = Counter(map(int, self.sent.read_text().split()))
        succeeded = {number for number, (state, _) in tasks.items() if state == "succeeded"}
        uncertain = {number for number, (state, _) in tasks.items() if state == "uncertain"}
        held = {number for number, (state, _) in tasks.items() if state == "held"}
        others = len(tasks) - len(succeeded) - len(uncertain) - len(held)
        lost = (accepted - tasks.keys()) | (succeeded - done.keys()) | (held & done.keys())
        twice = [number for number, n in done.items() if n > 1]
        again = sum(attempt > 1 for _, attempt in tasks.values())
        print(f"faults: {dict(self.begun)}")
        print(f"accepted {len(accepted)}, tasks {len(tasks)}, succeeded {len(succeeded)}")
        print(f"uncertain {len(uncertain)}, of these done {len(uncertain & done.keys())}")
        print(f"held after three crashes {len(held)}, of these done {len(held & done.keys())}")
        print(f"run again {again}, lost {len(lost)}, twice {len(twice)}, not ended {others}")
        print(f"most at once of a queue limited to {LIMIT}: {self.most}")
        return int(bool(lost or twice or others or self.most > LIMIT))

    def ask(self, question: str) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(question.encode()).fetchall()

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
            if process.stdin is not None:
                with suppress(OSError):
                    process.stdin.close()


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    sys.exit(main())
