"""What can be a task, by which name it is known, and what only workers have."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Optional

import pytest

import sendoff_tasks as engine
from sendoff_tasks import CURRENT, Retry, TaskContext, exponential, task
from sendoff_tasks.errors import BadCall, DuplicateTask
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.functions.spec import TaskSpec, describe, described, described_in, spec_for
from sendoff_tasks.functions.worker_offer import stand_in, tell
from sendoff_tasks.http.arguments import parameters_of
from sendoff_tasks.words.table import ENGLISH

Seen = TaskContext


@task
def send_letter(item_id: int) -> int:
    return item_id


@task(
    name="mail.send",
    title="Confirmation e-mail",
    queue="mail",
    retry=Retry(attempts=8, backoff=exponential(2, cap=3600)),
    timeout=60,
    deadline=3600,
    concurrency=16,
    reference=lambda: "<1@example.org>",
)
def send(item_id: int, ctx: TaskContext) -> None: ...


def plain(item_id: int) -> None: ...


def annotated(engine_sees: engine.TaskContext | None = None, number: int = 0) -> None: ...


def quoted(number: int, context: TaskContext) -> None: ...


def optional(context: Optional[TaskContext] = None) -> None: ...  # noqa: UP045 - as many write it


def optional_text(context: "Optional['TaskContext']" = None) -> None: ...  # noqa: UP037, UP045


def of_two(context: int | TaskContext = 0) -> None: ...


def annotated_too(context: Annotated[TaskContext | None, "told"] = None) -> None: ...


def under_another_name(context: Seen) -> None: ...


def by_default(number: int, *, context=CURRENT) -> None: ...  # type: ignore[no-untyped-def]


def a_dict(template: str, ctx: dict[str, str] | None = None) -> None: ...


def unannotated(template, ctx=None) -> None: ...  # type: ignore[no-untyped-def]


class Own:
    class TaskContext:
        """Another library's."""


def of_another(context: Own.TaskContext) -> None: ...


def a_list(contexts: list[TaskContext]) -> None: ...


def any_number(*context: TaskContext) -> None: ...


async def wait_a_bit() -> None: ...


@task(lane="cpu")
def compute() -> None: ...


@pytest.fixture
def registry() -> Registry:
    return Registry()


def test_defaults_come_from_the_name(registry: Registry) -> None:
    spec = registry.add(send_letter)
    assert (spec.name, spec.title, spec.queue) == ("send_letter", "Send letter", "send_letter")
    assert (spec.lane, spec.retry, spec.timeout) == ("io", Retry(), None)
    assert spec.context is None


def test_an_undecorated_function_is_known_by_module_and_qualname(registry: Registry) -> None:
    spec = registry.spec_of(plain)
    assert spec.name == f"{__name__}:plain"
    assert spec.title == "Plain"
    assert registry.get(spec.name) is registry.spec_of(plain) is spec


def test_a_built_in_function_can_be_a_task(registry: Registry) -> None:
    assert registry.spec_of(time.monotonic_ns).name == "time:monotonic_ns"


@pytest.mark.parametrize(
    "function",
    [
        send,
        annotated,
        quoted,
        optional,
        optional_text,
        of_two,
        annotated_too,
        under_another_name,
        by_default,
    ],
)
def test_the_context_is_found_by_its_type(registry: Registry, function: Callable[..., Any]) -> None:
    spec = registry.spec_of(function)
    assert spec.context is not None
    assert spec.context.name in {"ctx", "engine_sees", "context"}
    assert spec.context.name not in spec.parameters


@pytest.mark.parametrize("function", [a_dict, unannotated, of_another, a_list, any_number])
def test_a_parameter_of_another_type_is_the_callers(
    registry: Registry, function: Callable[..., Any]
) -> None:
    assert registry.spec_of(function).context is None


@pytest.mark.parametrize(
    ("args", "kwargs", "complaint"),
    [
        ((), {}, "missing a required argument: 'item_id'"),
        ((1, 2), {}, "too many positional arguments"),
        ((1,), {"ctx": 2}, "got an unexpected keyword argument 'ctx'"),
    ],
)
def test_a_call_that_cannot_work_is_refused(
    registry: Registry, args: Any, kwargs: Any, complaint: str
) -> None:
    spec = registry.add(send)
    with pytest.raises(TypeError) as refused:
        spec.check_arguments(args, kwargs)
    assert str(refused.value) == f"the task “mail.send” cannot be called like this: {complaint}"
    spec.check_arguments((1,), {})


