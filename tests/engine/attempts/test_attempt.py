"""One attempt without a lane: how it is called, what becomes of it, what an exception tells."""

from __future__ import annotations

import asyncio
import builtins
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from sendoff_tasks import (
    GiveUp,
    NeedsPerson,
    Retry,
    RetryLater,
    TaskCancelled,
    TaskContext,
    Uncertain,
    Unreachable,
)
from sendoff_tasks.attempts import attempt, outcomes
from sendoff_tasks.attempts.attempt import (
    run,
    run_async,
    stopped,
    unforeseen,
)
from sendoff_tasks.attempts.control import CancelReason, Control
from sendoff_tasks.attempts.outcomes import (
    NO_FAULT,
    TIMED_OUT,
    Cancelled,
    Deferred,
    Failed,
    Fault,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    Misfit,
    Outcome,
    Succeeded,
    fault_of,
)
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.errors import OverQuota
from sendoff_tasks.functions.arguments import NOT_KEPT, Unreadable
from sendoff_tasks.functions.registry import task
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.model.causes import CauseKind, Cure
from sendoff_tasks.model.reasons import Reason
from tests.engine.book import Book, claim
from tests.engine.lanes import tasks


def in_the_middle(first: int, ctx: TaskContext, last: int) -> list[int]:
    return [first, ctx.task_id, last]


def by_name(*numbers: int, ctx: TaskContext, last: int = 0) -> list[int]:
    return [*numbers, ctx.task_id, last]


@task(lane="cpu")
def computes_an_object() -> object:
    return object()


@task(timeout=2)
def has_two_seconds() -> None: ...


@pytest.mark.parametrize(
    ("function", "args", "kwargs", "result"),
    [
        (in_the_middle, (7, 9), {}, "[7,1,9]"),
        (in_the_middle, (7,), {"last": 9}, "[7,1,9]"),
        (in_the_middle, (), {"first": 7, "last": 9}, "[7,1,9]"),
        (by_name, (7, 8), {"last": 9}, "[7,8,1,9]"),
    ],
)
def test_the_context_is_given_where_the_function_has_it(
    function: Callable[..., Any], args: tuple[int, ...], kwargs: dict[str, int], result: str
) -> None:
    of_it = claim(spec_for(function), *args, **kwargs)
    assert run(of_it, Book(), Control()) == Succeeded(result)


