"""``sendoff-tasks check``: each ``add_task`` in an app's source, and what would be refused."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sendoff_tasks.fastapi import checking
from sendoff_tasks.functions import registry
from sendoff_tasks.functions.arguments import CAN_BE_KEPT
from sendoff_tasks.functions.source import loaded_modules
from sendoff_tasks.shell.commands import run

START = """
from __future__ import annotations
from collections.abc import AsyncIterable
from functools import partial, wraps
from typing import Annotated, Any, Literal, Self
from fastapi import BackgroundTasks, Depends, FastAPI, Query, Request, UploadFile
from pydantic import BaseModel, EmailStr
from sqlalchemy.orm import Session
from sendoff_tasks import CURRENT, DurableTasks, TaskContext, install

app = FastAPI()
engine = install(app, data_dir="data")


class Order(BaseModel):
    number: int
    email: EmailStr


class Mailer:
    def send(self, number: int) -> None: ...
    @staticmethod
    def post(number: int) -> None: ...
    def all(self, tasks: DurableTasks) -> None:
        tasks.add_task(self.send, 1)  # refused: the bound method Mailer.send
        tasks.add_task(self.post, 1)  # kept


mailer = Mailer()
def get_session() -> Any: ...
def send(number: int, ctx: TaskContext = CURRENT) -> None: ...
def note(what: Any) -> None: ...
def giving(function: Any) -> Any:
    @wraps(function)
    def wrapper(*args: Any) -> None: function(None, *args)
    return wrapper
@giving
def given(session: Session, number: int) -> None: ...
def tell(order: Order, *, copies: list[str] | None = None) -> None: ...
def scan(request: Request) -> None: ...
def count(number: int, session: Any = Depends(get_session)) -> None: ...
async def store(file: UploadFile | None = None, *rest: int, **more: str) -> None: ...
"""
ROUTES = """
@app.post("/")
async def place(
    order: Order, request: Request, tasks: DurableTasks, memory: BackgroundTasks,
    session: Annotated[Session, Depends(get_session)], which: str, files: list[UploadFile],
) -> None:
    tasks.add_task(send, order.number)  # kept
    tasks.add_task(func=send, number=7)  # kept
    tasks.options(delay=3).add_task(tell, order, copies=[which])  # kept
    tasks.add_task(send)  # refused: missing a required argument: 'number'
    tasks.add_task(send, 1, nr=2)  # refused: got an unexpected keyword argument 'nr'
    tasks.add_task(lambda: send(1))  # refused: a lambda cannot be a task
    tasks.add_task(partial(send, 1))  # refused: a partial cannot be a task
    tasks.add_task(mailer.send, 1)  # refused: the bound method Mailer.send
    tasks.add_task(Mailer.post, 1)  # kept
    tasks.add_task(Order, 1)  # refused: the class Order cannot be a task
    tasks.add_task(note, session)  # refused: pass the row's id and open a session in the task
    tasks.add_task(note, files)  # refused: argument `what` is of type UploadFile
    tasks.add_task(note, order)  # kept
    tasks.add_task(note, mailer)  # refused: argument `what` is of type Mailer
    tasks.add_task(store, None, 1, 2, more=which)  # kept
    tasks.add_task("nobody")  # unclear: There is no task named
    memory.add_task(send, 1)  # in memory
    handler = {"a": send}[which]
    tasks.add_task(handler, 1)  # unclear: what handler is, only a request can tell
    tasks.add_task(scan, handler)  # refused: argument `request` is of type Request
    tasks.add_task(send, handler)  # kept
    tasks.add_task(count, 1)  # refused: FastAPI gives 'session' only to a request
    await engine.add_task_async(send, *[1])  # unclear: what [1] has
    def local() -> None: ...
    tasks.add_task(local)  # refused: place.<locals>.local, which is defined inside a function
    from json import dumps as as_text
    tasks.add_task(as_text, which)  # kept
    tasks.add_task(which)  # unclear
    tasks.add_task(given, 1)  # unclear: what a decorator gives to shop:given, only a call can tell
    chosen = send
    tasks.add_task(chosen, 1)  # kept


@app.get("/rows")
async def rows(tasks: DurableTasks) -> AsyncIterable[int]:
    yield 1
    tasks.add_task(send, 1)  # kept


