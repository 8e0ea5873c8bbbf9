"""The functions of an app are known by their modules, after a restart too."""

from __future__ import annotations

import asyncio
import importlib
import sys
from functools import partial
from importlib.util import LazyLoader, find_spec, module_from_spec
from pathlib import Path

import pytest
from fastapi import FastAPI

from sendoff_tasks import task
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.fastapi import AppRegistry, install
from sendoff_tasks.functions import spec as specs
from tests.engine.lanes.tasks import returns
from tests.looking import eventually


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no.such.module:returns", "imported: ModuleNotFoundError: No module named 'no'."),
        ("os:no_such_function", "imported: ImportError: os:no_such_function is not there"),
        ("returns", "There is no task named “returns”."),
    ],
)
def test_a_function_that_is_gone_is_told_why(name: str, why: str) -> None:
    registry = AppRegistry()
    registry.recall({name: name})
    assert registry.get(name) is None
    assert why in registry.why_unknown(name)


def test_a_plain_function_is_told_by_the_name_of_its_task() -> None:
    registry = AppRegistry()
    registry.add(returns)
    known = "There is “tests.engine.lanes.tasks:returns”."
    assert registry.why_unknown("returns") == f"There is no task named “returns”. {known}"


def of_the_program() -> None: ...


@pytest.mark.parametrize("described", [True, False])
def test_a_function_of_the_program_itself_is_refused_with_a_way_out(
    described: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_the_program, "__module__", "__main__")
    function = task(name="any")(of_the_program) if described else of_the_program
    with pytest.raises(TypeError, match=r"of_the_program cannot be a task: .*uvicorn main:app"):
        AppRegistry().spec_of(function)


def test_no_function_is_imported_because_a_caller_names_it() -> None:
    assert AppRegistry().get("os:getpid") is None


def test_a_module_that_leaves_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leaves.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)
    registry = AppRegistry()
    registry.recall({"leaves:anything": "leaves:anything"})
    assert "SystemExit" in registry.why_unknown("leaves:anything")


def test_modules_that_are_imported_meanwhile_keep_none_from_being_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def importing(_: object) -> None:
        sys.modules[f"imported.{len(sys.modules)}"] = sys

    monkeypatch.setattr(sys, "modules", {__name__: sys.modules[__name__]})
    monkeypatch.setattr(specs, "described", importing)
    AppRegistry().add_described()
    assert len(sys.modules) > 1


@pytest.mark.usefixtures("app_alone")
def test_what_is_loaded_when_it_is_used_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Proxy:
        @property  # type: ignore[misc]
        def __class__(self) -> type:  # asked for by isinstance
            raise ModuleNotFoundError("pip install what it stands for")

    (tmp_path / "lazily.py").write_text("raise RuntimeError('loaded')")
    monkeypatch.syspath_prepend(tmp_path)
    spec = find_spec("lazily")
    assert spec is not None
    assert spec.loader is not None
    spec.loader = LazyLoader(spec.loader)
    lazily = module_from_spec(spec)
    spec.loader.exec_module(lazily)
    monkeypatch.setitem(sys.modules, "lazily", lazily)
    monkeypatch.setitem(sys.modules, "proxy", Proxy())
    monkeypatch.setattr(sys.modules[__name__], "proxy", Proxy(), raising=False)
    registry = AppRegistry()
    registry.add_described()
    assert registry.get("found late") is not None


@task(name="found late")
def found_late() -> None: ...


class Nights:
    @staticmethod
    @task(name="at night", cron="0 3 * * *")
    def tidy() -> None: ...


@pytest.mark.usefixtures("app_alone")
def test_a_static_method_with_a_schedule_is_known_at_the_start() -> None:
    registry = AppRegistry()
    registry.add_described()
    spec = registry.get("at night")
    assert spec is not None
    assert spec.function is Nights.tidy
    assert spec.schedule is not None


def test_a_task_of_a_module_that_was_loaded_late_is_found_by_its_name() -> None:
    registry = AppRegistry()
    assert registry.get("found late") is None
    spec = registry.find("found late")
    assert spec is not None
    assert spec.function is found_late
    assert registry.get("found late") is registry.find("found late")
    assert registry.find("never") is None


def has_ended_well(engine: Engine, number: int) -> bool:
    return engine.task(number)["state"] == "succeeded"


TASK = "from sendoff_tasks import task\n"
FIRST = "def send(n): return f'sent {n}'\n"
LATER = {
    "the same": {"mail": FIRST},
    "@task added": {"mail": TASK + "@task(retry=3)\n" + FIRST},
    "named": {"mail": TASK + "@task(name='mails', queue='mails')\n" + FIRST},
    "moved, imported by the old module": {"mail": "from smtp import send", "smtp": FIRST},
    "renamed, the old name left": {"mail": FIRST.replace("send", "deliver") + "send = deliver"},
    "async": {"mail": "async " + FIRST},
    "moved away": {"smtp": TASK + "@task(aliases=['mail:send', 'send'])\n" + FIRST},
}


@pytest.mark.anyio
@pytest.mark.usefixtures("app_alone")
@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("first", [FIRST, TASK + "@task\n" + FIRST])
async def test_a_task_outlives_what_its_function_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str, later: str
) -> None:
    def deploy(modules: dict[str, str]) -> None:
        for name in ("mail", "smtp"):
            (tmp_path / f"{name}.py").unlink(missing_ok=True)
            monkeypatch.delitem(sys.modules, name, raising=False)
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()

    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    app = FastAPI()
    deploy({"mail": first})
    engine = install(app, data_dir=tmp_path / "data", monitor=False)
    async with app.router.lifespan_context(app):
        await asyncio.wrap_future(engine.pause(None))
        added = await engine.add_task_async(importlib.import_module("mail").send, 7)
    for turn in range(2):
        deploy(LATER[later] if turn == 0 else {"mail": first} | LATER[later])
        app = FastAPI()
        engine = install(app, data_dir=tmp_path / "data", monitor=False)
        if "smtp" in LATER[later]:
            engine.config.registry.add(importlib.import_module("smtp").send)
        async with app.router.lifespan_context(app):
            if turn == 1:
                await asyncio.wrap_future(engine.resume(None))
                eventually(partial(has_ended_well, engine, added.number))
                assert engine.task(added.number)["result"] == "sent 7"
