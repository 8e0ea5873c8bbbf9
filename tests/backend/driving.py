"""Talks to backends in processes of their own."""

from __future__ import annotations

import httpx

from sendoff_tasks.folder.backend_addresses import Backend
from tests import WITHIN

OWN_TASKS = '''
import pathlib, time
from sendoff_tasks import Retry, TaskContext, task

@task(name="mark")
def mark(item_id: int, ctx: TaskContext) -> None:
    """Leave a line, so it can be counted how often this ran."""
    with open({marks!r}, "a") as file:
        file.write(f"{{item_id}}\\n")

@task(name="wait")
def wait(item_id: int, ctx: TaskContext) -> None:
    """Say that it began; go on until it is asked to stop."""
    pathlib.Path({marks!r}).write_text("begun")
    while True:
        ctx.check_cancelled()
        time.sleep(0.01)
'''


def client_of(backend: Backend) -> httpx.Client:
    return httpx.Client(
        base_url=backend.url,
        headers={"Authorization": f"Bearer {backend.token}"},
        trust_env=False,
        verify=False,  # noqa: S501 - http only: 20 ms for certificates that nothing is checked by
        timeout=WITHIN,
    )


def wait_for(client: httpx.Client, task_id: int, state: str) -> None:
    """Follow the events until a task is in a state."""
    with client.stream("GET", "/events", timeout=WITHIN) as stream:
        lines = stream.iter_lines()
        while (now := client.get(f"/tasks/{task_id}").json()["state"]) != state:
            assert next((line for line in lines if line), None) is not None, now
