"""The peer: FastAPI with ``BackgroundTasks``, in memory, served with the settings of ours.

``python -m tests.benchmarks.backend.plain_app [--synced FILE]`` prints one JSON line when it is
ready. With ``--synced`` each request appends one line to a file and syncs it: the least a durable
answer costs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
from typing import Any

import uvicorn
from fastapi import BackgroundTasks, FastAPI


class Counted:
    """A task that does nothing and counts how often it was run."""

    def __init__(self) -> None:
        self.ran = 0

    def __call__(self, item_id: int) -> None:
        self.ran += 1


def application(synced: int | None) -> FastAPI:
    """Make the app; ``synced`` is the descriptor of the file that is synced for each request."""
    app = FastAPI()
    nothing = Counted()

    @app.post("/items/{item_id}")
    async def create_item(item_id: int, background_tasks: BackgroundTasks) -> dict[str, int]:
        if synced is not None:
            os.write(synced, b"%d\n" % item_id)
            os.fdatasync(synced)
        background_tasks.add_task(nothing, item_id)
        return {"item_id": item_id}

    @app.get("/stats")
    async def stats() -> dict[str, Any]:
        return {"counts": {"succeeded": nothing.ran}}

    return app


async def serve(app: FastAPI) -> None:
    """Serve on a port the system picks until terminated."""
    # With another proto asyncio would leave Nagle's algorithm on.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    config = uvicorn.Config(
        app, http="h11", loop="asyncio", ws="none", access_log=False, log_level=30
    )
    print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
    await uvicorn.Server(config).serve([listening])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.backend.plain_app")
    parser.add_argument("--synced", metavar="FILE")
    file = parser.parse_args().synced
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    asyncio.run(serve(application(os.open(file, flags, 0o600) if file else None)))
