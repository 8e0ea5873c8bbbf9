"""Code in the ways FastAPI documents for ``BackgroundTasks``, with that and with another import."""

from __future__ import annotations

import asyncio
import importlib
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, get_origin
from unittest.mock import Mock, patch

import httpx
import pytest
from fastapi import BackgroundTasks, Depends, FastAPI

from sendoff_tasks.fastapi import AppRegistry, DurableTasks, RequestTasks, install
from sendoff_tasks.functions.spec import described_in
from tests.looking import eventually

PLAIN = "from fastapi import BackgroundTasks\ndef install(app, data_dir): pass"
DURABLE = "from sendoff_tasks import DurableTasks as BackgroundTasks, install"
APP = """
import fastapi, pathlib, starlette.background, time
from typing import Annotated
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Response
from fastapi.responses import JSONResponse
{imports}

FOLDER = pathlib.Path(__file__).parent
app = FastAPI()
install(app, data_dir=FOLDER / "data")


def write_log(line: str, mark: str = "") -> None:
    time.sleep(0.02)  # a task that came after this one would overtake it
    with (FOLDER / "log").open("a") as log:
        log.write(line + mark + "\\n")


async def write_log_async(line: str) -> None:
    write_log(line)


def fail(line: str) -> None:
    write_log(line)
    raise ValueError(line)


@app.post("/route/{{name}}")
async def from_a_route(name: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(write_log, name, mark="!")
    return {{"message": "on its way"}}


@app.post("/plain/{{name}}")
def from_a_plain_route(name: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(write_log, line=name)
    return {{"message": "on its way"}}


@app.post("/order/{{name}}")
async def several(name: str, tasks: BackgroundTasks):
    for number in range(4):
        tasks.add_task(write_log if number % 2 else write_log_async, f"{{name}} {{number}}")


def note_query(background_tasks: BackgroundTasks, q: str | None = None) -> str | None:
    if q:
        background_tasks.add_task(write_log, f"asked for {{q}}")
    return q


@app.post("/dependency/{{name}}")
async def from_a_dependency(
    name: str, background_tasks: BackgroundTasks, query: Annotated[str | None, Depends(note_query)]
):
    background_tasks.add_task(write_log, f"{{name}} after {{query}}")
    return {{"query": query}}


def note_visit(background_tasks: BackgroundTasks) -> None:
    background_tasks.add_task(write_log, "a visit")


router = APIRouter(prefix="/router", dependencies=[Depends(note_visit)])


@router.post("/{{name}}", status_code=202)
async def from_a_router(name: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(write_log_async, name)


app.include_router(router)


@app.post("/response/{{name}}")
async def with_a_response(name: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(write_log, name)
    return JSONResponse({{"name": name}}, background=background_tasks)


@app.post("/injected/{{name}}")
async def with_an_injected_response(
    name: str, response: Response, background_tasks: BackgroundTasks
):
    response.headers["x-name"] = name
    background_tasks.add_task(write_log, name)


@app.post("/returned/{{name}}")
async def returned(name: str, background_tasks: BackgroundTasks):
    return background_tasks.add_task(write_log, name)


@app.post("/returned-none/{{name}}")
def returned_none(name: str, background_tasks: BackgroundTasks) -> None:
    return background_tasks.add_task(write_log, name)


@app.post("/returned-inside/{{name}}")
async def returned_inside(name: str, background_tasks: BackgroundTasks):
    return {{"jobs": [background_tasks.add_task(write_log, name)]}}


@app.post("/looked-at/{{name}}")
async def looked_at(name: str, tasks: BackgroundTasks):
    before = len(tasks.tasks)
    tasks.add_task(write_log, name, mark="?")
    (added,) = tasks.tasks
    told = [before, added.func.__name__, added.args, added.kwargs, added.is_async]
    kinds = (BackgroundTasks, fastapi.BackgroundTasks, starlette.background.BackgroundTask)
    return [*told, *(isinstance(tasks, kind) for kind in kinds)]


class Mailer:
    def __init__(self, tasks: BackgroundTasks) -> None:
        self.tasks = tasks


def mailer(tasks: BackgroundTasks) -> Mailer:
    return Mailer(tasks)


@app.post("/handed-on/{{name}}")
async def handed_on(name: str, mailer: Annotated[Mailer, Depends(mailer)], tasks: BackgroundTasks):
    mailer.tasks.add_task(write_log, f"{{name}} by mailer")
    tasks.add_task(write_log, name)
    return mailer.tasks is tasks


@app.post("/refused/{{name}}")
async def refused(name: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(write_log, name)
    raise HTTPException(409, "no")


@app.post("/failing/{{name}}")
async def failing(name: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(fail, f"{{name}} first")
    background_tasks.add_task(write_log, f"{{name}} second")
"""


