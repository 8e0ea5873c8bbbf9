"""``sendoff_tasks.testing`` and its pytest plugin, in a test session of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

from tests import forked

ROOT: Final = Path(__file__).parents[2]
APP = """
from fastapi import FastAPI
from sendoff_tasks import DurableTasks, install

app = FastAPI()
install(app, data_dir="data")
sent = []


def send(order: int) -> None:
    if order < 0:
        raise ValueError(order)
    sent.append(order)


@app.post("/{order}")
async def place(order: int, background_tasks: DurableTasks) -> None:
    background_tasks.add_task(send, order)
"""
FIXTURES = """
import sys
import httpx, pytest
from app import app, sent


def post(order):
    import asyncio

    async def ask():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.post(f"/{order}")

    return asyncio.run(ask())


def test_without_a_fixture_the_engine_does_not_run():
    assert "sendoff_tasks.testing" not in sys.modules
    assert post(1).status_code == 503


def test_run_all(run_all):
    assert post(2).status_code == 200
    assert sent == []
    assert [each["state"] for each in run_all(app)] == ["succeeded"]
    assert sent == [2]


def test_assert_enqueued(assert_enqueued, run_all):
    from app import send

    with pytest.raises(AssertionError, match=r"app:send is not enqueued, but: nothing"):
        assert_enqueued(app, send)
    post(2)
    post(3)
    assert len(assert_enqueued(app, send)) == 2
    (task,) = assert_enqueued(app, send, 2)
    assert (task["state"], task["args"]) == ("queued", [2])
    assert assert_enqueued(app, send, order=2) == assert_enqueued(app, "app:send", 2)
    said = r"app:send\\(4\\) is not enqueued, but: app:send\\(2\\), app:send\\(3\\)"
    with pytest.raises(AssertionError, match=said):
        assert_enqueued(app, send, 4)
    with pytest.raises(TypeError, match="cannot be called like this"):
        assert_enqueued(app, send, 4, 5)
    before = [*sent]
    run_all(app)
    assert sent == [*before, 2, 3]
    with pytest.raises(AssertionError):
        assert_enqueued(app, send, 2)
    sent[:] = before


def test_inline(inline):
    with inline(app):
        post(3)
        with pytest.raises(ValueError):
            post(-1)
    assert sent[-1] == 3


"""
AS_BEFORE = (
    FIXTURES.split("def test_", maxsplit=1)[0]
    + """
from sendoff_tasks import testing


@pytest.fixture(scope="session", autouse=True)
def tasks_at_once():
    with testing.inline(app):
        yield


@pytest.fixture(scope="module")
def client():
    post(5)


def test_that_was_written_for_background_tasks(client):
    post(6)
    assert sent == [5, 6]


def test_that_says_when(run_all):
    post(7)
    assert sent == [5, 6]
    run_all(app)
    assert sent == [5, 6, 7]


def test_that_was_written_before():
    post(8)
    assert sent == [5, 6, 7, 8]
"""
)


def run_pytest(folder: Path, tests: str) -> str:
    """Run a session on an app with these tests; returns what it says."""
    (folder / "app.py").write_text(APP)
    (folder / "test_app.py").write_text(tests)
    done = forked.run_tests(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (folder / "data").exists()
    return done.stdout


def test_the_fixtures_count_for_their_test_only(tmp_path: Path) -> None:
    assert "4 passed" in run_pytest(tmp_path, FIXTURES)


def test_one_fixture_runs_the_tasks_of_all_tests_as_before(tmp_path: Path) -> None:
    assert "3 passed" in run_pytest(tmp_path, AS_BEFORE)


def test_plugin_imports_nothing_but_pytest_before_a_fixture_is_used() -> None:
    """It is loaded in every test run of an environment, also beside another package ``desktop``."""
    plugins = tomllib.loads((ROOT / "desktop" / "library" / "pyproject.toml").read_text())[
        "project"
    ]["entry-points"]
    plugin = plugins["pytest11"]["sendoff_tasks"]
    code = f"import pytest, sys; sys.modules['desktop'] = None; import {plugin}"
    heavy = "print({'fastapi', 'sqlalchemy', 'pydantic', 'sendoff_tasks'} & {*sys.modules})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "desktop" / "library")}
    said = subprocess.run(
        [sys.executable, "-P", "-c", f"{code}; {heavy}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.stdout, said.stderr) == ("set()\n", "")
