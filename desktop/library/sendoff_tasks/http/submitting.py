"""Turns the checked bodies of requests into tasks, and hands these to the engine."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import to_thread

from sendoff_tasks.errors import BadCall, Conflict, UnknownId
from sendoff_tasks.functions.arguments import Unreadable, decode
from sendoff_tasks.http.arguments import coerced, completed
from sendoff_tasks.http.wire.bodies import Timing, moment
from sendoff_tasks.http.wire.problems import invalid
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.store.reads.detail import read_call
from sendoff_tasks.submission import NO_OPTIONS, NewTask, Submission, TaskOptions
from sendoff_tasks.verbs.submit import prepare, recall_accepted
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from sendoff_tasks.functions.registry import Registry
    from sendoff_tasks.http.services import TaskServices
    from sendoff_tasks.http.wire.bodies import TaskBody
    from sendoff_tasks.model.problems import FieldError
    from sendoff_tasks.submission import SubmissionAnswer
    from sendoff_tasks.transaction.group import Group

T = TypeVar("T")


def loose_task(
    body: TaskBody, services: TaskServices, at: str = ""
) -> tuple[NewTask, list[FieldError]]:
    """Make the engine's task of a ``POST /tasks``, and list its errors.

    ``at`` is the path of the task in the request's body. Raises ``Conflict`` if a task that it is
    to be like no longer fits.
    """
    if "like" in body:
        return _task_like(body["like"], body, services, at)
    args: Sequence[Any] = body.get("args", ())
    kwargs: Mapping[str, Any] = body.get("kwargs", {})
    spec = services.registry.get(body["task"])
    if spec is None:
        errors = [unknown_task(f"{at}task", body["task"], services)]
    else:
        args, kwargs, errors = coerced(spec, args, kwargs, at)
    options = options_of(body, body.get("key"))
    return NewTask(body["task"], args, kwargs, options=options), errors


def _task_like(
    number: int, body: TaskBody, services: TaskServices, at: str
) -> tuple[NewTask, list[FieldError]]:
    """Make a task with the arguments of another one in place of those that are not given."""
    try:
        name, stored = services.engine.read(read_call, number)
    except UnknownId as error:
        return NewTask(""), [{"path": f"{at}like", "message": str(error)}]
    spec = services.registry.get(name)
    if spec is None:
        raise Conflict(Refusal.NO_FUNCTION, text=services.registry.why_unknown(name))
    own: Any = {"task": name, **body}
    del own["like"]
    task, errors = loose_task(own, services, at)
    if not errors and services.registry.get(task.task) is not spec:
        said = ENGLISH.say("value", "other_function", number=number)
        errors = [{"path": f"{at}task", "message": said}]
    if not errors:
        try:
            task.args, task.kwargs = completed(spec, task.args, task.kwargs, decode(stored))
        except (TypeError, Unreadable) as error:
            text = str(error).splitlines()[0].rstrip(".")  # further lines may have values
            raise Conflict(Refusal.MISFIT, number=number, text=text) from error
    return task, errors


async def accept(
    submission: Submission,
    errors: Sequence[FieldError],
    services: TaskServices,
    at: str,
    *,
    many: bool = False,
) -> SubmissionAnswer:
    """Submit tasks to the engine; see :func:`submitted`, :func:`taken` and :func:`misfits`."""
    checks = (partial(prepare, Submission([task])) for task in submission.tasks)
    return await taken(
        lambda: submitted(services.engine, submission, many=many),
        errors,
        lambda: misfits(checks, services, at),
        lambda group: recall_accepted(group, submission.idempotency),
        services,
    )


async def submitted(taking: Any, submission: Any, *, many: bool) -> Any:
    """Submit to what takes submissions; with ``many`` in a thread: the event loop goes on."""
    if many:
        return await asyncio.wrap_future(await to_thread.run_sync(taking.submit, submission))
    return await taking.accept(submission)


async def taken(
    take: Callable[[], Awaitable[T]],
    errors: Sequence[FieldError],
    misfits_of: Callable[[], list[FieldError]],
    first_answer: Callable[[Group], T | None],
    services: TaskServices,
    *,
    at: str = "",
) -> T:
    """Take what was sent, unless it has ``errors``; return the answer.

    What has errors may have been accepted before settings or tasks changed; then its first answer
    is returned. Otherwise raises ``ProblemError`` 422 with these errors, or with ``misfits_of()``
    if ``take()`` raises ``BadCall``: without any, with its own at the path ``at``.
    """
    if not errors:
        try:
            return await take()
        except BadCall as error:
            errors = await to_thread.run_sync(misfits_of) or [_misfit(at, error)]
    first: T | None = await services.engine.ask(first_answer)
    if first is None:
        raise invalid(errors)
    return first


def misfits(
    checks: Iterable[Callable[[Registry], object]], services: TaskServices, at: str
) -> list[FieldError]:
    """List the checks that fail: arguments do not fit, or a key cannot be made.

    ``at`` is the path of each error; ``{}`` in it stands for the position.
    """
    errors: list[FieldError] = []
    for position, check in enumerate(checks):
        try:
            check(services.registry)
        except BadCall as error:
            errors.append(_misfit(at.format(position), error))
    return errors


def _misfit(path: str, error: BadCall) -> FieldError:
    text = str(error)
    return {"path": path, "message": f"{text[:1].upper()}{text[1:].rstrip('.')}."}


def unknown_task(path: str, name: str, services: TaskServices) -> FieldError:
    """Make the error of a task that is not registered, at a path."""
    return {"path": path, "message": services.registry.why_unknown(name)}


def options_of(timing: Timing, key: str | None = None) -> TaskOptions:
    """Make the options of a task from its timing."""
    if key is None and Timing.__annotations__.keys().isdisjoint(timing):
        return NO_OPTIONS  # making others takes longer than all else here
    return TaskOptions(
        delay=timing.get("delay"),
        run_at=moment(timing["run_at"]) if "run_at" in timing else None,
        deadline=moment(timing["deadline"]) if "deadline" in timing else None,
        priority=timing.get("priority", 0),
        key=key,
    )
