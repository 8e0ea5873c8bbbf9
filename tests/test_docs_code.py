"""The pages for Python users: their code is written to files as it stands, and is run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests import forked

ROOT: Final = Path(__file__).parents[1]
FILE: Final = re.compile(r"# ([a-z_]+\.py)\n")
"""The first line of a block that begins a file; the next blocks belong to it."""

ARGUMENTS = """
from datetime import timedelta
from sendoff_tasks.functions.arguments import decode, encode
from reports import Format, Report, write_report


def test_they_come_back():
    given = [Report(7, {"a", "b"}, timedelta(days=3)), [Format.CSV]]
    assert decode(encode(given, {})) == (given, {})


def test_a_type_is_added():
    from money import Money

    ((back,), _) = decode(encode([Money(5, "EUR")], {}))
    assert (type(back), back.amount, back.currency) == (Money, 5, "EUR")
"""
MIGRATION = """
import asyncio
import httpx
from fastapi import BackgroundTasks
from sendoff_tasks import DurableTasks
from shop import app, close_the_day, log, open_the_day, write_log


@app.post("/both")
async def both(in_memory: BackgroundTasks, durable: DurableTasks) -> None:
    in_memory.add_task(log.append, "in memory")
    durable.add_task(write_log, "durable")


def test_the_order_and_what_is_added_outside(run_all):
    async def act():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            assert (await client.post("/orders/Ada?q=tea")).json() == {"message": "on its way"}
            await client.post("/both")
            assert log == ["in memory"]
        await open_the_day()

    asyncio.run(act())
    close_the_day()
    run_all(app)
    assert sorted(log) == [
        "Dear Ada", "asked for tea", "closed", "durable", "in memory", "open"
    ]
    assert log.index("asked for tea") < log.index("Dear Ada")
"""
ERRORS = """
from fastapi import FastAPI
from sendoff_tasks import install
from shop import charge, upload, write_invoice


def test_fates(run_all, tmp_path):
    app = FastAPI()
    engine = install(app, data_dir=tmp_path)
    calls = [(upload, "missing"), (upload, "/"), (charge, 1), (charge, 2), (charge, 3)]
    for function, argument in calls:
        engine.add_task(function, argument)
    states = {each["id"]: each["state"] for each in run_all(app)}
    assert [states[n] for n in sorted(states)] == [
        "failed", "waiting", "waiting", "failed", "succeeded"
    ]
"""
APP = """
import asyncio
import httpx
from shop import app


def test_an_order_is_followed_by_its_token(run_all):
    async def act():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            assert (await client.post("/items/7")).json() == {"item_id": 7}
            job = (await client.post("/orders/7")).json()["job"]
            before = (await client.get(job)).json()
            assert (before["state"], before["reason"]) == ("waiting", "after_task")
            assert len(run_all(app)) == 3
            assert (await client.get(job)).json()["state"] == "succeeded"

    asyncio.run(act())


def test_a_result_is_waited_for(inline):
    async def act():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            assert (await client.post("/orders/7/invoice")).json() == "invoices/7.pdf"

    with inline(app):
        asyncio.run(act())


def test_tasks_share_what_their_lifespan_opens(run_all):
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    import rates

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever).start()
        for _ in range(2):
            rates.engine.add_task(rates.check_rates, f"http://127.0.0.1:{server.server_port}/")
        rates.engine.add_task(rates.convert, 2, "EUR")
        results = sorted(each["result"] for each in run_all(rates.app))
        assert results == [2.0, 204, 204]
        shared = rates.engine.config.registry.lifespan
        assert shared.is_entered and not shared.state.http.is_closed
        server.shutdown()


async def check_later(url):
    import rates

    await rates.engine.add_task_async(rates.convert, 3, "EUR")
    await rates.engine.add_task_async(check_nothing, url)


async def check_nothing(url):
    checked.append(url)


checked = []


def test_a_task_at_once_may_add_another_in_the_same_loop(inline):
    import rates

    with inline(rates.app):
        rates.engine.add_task(check_later, "/")
    assert checked == ["/"]


def test_what_tasks_share_is_closed_with_the_test():
    import rates

    assert not rates.engine.config.registry.lifespan.is_entered
"""
SCHEDULES = """
from sendoff_tasks.schedules import read_schedules
from fastapi import FastAPI
from reports import digest, poll
from sendoff_tasks import install


def test_they_are_plain_functions_and_have_their_times(run_all, tmp_path):
    app = FastAPI()
    engine = install(app, data_dir=tmp_path)
    engine.add_task(digest)
    engine.add_task(poll)
    assert [each["state"] for each in run_all(app)] == ["succeeded", "succeeded"]
    found = engine.read(read_schedules, engine.config.registry, engine.now())
    rules = [(each["name"], each["cron"], each["every"]) for each in found]
    assert rules == [("digest", "0 7 * * mon-fri", None), ("poll", None, "10 min")]
"""
STEPS = """
from fastapi import FastAPI
from orders import charged, fulfil, shipped
from sendoff_tasks import CURRENT, install