def outside(*tasks: Any) -> None:
    for each in tasks:
        each.add_task(send, 1)  # kept
"""

ARGUMENTS = """
def get_mailer() -> Mailer: ...
async def get_number() -> int: ...


class Connection:
    def __enter__(self) -> Self: ...
    def get(self) -> Any: ...
    @property
    def total(self) -> int: ...


class Reader:
    async def __aenter__(self) -> str: ...


@app.post("/")
async def place(
    tasks: DurableTasks, order: Order, which: str | None, email: EmailStr, kind: Literal["a", "b"],
    way: Literal["a", "b"], mails: Annotated[list[EmailStr], Query()], unknown,
    session=Depends(get_session),
) -> None:
    tasks.add_task(note, Mailer())  # refused: argument `what` is of type Mailer
    tasks.add_task(note, Order(number=1, email="a@b.org"))  # kept
    tasks.add_task(note, [1, Mailer()])  # refused: argument `what` is of type Mailer
    tasks.add_task(note, {"user": {"a": [Mailer()]}})  # refused: argument `what` is of type Mailer
    tasks.add_task(note, {"user": {"a": [order, which, 1, f"{which}"]}})  # kept
    tasks.add_task(note, {**unknown})  # unclear
    rows = [Mailer()]
    tasks.add_task(print, 1, rows)  # unclear
    later = []
    later.append(Mailer())
    tasks.add_task(note, later)  # unclear: the type of argument `what` is not known
    with Connection() as connection:
        tasks.add_task(note, connection)  # unclear
        row = connection.get()
    async with Reader() as text:
        tasks.add_task(note, text)  # unclear
    with open("file") as file:
        tasks.add_task(note, file)  # unclear
    tasks.add_task(note, row)  # unclear
    tasks.add_task(note, connection.total)  # unclear
    tasks.add_task(note, session)  # unclear
    tasks.add_task(print, 1, unknown)  # unclear: the type of argument `args` is not known
    tasks.add_task(print, email, way, mails, order.number, str(unknown))  # kept
    tasks.add_task(send, await get_number())  # kept
    tasks.add_task(note, get_number())  # unclear
    tasks.add_task(note, get_mailer())  # refused: argument `what` is of type Mailer
    changed = 1
    changed = Mailer()
    tasks.add_task(note, changed)  # unclear
    kind = row.kind
    tasks.add_task(note, kind)  # unclear: the type of argument `what` is not known
    tasks.add_task(tell, Mailer(), copies=[Mailer()])  # refused: `order` is of type Mailer, which
    one = Mailer()
    tasks.add_task(one.send, 1)  # refused: the bound method Mailer.send
    tasks.add_task(one.post, 1)  # kept
    tasks.add_task(Mailer().send, 1)  # refused: the bound method Mailer.send
    tasks.add_task(get_mailer().send, 1)  # refused: the bound method Mailer.send
    tasks.add_task(unknown.send, 1)  # unclear


def again(tasks: DurableTasks, one: Mailer, other: Annotated[Mailer, Depends(get_mailer)]) -> None:
    global mailer
    mailer = mailer.again
    tasks.add_task(one.send, 1)  # refused: the bound method Mailer.send
    tasks.add_task(other.send, 1)  # refused: the bound method Mailer.send
    tasks.add_task(mailer.send, 1)  # unclear
"""


FIELDS = """
import os
from collections import deque, namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from ipaddress import IPv4Address
from pathlib import Path, PurePath
from typing import Final, Generic, NamedTuple, NewType, TypedDict, TypeVar
from pydantic import ConfigDict, Field, FutureDate, HttpUrl, Json, PlainSerializer, PrivateAttr
from pydantic import RootModel, Secret, SecretStr
from sendoff_tasks import register_type

