"""A FastAPI app with durable tasks, as ``test_fastapi`` starts and kills it."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from multiprocessing import get_context
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from sendoff_tasks import Right, monitor, task
from sendoff_tasks.errors import Closed
from sendoff_tasks.fastapi import DurableTasks, install, submitting

FOLDER = Path(os.environ.get("SHOP_FOLDER", "."))


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, str]]:
    yield {"shop": "open"}
    note("closed")


app = FastAPI(lifespan=lifespan)
engine = install(app, data_dir=FOLDER / "data")
app.mount("/monitor", monitor(engine, allow=lambda: Right.ACT))


def note(text: str) -> None:
    """Say a line to the test, whole: two threads that `print` mix theirs up."""
    os.write(sys.stdout.fileno(), f"{text}\n".encode())


@task(title="Receipt")
def send_receipt(item_id: int) -> None:
    note(f"receipt {item_id}")


@task(lane="cpu")
def branch(name: str) -> None:
    number = engine.add_task(greet, name).number
    if engine.task(number)["args"] == [name]:
        engine.add_task(greet, "all", loudly=True)


def fork(name: str) -> None:
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        pool.submit(add_in_a_fork, name).result()


def add_in_a_fork(name: str) -> None:
    try:
        engine.add_task(greet, name)
    except Closed:
        with submitting(app):
            engine.add_task(greet, f"{name} in a fork")


def greet(name: str, *, loudly: bool = False) -> None:
    note(f"hello {name}{'!' if loudly else ''}")


def wait_for_go() -> None:
    note("waiting")
    go = FOLDER / "go"
    while not go.exists():
        threading.Event().wait(0.01)
    note("went")


@app.post("/items/{item_id}")
async def create_item(item_id: int, background_tasks: DurableTasks) -> dict[str, int]:
    background_tasks.add_task(send_receipt, item_id)
    return {"item_id": item_id}


@app.post("/branches/{name}")
async def create_branch(name: str, background_tasks: DurableTasks) -> None:
    background_tasks.add_task(branch, name)


@app.post("/forks/{name}")
async def create_fork(name: str, background_tasks: DurableTasks) -> None:
    background_tasks.add_task(fork, name)


@app.post("/waits")
async def create_wait(background_tasks: DurableTasks) -> None:
    background_tasks.add_task(wait_for_go)


@app.get("/poll")
async def poll() -> None:
    await asyncio.Event().wait()


@app.post("/disk/{state}")
async def fill_disk(state: str) -> None:
    """Let no file grow any more, or let them again."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0 if state == "full" else hard, hard))


def serve() -> None:
    """Serve on a port of the system's choice and print it."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
