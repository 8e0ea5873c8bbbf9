"""The examples run as they are told to: killed and started again, and with one import swapped."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy, copytree

import httpx
import pytest

from desktop.client.api import Api
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.resources import resources
from sendoff_tasks.client.calls import SortedFilter
from tests import WITHIN, forked
from tests.looking import backend_of, eventually

EXAMPLES = resources() / "examples"
UVICORN = "import os, uvicorn; os.dup2(1, 2); uvicorn.main({})"
"""The command ``uvicorn``; it says on stderr where it runs."""
SWAPPED = "from sendoff_tasks import DurableTasks as BackgroundTasks"
PLAIN_APP = """
from fastapi import FastAPI
import notifications
app = FastAPI()
app.include_router(notifications.router)
"""

AROUND = """
import asyncio
import httpx
import pytest
from fastapi import Depends, FastAPI
from sendoff_tasks import DurableTasks, install

def fails():
    raise ValueError("out of paper")


def test_a_trace_goes_on_in_the_tasks_of_its_request(run_all, tmp_path):
    pytest.importorskip("opentelemetry.sdk")
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from telemetry import carrier, carry, traced

    provider, ended = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(ended))
    trace.set_tracer_provider(provider)

    async def span():
        with trace.get_tracer("app").start_as_current_span("request"):
            await carry()
        yield

    app = FastAPI(dependencies=[Depends(span)])
    install(app, data_dir=tmp_path, contextvars=[carrier], around=traced)

    @app.post("/")
    async def add(tasks: DurableTasks) -> None:
        tasks.add_task(fails)

    async def ask():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            assert (await client.post("/")).status_code == 200

    asyncio.run(ask())
    run_all(app)
    spans = {each.name: each for each in ended.get_finished_spans()}  # others are FastAPI's own
    request, attempt = spans["request"], spans[f"{__name__}:fails"]
    assert attempt.parent.span_id == request.context.span_id
    assert attempt.status.description == "ValueError: out of paper"


def test_an_error_has_the_scope_of_its_attempt(run_all, tmp_path):
    sentry_sdk = pytest.importorskip("sentry_sdk")
    from sentry_sdk.transport import Transport
    from watching import watched

    events = []

    class Kept(Transport):
        def capture_envelope(self, envelope):
            events.append(envelope.get_event())

    sentry_sdk.init(dsn="https://key@example.org/1", transport=Kept, default_integrations=False)
    app = FastAPI()
    engine = install(app, data_dir=tmp_path, around=watched)
    engine.add_task(fails)
    run_all(app)
    (event,) = events
    assert event["tags"] == {"task": f"{__name__}:fails"}
    assert event["contexts"]["task"]["attempt"] == 1
    assert event["exception"]["values"][0]["value"] == "out of paper"
"""


class App:
    """An app that uvicorn serves in a process of its own."""

    def __init__(self, process: forked.Process) -> None:
        self.process = process
        assert process.stdout is not None
        said = b""
        for line in process.stdout:
            said += line
            if running := re.search(rb"running on (http://\S+)", line):
                break
        else:
            pytest.fail(f"the app ended before it ran: {said.decode()}")
        url = running[1].decode()
        self.client = httpx.Client(base_url=url, trust_env=False, timeout=WITHIN)


@contextmanager
def serve(app: str, folder: Path, cwd: Path) -> Iterator[App]:
    """Serve ``module:app`` of a folder as the examples say, on a port the system picks."""
    arguments = ["--port", "0", "--app-dir", str(folder), app]
    process = forked.start([], UVICORN.format(arguments), cwd=cwd)
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        try:
            served = App(process)
            yield served
            served.client.close()
        finally:
            process.kill()
            process.wait()


@contextmanager
def monitor(folder: Path) -> Iterator[Api]:
    """Look at the shop's tasks as the window does."""
    data = OfficeFolder(folder / "shop-data")
    api = Api(backend_of(data))
    yield api
    api.close()


def test_the_shop_goes_on_after_a_kill(tmp_path: Path) -> None:
    folder = copytree(EXAMPLES, tmp_path / "examples")
    with serve("shop:app", folder, tmp_path) as shop, monitor(folder) as api:
        answer = shop.client.post("/orders/42", params={"name": "Ada", "seats": 2})
        assert answer.json() == {"order": 42}
        eventually(lambda: api.stats()["counts"]["running"])
        shop.process.send_signal(signal.SIGKILL)
        shop.process.wait(WITHIN)
    assert not (folder / "shop-tickets").exists()
    with serve("shop:app", folder, tmp_path), monitor(folder) as api:
        eventually(lambda: api.stats()["counts"]["succeeded"])
        (row,) = api.page(SortedFilter())["tasks"]
        detail = api.task(row["id"])
    assert (folder / "shop-tickets" / "order-42.txt").read_text() == "Ada, seat 1\nAda, seat 2\n"
    assert detail["title"] == "Tickets: 42, Ada, 2"
    assert detail["result"] == "order-42.txt"
    assert [attempt["outcome"] for attempt in detail["history"]] == ["crashed", "succeeded"]


def plain(folder: Path) -> Path:
    """Write the example as it was before the one import was changed."""
    source = (EXAMPLES / "notifications.py").read_text()
    assert source.count(SWAPPED) == 1
    before = source.replace(SWAPPED, "from fastapi import BackgroundTasks")
    folder.mkdir()
    (folder / "notifications.py").write_text(before)
    (folder / "plain.py").write_text(PLAIN_APP)
    return folder


@pytest.mark.parametrize("durable", [True, False])
def test_code_for_background_tasks_needs_another_import_only(tmp_path: Path, durable: bool) -> None:
    app = "shop:app" if durable else "plain:app"
    folder = copytree(EXAMPLES, tmp_path / "app") if durable else plain(tmp_path / "app")
    with serve(app, folder, tmp_path) as served:
        answer = served.client.post("/notifications/ada@example.org")
        assert answer.json() == {"message": "Notification sent in the background"}
        written = tmp_path / "notifications.txt"
        eventually(lambda: written.exists() and written.read_text())
        assert written.read_text() == "ada@example.org: welcome\n"


def test_what_stands_around_attempts(tmp_path: Path) -> None:
    for name in ("telemetry.py", "watching.py"):
        copy(EXAMPLES / name, tmp_path)
    (tmp_path / "test_around.py").write_text(AROUND)
    done = forked.run_tests(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