async def _doubled(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


async def _fails(number: int) -> None:
    raise ValueError(number)


class TaskQuery:
    """Runs when it is awaited, as an ORM's may."""

    def __await__(self) -> Any:
        return _doubled(2).__await__()


def starts(name: str) -> object:
    calls: dict[str, Callable[[int], object]] = {
        "doubled": _doubled,
        "fails": _fails,
        "query": lambda _: TaskQuery(),
    }
    return calls[name](2)


async def starts_async(name: str) -> object:
    return starts(name)


def test_what_a_plain_function_returns_is_awaited() -> None:
    assert run(claim(spec_for(starts), "doubled"), Book(), Control()) == Succeeded("4")
    assert run(claim(spec_for(starts), "query"), Book(), Control()) == Succeeded("4")
    failed = run(claim(spec_for(starts), "fails"), Book(), Control())
    assert isinstance(failed, Failed)
    assert failed.error == "ValueError: 2"
    assert "/attempt.py" not in failed.trace


def test_it_is_awaited_in_a_thread_with_a_running_loop_too() -> None:
    async def in_a_test() -> Outcome:
        return run(claim(spec_for(starts), "doubled"), Book(), Control())

    assert asyncio.run(in_a_test()) == Succeeded("4")


def generates(crosses: bool, ctx: TaskContext) -> object:
    if crosses:
        ctx.point_of_no_return()
    return (number for number in range(3))


def maps() -> object:
    return map(print, range(3))


async def generates_async() -> object:
    async def numbers() -> AsyncIterator[int]:
        yield 1

    return numbers()


@pytest.mark.parametrize(
    ("function", "args", "kind", "what"),
    [
        (generates, (False,), Failed, "generator"),
        (generates, (True,), LeftUncertain, "generator"),
        (maps, (), Failed, "map"),
        (generates_async, (), Failed, "async_generator"),
        (starts_async, ("doubled",), Failed, "coroutine"),
        (starts_async, ("query",), Failed, "TaskQuery"),
    ],
)
def test_work_that_has_not_begun_is_no_success(
    function: Any, args: Any, kind: type[Outcome], what: str
) -> None:
    of_it = claim(spec_for(function), *args)
    if of_it.spec.lane == "async":
        outcome = asyncio.run(run_async(of_it, Book(), Control()))
    else:
        outcome = run(of_it, Book(), Control())
    assert isinstance(outcome, kind)
    assert isinstance(outcome, Failed | LeftUncertain)
    said = f"It returned a {what}, which nothing runs: its work is not done."
    assert outcome.error == said
    assert isinstance(outcome, LeftUncertain) or outcome.final


GONE = [[{"$type": "model", "value": ["tests.engine.lanes.tasks:Gone", {}]}], {}]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([[1, 2], {}], "Its function takes other arguments now: too many positional arguments."),
        (
            GONE,
            (
                "The task's arguments cannot be read any more: "
                "tests.engine.lanes.tasks:Gone is not there any more."
            ),
        ),
    ],
)
def test_a_task_stored_for_other_code_waits_for_it(arguments: Any, error: str) -> None:
    of_it = replace(claim(spec_for(tasks.returns), 1), arguments=json.dumps(arguments))
    outcome = run(of_it, Book(), Control())
    assert isinstance(outcome, Misfit)
    assert outcome.error == error


def test_a_type_error_of_the_function_itself_is_its_failure() -> None:
    outcome = run(claim(spec_for(tasks.raises), "TypeError", "two of a kind"), Book(), Control())
    assert isinstance(outcome, Failed)
    assert outcome.error == "TypeError: two of a kind"


def test_a_cpu_task_without_its_result_has_failed_for_good() -> None:
    spec = spec_for(computes_an_object)
    outcome = run(claim(spec), Book(), Control())
    assert isinstance(outcome, Failed)
    assert outcome.final


@task(retry=Retry(3, on=(LookupError, ValueError), never=(KeyError,)))
def raises_by_name(name: str) -> None:
    raise getattr(builtins, name)


@pytest.mark.parametrize(
    ("name", "is_final"),
    [("IndexError", False), ("ValueError", False), ("KeyError", True), ("OSError", True)],
)
def test_the_exception_says_whether_another_attempt_follows(name: str, is_final: bool) -> None:
    outcome = run(claim(spec_for(raises_by_name), name), Book(), Control())
    assert isinstance(outcome, Failed)
    assert outcome.final is is_final


SAID: dict[str, Callable[[], BaseException]] = {
    "give up": lambda: GiveUp("No.", code=550),
    "later": lambda: RetryLater("Closed.", after=60),
    "early": lambda: RetryLater("Too early.", after=5, counts=False),
    "person": lambda: NeedsPerson("Log in."),
    "offline": lambda: Unreachable("No route to it."),
    "unsure": lambda: Uncertain("No answer."),
    "stop": lambda: TaskCancelled("No longer needed."),
    "error": lambda: ValueError("broken"),
    "never": lambda: KeyError("broken"),
}


@task(retry=Retry(3, never=(KeyError,)))
async def raises_in_a_group(names: list[str], *, depth: int = 0) -> None:
    async def child(name: str) -> None:
        raise SAID[name]()

    async with asyncio.TaskGroup() as group:
        if depth:
            group.create_task(raises_in_a_group(names, depth=depth - 1))
        else:
            for name in names:
                group.create_task(child(name))


