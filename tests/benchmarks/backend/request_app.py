"""An app whose requests add a task, which notes when it begins.

``python -m tests.benchmarks.backend.request_app [FOLDER]`` prints one JSON line when it is ready.
Without a folder the tasks are FastAPI's ``BackgroundTasks``.
"""

import asyncio
import sys
import time
from typing import Any

from fastapi import BackgroundTasks, FastAPI

from sendoff_tasks.fastapi import DurableTasks, install

began: list[float] = []
"""When tasks began, steady s."""


def begin(item_id: int) -> None:
    """Note the time."""
    began.append(time.monotonic())


def application(folder: str | None) -> FastAPI:
    """Make the app; its tasks are in the folder, or in memory."""
    app = FastAPI()
    kind: Any = BackgroundTasks
    if folder is not None:
        install(app, data_dir=folder, monitor=False)
        kind = DurableTasks

    @app.post("/items/{item_id}")
    async def create_item(item_id: int, tasks: kind) -> dict[str, int]:
        tasks.add_task(begin, item_id)
        return {"item_id": item_id}

    @app.get("/began")
    async def read_began() -> list[float]:
        return began

    @app.get("/stats")
    async def stats() -> dict[str, Any]:
        return {"counts": {"succeeded": len(began)}}

    return app


if __name__ == "__main__":  # the task is that of the module, which can be found by name
    from tests.benchmarks.backend import request_app
    from tests.benchmarks.backend.plain_app import serve

    asyncio.run(serve(request_app.application(sys.argv[1] if sys.argv[1:] else None)))
