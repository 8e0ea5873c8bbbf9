"""Blocking calls of the API of tasks: tasks, actions on many, functions, schedules, queues."""

from __future__ import annotations

import json
import secrets
from contextlib import closing
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict, TypeVar, Unpack, cast
from urllib.parse import quote

from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.tasks import BULK_LIMIT, PAGE_LIMIT
from sendoff_tasks.model.text import whole_characters

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence, Set
    from typing import IO

    from sendoff_tasks.client.http import Http
    from sendoff_tasks.folder.backend_addresses import Backend
    from sendoff_tasks.model.acts import ActPage
    from sendoff_tasks.model.causes import Cause
    from sendoff_tasks.model.events import Stats
    from sendoff_tasks.model.queues import Queue
    from sendoff_tasks.model.tasks import (
        AddedTask,
        BulkAction,
        BulkAnswer,
        IdsPart,
        PendingRow,
        Schedule,
        TaskCounts,
        TaskDetail,
        TaskFunction,
        TaskPage,
        TaskPatch,
        TaskRow,
    )


def segment(name: str) -> str:
    """Return a name as one segment of a path; U+FFFD replaces half characters, as in file names."""
    return quote(whole_characters(name), safe="")


T = TypeVar("T")


class CallOptions(TypedDict, total=False):
    """The options of ``Http.call``."""

    json: object
    content: bytes | IO[bytes]
    params: Mapping[str, str | float | None] | None
    key: str | None
    repeatable: bool
    within: float