@task(retry=Retry(3, on=(OSError,), never=(FileNotFoundError,)))
def raises_from(*chain: str) -> None:
    kinds = {"os": OSError, "missing": FileNotFoundError, "runtime": RuntimeError}
    error: BaseException | None = None
    for name in reversed(chain):
        outer = SAID[name]() if name in SAID else kinds[name](name)
        outer.__cause__, error = error, outer
    assert error is not None
    raise error


@pytest.mark.parametrize("depth", [0, 2])
@pytest.mark.parametrize(
    ("names", "kind", "said"),
    [
        (["give up"], Failed, "No."),
        (["later"], Later, "Closed."),
        (["early"], Later, "Too early."),
        (["person"], Held, "Log in."),
        (["offline"], Deferred, "No route to it."),
        (["unsure"], LeftUncertain, "No answer."),
        (["stop"], Cancelled, "No longer needed."),
        (["error"], Failed, "ValueError: broken"),
        (["error", "later"], Later, "Closed."),
        (["later", "give up"], Failed, "No."),
        (["error", "offline"], Deferred, "No route to it."),
        (["later", "never"], Failed, "KeyError: 'broken'"),
        (["give up", "unsure"], LeftUncertain, "No answer."),
    ],
)
def test_what_a_task_says_in_a_group_is_heard_and_the_gravest_decides(
    names: list[str], kind: type, said: str, depth: int
) -> None:
    of_it = claim(spec_for(raises_in_a_group), names, depth=depth)
    outcome = asyncio.run(run_async(of_it, Book(), Control()))
    assert type(outcome) is kind
    assert said in {getattr(outcome, name, "") for name in ("error", "reason", "text")}
    if isinstance(outcome, Failed):
        assert outcome.final is bool({"give up", "never"} & {*names})
        assert outcome.trace.startswith("  + Exception Group")
        assert outcome.fault.file in {"", "attempts/test_attempt.py"}


@pytest.mark.parametrize(
    ("chain", "kind", "is_final"),
    [
        (("runtime", "give up"), Failed, True),
        (("runtime", "error", "give up"), Failed, True),
        (("runtime", "later"), Later, False),
        (("runtime", "offline"), Deferred, False),
        (("give up", "later"), Failed, True),  # the outermost decision counts
        (("later", "give up"), Later, False),
        (("runtime", "os"), Failed, False),
        (("runtime", "missing"), Failed, True),
        (("os", "missing"), Failed, True),
        (("runtime", "error"), Failed, True),
    ],
)
def test_what_an_error_is_raised_from_is_heard(
    chain: tuple[str, ...], kind: type, is_final: bool
) -> None:
    outcome = run(claim(spec_for(raises_from), *chain), Book(), Control())
    assert type(outcome) is kind
    assert getattr(outcome, "final", False) is is_final


def chained(count: int) -> BaseException:
    error: BaseException = SAID["error"]()
    for _ in range(count):
        outer = RuntimeError("deep")
        outer.__cause__, error = error, outer
    return error


class Unsayable:
    """A message that cannot be said, and a result whose class cannot be told."""

    def __str__(self) -> str:
        raise ValueError("not to be said")

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise ValueError("not to be told")


ODD_PLACE: Any = ("f", 1, 1, b"text")
ODD: dict[str, tuple[Callable[[], BaseException], Any, str]] = {
    "syntax": (lambda: SyntaxError("x", ODD_PLACE), Failed, "SyntaxError: x (f"),
    "deep": (lambda: chained(3000), Failed, "RuntimeError: deep"),
    "unsure": (lambda: Uncertain(Unsayable()), LeftUncertain, "Uncertain (its message raised"),  # type: ignore[arg-type]
    "stop": (lambda: TaskCancelled(Unsayable()), Cancelled, "TaskCancelled (its message raised"),
}


def raises_the_odd(name: str) -> None:
    raise ODD[name][0]()


