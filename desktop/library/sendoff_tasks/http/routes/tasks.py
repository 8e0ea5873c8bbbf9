"""``/tasks``, ``/pending``, ``/causes``, ``/functions``: add and read tasks, act on one or many."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from sendoff_tasks.errors import UnknownId
from sendoff_tasks.http.arguments import described_function
from sendoff_tasks.http.services import task_services
from sendoff_tasks.http.submitting import accept, loose_task
from sendoff_tasks.http.wire import bodies
from sendoff_tasks.http.wire.openapi import PERSON, documented
from sendoff_tasks.http.wire.parameters import (
    CauseQuery,
    FilterQuery,
    IdsAsked,
    PathNumber,
    Route,
    TasksAsked,
)
from sendoff_tasks.http.wire.problems import ProblemError, bad_field
from sendoff_tasks.http.wire.requests import (
    idempotency_of,
    json_of,
    json_response,
    parse,
    read,
    to_json,
    undo_for,
)
from sendoff_tasks.model.causes import CASES, Causes
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.tasks import (
    AddedTask,
    BulkAnswer,
    PendingRow,
    TaskCounts,
    TaskDetail,
    TaskFunction,
    TaskFunctions,
    TaskPage,
    TaskRow,
)
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.tables.pending import ActionOptions
from sendoff_tasks.submission import Submission, TaskChange
from sendoff_tasks.transaction.acts import name_act
from sendoff_tasks.verbs.pending import undo_pending

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence

    from pydantic import TypeAdapter

    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.functions.registry import Registry
    from sendoff_tasks.http.services import TaskServices
    from sendoff_tasks.model.problems import FieldError
    from sendoff_tasks.submission import NewTask


router = APIRouter(tags=["tasks"], route_class=Route)

JSON_LINES: Final = "application/jsonl"
"""The media type of an answer with a JSON object a line."""


@router.post("/tasks/bulk", **documented(BulkAnswer, body=bodies.Bulk, keyed=True, act=True))
async def act_on_tasks(request: Request) -> Response:
    """Act on the tasks of ``ids`` or on all that ``filter`` matches.

    With ``preview`` nothing is done: the answer tells what would be done.

    A task that does not allow the action is left alone, and its reason is counted.

    With ``delay`` the action waits so many seconds: the answer has it as ``pending``, `GET
    /pending` lists it with its progress, and `DELETE /pending/{id}` undoes it. It survives a
    restart. Until it is done, a task that is to be cancelled does not start; a later action takes
    its tasks out of it. Of more than 10,000 tasks each is judged only when the action is carried
    out: it then takes its tasks out of earlier actions, before only out of those of its own kind.

    - ``done`` and ``again`` resolve *uncertain* tasks.
    - ``retry`` includes a task whose effect was only kept if ``ids`` names it or the
      filter asks for the reason ``kept``.
    - ``resend`` repeats tasks that have ended, also after success, as new ones; the answer has
      their ``ids``.
    - ``remove`` deletes tasks that have ended. Failed and uncertain tasks have to be *seen* first.
    """
    return await act(request, await read(request, bodies.BULK))


async def act(
    request: Request, body: bodies.Bulk, target: Mapping[str, Any] | None = None
) -> Response:
    """Act on many tasks; the one of a *resend* goes to ``target``, if there is one."""
    services = task_services(request)
    which: Sequence[int] | TaskFilter = (
        body["ids"] if "ids" in body else TaskFilter.of(body["filter"])
    )
    key = idempotency_of(request, body)
    delay = body.get("delay", 0)
    if body.get("preview"):
        asked = await to_thread.run_sync(services.engine.preview, body["action"], which)
    else:
        more = ActionOptions(filter=body.get("filter"), addressee=target)
        asked = await to_thread.run_sync(
            services.engine.bulk, body["action"], which, key, delay, more
        )
    done = await asyncio.wrap_future(asked)
    return json_response(done.answer, replayed=done.replayed)


@router.get("/pending", **documented(bodies.PendingRows))
def list_pending(request: Request) -> Response:
    """Return the actions that wait or are being carried out, the first due first.

    ``pending`` events tell of changes, and what an action has done.
    """
    return json_response({"pending": task_services(request).engine.pending()})


@router.get("/pending/{pending_id}", **documented(PendingRow))
def get_pending(pending_id: PathNumber, request: Request) -> Response:
    """Return the action, also for a day after it was carried out; 404 once it was undone."""
    found = task_services(request).engine.pending([pending_id])
    if not found:
        raise UnknownId("pending action", pending_id)
    return json_response(found[0])


@router.delete("/pending/{pending_id}", **documented(None, 409, status=204, act=True))
async def undo_action(pending_id: PathNumber, request: Request) -> Response:
    """Forget the action: nothing was done. One that is being carried out stops where it is.

    A *submit*, *correct*, *run* or *start* was done already, and is undone: the item is taken back,
    added tasks are cancelled, the batch is a draft again. 409 with the task once one has started.

    A repeated stop does nothing more. 409 once the action was carried out or ended with an error.
    """
    await task_services(request).engine.ask(lambda group: undo_pending(group, pending_id))
    return Response(status_code=204)


NOW: Final = 0.0
"""A past time, in seconds since the epoch."""


@router.post(
    "/tasks",
    **documented(
        AddedTask | bodies.TaskIds,
        status=201,
        headers={"Location": "The task, where it is one."},
        body=bodies.TaskBody | list[bodies.TaskBody],
        keyed=True,
        undoable=True,
        act=PERSON,
        also={200: "The open task with this `key`: nothing new is scheduled."},
    ),
)
async def create_task(request: Request) -> Response:
    """Add a registered task, or a list of up to 10,000 tasks: all of them or none.

    Arguments are converted to the types of the function's annotations: a text to a date, an object
    to a model.

    With `like`, a task's number, arguments that are not given are taken from that task as they are
    stored; `task` can be left out. 409 if they no longer fit the function.

    Only one task with the same name and `key` is open (not succeeded, failed or cancelled). A
    second request is answered 200 with the open task; in a list, its number replaces the new one.

    With `X-Sendoff-Who` it is a person who runs it: that is kept as an act.
    """
    return await add(request, AddedBodies(bodies.NEW_TASK, bodies.NEW_TASKS, loose_task))


class AddedBodies(NamedTuple):
    """How bodies become tasks: what reads one or many, and makes a task of each.

    The field ``{subject}_id`` of a body has the number of what the task belongs to, of a feature.
    """

    one: TypeAdapter[Any]
    many: TypeAdapter[Any]
    make: Callable[[Any, TaskServices, str], tuple[NewTask, list[FieldError]]]
    subject: str = ""


async def add(request: Request, reading: AddedBodies) -> Response:
    """Add a task or a list of tasks, read so; the answer of ``POST /tasks``."""
    name_act("run")
    services = task_services(request)
    raw = await request.body()
    if raw.lstrip().startswith(b"["):
        return await _add_many(raw, request, reading)
    body = parse(raw, reading.one)
    key, seconds = idempotency_of(request, body), undo_for(request)
    if "like" in body:  # it is read from the store
        task, errors = await to_thread.run_sync(reading.make, body, services, "")
    else:
        task, errors = reading.make(body, services, "")
    submission = Submission(tasks=(task,), idempotency=key, undo_for=seconds)
    try:
        accepted = await accept(submission, errors, services, at="args")
    except UnknownId as error:
        raise _unknown_subject("", reading, error) from error
    (task_id,) = accepted.task_ids
    status = 200 if task_id in accepted.joined else 201
    headers = {"Location": f"/tasks/{task_id}"}
    row = with_pending(dict(accepted.row or {}), accepted.pending)
    return json_response(row, status, headers, replayed=accepted.replayed)


def with_pending(answer: dict[str, Any], pending: PendingRow | None) -> dict[str, Any]:
    """Return an answer with the action by which what was done can be undone, if there is one."""
    return answer if pending is None else {**answer, "pending": pending}


async def _add_many(raw: bytes, request: Request, reading: AddedBodies) -> Response:
    services = task_services(request)
    submission, errors = await to_thread.run_sync(_judge, raw, request, reading)
    try:
        accepted = await accept(submission, errors, services, at="{}.args", many=True)
    except UnknownId as error:
        tasks = enumerate(submission.tasks)
        place = next(place for place, task in tasks if task.subject == error.number)
        raise _unknown_subject(f"{place}.", reading, error) from error
    answer = with_pending({"ids": accepted.task_ids}, accepted.pending)
    return json_response(answer, 201, replayed=accepted.replayed)


def _unknown_subject(at: str, reading: AddedBodies, error: UnknownId) -> ProblemError:
    said = UnknownId(reading.subject, error.number)
    return bad_field(f"{at}{reading.subject}_id", str(said))


def _judge(
    raw: bytes, request: Request, reading: AddedBodies
) -> tuple[Submission, list[FieldError]]:
    """Parse a list of tasks and collect their errors; takes its time."""
    parsed, services = parse(raw, reading.many), task_services(request)
    found = [reading.make(body, services, f"{place}.") for place, body in enumerate(parsed)]
    errors = [error for _, wrong in found for error in wrong]
    tasks = [task for task, _ in found]
    key, seconds = idempotency_of(request, parsed), undo_for(request)
    return Submission(tasks=tasks, idempotency=key, undo_for=seconds), errors


@router.get("/tasks", **documented(TaskPage))
def list_tasks(query: TasksAsked, request: Request) -> Response:
    """Return matching rows in order; ``next`` is the ``after`` of the following page.

    A search stops after a while: the page may be short, or empty, while ``next`` is set.
    """
    wanted = TaskFilter.of(query.model_dump())
    asked = TaskQuery(wanted, query.sort, query.after, query.offset, query.limit)
    return json_response(task_services(request).engine.rows(asked))


@router.get("/tasks/ids", **documented(str, media=JSON_LINES))
async def list_ids(query: IdsAsked, request: Request) -> Response:
    """Return the numbers of all matching tasks in order, as of one moment, in lines of JSON.

    Each line has the next ``ids``, at most 50,000; of a search they may be few, or none, while more
    lines come. ``as_of`` is the same in all lines: `GET /events` continues from there.
    ``GET /tasks?id=`` returns rows by their numbers.
    """
    asked = TaskQuery(TaskFilter.of(query.model_dump()), query.sort)
    lines = _id_lines(task_services(request).engine, asked)
    first = await anext(lines)  # what cannot be read is told before the answer begins
    return StreamingResponse(_with_first(first, lines), media_type=JSON_LINES)


async def _with_first(first: bytes, others: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    async with aclosing(others):
        yield first
        async for other in others:
            yield other


async def _id_lines(engine: Engine, asked: TaskQuery) -> AsyncGenerator[bytes, None]:
    """Yield each part as a line; a slow client does not keep the store's moment open."""
    loop, is_left = asyncio.get_running_loop(), threading.Event()
    coming: asyncio.Queue[bytes | None] = asyncio.Queue()

    def read_all() -> None:
        try:
            for part in engine.ids(asked):
                loop.call_soon_threadsafe(coming.put_nowait, to_json(part) + b"\n")
                if is_left.is_set():
                    return
        finally:
            loop.call_soon_threadsafe(coming.put_nowait, None)

    reading = asyncio.ensure_future(to_thread.run_sync(read_all))
    try:
        while (line := await coming.get()) is not None:
            yield line
        await reading
    finally:
        is_left.set()


