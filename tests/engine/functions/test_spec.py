"""Describing a task: what ``@task`` takes, and what it is called."""

from __future__ import annotations

import functools
import importlib
import math
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, ForwardRef

import pytest
from fastapi import Depends, Query, Security
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks import Retry, task
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.http.arguments import parameters_of
from sendoff_tasks.model.secrets import is_secret
from tests.engine.functions.test_registry import plain, send_letter, wait_a_bit
from tests.engine.lanes import tasks


def generates() -> Iterator[int]:
    yield 1


async def generates_async() -> AsyncIterator[int]:
    yield 1


async def later() -> str:
    return ""


@pytest.mark.parametrize(
    ("function", "description", "why"),
    [
        (generates, {}, "is a generator; a task returns once"),
        (generates_async, {}, "is a generator; a task returns once"),
        (wait_a_bit, {"lane": "cpu"}, "is an async def; only the async lane can run it"),
        (tasks.returns, {"lane": "async"}, "is no async def; the async lane cannot run it"),
        (tasks.returns, {"lane": "gpu"}, "there is no lane 'gpu'; there are io, cpu and async"),
        (tasks.returns, {"timeout": 0}, "timeout must be more than 0, got 0"),
        (tasks.returns, {"timeout": math.inf}, "timeout must be more than 0, got inf"),
        (tasks.returns, {"deadline": -1}, "deadline must be more than 0, got -1"),
        (tasks.returns, {"concurrency": 0}, "concurrency must be more than 0, got 0"),
        (tasks.returns, {"name": "a\nb"}, "cannot be the name of a task"),
        (tasks.returns, {"queue": " mail"}, "cannot be the queue of a task"),
        (lambda: None, {}, "'<lambda>' cannot be the name of a task"),
        (functools.partial(send_letter), {}, "a partial cannot be a task"),
        (tasks.returns, {"name": ""}, "'' cannot be the name of a task"),
        (tasks.returns, {"queue": ""}, "'' cannot be the queue of a task"),
        (tasks.returns, {"queue": 5}, "5 cannot be the queue of a task"),
        (tasks.returns, {"title": b"Letter"}, "title must be text, got b'Letter'"),
        (tasks.returns, {"lane": ["io"]}, "there is no lane"),
        (
            tasks.returns,
            {"retry": True},
            "retry, where it is no Retry, must be a whole number, got True",
        ),
        (
            tasks.returns,
            {"retry": None},
            "retry, where it is no Retry, must be a whole number, got None",
        ),
        (tasks.returns, {"retry": 0}, "at least one attempt, got 0"),
        (tasks.returns, {"rate": 30}, "rate must be text, got 30"),
        (tasks.returns, {"rate": "often"}, "rate 'often' cannot be used: A rate is written as in"),
        (tasks.returns, {"timeout": "60"}, "timeout must be a number, got '60'"),
        (tasks.returns, {"deadline": True}, "deadline must be a number, got True"),
        (tasks.returns, {"concurrency": 2.5}, "concurrency must be a whole number, got 2.5"),
        (tasks.returns, {"concurrency": True}, "concurrency must be a whole number, got True"),
        (tasks.returns, {"key": 5}, "a key is 1 to 200 printable characters"),
        (tasks.returns, {"reference": "x"}, "reference must be a function, got 'x'"),
        (tasks.returns, {"reference": later}, "reference must be a plain function"),
    ],
)
def test_a_description_that_cannot_work_is_refused(
    function: Callable[..., Any], description: dict[str, Any], why: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(why)):
        task(**description)(function)


def test_a_number_of_attempts_is_a_retry() -> None:
    def three() -> None: ...

    assert spec_for(task(retry=3)(three)).retry == Retry(attempts=3)


def test_a_plain_function_is_tried_once() -> None:
    assert spec_for(plain).retry.attempts == 1


def test_a_name_without_its_option_is_told_how_it_is_written() -> None:
    with pytest.raises(TypeError, match=r"@task\(name='send'\)"):
        task("send")  # type: ignore[call-overload]


@given(st.text("abcdefgh_").map("x".__add__))
def test_the_title_is_the_name_in_words(name: str) -> None:
    def function() -> None: ...

    title = registry_title(task(name=name)(function))
    assert "_" not in title
    assert title == title.strip()
    assert title[:1] == title[:1].upper()
    assert title.lower().split() == name.replace("_", " ").split()


def registry_title(function: Callable[..., Any]) -> str:
    return Registry().add(function).title


@pytest.mark.parametrize("what", ["timeout", "deadline"])
def test_no_span_of_time_is_longer_than_ten_years(what: str) -> None:
    with pytest.raises(TypeError, match=f"{what} is at most ten years"):
        task(**{what: 1e17})(plain)  # type: ignore[call-overload]


def pay(price, ctx, note=""):  # type: ignore[no-untyped-def]
    """Has annotations that its test writes."""


