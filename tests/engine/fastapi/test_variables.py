"""Context variables that are named at ``install`` travel with a request's tasks."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from contextvars import ContextVar, copy_context
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from sendoff_tasks.attempts import attempt
from sendoff_tasks.attempts.claim import Claim
from sendoff_tasks.attempts.context import hear_logging, running
from sendoff_tasks.attempts.control import Control
from sendoff_tasks.attempts.outcomes import Misfit, Succeeded
from sendoff_tasks.errors import BadCall
from sendoff_tasks.facade.add_task import TaskRef
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.fastapi import RequestTasks, install
from sendoff_tasks.functions.arguments import Variables
from sendoff_tasks.functions.registry import Around
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.model.tasks import Level
from sendoff_tasks.processes.wire import dump_wanted
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.verbs.submit import prepare
from sendoff_tasks.worker.process import imported
from tests.engine.book import Book, claim
from tests.engine.fastapi import travelling
from tests.engine.fastapi.app import App
from tests.engine.fastapi.travelling import price, seen, seen_in_a_loop, seen_in_a_process, tenant
from tests.looking import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("app_alone")]
PLACE = "tests.engine.fastapi.travelling"


def result(engine: Engine, number: int | None) -> Any:
    """Wait for what a task returned."""
    assert number is not None
    done = eventually(lambda: (t := engine.task(number))["state"] == "succeeded" and t)
    return done["result"]


def logged(engine: Engine, number: int) -> list[tuple[str, str]]:
    return [(each["level"], each["text"]) for each in engine.task(number)["log"]]


@pytest.mark.parametrize("around", [travelling.told, travelling.told_in_a_loop])
async def test_each_attempt_runs_inside_what_the_app_has_around_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, around: Around
) -> None:
    app = FastAPI()
    engine = install(app, data_dir=tmp_path, monitor=False, around=around)
    caplog.set_level(logging.INFO)
    async with app.router.lifespan_context(app):
        for function in (seen, seen_in_a_process, seen_in_a_loop):
            number = (await engine.add_task_async(function)).number
            assert result(engine, number) == [f"missing, {function.__name__}", "0"]
            assert logged(engine, number) == [("info", "ended well")]
        number = (await engine.add_task_async(travelling.raises)).number
        failed = eventually(lambda: (t := engine.task(number))["state"] == "failed" and t)
    assert failed["error"] == "RuntimeError: told"
    lines = [(each["level"], each["text"].splitlines()[0]) for each in failed["log"]]
    assert lines[:2] == [("warning", "will raise"), ("error", "ended")]


def test_a_worker_has_what_its_app_has_around_an_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop_of_a_worker.py").write_text(
        f"from fastapi import FastAPI\nfrom {PLACE} import told\n"
        "from sendoff_tasks.fastapi import install\n"
        "install(app := FastAPI(), data_dir='data', around=told)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert imported(["shop_of_a_worker:app"]).around is travelling.told


@pytest.mark.parametrize("around", [lambda _: None, partial(travelling.told), 5])
def test_what_is_around_must_be_importable(tmp_path: Path, around: Any) -> None:
    with pytest.raises(TypeError, match="around must be a function"):
        install(FastAPI(), data_dir=tmp_path, around=around)


def test_noting_what_a_task_logs_may_log_too() -> None:
    class Loud(Book):
        def log(self, claim: Claim, level: Level, text: str) -> None:
            travelling.log.warning("it is noted")
            super().log(claim, level, text)

    hear_logging()
    book, own = Loud(), copy_context()
    own.run(running, claim(spec_for(seen)), book, Control())
    own.run(travelling.log.warning, "once")
    with suppress(TypeError):  # raised by pytest's handler
        own.run(travelling.log.error, "%d %d", "one")
    assert book.lines == [(1, "warning", "once"), (1, "error", "%d %d")]
    travelling.log.warning("no task")
    logging.makeLogRecord({"msg": "of another process"})
    assert len(book.lines) == 2


async def test_each_lane_sees_the_values_a_task_was_added_with(tmp_path: Path) -> None:
    app = App(tmp_path)
    app.engine.variables = Variables([tenant, price])
    refs: list[TaskRef] = []

    def add(tasks: RequestTasks) -> None:
        for customer, function in (
            ("Ada", seen),
            ("Grace", seen_in_a_process),
            ("Jean", seen_in_a_loop),
        ):
            tenant.set(customer)
            price.set(Decimal("1.20"))
            refs.append(tasks.add_task(function))
        tenant.set("Mary")
        refs.append(tasks.options(priority=1).add_task(seen))

    app.add = add
    async with app.started() as client:
        await asyncio.create_task(client.post("/"))  # in a context of its own
        found = [result(app.engine, ref.number) for ref in refs]
        assert found == [[name, "1.20"] for name in ("Ada", "Grace", "Jean", "Mary")]
        own = copy_context()
        own.run(tenant.set, "engine")
        number = own.run(lambda: app.engine.submit(Submission([app.engine.task_of(seen)])))
        assert result(app.engine, number.result().task_ids[0]) == ["engine", "0"]
        first = refs[0].number
        assert first is not None
        (again,) = app.engine.bulk("resend", [first]).result().answer["ids"]
        assert result(app.engine, again) == ["Ada", "1.20"]
        assert seen() == ["missing", Decimal(0)]


def test_only_what_is_set_travels_also_to_another_process(tmp_path: Path) -> None:
    engine = install(FastAPI(), data_dir=tmp_path, contextvars=[tenant, price])
    own = copy_context()
    assert own.run(lambda: engine.task_of(seen)).variables is None
    own.run(price.set, Decimal(7))
    task = own.run(lambda: engine.task_of(seen))
    prepared = prepare(Submission(tasks=[task]), engine.config.registry)
    (written,) = json.loads(dump_wanted(prepared))["tasks"]
    assert written["variables"] == task.variables
    assert task.variables is not None
    assert f"{PLACE}:price" in task.variables
    assert NewTask("work").variables is None


def test_what_cannot_travel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="contextvars takes variables of contextvars, got 'tenant'"):
        install(FastAPI(), data_dir=tmp_path, contextvars=["tenant"])  # type: ignore[list-item]
    hidden: ContextVar[int] = ContextVar("hidden")
    with pytest.raises(TypeError, match="'hidden' cannot travel with a task: it is not at the top"):
        Variables([hidden]).locate()
    engine = install(FastAPI(), data_dir=tmp_path, contextvars=[tenant])
    own = copy_context()
    own.run(tenant.set, object())
    said = f"the context variable {PLACE}:tenant is of type object, which cannot be kept"
    with pytest.raises(BadCall, match=said):
        own.run(lambda: engine.task_of(seen))


def test_a_task_whose_variable_is_gone_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    own = copy_context()
    own.run(tenant.set, "Ada")
    text = own.run(Variables([tenant]).capture)
    order = claim(spec_for(seen))
    order.variables = text
    assert attempt.run(order, Book(), Control()) == Succeeded(
        '["Ada",{"$type":"decimal","value":"0"}]'
    )
    monkeypatch.delattr(travelling, "tenant")
    outcome = attempt.run(order, Book(), Control())
    assert isinstance(outcome, Misfit)
    assert outcome.error == f"The context variable {PLACE}:tenant is no longer there."