@router.get("/tasks/counts", **documented(TaskCounts))
def count_tasks(query: FilterQuery, request: Request) -> Response:
    """Count the matching tasks of every state; of very many, only the newest are counted."""
    wanted = TaskFilter.of(query.model_dump())
    return json_response(task_services(request).engine.counts(wanted))


@router.get("/tasks/{task_id}", **documented(TaskDetail))
def get_task(task_id: PathNumber, request: Request) -> Response:
    """Return the row, its attempts, log, arguments and result."""
    return json_response(task_services(request).engine.task(task_id))


@router.post("/tasks/{task_id}/cancel", **documented(TaskRow, 409, act=True))
async def cancel_task(task_id: PathNumber, request: Request) -> Response:
    """Cancel a task that has not started at once; ask a running attempt to stop."""
    return await json_of(task_services(request).engine.cancel(task_id))


@router.post("/tasks/{task_id}/retry", **documented(TaskRow, 409, act=True))
async def retry_task(task_id: PathNumber, request: Request) -> Response:
    """Queue a failed, cancelled or waiting task; a held queue tries again with it.

    A queued task can be retried while its queue is held.
    """
    return await json_of(task_services(request).engine.retry(task_id))


@router.post(
    "/tasks/{task_id}/resolve",
    **documented(TaskRow, 409, body=bodies.Resolution, act=True),
)
async def resolve_task(task_id: PathNumber, request: Request) -> Response:
    """Settle an uncertain task: it was done, or it is done again."""
    body = await read(request, bodies.RESOLUTION)
    name_act(body["outcome"])
    return await json_of(task_services(request).engine.resolve(task_id, body["outcome"]))