AS_TEXT = {"price": "Decimal", "ctx": "TaskContext | None", "note": "Decimal | str"}
AS_READ_BY_3_14 = {
    "price": ForwardRef("Decimal"),
    "ctx": ForwardRef("TaskContext | None"),
    "note": ForwardRef("Decimal | str"),
}
"""What Python 3.14 gives for names that it does not find."""


@pytest.mark.parametrize("annotations", [AS_TEXT, AS_READ_BY_3_14])
def test_annotations_may_have_names_that_only_type_checkers_import(
    monkeypatch: pytest.MonkeyPatch, annotations: dict[str, Any]
) -> None:
    monkeypatch.setattr(pay, "__annotations__", annotations)
    spec = spec_for(pay)
    assert [*spec.parameters] == ["price", "note"]
    assert [*parameters_of.__wrapped__(pay)["properties"]] == ["price", "note"]


@pytest.mark.skipif(sys.version_info < (3, 14), reason="annotations are evaluated at the def")
def test_annotations_are_not_evaluated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "late_names.py").write_text(
        "from typing import TYPE_CHECKING\nfrom sendoff_tasks import task\nif TYPE_CHECKING:\n"
        "    from decimal import Decimal\n    from sendoff_tasks import TaskContext\n"
        "@task\ndef pay(price: Decimal, ctx: TaskContext, note: Decimal | str = '') -> None: ...\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    late = importlib.import_module("late_names")
    assert [*spec_for(late.pay).parameters] == ["price", "note"]


def with_session(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function("a session", *args, **kwargs)

    return wrapper


@with_session
def order(session: str, number: int, note: str = "") -> list[Any]:
    return [session, number, note]


@with_session
def log_in(session: str, name: str, password: str) -> None: ...


@pytest.mark.parametrize(
    ("function", "args", "kwargs", "why"),
    [
        (order, (7,), {}, None),
        (order, (), {"number": 7, "note": "x"}, None),
        (order, (), {"nr": 7}, "missing a required argument: 'session'"),
        (order, (1, 2, 3, 4), {}, "too many positional arguments"),
        (log_in, ("ada",), {"password": "hunter2"}, None),
        (log_in, ("ada", "hunter2"), {}, "missing a required argument: 'password'"),
    ],
)
def test_what_a_decorator_gives_is_left_out(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], why: str | None
) -> None:
    assert spec_for(function).misfit(args, kwargs) == why


Database = Annotated[object, Depends(later)]


def by_default(number: int, database: Any = Depends(later)) -> None: ...  # noqa: B008


def by_annotation(database: Annotated[Any, Security(later)], number: int) -> None: ...


def by_name(number: int, *, database: Database | None) -> None: ...


def by_a_query(number: int, database: int = Query(3)) -> None: ...


def by_text(number, database):  # type: ignore[no-untyped-def]
    """Has a name that only type checkers import."""


by_text.__annotations__ = {"database": "Annotated[Session, fastapi.Depends(get_session)]"}


@pytest.mark.parametrize("function", [by_default, by_annotation, by_name, by_a_query, by_text])
@pytest.mark.parametrize("describe", [task, spec_for])
def test_what_only_a_request_gives_is_refused(describe: Any, function: Any) -> None:
    with pytest.raises(TypeError, match="FastAPI gives 'database' only to a request") as refused:
        describe(function)
    assert str(refused.value).startswith(f"{function.__name__} cannot be a task: ")


def with_a_rule(number: Annotated[int, Query(ge=1)]) -> None: ...


@with_session
def by_a_decorator(session: Annotated[Any, Depends(later)], number: int) -> None: ...


@pytest.mark.parametrize("function", [with_a_rule, by_a_decorator])
def test_what_a_caller_or_a_decorator_may_give_is_not_refused(function: Any) -> None:
    assert spec_for(function).misfit((), {"number": 7}) is None


SECRETS = "password passwd pwd user_pwd otp totp otp_code jwt bearer bearer_token api_key cvv"
OTHERS = "hotpath footprint stop option key title"


@pytest.mark.parametrize("name", SECRETS.split())
def test_a_secret_is_known_by_its_name(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", OTHERS.split())
def test_other_names_are_shown(name: str) -> None:
    assert not is_secret(name)


def test_arguments_from_the_first_secret_on_are_kept_by_name() -> None:
    def sign_in(name: str, password: str, again: int = 1) -> None: ...

    def placed(name: str, password: str, /) -> None: ...

    assert spec_for(task(sign_in)).named(("ada", "x", 2), {}) == (
        ("ada",),
        {"password": "x", "again": 2},
    )
    assert spec_for(task(sign_in)).named(("ada",), {"password": "x"}) == (
        ("ada",),
        {"password": "x"},
    )
    assert spec_for(task(placed)).named(("ada", "x"), {}) == (("ada", "x"), {})
