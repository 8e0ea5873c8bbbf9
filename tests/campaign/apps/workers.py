"""The campaigns of an app with four processes: kill -9 of the owner, and reloads by gunicorn."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

import httpx

from desktop.client.api import Api
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.errors import BackendGone
from sendoff_tasks.folder.backend_addresses import read_backend
from sendoff_tasks.folder.lock_file import last_holder
from tests.campaign.apps.orders import Orders
from tests.campaign.faults import CannotRun, Plan
from tests.campaign.judge import Verdict
from tests.campaign.lives import pause
from tests.campaign.settling import WITHIN, come_to_rest
from tests.campaign.stored import Store, is_sound, read

ROOT: Final = Path(__file__).parents[3]
APP: Final = "tests.campaign.apps.orders_app:app"
WORKERS: Final = 4
AT_ONCE: Final = 40
"""Deliveries that one process can have under way: the threads an app has for what waits."""
END_WITHIN: Final = 40.0
"""Seconds: gunicorn gives its processes 30."""
STARTS_WITHIN: Final = 120.0
"""Seconds until all processes serve, on cores that others share, with an app to be compiled."""
FOLLOWS_WITHIN: Final = 120.0
"""Seconds until there is another owner: new processes start, and the old one may stop for 10."""
PATIENT: Final = ("--timeout", "120", "--keep-alive", "5")
"""Busy cores let no process seem dead, and no client seem idle."""
COMPILED: Final = {"PYTHONDONTWRITEBYTECODE": ""}
"""A process that starts does not compile the app again, as where a wheel is installed."""
_TASKS: Final = """
    SELECT t.arguments, f.name, t.state,
           (SELECT count(*) FROM attempts a WHERE a.task_id = t.id
             AND a.outcome IN ('crashed', 'given back'))
      FROM tasks t JOIN functions f ON f.id = t.function
"""


def killed_owners(plan: Plan, workers: int = WORKERS) -> tuple[Verdict, Orders]:
    """Kill the process that runs the tasks, under uvicorn, which starts another in its place."""
    command = [sys.executable, "-m", "uvicorn", APP, "--log-level", "warning"]

    def fault(server: Server) -> None:
        os.kill(server.owner(), signal.SIGKILL)

    command += ["--workers", str(workers), "--port"]
    return _faults(plan, "owner", command, workers, fault)


def reloads(plan: Plan) -> tuple[Verdict, Orders]:
    """Reload gunicorn with its own worker."""
    return _reloads(plan, "reload", "asgi")


def reloads_with_uvicorn(plan: Plan) -> tuple[Verdict, Orders]:
    """The same with uvicorn's worker, which closes more connections."""
    return _reloads(plan, "reload-uvicorn", "uvicorn_worker.UvicornWorker")


def _reloads(plan: Plan, name: str, worker: str) -> tuple[Verdict, Orders]:
    """Each time four new processes start, and the four old ones stop in order.

    What got no answer is sent once more, and must run once.
    """
    if find_spec("gunicorn") is None or find_spec("uvicorn_worker") is None:
        raise CannotRun("it needs gunicorn and uvicorn-worker, of the group `bench`")
    command = [sys.executable, "-m", "gunicorn", APP, "-k", worker, *PATIENT]
    command += ["--log-level", "warning", "--workers", str(WORKERS), "--bind"]

    def fault(server: Server) -> None:
        old = frozenset(server.serving)
        server.process.send_signal(signal.SIGHUP)
        server.wait_all(WORKERS, other_than=old)  # a reload ends when these serve

    clients = partial(Orders, kept=True, again=True)
    verdict, orders = _faults(plan, name, command, WORKERS, fault, clients)
    orders.odd += [f"order {order}: {how}" for order, how in sorted(orders.broken.items())]
    return verdict, orders