@pytest.mark.parametrize("name", ODD)
def test_an_error_that_cannot_be_told_ends_the_attempt_all_the_same(name: str) -> None:
    _, kind, said = ODD[name]
    outcome: Any = run(claim(spec_for(raises_the_odd), name), Book(), Control())
    assert isinstance(outcome, kind)
    assert outcome.error.startswith(said)
    assert "in raises_the_odd" in getattr(outcome, "trace", "in raises_the_odd")


def returns_the_odd() -> object:
    return Unsayable()


def test_a_result_whose_class_cannot_be_told_is_one_that_cannot_be_kept() -> None:
    control = Control()
    assert run(claim(spec_for(returns_the_odd)), Book(), control) == Succeeded(NOT_KEPT)
    control.kept = True
    assert run(claim(spec_for(returns_the_odd)), Book(), control) == Succeeded(NOT_KEPT, kept=True)


def test_without_memory_to_tell_it_an_attempt_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def finds_none(error: BaseException) -> str:
        raise MemoryError

    monkeypatch.setattr(attempt, "trace", finds_none)
    of_it = claim(spec_for(raises_the_odd), "syntax")
    outcome = run(of_it, Book(), Control())
    assert outcome == Failed("SyntaxError", "")


def test_in_a_group_past_the_point_of_no_return_a_plain_error_leaves_it_uncertain() -> None:
    control = Control()
    with control.point_of_no_return():
        pass
    of_it = claim(spec_for(raises_in_a_group), ["error", "give up"])
    assert isinstance(asyncio.run(run_async(of_it, Book(), control)), LeftUncertain)


@task
def finds_no_server() -> None:
    raise Unreachable("No route to it.", server="afar.example.org")


@task
def finds_a_used_up_quota() -> None:
    raise OverQuota("450 too many", 90.0, server="afar.example.org", code=450)


@task
def finds_no_server_past_its_mark(ctx: TaskContext) -> None:
    ctx.point_of_no_return()
    raise Unreachable("No route to it.")


@task
def finds_another_class_past_its_mark(ctx: TaskContext) -> None:
    ctx.point_of_no_return()
    raise Unreadable("Money is not registered.")


def test_a_server_that_takes_nothing_defers_the_whole_queue() -> None:
    gone = run(claim(spec_for(finds_no_server)), Book(), Control())
    assert isinstance(gone, Deferred)
    assert (gone.why, gone.error) == (Reason.OFFLINE, "No route to it.")
    assert (gone.after, gone.answer) == (None, ServerAnswer("afar.example.org"))
    full = run(claim(spec_for(finds_a_used_up_quota)), Book(), Control())
    assert isinstance(full, Deferred)
    assert (full.why, full.after) == (Reason.QUOTA, 90.0)
    assert full.answer == ServerAnswer("afar.example.org", 450)


@pytest.mark.parametrize(
    "function", [finds_no_server_past_its_mark, finds_another_class_past_its_mark]
)
def test_past_the_point_of_no_return_what_it_does_not_find_leaves_it_uncertain(
    function: Callable[..., Any],
) -> None:
    outcome = run(claim(spec_for(function)), Book(), Control())
    assert isinstance(outcome, LeftUncertain)


STOPS: list[tuple[CancelReason | None, Outcome]] = [
    (CancelReason.PERSON, Cancelled()),
    (CancelReason.TIMEOUT, Failed("The attempt did not end within 2 s.", "")),
    (CancelReason.STOP, GivenBack(begun=True)),
    (CancelReason.FENCED, GivenBack(begun=True)),
    (None, Cancelled()),
]


@pytest.mark.parametrize(("reason", "outcome"), STOPS)
def test_an_attempt_that_was_stopped_ends_by_the_reason(
    reason: CancelReason | None, outcome: Outcome
) -> None:
    control = Control()
    control.begin()
    if reason is not None:
        control.cancel(reason)
    of_it = claim(spec_for(has_two_seconds))
    assert stopped(of_it, control) == outcome