class Calls:
    """Some routes of one backend; every method blocks and raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def _call(
        self, method: str, path: str, part: str | None = None, **options: Unpack[CallOptions]
    ) -> T:  # type: ignore[type-var] # it is what the caller returns
        """Send one request; return the JSON of its answer, or the ``part`` of that name."""
        answer = self._http.call(method, path, **options).data
        return cast("T", answer if part is None else answer[part])


P = TypeVar("P", bound="Mapping[str, object]")


def pages(read: Callable[[str | None], P]) -> Iterator[P]:
    """Read every page of a list; ``read`` reads the page after a place, ``None`` the first."""
    after: str | None = None
    while True:
        page = read(after)
        yield page
        if page["next"] is None:
            return
        after = str(page["next"])


@dataclass(frozen=True, slots=True)
class SortedFilter(TaskFilter):
    """The filter and order of the table; the default is all tasks, newest first."""

    sort: str = "-id"


PAGE: Final = 256
"""Rows of one page of the table."""


class TaskCalls(Calls):
    """The routes of ``/tasks`` and of the causes for which tasks wait or ended."""

    def page(
        self,
        query: SortedFilter,
        *,
        after: str | None = None,
        offset: int | None = None,
        limit: int = PAGE,
    ) -> TaskPage:
        """Read the first page, the one after cursor ``after``, or the one at ``offset``."""
        place = {"sort": query.sort, "limit": limit, "after": after, "offset": offset}
        return self._call("GET", "/tasks", params=query.parameters() | place)

    def ids(self, query: SortedFilter) -> Generator[IdsPart, None, None]:
        """Read the numbers of all matching tasks in order, a part at a time, as of one moment.

        To leave the loop, or to close the generator, stops the backend's search.
        """
        asked = query.parameters() | {"sort": query.sort}
        with closing(self._http.lines("/tasks/ids", asked)) as lines:
            yield from map(json.loads, lines)

    def count_tasks(self, query: SortedFilter) -> TaskCounts:
        """Count the tasks of a query by state; its own states do not count."""
        asked = {key: value for key, value in query.parameters().items() if key != "state"}
        return self._call("GET", "/tasks/counts", params=asked)

    def causes(self, states: Sequence[str] = (), batch_id: int | None = None) -> list[Cause]:
        """Read the causes of failed, waiting and uncertain tasks, or of those in ``states``.

        ``batch_id`` selects the causes of one batch.
        """
        params = {"state": ",".join(states), "batch_id": batch_id}
        return self._call("GET", "/causes", "causes", params=params)

    def task(self, task_id: int) -> TaskDetail:
        """Read a task with its attempts, log, arguments and result."""
        return self._call("GET", f"/tasks/{task_id}")

    def cancel(self, task_id: int) -> TaskRow:
        """Stop a task."""
        return self._call("POST", f"/tasks/{task_id}/cancel")

    def retry(self, task_id: int) -> TaskRow:
        """Run a task again, or a waiting one now."""
        return self._call("POST", f"/tasks/{task_id}/retry")

    def resolve(self, task_id: int, outcome: Literal["done", "again"]) -> TaskRow:
        """Settle an uncertain task."""
        return self._call("POST", f"/tasks/{task_id}/resolve", json={"outcome": outcome})

    def change_task(self, task_id: int, change: TaskPatch) -> TaskRow:
        """Change when a task starts, its priority, or whether it was seen."""
        return self._call("PATCH", f"/tasks/{task_id}", json=change)


ACT_WITHIN: Final = 60.0
"""Seconds until an action counts as unanswered; a repeated call with its key waits on."""


class ActionCalls(Calls):
    """The routes of ``/tasks/bulk`` and ``/pending``."""

    def act(
        self,
        action: BulkAction,
        ids: Sequence[int] | None = None,
        query: SortedFilter | None = None,
        *,
        key: str,
        delay: float = 0,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> BulkAnswer:
        """Act on many tasks: those of ``ids``, or all that match the query.

        With ``delay`` (s) the action is pending so long, and can be undone. A repeated call with
        the same ``key`` continues the first one. ``more`` has other fields of the body.
        """
        body = {**_body(action, ids, query), "delay": delay, **more}
        return self._call("POST", "/tasks/bulk", json=body, key=key, within=ACT_WITHIN)

    def preview(
        self,
        action: BulkAction,
        ids: Sequence[int] | None = None,
        query: SortedFilter | None = None,
    ) -> BulkAnswer:
        """Return what an action would do."""
        body = {**_body(action, ids, query), "preview": True}
        return self._call("POST", "/tasks/bulk", json=body)

    def pending(self) -> list[PendingRow]:
        """Return the actions that can still be undone or are being carried out."""
        return self._call("GET", "/pending", "pending")

    def pending_one(self, number: int) -> PendingRow:
        """Return an action that waits or was carried out; ``Refused`` (404) once it was undone."""
        return self._call("GET", f"/pending/{number}")

    def undo(self, number: int) -> None:
        """Undo a pending action; ``Refused`` (409) once it was carried out, else 404.

        One that has begun is stopped where it is.
        """
        self._http.call("DELETE", f"/pending/{number}")


def _body(
    action: BulkAction, ids: Sequence[int] | None, query: SortedFilter | None
) -> dict[str, Any]:
    body: dict[str, Any] = {"action": action}
    if ids is not None:
        body["ids"] = list(ids)
    if query is not None:
        body["filter"] = query.parameters()
    return body


KEEPS_PLACE: Final = frozenset({"id", "task"})
"""Sort keys that never change, so no task is missed between two pages."""


def all_rows(api: TaskCalls, query: SortedFilter) -> list[TaskRow] | None:
    """Read all matching tasks; ``None`` if there are more than one call takes."""
    found: list[TaskRow] = []
    for page in pages(lambda after: api.page(query, after=after, limit=PAGE_LIMIT)):
        found += page["tasks"]
        if len(found) > BULK_LIMIT:
            return None
    return found


def walk(
    api: TaskCalls, query: SortedFilter, keep_place: Set[str] = KEEPS_PLACE
) -> Iterator[TaskPage]:
    """Read all matching tasks page by page, in an order in which changes cannot hide a task.

    Sorted by a key of ``keep_place``, they can hide none.
    """
    keeps = query.sort.removeprefix("-") in keep_place
    walked = query if keeps else replace(query, sort="-id")
    return pages(lambda after: api.page(walked, after=after, limit=PAGE_LIMIT))


class FunctionCalls(Calls):
    """The routes that list the functions that can be run as tasks, and run one."""

    def all(self) -> list[TaskFunction]:
        """List the tasks that can be run, with their parameters, by title."""
        return self._call("GET", "/functions", "functions")

    def run(
        self,
        name: str,
        arguments: Mapping[str, Any],
        key: str,
        args: Sequence[Any] = (),
        *,
        undo_for: float = 0,
        **timing: Any,
    ) -> AddedTask:
        """Add a task by its registered name; returns its row.

        ``arguments`` are by name, ``args`` by position. They are converted to the types of the
        function's annotations: a text to a date, an object to a model. ``Refused`` (422) names
        those that cannot be. ``timing`` is ``delay``, ``run_at`` or another key of ``POST /tasks``.
        For ``undo_for`` s it can be undone. A repeated call with the same ``key`` has the first
        answer and no second effect.
        """
        body = {"task": name, "kwargs": dict(arguments), **timing}
        if args:
            body["args"] = list(args)
        return self._call("POST", "/tasks", json=body, key=key, params=undoable(undo_for))


def undoable(seconds: float) -> dict[str, str] | None:
    """Return the query of a call whose effect can be undone for so many seconds."""
    return {"undo_for": f"{seconds:g}"} if seconds else None


class ScheduleCalls(Calls):
    """The routes of ``/schedules``."""

    def all(self) -> list[Schedule]:
        """List the tasks that run by themselves, with their next due times."""
        return self._call("GET", "/schedules", "schedules")

    def pause(self, name: str) -> Schedule:
        """Add no task at the schedule's due times until it is resumed."""
        return self._steer(name, "pause")

    def resume(self, name: str) -> Schedule:
        """Continue with the next due time."""
        return self._steer(name, "resume")

    def run(self, name: str, key: str) -> TaskRow:
        """Add the schedule's task now; a repeated call with the same ``key`` adds no second one."""
        return self._call("POST", _schedule_path(name, "run"), key=key)

    def _steer(self, name: str, verb: str) -> Schedule:
        return self._call("POST", _schedule_path(name, verb), repeatable=True)


