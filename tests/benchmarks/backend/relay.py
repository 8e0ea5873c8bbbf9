"""What it costs to ask a spare backend, which relays in the database to the one that decides."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.benchmarks.backend.idle import STRETCHES, wakes
from tests.benchmarks.backend.servers import ANSWER_WITHIN, sendoff
from tests.benchmarks.figures import Figure, against, quantile
from tests.benchmarks.peers.services import POSTGRES, is_installed, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.backend.servers import Server
    from tests.benchmarks.plan import Plan

    Ask = Callable[[str, str, object], None]

REQUESTS_A_SECOND: Final = 50
EVENTS_A_SECOND: Final = 5
"""Further apart than the stream tells: none waits for one before it."""
SETTLE: Final = 12.0
"""Seconds after which nothing of the requests is under way any more."""
ROWS: Final = 1_000
PAGE: Final = "/tasks?limit=100"
PARTS: Final = (("p50", 0.5), ("p99", 0.99))

Times = dict[str, tuple[list[float], list[float]]]
"""What was measured → ms of the backend that decides, and of its spare."""


def run(plan: Plan) -> list[Figure]:
    """Ask both in turn."""
    if not is_installed("postgres"):
        return [Figure("PostgreSQL", "", 0, "not installed")]
    found: list[Times] = []
    woken: tuple[list[float], list[float]] = ([], [])
    with ExitStack() as stack:
        url = stack.enter_context(serving("postgres", plan.place("server")))[POSTGRES]
        both = [
            stack.enter_context(sendoff(plan.place(name), "--database", url))
            for name in ("decides", "spare")
        ]
        numbers = count(1)
        tasks = [{"task": "nothing", "args": [next(numbers)]} for _ in range(ROWS)]
        both[0].call("POST", "/tasks", tasks)
        both[0].wait_done(ROWS)
        for _ in range(plan.reps):
            found.append(_requests(both, plan.times(REQUESTS_A_SECOND), numbers))
            found[-1] |= _events(both, plan.times(EVENTS_A_SECOND), numbers)
            time.sleep(min(SETTLE, plan.seconds * STRETCHES))
            for server, told in zip(both, woken, strict=True):
                told.append(wakes(server.process.pid, plan.seconds))
    beside = "the one that decides"
    return [
        against(
            f"{what}, {name}",
            "ms",
            [quantile(each[what][1], part) for each in found],
            [quantile(each[what][0], part) for each in found],
            beside=beside,
        )
        for what in found[0]
        for name, part in PARTS
    ] + [against("wake-ups, idle", "a second", woken[1], woken[0], beside=beside)]


def _requests(both: list[Server], times: int, numbers: Iterator[int]) -> Times:
    def page(ask: Ask) -> None:
        ask("GET", PAGE, None)

    def item(ask: Ask) -> None:
        ask("POST", f"/items/{next(numbers)}", {"tasks": ["nothing"]})

    found: Times = {}
    with ExitStack() as stack:
        asks = [stack.enter_context(asking(server)) for server in both]
        for what, act in (("a page of 100 tasks", page), ("an item, kept", item)):
            found[what] = ([], [])
            for _ in range(times):
                for ask, took in zip(asks, found[what], strict=True):
                    began = time.perf_counter()
                    act(ask)
                    took.append((time.perf_counter() - began) * 1000)
    return found


def _events(both: list[Server], times: int, numbers: Iterator[int]) -> Times:
    """Post items to the one that decides, and hear of each from both streams."""
    with ExitStack() as stack:
        ask = stack.enter_context(asking(both[0]))
        ears = [stack.enter_context(listening(server)) for server in both]
        took: tuple[list[float], list[float]] = ([], [])
        for number in (next(numbers) for _ in range(times)):
            began = time.perf_counter()
            ask("POST", f"/items/{number}", {"tasks": ["nothing"]})
            for ear, delays in zip(ears, took, strict=True):
                delays.append((ear.heard(number) - began) * 1000)
            time.sleep(1 / EVENTS_A_SECOND)
    return {"from the call to the event on the stream": took}


@contextmanager
def asking(server: Server) -> Iterator[Ask]:
    """Keep a connection, and ask on it."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(
        address.hostname or "", address.port, timeout=ANSWER_WITHIN
    )
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}

    def ask(method: str, path: str, body: object) -> None:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()}")

    yield ask
    connection.close()


class Ear(threading.Thread):
    """Follows a stream of events, and notes when it first hears of an item."""

    def __init__(self, stream: http.client.HTTPResponse) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._at: dict[int, float] = {}
        self._more = threading.Condition()

    def run(self) -> None:
        while line := self._stream.readline():
            now = time.perf_counter()
            if line.startswith(b"data:") and b'"rows"' in line:
                with self._more:
                    for row in json.loads(line.removeprefix(b"data:"))["rows"]:
                        self._at.setdefault(row["item_id"], now)
                    self._more.notify_all()

    def heard(self, item: int) -> float:
        """Wait until it has heard of an item; tells when that was."""
        with self._more:
            if not self._more.wait_for(lambda: item in self._at, ANSWER_WITHIN):
                raise TimeoutError(f"no event of item {item}")
            return self._at[item]


@contextmanager
def listening(server: Server) -> Iterator[Ear]:
    """Follow the events of a backend during the block."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(
        address.hostname or "", address.port, timeout=ANSWER_WITHIN
    )
    connection.request("GET", "/events", headers={"Authorization": f"Bearer {server.token}"})
    ear = Ear(connection.getresponse())
    ear.start()
    yield ear
    connection.sock.shutdown(socket.SHUT_RDWR)  # which ends the stream
    ear.join()
    connection.close()