class Greeter:
    def greet(self) -> None: ...


@pytest.mark.parametrize(
    ("thing", "why"),
    [
        (lambda: None, "a lambda cannot be a task"),
        (Greeter().greet, "the bound method Greeter.greet cannot be a task"),
        (Greeter().greet, "Use a function of a module, and pass what it needs of self"),
        (functools.partial(send_letter, 1), "a partial cannot be a task"),
        (Greeter, "the class Greeter cannot be a task: a task is a function"),
        ([].append, "a builtin_function_or_method cannot be a task"),
        ("send_letter", "a str cannot be a task"),
    ],
)
def test_what_could_not_be_found_after_a_restart_is_refused(
    registry: Registry, thing: Any, why: str
) -> None:
    with pytest.raises(TypeError, match=why):
        registry.spec_of(thing)


def test_a_closure_is_refused_unless_it_is_described(registry: Registry) -> None:
    def inner() -> None: ...

    with pytest.raises(TypeError, match="which is defined inside a function, cannot be a task"):
        registry.spec_of(inner)
    assert registry.add(task(name="inner")(inner)).name == "inner"


def test_the_cpu_lane_needs_a_function_its_processes_can_import(registry: Registry) -> None:
    assert registry.add(compute).lane == "cpu"

    @task(lane="cpu")
    def inner() -> None: ...

    with pytest.raises(TypeError, match="cannot be imported by name, as the cpu lane needs"):
        registry.add(inner)