def _schedule_path(name: str, verb: str) -> str:
    return f"/schedules/{segment(name)}/{verb}"


def new_key() -> str:
    """Make an ``Idempotency-Key``."""
    return secrets.token_hex(16)


class TasksApi(TaskCalls):
    """All routes of tasks of one backend. Thread-safe: all threads share its connections."""

    def __init__(self, backend: Backend) -> None:
        # httpx takes 0.1 s to import, and this module is imported before the window is shown.
        from sendoff_tasks.client.http import Http

        super().__init__(Http(backend))
        self.backend = backend
        self.functions = FunctionCalls(self._http)
        self.schedules = ScheduleCalls(self._http)
        self.actions = ActionCalls(self._http)

    def close(self) -> None:
        """Close the connections; calls under way end with ``BackendGone``."""
        self._http.close()

    def queues(self) -> list[Queue]:
        """Read the queues: limits, whether they are paused or held, and counts."""
        return self._call("GET", "/queues", "queues")

    def pause(self, queue: str | None) -> list[Queue]:
        """Start no new task of a queue, or of all; returns the queues concerned."""
        return self._steer("pause", queue)

    def resume(self, queue: str | None) -> list[Queue]:
        """Resume a paused queue, or all; returns the queues concerned."""
        return self._steer("resume", queue)

    def retry_queue(self, queue: str) -> list[Queue]:
        """Let a held queue try at once; returns it."""
        return self._steer("retry", queue)

    def acts(
        self, asked: Mapping[str, str], after: str | None = None, limit: int = PAGE_LIMIT
    ) -> ActPage:
        """Read a page of who asked for what; ``asked`` is the query."""
        return self._call("GET", "/acts", params={**asked, "limit": limit, "after": after})

    def export_acts(self, asked: Mapping[str, str], into: IO[bytes]) -> None:
        """Write them as CSV; ``OSError`` if that cannot be written."""
        self._http.download("/acts/export", into, within=ACT_WITHIN, params=asked)

    def page_code(self) -> str:
        """Return a code that opens the page of the tasks once, within a minute."""
        return self._call("POST", "/page/once", "code", repeatable=True)

    def stats(self) -> Stats:
        """Read counts per state, rates and lanes."""
        return self._call("GET", "/stats")

    def _steer(self, verb: Literal["pause", "resume", "retry"], queue: str | None) -> list[Queue]:
        if queue is None:
            return self._call("POST", f"/queues/{verb}", "queues", repeatable=True)
        path = f"/queues/{segment(queue)}/{verb}"
        return [self._call("POST", path, repeatable=True)]