class Served:
    """The app in this process with one of the imports."""

    def __init__(self, folder: Path, name: str, imports: str) -> None:
        folder.mkdir()
        (folder / f"{name}.py").write_text(APP.format(imports=imports))
        sys.path.insert(0, str(folder))
        try:
            self.app: Any = importlib.import_module(name).app
        finally:
            sys.path.remove(str(folder))
        self.log = folder / "log"

    def post(self, *asked: tuple[str, int]) -> list[tuple[httpx.Response, list[str]]]:
        """Ask one after the other; give each answer, and the log once it has so many lines."""
        return asyncio.run(self._post(asked))

    async def _post(self, asked: Sequence[tuple[str, int]]) -> list[Any]:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        told = []
        async with (
            self.app.router.lifespan_context(self.app),
            httpx.AsyncClient(transport=transport, base_url="http://app") as client,
        ):
            for path, lines in asked:
                self.log.write_text("")
                answer = await client.post(path)
                await asyncio.to_thread(eventually, self._has(lines))
                told.append((answer, self.lines()))
        return [*told[:-1], (answer, self.lines())]  # the last once all has ended

    def _has(self, lines: int) -> Callable[[], bool]:
        return lambda: len(self.lines()) >= lines

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()


@pytest.fixture
def both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> tuple[Served, Served]:
    """Give the app with ``BackgroundTasks`` and the same with durable tasks."""
    monkeypatch.setattr(AppRegistry, "add_described", lambda _: None)  # other tests' modules
    name = f"shop_{abs(hash(request.node.nodeid))}"
    plain = Served(tmp_path / "plain", f"{name}_plain", PLAIN)
    return plain, Served(tmp_path / "durable", f"{name}_durable", DURABLE)


WAYS: list[tuple[str, list[str]]] = [
    ("/route/ada", ["ada!"]),
    ("/plain/ada", ["ada"]),
    ("/order/ada", ["ada 0", "ada 1", "ada 2", "ada 3"]),
    ("/dependency/ada?q=tea", ["asked for tea", "ada after tea"]),
    ("/router/ada", ["a visit", "ada"]),
    ("/response/ada", ["ada"]),
    ("/injected/ada", ["ada"]),
    ("/returned/ada", ["ada"]),
    ("/returned-none/ada", ["ada"]),
    ("/returned-inside/ada", ["ada"]),
    ("/looked-at/ada", ["ada?"]),
    ("/handed-on/ada", ["ada by mailer", "ada"]),
    ("/refused/ada", []),
]


def test_it_behaves_as_before(both: tuple[Served, Served]) -> None:
    plain, durable = (served.post(*((path, len(log)) for path, log in WAYS)) for served in both)
    for (path, log), (before, was), (after, now) in zip(WAYS, plain, durable, strict=True):
        assert was == now == log, path
        assert (before.status_code, before.content) == (after.status_code, after.content), path
        assert before.headers.get("x-name") == after.headers.get("x-name"), path


def test_a_task_that_fails_no_longer_drops_those_behind_it(both: tuple[Served, Served]) -> None:
    plain, durable = both
    ((_, was),) = plain.post(("/failing/ada", 1))
    assert was == ["ada first"]
    ((answer, now),) = durable.post(("/failing/ada", 2))
    assert answer.status_code == 200
    assert now == ["ada first", "ada second"]


def test_it_can_be_patched_like_a_class() -> None:
    before = vars(RequestTasks).copy()
    for name in ("add_task", "options", "using", "commit"):
        for autospec in (None, True):
            with patch(f"sendoff_tasks.DurableTasks.{name}", autospec=autospec) as mock:
                assert getattr(RequestTasks, name) is mock
            assert vars(RequestTasks) == before
    with pytest.raises(KeyError), patch.object(DurableTasks, "add_task"):
        raise KeyError
    assert vars(RequestTasks) == before
    with pytest.raises(AttributeError), patch("sendoff_tasks.DurableTasks.no_such_name"):
        pass