def test_a_step_that_was_done_is_not_run_again(run_all, tmp_path):
    app = FastAPI()
    engine = install(app, data_dir=tmp_path)
    number = engine.add_task(fulfil, "tea").number
    assert [each["state"] for each in run_all(app)] == ["waiting"]
    engine.retry(number).result()
    assert [each["state"] for each in run_all(app)] == ["succeeded"]
    assert engine.task(number)["result"] == "parcel 7"
    assert (charged, shipped) == (["tea"], ["tea, paid 01.03."] * 2)
    charged.clear()
    assert fulfil("cake", CURRENT) == "parcel 7"
    assert charged == ["cake"]
"""
FROM_CELERY = """
import asyncio
from datetime import timedelta
import httpx
from shop import app, engine, send_invoice, sent


def test_the_order_is_sent_at_its_time_and_followed(run_all):
    async def ask(method, path):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            return (await client.request(method, path)).json()

    job = asyncio.run(ask("POST", "/orders/7"))["job"]
    assert run_all(app) == []
    assert [each["state"] for each in run_all(app, within=timedelta(minutes=1))][-1] == "succeeded"
    assert sent == ["invoice 7"]
    assert asyncio.run(ask("GET", job))["result"] == "invoice-7.pdf"


def test_it_is_added_by_name_and_in_bulk(run_all):
    number = engine.add_task("send_invoice", 8, 1).number
    more = engine.add_tasks(send_invoice, [(9, 1), (10, 1)])
    run_all(app)
    assert [engine.task(each)["attempt"] for each in (number, *more)] == [1, 1, 1]
"""
FROM_ARQ = """
import asyncio
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
import httpx
from checks import app, engine


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()


def post(url):
    async def ask():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return (await client.post("/checks", params={"url": url})).json()["job"]

    return asyncio.run(ask())


def test_a_check_runs_once_for_its_key_with_the_client_of_all(run_all):
    from datetime import timedelta

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        post(url)
        post(url)
        ran = run_all(app, within=timedelta(minutes=2))
        server.shutdown()
    assert [each["result"] for each in ran if each["task"] == "check"] == [204]


def test_only_what_says_so_is_tried_again(run_all):
    from datetime import timedelta

    post("http://127.0.0.1:1/")
    ran = run_all(app, within=timedelta(seconds=61))
    (waits,) = [each for each in ran if each["task"] == "check"]
    assert (waits["state"], waits["error"]) == ("waiting", "It does not answer.")
    number = engine.add_task("check", "no address").number
    run_all(app)
    assert engine.task(number)["state"] == "failed"
"""
TOGETHER = """
import os
import secrets

os.environ["MONITOR_TOKEN"] = secrets.token_hex(32)

from metered import app
from receipts import print_receipt


def test_each_is_what_its_page_says():
    assert app.state.sendoff_engine is not None
    assert print_receipt(1204, 2) == "receipt 1204, 2 copies"
"""
DEPLOYMENT = """
from nightly import main
from shop import app


def test_the_script_adds_to_the_app(run_all):
    main()
    assert [task["task"] for task in run_all(app)] == ["remind"] * 3
"""
README = """
import asyncio
import httpx
from main import app


async def ask():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        return (await client.post("/items/42")).json(), (await client.get("/tasks/")).status_code
"""
BEFORE = """

def test_the_task_runs_in_memory(capsys):
    assert asyncio.run(ask()) == ({"item_id": 42}, 404)
    assert "item 42" in capsys.readouterr().out
"""
AFTER = """

def test_the_task_is_durable_and_there_is_a_page(run_all):
    assert asyncio.run(ask()) == ({"item_id": 42}, 200)
    assert [each["state"] for each in run_all(app)] == ["succeeded"]
"""
PAGES: Final = {
    "arguments.md": ARGUMENTS,
    "deployment.md": DEPLOYMENT,
    "errors.md": ERRORS,
    "fastapi.md": APP,
    "from-arq.md": FROM_ARQ,
    "from-background-tasks.md": MIGRATION,
    "from-celery.md": FROM_CELERY,
    "schedules.md": SCHEDULES,
    "steps.md": STEPS,
    "testing.md": "",
    "tutorial.md operations.md own-tasks.md": TOGETHER,
}
"""What more is asserted of the code of one page, or several, in a file of tests beside it."""


def write_files(page: str, folder: Path) -> None:
    """Write the page's Python blocks to the files they name, else to ``page.py``."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    name = "page.py"
    for tongue, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if tongue != "python":
            continue
        begins = FILE.match(block)
        name = begins[1] if begins else name
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{block}")


@pytest.mark.parametrize("pages", PAGES)
def test_the_code_of_a_page_does_what_it_says(pages: str, tmp_path: Path) -> None:
    for page in pages.split():
        write_files(page, tmp_path)
    (tmp_path / "test_more.py").write_text(PAGES[pages] or "def test_nothing(): pass\n")
    done = forked.run_tests(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def readme_app(sign: str) -> str:
    """Return README's app: as it was, ``-``, or as it becomes, ``+``."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (diff,) = re.findall(r"^```diff\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = diff.splitlines()
    assert sum(line.startswith("+") for line in lines) == 3
    return "\n".join(line[1:] for line in lines if line[:1] in {sign, " ", ""})


@pytest.mark.parametrize(("sign", "more"), [("-", BEFORE), ("+", AFTER)])
def test_readme_changes_three_lines_of_an_app(sign: str, more: str, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(readme_app(sign))
    (tmp_path / "test_main.py").write_text(README + more)
    done = forked.run_tests(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
