"""The first requests to a backend, made where backends are forked: all of these have what it kept.

FastAPI and Pydantic put together what they know of a route when it is first asked, Jinja2 compiles
a text when it is first needed, ``re`` a pattern. That is most of what a backend of a test computes.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.backend.wire import batches, mail
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.http.wire import bodies
from sendoff_tasks.shell import commands

if TYPE_CHECKING:
    from fastapi import FastAPI

TOKEN = "of-the-first-requests"
ENDLESS = "/events"


def warm_up() -> None:
    """Read a command line, and ask a backend that runs no task for all that has an address."""
    command = ["tasks", "--data-dir", "folder"]
    commands._parser(command, commands.TASKS).parse_args(
        command
    )  # argparse compiles its patterns when it first reads
    with tempfile.TemporaryDirectory() as place:
        folder = OfficeFolder(Path(place))
        folder.create()
        for module in (batches, bodies, mail):
            for kept in vars(module).values():
                if isinstance(kept, TypeAdapter):
                    kept.rebuild()
        with running_services(folder, None) as services:
            asyncio.run(_ask(create_app(services, token=TOKEN, port=80)))
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()  # a fork has only the one that forks


async def _ask(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app)
    token = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", headers=token
    ) as client:
        for route in app.routes:
            if (
                isinstance(route, APIRoute)
                and "GET" in (route.methods or ())
                and route.path != ENDLESS
            ):
                await client.get(route.path.replace("{", "").replace("}", ""))
        made = await client.post("/items", json={"recipient": {"email": "ada@example.org"}})
        assert made.status_code == 201, made.text