def test_past_the_point_of_no_return_no_stop_and_no_error_is_certain() -> None:
    control = Control()
    with control.point_of_no_return():
        pass
    of_it = claim(spec_for(in_the_middle))
    assert isinstance(stopped(of_it, control), LeftUncertain)
    assert unforeseen(ValueError("lost"), control) == LeftUncertain(
        "ValueError: lost", "ValueError: lost\n"
    )


def test_one_that_is_stopped_before_it_begins_calls_nothing() -> None:
    control = Control()
    control.cancel(CancelReason.STOP)
    of_it = claim(spec_for(tasks.raises), "ValueError", "called")
    assert run(of_it, Book(), control) == GivenBack(begun=False)
    of_it = claim(spec_for(tasks.raises_async), "ValueError", "called")
    assert asyncio.run(run_async(of_it, Book(), control)) == GivenBack(begun=False)


def raised(*what: Any) -> BaseException:
    """Call as the engine calls a task; its own frame comes first."""
    function, *args = what
    try:
        function(*args)
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError


def own() -> None:
    raise ValueError("own 17")


def in_a_library() -> None:
    json.loads("{")


def deeper() -> None:
    in_a_library()


class Odd(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def odd() -> None:
    raise Odd


@pytest.mark.parametrize(
    ("function", "kind", "where"),
    [
        (own, "ValueError", "own"),
        (in_a_library, "JSONDecodeError", "in_a_library"),
        (deeper, "JSONDecodeError", "in_a_library"),
        (odd, "Odd", "odd"),
    ],
)
def test_the_innermost_line_of_its_own_is_told(function: Any, kind: str, where: str) -> None:
    fault = fault_of(raised(function))
    assert (fault.kind, fault.exception) == (CauseKind.EXCEPTION, kind)
    assert (fault.file, fault.function) == ("attempts/test_attempt.py", where)
    assert fault.line > 0


def test_a_library_in_a_folder_whose_name_begins_alike_is_not_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    libraries = "/srv/shop-env/lib/python3.12/site-packages"
    monkeypatch.setattr(outcomes, "_LIBRARIES", frozenset({libraries}))
    names: dict[str, Any] = {}
    exec(compile("def get(): raise ValueError", f"{libraries}/http.py", "exec"), names)  # noqa: S102
    exec(compile("def send(): get()", "/srv/shop/tasks.py", "exec"), names)  # noqa: S102
    error = raised(names["send"])
    assert error.__traceback__ is not None
    fault = fault_of(error.with_traceback(error.__traceback__.tb_next))
    assert (fault.file, fault.function) == ("shop/tasks.py", "send")


def test_the_same_line_is_one_cause_with_any_words_and_for_each_task_its_own() -> None:
    first, second = (Fault(CauseKind.EXCEPTION, "E", "a.py", "f", n, f"row {n}") for n in (1, 2))
    assert first.cause("work", "E: row 1").id == second.cause("work", "E: row 2").id
    assert first.cause("work", "").id != first.cause("other", "").id
    assert first.cause("work", "").about["text"] == "row …"
    assert TIMED_OUT.cause("work", "").id != NO_FAULT.cause("work", "").id


def test_what_a_task_says_itself_is_told_apart_by_code_and_words() -> None:
    assert fault_of(raised(lambda: (_ for _ in ()).throw(RetryLater("later")))) == NO_FAULT
    said = fault_of(GiveUp("No.", cure=Cure.TASKS_FOLDER))
    answer = ServerAnswer("mx", 550, "5.1.1")
    found = said.cause("work", "550 5.1.1 no ada@example.org", answer)
    assert found.cure is Cure.TASKS_FOLDER
    assert found.id == said.cause("work", "550 5.1.1 no bo@example.org", answer).id
    assert found.id != said.cause("work", "550 5.1.1 No Such User", answer).id
    assert found.id != said.cause("work", "", ServerAnswer("mx", 550, "5.7.1")).id
    assert NO_FAULT.cause("work", "row 1").id == NO_FAULT.cause("work", "row 2").id
    assert NO_FAULT.cause("work", "row").id != NO_FAULT.cause("work", "column").id