def test_it_is_known_as_a_class() -> None:
    assert issubclass(RequestTasks, DurableTasks)
    assert issubclass(RequestTasks, BackgroundTasks)
    assert not isinstance(BackgroundTasks(), DurableTasks)
    assert get_origin(DurableTasks) is Annotated
    mock = Mock(spec=DurableTasks)
    mock.add_task(print, 1)
    with pytest.raises(AttributeError):
        mock.no_such_name  # noqa: B018
    with pytest.raises(TypeError, match="take them as a parameter"):
        DurableTasks()


SHOP = """
import functools
from pydantic import BaseModel, SecretStr
from io import BytesIO
from fastapi import Depends, Request, UploadFile
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base, registry
from sqlmodel import Field, Session, SQLModel, create_engine
from sendoff_tasks import DurableTasks, task


class Courier:
    def __call__(self) -> None: ...


class Login(BaseModel):
    password: SecretStr


class Order:
    def send(self) -> None: ...


class User(declarative_base()):
    __tablename__ = "users"
    number = Column(Integer, primary_key=True)


class Base(SQLModel, registry=registry()): ...
class Hero(Base, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


def send(number: int) -> None: ...
def generates(): yield 1
def make():
    def local() -> None: ...
    return local
def timed(function):
    @functools.wraps(function)
    def wrapper(*args): return function(*args)
    return wrapper
def hiding(function):
    def wrapper(*args): return function(*args)
    return wrapper
@hiding
@task
def hidden() -> None: ...


def session(tasks: DurableTasks): yield
def takes_session(number: int, session: Session = Depends(send)) -> None: ...
def takes_default(tasks: DurableTasks = Depends(send)): ...
order, local, partial = Order(), make(), functools.partial
request = Request({"type": "http", "path": "/", "headers": [], "server": ("shop", 80)})
courier, login, upload = Courier(), Login(password="secret"), UploadFile(BytesIO())
engine = create_engine("sqlite://")
Hero.__table__.create(engine)
database, user, hero = Session(engine), User(number=1), Hero(name="ada")
database.add(hero)
database.commit()
database.close()
engine.dispose()
"""
PAGE = Path(__file__).parents[2] / "docs" / "from-background-tasks.md"
TABLE = PAGE.read_text(encoding="utf-8").split("## What is refused")[1]
REFUSED = re.findall(r"^\| (.*) \| `(.*)` \|$", TABLE, re.MULTILINE)


CODES = {
    "above `@task`": "list(described_in('shop', {'hidden': hidden}))",
    "the program itself": "add_task(send, 1)",
    "after the request": "after_the_request.add_task(send, 1)",
    "without `install`": "ask(FastAPI())",
    "trio's loop": "app.router.lifespan_context(app).__aenter__().send(None)",
    "= Depends(": "FastAPI().get('/')(takes_default)",
    "`yield` dependency": "FastAPI().get('/', dependencies=[Depends(session)])(send)",
}
"""By words of the page: code that does what they say."""


def _ask(app: FastAPI) -> None:
    @app.get("/")
    def route(tasks: DurableTasks) -> None: ...

    async def ask() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            await client.get("/")

    asyncio.run(ask())


@pytest.mark.parametrize(("code", "error"), REFUSED)
def test_what_is_refused_is_told_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, error: str
) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "shop", raising=False)
    shop = importlib.import_module("shop")
    app = FastAPI()
    engine = install(app, data_dir=tmp_path / "data")
    tasks, over = RequestTasks(engine), RequestTasks(engine)
    asyncio.run(over.commit(is_last=True))
    names = {
        **vars(shop),
        "app": app,
        "background_tasks": tasks,
        "add_task": tasks.add_task,
        "after_the_request": over,
        "task": None,
    }
    names |= {"BackgroundTasks": DurableTasks, "described_in": described_in}
    names |= {"Depends": Depends, "FastAPI": FastAPI, "ask": _ask, "DurableTasks": DurableTasks}
    (code,) = [CODES[words] for words in CODES if words in code] or [code.split("`")[1]]
    if "(__main__)" in error:
        monkeypatch.setattr(shop.send, "__module__", "__main__")
    with pytest.raises((TypeError, RuntimeError, AttributeError, AssertionError)) as refused:
        eval(code, names)  # noqa: S307
    assert error in f"{type(refused.value).__name__}: {refused.value}"
    del sys.modules["shop"]


def test_the_page_has_a_table_of_what_is_refused() -> None:
    assert len(REFUSED) > 15


def test_a_call_by_hand_runs_nothing(tmp_path: Path) -> None:
    tasks = RequestTasks(install(FastAPI(), data_dir=tmp_path / "data"))
    tasks.add_task(print, "once")
    asyncio.run(tasks())
    assert len(tasks.tasks) == 1