T = TypeVar("T")
UserId = NewType("UserId", int)
class Money: ...
register_type(Money, str, lambda text: Money())
class Arr(Generic[T]): ...
class Plain(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
class Login(Plain):
    words: list[SecretStr] = Field(min_length=1)
class Logins(RootModel[dict[str, Login]]): ...
class Dear(Plain):
    mailer: Mailer
@dataclass
class Sheet:
    data: Arr[int]
class Cell(NamedTuple):
    of: Sheet
class Row(TypedDict):
    of: Cell
Loose = namedtuple("Loose", "of")
@dataclass
class Link:
    url: HttpUrl
class Links(Plain):
    first: Link
    url: HttpUrl
    address: IPv4Address
class Whole(Plain):
    user: UserId
    of: "Whole | None" = None
    money: Money | None = None
    due: FutureDate
    place: Final[Path]
    links: list[Links]
    way: Literal["a"] = "a"
class Open(Plain):
    order: Order
    anything: dict[str, Any]
class Told(Plain):
    word: Json
class Maybe(Plain):
    word: SecretStr | None
class Filled(Plain):
    word: SecretStr = SecretStr("")
class Written(Plain):
    word: Annotated[SecretStr, PlainSerializer(lambda word: word.get_secret_value())]
class Private(Plain):
    _mailer: Mailer = PrivateAttr(default_factory=Mailer)
@dataclass
class Call:
    of: Callable[[], int]


async def place(
    tasks: DurableTasks, request: Request, login: Login, logins: Logins, dear: Dear, sheet: Sheet,
    cell: Cell, row: Row, loose: Loose, link: Link, whole: Whole, opened: Open, told: Told,
    maybe: Maybe, filled: Filled, written: Written, private: Private, call: Call, url: HttpUrl,
    word: Secret[int], many: Sequence[Mailer], some: Sequence[int], arr: Arr[int], pure: PurePath,
    queue: deque[int], user: UserId, due: FutureDate, either: Order | Open,
) -> None:
    tasks.add_task(note, login)  # refused: argument `what`.words is of type SecretStr
    tasks.add_task(note, [logins])  # refused: argument `what`.root.words is of type SecretStr
    tasks.add_task(note, dear)  # refused: argument `what`.mailer is of type Mailer
    tasks.add_task(note, sheet)  # refused: argument `what`.data is of type Arr
    tasks.add_task(note, cell)  # refused: argument `what`.of.data is of type Arr
    tasks.add_task(note, row)  # refused: argument `what`.of.of.data is of type Arr
    tasks.add_task(note, loose)  # unclear: the type of argument `what`.of is not known
    tasks.add_task(note, link)  # refused: `what`.url is of type HttpUrl, which cannot be kept
    tasks.add_task(note, whole)  # kept
    tasks.add_task(note, opened)  # unclear: the type of argument `what`.anything is not known
    tasks.add_task(note, told)  # unclear: the type of argument `what`.word is not known
    tasks.add_task(note, maybe)  # unclear: the type of argument `what`.word is not known
    tasks.add_task(note, filled)  # unclear: the type of argument `what`.word is not known
    tasks.add_task(note, written)  # unclear: the type of argument `what`.word is not known
    tasks.add_task(note, private)  # refused: argument `what`._mailer is of type Mailer
    tasks.add_task(note, call)  # unclear: the type of argument `what`.of is not known
    tasks.add_task(note, url)  # refused: argument `what` is of type HttpUrl
    made = HttpUrl("https://a.org")
    tasks.add_task(note, made)  # refused: cannot be kept as JSON: pass str(url)
    tasks.add_task(note, request.url_for("place"))  # refused: cannot be kept as JSON: pass str(url)
    tasks.add_task(note, str(request.url_for("place")))  # kept
    tasks.add_task(note, word)  # refused: argument `what` is of type Secret
    tasks.add_task(note, many)  # refused: argument `what` is of type Mailer
    tasks.add_task(note, some)  # unclear
    tasks.add_task(note, arr)  # refused: argument `what` is of type Arr
    tasks.add_task(note, pure)  # unclear
    tasks.add_task(note, queue)  # refused: argument `what` is of type deque
    tasks.add_task(note, (user, due))  # kept
    tasks.add_task(note, either)  # unclear: the type of argument `what`.anything is not known
"""


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[str], tuple[int, str]]]:
    """Write a module, and run the command on its app; gives the exit status and what it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = {*sys.modules}

    def modules() -> Iterator[tuple[str, dict[str, Any]]]:
        return (each for each in loaded_modules() if each[0].startswith("tests_engine_shop"))

    for module in (registry, checking):  # the modules of all tests are loaded here
        monkeypatch.setattr(module, "loaded_modules", modules)

    def checked(source: str) -> tuple[int, str]:
        name = f"tests_engine_shop_{len(sys.modules)}"
        (tmp_path / f"{name}.py").write_text(source)
        code = run(["check", f"{name}:app"])
        said = capsys.readouterr()
        return code, (said.out + said.err).replace(name, "shop")

    yield checked
    for name in {*sys.modules} - before:
        if name.startswith("tests_engine_shop"):
            del sys.modules[name]


@pytest.mark.parametrize(
    ("calls", "counts"),
    [
        (ROUTES, "12 kept, 13 refused, 5 unclear, 1 in memory"),
        (ARGUMENTS, "6 kept, 11 refused, 15 unclear"),
        (FIELDS, "4 kept, 16 refused, 10 unclear"),
    ],
    ids=["functions", "arguments", "fields"],
)
def test_each_call_says_what_a_request_would_be_told(
    check: Callable[[str], tuple[int, str]], calls: str, counts: str
) -> None:
    source = START + calls
    code, said = check(source)
    lines = dict(line.split(": ", 1) for line in said.splitlines() if line.startswith("shop.py"))
    wanted = {
        f"shop.py:{place}": line.partition("  # ")[2]
        for place, line in enumerate(source.splitlines(), 1)
        if "add_task" in line
    }
    for place, what in wanted.items():
        verdict, _, why = what.partition(": ")
        found, _, rest = lines.pop(place).partition(": ")
        assert (found, why in rest) == (verdict, True), (place, what, rest)
    assert lines == {}
    assert f"Calls of add_task: {counts}." in said
    assert code == 1


def test_what_can_be_kept_is_said_once_at_the_end(
    check: Callable[[str], tuple[int, str]],
) -> None:
    _, said = check(START + ARGUMENTS)
    assert said.count(CAN_BE_KEPT) == 1
    assert said.splitlines()[-1] == (
        "Unclear calls are kept or refused at the request: annotate what is not known, or try them."
    )
    (both,) = [line for line in said.splitlines() if "copies=" in line]
    assert both.endswith(
        "argument `order` is of type Mailer, which cannot be kept as JSON; "
        "argument `copies` is of type Mailer, which cannot be kept as JSON"
    )


def test_nothing_is_refused(check: Callable[[str], tuple[int, str]]) -> None:
    code, said = check(START.partition("class Mailer")[0])
    assert (code, said) == (0, "Calls of add_task: none was found.\n")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import nothing_like_it", "cannot be imported: ModuleNotFoundError"),
        (
            START + "from sendoff_tasks import task\n"
            "@task\ndef opened(session: Annotated[Session, Depends(get_session)]) -> None: ...\n",
            "cannot be imported: TypeError: opened cannot be a task: FastAPI gives 'session' only",
        ),
        ("app = 5", "There is no FastAPI app app in the module shop."),
        (
            START + "from sendoff_tasks import task\n"
            "def timed(fn):\n    def run():\n        fn()\n    return run\n"
            "@timed\n@task\ndef hidden() -> None: ...\n",
            "a decorator above @task hides the task shop:hidden",
        ),
    ],
)
def test_an_app_that_would_not_start_is_an_error(
    check: Callable[[str], tuple[int, str]], source: str, why: str
) -> None:
    code, said = check(source)
    assert why in said
    assert code == 1


def test_a_file_in_place_of_a_module_is_named_as_a_module(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["check", "./app/main.py"]) == 1
    assert "app.main:app" in capsys.readouterr().err


def test_a_factory_is_called(check: Callable[[str], tuple[int, str]]) -> None:
    made = (
        START.partition("class Mailer")[0]
        .replace("app = FastAPI()", "app_ = FastAPI()")
        .replace("(app,", "(app_,")
    )
    assert check(f"{made}\ndef app():\n    return app_\n")[0] == 0


def test_an_app_that_is_not_ported_yet_is_told_what_would_be_refused(
    check: Callable[[str], tuple[int, str]],
) -> None:
    start = START.replace('engine = install(app, data_dir="data")', "engine = None")
    code, said = check(start + ROUTES)
    lines = said.splitlines()
    assert "kept: memory.add_task(send, 1)" in said
    assert "Calls of add_task: 13 kept, 13 refused, 5 unclear." in lines
    assert (
        lines[-1]
        == "The app does not call install(app, …) yet: this is what would happen to its calls."
    )
    assert code == 1