def timed(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


def timed_async(function: Any) -> Any:
    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


def hiding(function: Any) -> Any:
    def wrapper(*args: Any) -> Any:
        return function(*args)

    return wrapper


class Counted:
    def __init__(self, function: Any) -> None:
        functools.update_wrapper(self, function)

    def __call__(self, *args: Any) -> Any:
        return self.__wrapped__(*args)  # type: ignore[attr-defined]


@timed
@timed
@task(retry=3, queue="wrapped")
def wrapped(number: int, ctx: TaskContext = CURRENT) -> int:
    return number


@functools.cache
@task(retry=3, queue="wrapped")
def wrapped_by_c(number: int) -> int:
    return number


@Counted
@task(retry=3, queue="wrapped")
def wrapped_by_a_class(number: int) -> int:
    return number


@timed_async
@task(retry=3, queue="wrapped")
def wrapped_async(number: int) -> int:
    return number


@pytest.mark.parametrize(
    ("function", "lane"),
    [
        (wrapped, "io"),
        (wrapped_by_c, "io"),
        (wrapped_by_a_class, "io"),
        (wrapped_async, "async"),
    ],
)
def test_a_decorator_above_task_is_seen_through(
    registry: Registry, function: Any, lane: str
) -> None:
    spec = registry.spec_of(function)
    assert spec.function is function
    assert (spec.name, spec.queue, spec.retry) == (spec.source.qualname, "wrapped", Retry(3))
    assert (spec.lane, list(spec.parameters)) == (lane, ["number"])
    assert registry.spec_of(function) is spec


def test_only_the_wrapper_in_its_place_is_the_task(registry: Registry) -> None:
    with pytest.raises(TypeError, match=r"a wrapper of .*:wrapped cannot be a task: .* another"):
        registry.spec_of(timed(wrapped))
    with pytest.raises(TypeError, match=r"a wrapper of .*:plain cannot be a task: .* another"):
        registry.spec_of(timed(plain))
    with pytest.raises(TypeError, match=r"a wrapper of .*:wrapped cannot be a task"):
        registry.spec_of(wrapped.__wrapped__)


class Holding:
    def __init__(self, function: Any) -> None:
        self.function = function

    def __call__(self, *args: Any) -> Any:
        return self.function(*args)


class Unasked(Holding):
    """Stands for a module that is missing: nothing may be asked of it."""

    def __init__(self) -> None: ...

    def __getattribute__(self, name: str) -> Any:
        raise ModuleNotFoundError(name)


def test_a_task_that_a_decorator_hides_is_refused() -> None:
    hidden = hiding(send_letter)
    assert list(described_in(__name__, {"send": send, "other": hidden})) == [send]
    with pytest.raises(TypeError, match=r"above @task hides the task .*:send_letter: write @task"):
        list(described_in(__name__, {"send_letter": hidden}))


def test_a_task_in_an_object_is_seen_through_or_refused_where_it_is_defined() -> None:
    objects = {"wrapped_by_c": wrapped_by_c, "wrapped_by_a_class": wrapped_by_a_class}
    assert list(described_in(__name__, objects)) == [*objects.values()]
    holding = Holding(send_letter)
    assert list(described_in(__name__, {"other": holding, "unasked": Unasked()})) == []
    with pytest.raises(TypeError, match=r"above @task hides the task .*:send_letter: write @task"):
        list(described_in(__name__, {"send_letter": holding}))


def test_a_wrapper_does_not_pass_for_the_function_it_wraps() -> None:
    @functools.wraps(send)
    def wrapper(*args: Any) -> None: ...

    assert described(wrapper) is None


def test_the_same_name_twice_is_refused_with_both_places(registry: Registry) -> None:
    def other() -> None: ...

    registry.add(send_letter)
    with pytest.raises(DuplicateTask) as refused:
        registry.add(task(name="send_letter")(other))
    sentence = str(refused.value)
    assert sentence.startswith("The name “send_letter” of ")
    assert f"{__name__}:send_letter" in sentence
    assert sentence.count(f"{__file__}:") == 2
    assert registry.get("send_letter") is described(send_letter)


def test_the_same_function_twice_is_one_task(registry: Registry) -> None:
    assert registry.add(send_letter) is registry.add(send_letter)
    assert registry.names() == ["send_letter"]


def test_a_removed_name_is_free_again(registry: Registry) -> None:
    def other() -> None: ...

    registry.add(send_letter)
    registry.exchange({"send_letter": "It was taken away.", "never there": ""}, ())
    assert registry.get("send_letter") is None
    assert registry.why_unknown("send_letter") == "It was taken away."
    assert registry.add(task(name="send_letter")(other)).function is other
    registry.exchange({"send_letter": ""}, ())
    assert registry.why_unknown("send_letter") == "There is no task named “send_letter”."


def test_a_task_whose_workers_have_gone_is_not_said_never_to_have_been(registry: Registry) -> None:
    there = {"send_letter": describe(send_letter, "send_letter")}
    registry.know_elsewhere(there)
    registry.know_elsewhere({})
    assert registry.why_unknown("send_letter") == ENGLISH.say(
        "function", "no_worker", name="send_letter"
    )
    assert registry.why_unknown("other") == "There is no task named “other”."
    registry.know_elsewhere(there)
    assert registry.get("send_letter") is there["send_letter"]


def _needs_one(a: int, b: int = 0, /, c: int = 0) -> None: ...


def _takes_any(a: int, *rest: int) -> None: ...


def _needs_a_name(a: int, *, b: int) -> None: ...


@pytest.mark.parametrize("function", [_needs_one, _takes_any, _needs_a_name])
@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("kwargs", [{}, {"b": 1}, {"c": 1}])
def test_a_call_fits_as_the_function_itself_takes_it(
    function: Callable[..., None], number: int, kwargs: dict[str, int]
) -> None:
    args = [1] * number
    try:
        function(*args, **kwargs)
    except TypeError:
        assert spec_for(function).misfit(args, kwargs) is not None
    else:
        assert spec_for(function).misfit(args, kwargs) is None


@task(aliases=["letters", "mail:send"])
def renamed() -> None: ...


def test_a_task_is_known_by_its_old_names_too(registry: Registry) -> None:
    spec = registry.add(renamed)
    assert registry.get("letters") is registry.get("mail:send") is registry.get("renamed") is spec
    assert registry.is_here("letters")
    assert registry.names() == ["renamed"]
    registry.exchange({"renamed": ""}, ())
    assert registry.get("letters") is None


def test_an_old_name_of_two_tasks_is_refused(registry: Registry) -> None:
    registry.add(renamed)

    @task(name="letters")
    def letters() -> None: ...

    @task(aliases=("letters",))
    def other() -> None: ...

    for each in (letters, other):
        with pytest.raises(DuplicateTask, match="letters"):
            registry.add(each)
    assert registry.names() == ["renamed"]


@pytest.mark.parametrize("aliases", ["letters", [""], [5], None])
def test_aliases_are_names(aliases: Any) -> None:
    with pytest.raises(TypeError, match="alias"):
        task(aliases=aliases)(plain)


def test_old_names_of_a_workers_task_are_known(registry: Registry) -> None:
    spec = stand_in("mail", json.loads(json.dumps(tell(registry.add(renamed)))))
    main = Registry()
    main.know_elsewhere({"mail": spec})
    assert main.get("letters") is spec
    assert not main.is_here("letters")


@task(
    title="Weigh all",
    queue="scales",
    lane="cpu",
    retry=3,
    timeout=5,
    deadline=60,
    concurrency=2,
    rate="3/min",
    key="one",
)
def weighs(item_id: int, *rest: str, month: date, note: object = None) -> None:
    """Weigh."""


@task(cron="0 7 * * mon", timezone="Europe/Berlin", missed="skip")
async def nightly(ctx: TaskContext = CURRENT) -> None: ...


@task(every="10 min")
def often() -> None: ...


@task(every="1 day", kwargs={"until": date(2026, 7, 1)})
def sums(until: date) -> None: ...


@task
def counts(day: date = date(2026, 1, 1), of: tuple[str, ...] = (), most: int = 3) -> None: ...


@task(key=lambda number: f"{number}")
def keyed(number: int) -> None: ...


@task(reference=lambda: "made here")
def referred() -> None: ...


def spec_of(function: Any) -> TaskSpec:
    spec = described(function)
    assert spec is not None
    return spec


def known(function: Any) -> TaskSpec:
    """Describe a function as another process does that was told of it."""
    spec = spec_of(function)
    return stand_in(spec.name, json.loads(json.dumps(tell(spec))))


@pytest.mark.parametrize("function", [weighs, nightly, often, sums])
def test_one_that_is_told_is_accepted_as_where_it_is(function: Any) -> None:
    there, here = spec_of(function), known(function)
    assert not here.is_here
    assert described(here.function) is not None
    for what in ("name", "title", "queue", "lane", "timeout", "deadline", "concurrency", "rate"):
        assert getattr(here, what) == getattr(there, what)
    assert (here.key, here.schedule, here.source) == (there.key, there.schedule, there.source)
    assert here.kwargs == there.kwargs
    assert here.retry.attempts == there.retry.attempts
    assert here.function.__doc__ == (there.function.__doc__ or "")
    assert here.parameters == there.parameters


def test_it_is_called_as_its_parameters_say() -> None:
    spec = known(weighs)
    spec.check_arguments((1, "b"), {"month": "2026-01-01"})
    with pytest.raises(BadCall, match="month"):
        spec.check_arguments((1,), {})
    kinds = {name: each.annotation for name, each in spec.signature.parameters.items()}
    assert (kinds["item_id"], kinds["month"]) == (int, date)


def test_a_default_that_json_has_not_is_no_null() -> None:
    spec = known(counts)
    spec.check_arguments((), {})
    schema = parameters_of(spec.function)
    assert schema["required"] == []
    defaults = {name: each.get("default", "-") for name, each in schema["properties"].items()}
    assert defaults == {"day": "-", "of": "-", "most": 3}


def test_what_needs_code_to_be_accepted_is_not_told() -> None:
    assert tell(spec_of(keyed)) is None
    assert tell(spec_of(referred)) is None


def test_a_function_of_this_process_goes_before_a_worker_s() -> None:
    registry, spec = Registry(), known(often)
    registry.know_elsewhere({"often": spec})
    assert registry.get("often") is spec
    version = registry.version
    registry.know_elsewhere({"often": spec})
    assert registry.version == version
    own = registry.add(often)
    assert registry.get("often") is own
    registry.know_elsewhere({})
    assert registry.names() == ["often"]
