"""The backend under siege by other programs: how late it answers its window, and sends its mail."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sendoff_tasks.client.health import BackendHealth, Checks, check
from sendoff_tasks.folder.backend_addresses import Backend
from tests.benchmarks.backend.mail import SLOW, set_up, sink
from tests.benchmarks.backend.servers import sendoff
from tests.benchmarks.figures import Figure, against, quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.backend.servers import Server
    from tests.benchmarks.plan import Plan

HALF_SENT, IDLE, STREAMS = 2000, 500, 50
"""Connections of each kind, for the four seconds a stretch lasts unless told otherwise."""
DESCRIPTORS = (None, 1024)
"""How many descriptors the backend may open; ``None`` leaves it what this process has."""
MAILS_A_SECOND = 150
"""About what the mail server takes, so that mail is under way all the time."""
NEW_EVERY = 0.02
"""Seconds from the answer on a new connection to the next one."""
NEVER_OVER = 100.0
"""Milliseconds."""
GIVE_UP = 10.0
"""Seconds."""
CALM = "mail alone"


def run(plan: Plan) -> list[Figure]:
    """Besiege a backend that may open many descriptors, and one that may open few."""
    return [figure for limit in DESCRIPTORS for figure in _besieged(plan, limit)]


def _besieged(plan: Plan, descriptors: int | None) -> list[Figure]:
    part = min(1.0, plan.seconds / 4)
    kinds = {"half": HALF_SENT, "idle": IDLE, "streams": STREAMS}
    numbers = {kind: max(1, int(number * part)) for kind, number in kinds.items()}
    kept, new = Waits(), Waits()
    with (
        sink(SLOW) as port,
        sendoff(plan.place("siege"), descriptors=descriptors) as server,
    ):
        set_up(server, port)
        with _mails(plan, server):  # what a start is slow at, ``start`` measures
            window_waits(server, plan.seconds)
        for _ in range(plan.reps):
            with _mails(plan, server):
                calm = window_waits(server, plan.seconds)
            with _mails(plan, server), besieged(server, **numbers):
                siege = window_waits(server, plan.seconds)
            for waits, ours, peer in zip((kept, new), siege, calm, strict=True):
                waits.besieged.append(ours)
                waits.calm.append(peer)
    words = f"{sum(numbers.values()):,} strangers, " + (
        f"{descriptors:,} descriptors" if descriptors else "all the descriptors there are"
    )
    return [
        kept.p99(f"the window waits, {words}, p99"),
        kept.slowest(f"the window waits, {words}, slowest of all"),
        new.slowest(f"the same on a new connection, {words}, slowest of all", limit=None),
    ]


@dataclass
class Waits:
    """Milliseconds until each answer: those of a siege, and those of the calm before each."""

    besieged: list[list[float]] = field(default_factory=list)
    calm: list[list[float]] = field(default_factory=list)

    def p99(self, what: str) -> Figure:
        """Compare the answers that all but one in a hundred are faster than."""
        ours, peer = ([quantile(each, 0.99) for each in of] for of in (self.besieged, self.calm))
        return against(what, "ms", ours, peer, beside=CALM)

    def slowest(self, what: str, limit: float | None = NEVER_OVER) -> Figure:
        """Compare the slowest answers of all repetitions: none at all may take too long."""
        ours, peer = ([max(map(max, of))] for of in (self.besieged, self.calm))
        return against(what, "ms", ours, peer, beside=CALM, limit=limit)


@contextmanager
def _mails(plan: Plan, server: Server) -> Iterator[None]:
    """Have mail under way while the block runs, and wait for its end."""
    before, mails = server.counts().get("succeeded", 0), plan.times(MAILS_A_SECOND)
    server.call("POST", "/items/batch", {"items": [_item(number) for number in range(mails)]})
    yield
    server.wait_done(before + mails)


def _item(number: int) -> dict[str, object]:
    return {"recipient": {"name": "Ada", "email": f"ada{number}@example.org"}}


@contextmanager
def besieged(server: Server, *, half: int, idle: int, streams: int) -> Iterator[None]:
    """Let the besiegers begin; they go on while the block runs."""
    command = [sys.executable, "-m", "tests.benchmarks.backend.besiegers", server.url]
    command += [f"--token={server.token}", f"--half={half}", f"--idle={idle}"]
    with subprocess.Popen([*command, f"--streams={streams}"], stdin=subprocess.PIPE) as besiegers:
        assert besiegers.stdin is not None
        try:
            yield
            if besiegers.poll() is not None:
                raise RuntimeError("the besiegers have ended before the siege")
        finally:
            besiegers.stdin.close()


def window_waits(server: Server, seconds: float) -> tuple[list[float], list[float]]:
    """Ask what a window asks; ms until each answer, on kept connections and on new ones.

    Both ask at the same time: who waits on a new connection keeps no other question back.
    """
    backend = Backend(server.url, server.token, server.process.pid)
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(1) as beside:
        new = beside.submit(_on_new_connections, backend, ends)
        return _on_kept_connections(backend, ends), new.result()


def _on_kept_connections(backend: Backend, ends: float) -> list[float]:
    address = urlsplit(backend.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    headers = {"Authorization": f"Bearer {backend.token}"}
    waits: list[float] = []
    with closing(Checks(backend)) as checks, closing(connection):
        for _ in range(2):  # the second one shows the token
            checks.ask()
        while not waits or time.monotonic() < ends:
            waits.append(_until_healthy(checks.ask))
            began = time.monotonic()
            connection.request("GET", "/tasks?limit=100", headers=headers)
            answer = connection.getresponse()
            answer.read()
            waits.append((time.monotonic() - began) * 1000)
            if answer.status != 200:
                raise RuntimeError(f"/tasks: {answer.status}")
    return waits


def _on_new_connections(backend: Backend, ends: float) -> list[float]:
    waits: list[float] = []
    pause = threading.Event()
    while not waits or time.monotonic() < ends:
        waits.append(_until_healthy(lambda: check(backend)))
        pause.wait(NEW_EVERY)
    return waits


def _until_healthy(ask: Callable[[], BackendHealth]) -> float:
    """Ask until there is an answer, for a connection may be dropped for a stranger's; ms."""
    began = time.monotonic()
    while (health := ask()) is not BackendHealth.ANSWERS:
        if time.monotonic() > began + GIVE_UP:
            raise RuntimeError(f"the backend is {health.value}")
    return (time.monotonic() - began) * 1000