@router.patch(
    "/tasks/{task_id}",
    **documented(TaskRow, 409, body=bodies.TaskChangeBody, act=True),
)
async def change_task(task_id: PathNumber, request: Request) -> Response:
    """Apply all of the change or nothing.

    `run_at` is for scheduled and queued tasks, `seen` for failed and uncertain ones.
    """
    body = await read(request, bodies.TASK_CHANGE)
    if body.keys() == {"seen"}:
        name_act("seen" if body["seen"] else "unseen")
    run_at = None
    if "run_at" in body:
        run_at = NOW if body["run_at"] is None else bodies.moment(body["run_at"])
    wanted = TaskChange(run_at, body.get("priority"), body.get("seen"))
    return await json_of(task_services(request).engine.change_task(task_id, wanted))


@router.get("/causes", **documented(Causes))
def list_causes(query: CauseQuery, request: Request) -> Response:
    """Count the tasks of each cause: failed, waiting and uncertain ones, or those of ``state``.

    A pause of everything, of a queue or of a batch is a cause too, while it keeps tasks waiting.
    Tasks that were marked as seen or sent again are not counted. ``batch_id`` selects the causes of
    one batch.

    ``GET /tasks?seen=false&cause=`` lists the tasks of a cause, and `POST /tasks/bulk` with that
    filter retries them. The time this takes does not depend on the number of tasks.
    """
    states = query.state.split(",") if query.state else CASES
    return json_response({"causes": task_services(request).engine.causes(states, query.batch_id)})


@router.get("/functions", **documented(TaskFunctions))
def list_functions(request: Request) -> Response:
    """List every task that `POST /tasks` can add, by title, with a JSON Schema for a form.

    ``parameters`` describes one object with a property for each parameter. Pass a property in
    ``kwargs``, or at its place in ``args`` if it has ``x-by-place``. The list of a property with
    ``x-rest`` follows the others in ``args``. An enum's ``x-members`` are the names of its values.
    """
    return json_response({"functions": described_functions(task_services(request).registry)})


def described_functions(registry: Registry) -> list[TaskFunction]:
    """Describe registered tasks, by title."""
    found = [described_function(spec) for spec in registry.specs()]
    return sorted(found, key=lambda each: (each["title"].casefold(), each["name"]))