class Server:
    """An app that several processes serve; its tasks may be in a ``database`` on a server."""

    def __init__(self, root: Path, command: list[str], database: str) -> None:
        self.folder = OfficeFolder(root / "data")
        self.store: Store = database or self.folder.db
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        place = f"127.0.0.1:{self.port}" if "gunicorn" in command else str(self.port)
        paths = os.pathsep.join(map(str, (ROOT, ROOT / "desktop" / "library")))
        places = {"ORDERS_FOLDER": str(root), "ORDERS_DATABASE": database, "PYTHONPATH": paths}
        with (root / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, place],
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, **COMPILED, **places},
            )

    def wait_all(self, processes: int, other_than: Collection[int] = ()) -> None:
        """Wait until so many processes serve the app, besides those."""
        end, self.serving = time.monotonic() + STARTS_WITHIN, set[int]()
        while len(self.serving) < processes:
            if time.monotonic() > end:
                raise RuntimeError(f"only {len(self.serving)} processes serve the app")
            with suppress(httpx.TransportError):
                url = f"http://127.0.0.1:{self.port}/process"
                answered = httpx.get(url, trust_env=False).json()
                self.serving |= {answered}.difference(other_than)

    def owner(self) -> int:
        """Tell which process runs the tasks, once one lets the window in."""
        end = time.monotonic() + FOLLOWS_WITHIN
        while time.monotonic() < end:
            backend = read_backend(self.folder.backend_file)
            holder = last_holder(self.folder.backend_lock)
            if backend is not None and backend.pid == holder:
                return holder
            pause(0.02)
        raise RuntimeError(f"no process runs the tasks of {self.folder.root}")

    def wait_other(self, than: int) -> None:
        """Wait until another process runs the tasks."""
        end = time.monotonic() + FOLLOWS_WITHIN
        while self.owner() == than:
            if time.monotonic() > end:
                raise RuntimeError(f"process {than} still runs the tasks")
            pause(0.02)

    def come_to_rest(self) -> None:
        """Wait until every task has ended, whichever process runs them."""
        end = time.monotonic() + WITHIN
        while time.monotonic() < end:
            self.owner()
            backend = read_backend(self.folder.backend_file)
            with suppress(BackendGone):  # another process is about to run the tasks
                if backend is not None:
                    with closing(Api(backend)) as api:
                        return come_to_rest(api)
        raise RuntimeError("no process runs the tasks for long enough")

    def stop(self) -> None:
        """End it in order."""
        self.process.terminate()
        self.process.wait(END_WITHIN)


@contextmanager
def _serving(server: Server, workers: int, clients: Callable[[str], Orders]) -> Iterator[Orders]:
    orders = clients(f"http://127.0.0.1:{server.port}")
    try:
        server.wait_all(workers)
        yield orders
    finally:
        orders.end()
        server.stop()


def _faults(
    plan: Plan,
    name: str,
    command: list[str],
    workers: int,
    fault: Callable[[Server], None],
    clients: Callable[[str], Orders] = Orders,
) -> tuple[Verdict, Orders]:
    """Do it again and again under load; the next one comes once another process has taken over."""
    random: Random = plan.random
    root = plan.folder / name
    followed: list[float] = []
    root.mkdir()
    server = Server(root, command, plan.database())
    with _serving(server, workers, clients) as orders:
        for turn in range(plan.faults):
            orders.allow(plan.items * (turn + 1) // plan.faults)
            pause(random.uniform(0.1, 4.0))
            before = server.owner()
            began = time.monotonic()
            fault(server)
            server.wait_other(before)
            followed.append(time.monotonic() - began)
        if not orders.wait_answered(plan.items, WITHIN):
            raise RuntimeError(f"only {len(orders.answered)} orders were answered")
        server.come_to_rest()
    slow, later = _spread(orders.answered.values()), _spread(followed)
    broken = f"{len(orders.broken)} connections broken, {orders.sent_again} requests sent again"
    print(f"{name}: answers {slow}; {broken}", file=sys.stderr)
    print(
        f"{name}: another process runs the tasks and can be watched after {later}", file=sys.stderr
    )
    return judge_orders(server.store, orders.answered, root), orders


def _spread(seconds: Collection[float]) -> str:
    took = sorted(seconds)
    return f"median {median(took):.3f} s, longest {took[-1]:.2f} s"


def judge_orders(store: Store, answered: Collection[int], root: Path) -> Verdict:
    """Compare what was answered with what was done; the app has ended."""
    rows = [(json.loads(text)[0][0], *row) for text, *row in read(store, _TASKS)]
    records = {order: row for order, name, *row in rows if name == "record"}
    deliveries = {order: row for order, name, *row in rows if name != "record"}
    recorded, delivered = (
        Counter(int(line) for line in (root / file).read_bytes().split())
        for file in ("recorded", "delivered")
    )
    uncertain = [order for order, (state, _) in deliveries.items() if state == "uncertain"]
    lost = sum(
        order not in deliveries
        or order not in records
        or records[order][0] != "succeeded"
        or not recorded[order]
        or not (order in uncertain or (deliveries[order][0] == "succeeded" and delivered[order]))
        for order in answered
    )
    return Verdict(
        accepted=len(answered),
        lost=lost,
        mails=sum(state == "succeeded" for state, _ in deliveries.values()),
        twice=sum(n - 1 if order in deliveries else n for order, n in delivered.items()),
        uncertain=len(uncertain),
        arrived=sum(bool(delivered[order]) for order in uncertain),
        repeated=sum(n - 1 for n in recorded.values()),
        unexplained=sum(
            max(0, n - 1 - (records[order][1] if order in records else 0))
            for order, n in recorded.items()
        ),
        sound=is_sound(store),
    )
