"""Whose a folder is: that of the module whose lines lead to ``install``, by whatever helper."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.fastapi import AppRegistry
from tests import forked

HELPER = """
from fastapi import FastAPI
from sendoff_tasks import install

def setup(app):
    return install(app, data_dir="data", monitor=False)

def create_app():
    app = FastAPI()
    app.state.engine = setup(app)
    return app
"""
SERVICE = """
from fastapi import FastAPI
from common import tasks

def work(): ...

app = FastAPI()
engine = tasks.setup(app)
made = tasks.create_app()

def create_app():
    return tasks.create_app()
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Write modules that can be imported; they are forgotten at the end."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules

    def write(**files: str) -> Path:
        for name, text in files.items():
            file = tmp_path / f"{name.replace('__', '/')}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    yield write
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__spec__", None)):
            del sys.modules[name]


def folder_of(engine: Engine) -> Path:
    database = engine.config.database
    assert isinstance(database, Path)
    return database.parent


def test_services_that_share_a_helper_have_a_folder_each(write: Write) -> None:
    here = write(common__tasks=HELPER, orders__main=SERVICE, billing__main=SERVICE)
    for name in ("orders", "billing"):
        service: Any = import_module(f"{name}.main")
        assert folder_of(service.engine) == here / name / "data"
        assert folder_of(service.made.state.engine) == here / name / "data"


def test_a_factory_that_a_package_calls_counts_by_itself(write: Write) -> None:
    here = write(common__tasks=HELPER, orders__main=SERVICE)
    site = here / "site-packages"
    write(**{"site-packages__server": "def run(make):\n    return make()\n"})
    sys.path.insert(0, str(site))
    try:
        app = import_module("server").run(import_module("orders.main").create_app)
    finally:
        sys.path.remove(str(site))
    assert folder_of(app.state.engine) == here / "orders" / "data"


PROGRAM = """
from common.tasks import create_app

app = create_app()
print(app.state.engine.config.database)
"""


def test_an_app_of_the_program_itself_is_beside_it(write: Write) -> None:
    here = write(common__tasks=HELPER, jobs__serve=PROGRAM)
    first = f"import sys; sys.path.insert(0, {str(here)!r})\n"
    first += forked.script(str(here / "jobs" / "serve.py"))
    done = forked.run([], first)
    assert Path(done.stdout.strip()).parent == here / "jobs" / "data"
