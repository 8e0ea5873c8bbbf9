"""How often a backend with nothing to do wakes the processor, alone and with a window attached."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.client.supervisor import Supervisor
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.health import Ready
from sendoff_tasks.client.stream import EventStream
from sendoff_tasks.http.routes.events import STATS_SETTLE
from tests.benchmarks.backend.servers import sendoff
from tests.benchmarks.figures import Figure, alone

if TYPE_CHECKING:
    from sendoff_tasks.client.health import BackendState
    from tests.benchmarks.plan import Plan

STRETCHES = 5
"""How many stretches of the plan one measurement takes: 20 s unless told otherwise."""
AT_MOST = 2.0
"""Wake-ups a second."""
COUNTER = "voluntary_ctxt_switches:"


def run(plan: Plan) -> list[Figure]:
    """Count the wake-ups of all threads of an idle backend."""
    data_dir, seconds = plan.place("idle"), plan.seconds * STRETCHES
    settle = min(STATS_SETTLE + 1, seconds)
    with sendoff(data_dir) as server:
        pid = server.process.pid
        time.sleep(settle)
        by_itself = [wakes(pid, seconds) for _ in range(plan.reps)]
        attached = [
            asyncio.run(_attached(data_dir, pid, settle, seconds)) for _ in range(plan.reps)
        ]
    return [
        alone("wake-ups of an idle backend", "a second", by_itself, at_most=AT_MOST),
        alone("the same with a window attached", "a second", attached, at_most=AT_MOST),
    ]


async def _attached(data_dir: Path, pid: int, settle: float, seconds: float) -> float:
    """Watch it and follow its events, as a window does."""
    states: asyncio.Queue[BackendState] = asyncio.Queue()
    watching = asyncio.create_task(Supervisor(OfficeFolder(data_dir), states.put_nowait).run())
    while not isinstance(state := await states.get(), Ready):
        pass
    following = asyncio.create_task(EventStream(lambda _kind, _data: None).run(state.backend))
    await asyncio.sleep(settle)
    woken = await asyncio.to_thread(wakes, pid, seconds)
    for task in (watching, following):
        task.cancel()
    await asyncio.wait({watching, following})
    return woken


def wakes(pid: int, seconds: float) -> float:
    """Count for so long how often the threads of a process wake up; a second."""
    before, began = _counted(pid), time.monotonic()
    time.sleep(seconds)
    after = _counted(pid)  # without the threads that have ended meanwhile
    woken = sum(count - before.get(thread, 0) for thread, count in after.items())
    return woken / (time.monotonic() - began)


def _counted(pid: int) -> dict[str, int]:
    """Read how often each thread of a process has gone to sleep; Linux alone tells."""
    counted = {}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            status = (thread / "status").read_text()
            line = next(each for each in status.splitlines() if each.startswith(COUNTER))
            counted[thread.name] = int(line.removeprefix(COUNTER))
    return counted
