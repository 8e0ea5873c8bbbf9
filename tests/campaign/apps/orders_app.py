"""An app that several processes serve: an order is recorded, and delivered after a while."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from sendoff_tasks import CURRENT, DurableTasks, TaskContext, install, task

FOLDER: Final = Path(os.environ["ORDERS_FOLDER"])
LONG_S: Final = float(os.environ.get("ORDERS_LONG", "8"))
"""How long the slow ones take."""
PAUSE: Final = threading.Event()

app = FastAPI()
install(app, data_dir=FOLDER / "data", database=os.environ.get("ORDERS_DATABASE") or None)


def note(file: str, order: int) -> None:
    """Write down that it was done, whole."""
    with (FOLDER / file).open("ab", buffering=0) as record:
        record.write(b"%d\n" % order)


@task
def record(order: int) -> None:
    """May be repeated: it has no point of no return."""
    PAUSE.wait(0.02)
    note("recorded", order)


@task
def deliver(order: int, ctx: TaskContext = CURRENT) -> None:
    """Must not be repeated once it is handed over."""
    PAUSE.wait(0.02)
    ctx.point_of_no_return("delivery", str(order))
    note("delivered", order)


@task
def deliver_slowly(order: int, ctx: TaskContext = CURRENT) -> None:
    """Do the same, after a while."""
    PAUSE.wait(LONG_S)
    deliver(order, ctx)


@app.post("/orders/{order}")
async def place(order: int, background_tasks: DurableTasks, slowly: bool = False) -> dict[str, int]:
    """Answer when both are on disk."""
    background_tasks.add_task(record, order)
    apart = background_tasks.options(parallel=True)
    apart.add_task(deliver_slowly if slowly else deliver, order)
    return {"order": order}


@app.get("/process")
async def process() -> int:
    """Tell which process answers."""
    return os.getpid()
