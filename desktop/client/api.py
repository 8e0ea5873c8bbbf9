"""The backend's API as blocking calls; the window runs them as jobs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from desktop.client.calls import BatchCalls, ItemCalls, ManyCalls, segment
from desktop.client.calls import TaskQuery as TaskQuery
from desktop.client.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from desktop.client.http import Http, HttpAnswer
    from desktop.contract.causes import Cause
    from desktop.contract.events import Stats
    from desktop.contract.items import Item
    from desktop.contract.queues import Overview, Queue
    from desktop.contract.tasks import (
        Schedule,
        TaskCounts,
        TaskDetail,
        TaskFunction,
        TaskPage,
        TaskPatch,
        TaskRow,
    )
    from desktop.settings.backend_file import Backend


ATTACH_WITHIN: Final = 60.0
"""Limit of each wait of an upload, in seconds."""


class TemplateCalls:
    """The routes of ``/templates``; every method raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def all(self) -> list[dict[str, Any]]:
        """List the templates with their fields."""
        return cast("list[dict[str, Any]]", self.listed()["details"])

    def listed(self) -> dict[str, Any]:
        """List the templates with their fields, and the deleted ones with their last versions."""
        return cast("dict[str, Any]", self._http.call("GET", "/templates").data)

    def restore(self, name: str, version: str) -> dict[str, Any]:
        """Write an earlier version of a template; returns the template as :meth:`one` does."""
        return self.save(name, {"source": self.version(name, version)["source"]})

    def one(self, name: str) -> dict[str, Any]:
        """Read one template: its parts, attachments, fields and versions."""
        return cast("dict[str, Any]", self._http.call("GET", _place(name)).data)

    def messages(self, name: str) -> dict[str, Any]:
        """Count the messages that need a template, and find those that cannot be made with it."""
        return cast("dict[str, Any]", self._http.call("GET", f"{_place(name)}/messages").data)

    def version(self, name: str, version: str) -> dict[str, Any]:
        """Read an earlier version of a template."""
        path = f"{_place(name)}/versions/{segment(version)}"
        return cast("dict[str, Any]", self._http.call("GET", path).data)

    def save(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Write a template; returns it as :meth:`one` does."""
        return cast("dict[str, Any]", self._http.call("PUT", _place(name), json=body).data)

    def delete(self, name: str) -> None:
        """Delete a template; ``Refused`` (409) while open tasks use it."""
        self._http.call("DELETE", _place(name))

    def store(self, name: str, file: str, path: Path) -> None:
        """Store a file, for a save to attach; raises ``OSError`` if it cannot be read."""
        place = f"{_place(name)}/attachments/{segment(file)}"
        with path.open("rb") as content:
            self._http.call("PUT", place, content=content, within=ATTACH_WITHIN)


def _place(name: str) -> str:
    return f"/templates/{segment(name)}"


PAGE: Final = 256
"""Rows of one page of the table."""
MAIL_WITHIN: Final = 120.0
"""Seconds that a mail test may take, for slow servers."""


def new_key() -> str:
    """Make an ``Idempotency-Key``."""
    return secrets.token_hex(16)


class Api:
    """One backend's routes; every method blocks and raises ``client.errors.ClientError``.

    Thread-safe: all threads share one pool of connections.
    """

    def __init__(self, backend: Backend) -> None:
        # httpx takes 0.1 s to import, and this module is imported before the window is shown.
        from desktop.client.http import Http

        self.backend = backend
        self._http = Http(backend)
        self.templates = TemplateCalls(self._http)
        self.batches = BatchCalls(self._http)
        self.functions = FunctionCalls(self._http)
        self.schedules = ScheduleCalls(self._http)
        self.items = ItemCalls(self._http)
        self.many = ManyCalls(self._http)

    def close(self) -> None:
        """Close the connections; calls under way end with ``BackendGone``."""
        self._http.close()

    def page(
        self,
        query: TaskQuery,
        *,
        after: str | None = None,
        offset: int | None = None,
        limit: int = PAGE,
    ) -> TaskPage:
        """Read the first page, the one after cursor ``after``, or the one at ``offset``."""
        params = {**query.filter(), "sort": query.sort, "limit": limit}
        params |= {} if after is None else {"after": after}
        params |= {} if offset is None else {"offset": offset}
        return cast("TaskPage", self._get("/tasks", params))

    def count_tasks(self, query: TaskQuery) -> TaskCounts:
        """Count the tasks of a query by state; its own states do not count."""
        asked = {key: value for key, value in query.filter().items() if key != "state"}
        return cast("TaskCounts", self._get("/tasks/counts", asked))

    def causes(self, states: Sequence[str] = (), batch_id: int | None = None) -> list[Cause]:
        """Read the causes of failed, waiting and uncertain tasks, or of those in ``states``.

        ``batch_id`` selects the causes of one batch.
        """
        params: dict[str, str | int] = {"state": ",".join(states)} if states else {}
        if batch_id is not None:
            params["batch_id"] = batch_id
        return cast("list[Cause]", self._get("/causes", params)["causes"])

    def task(self, task_id: int) -> TaskDetail:
        """Read a task with its attempts, log, arguments and result."""
        return cast("TaskDetail", self._get(f"/tasks/{task_id}"))

    def task_with_item(self, task_id: int) -> tuple[TaskDetail, Item | None]:
        """Read a task and its item; ``None`` if it has no item or the item was deleted."""
        task = self.task(task_id)
        if task["item_id"] is None:
            return task, None
        try:
            return task, self.items.one(task["item_id"])
        except Refused:
            return task, None

    def cancel(self, task_id: int) -> TaskRow:
        """Stop a task."""
        return cast("TaskRow", self._post(f"/tasks/{task_id}/cancel").data)

    def retry(self, task_id: int) -> TaskRow:
        """Run a task again, or a waiting one now."""
        return cast("TaskRow", self._post(f"/tasks/{task_id}/retry").data)

    def resolve(self, task_id: int, outcome: Literal["done", "again"]) -> TaskRow:
        """Settle an uncertain task."""
        body = {"outcome": outcome}
        return cast("TaskRow", self._post(f"/tasks/{task_id}/resolve", body).data)

    def change_task(self, task_id: int, change: TaskPatch) -> TaskRow:
        """Change when a task starts, its priority, or whether it was seen."""
        return cast("TaskRow", self._http.call("PATCH", f"/tasks/{task_id}", json=change).data)

    def queues(self) -> list[Queue]:
        """Read the queues: limits, whether they are paused or held, and counts."""
        return cast("list[Queue]", self._get("/queues")["queues"])

    def pause(self, queue: str | None) -> list[Queue]:
        """Start no new task of a queue, or of all; returns the queues concerned."""
        return self._steer("pause", queue)

    def resume(self, queue: str | None) -> list[Queue]:
        """Resume a paused queue, or all; returns the queues concerned."""
        return self._steer("resume", queue)

    def retry_queue(self, queue: str) -> list[Queue]:
        """Let a held queue try at once; returns it."""
        return self._steer("retry", queue)

    def overview(self, span: str) -> Overview:
        """Read the statistics of the last ``hour`` or ``day``, and the current queues."""
        return cast("Overview", self._get("/overview", {"span": span}))

    def stats(self) -> Stats:
        """Read counts per state, rates and lanes."""
        return cast("Stats", self._get("/stats"))

    def settings(self) -> dict[str, Any]:
        """Read the settings of mail, window and queues."""
        return cast("dict[str, Any]", self._get("/settings"))

    def save_settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Change settings, by section and key; returns all settings."""
        return cast("dict[str, Any]", self._http.call("PUT", "/settings", json=settings).data)

    def test_mail(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send a test message, by the saved settings or by the given ones."""
        answer = self._http.call("POST", "/mail/test", json=body, within=MAIL_WITHIN)
        return cast("dict[str, Any]", answer.data)

    def message(self, task_id: int) -> dict[str, Any]:
        """Read the message that a task sent or would send."""
        return cast("dict[str, Any]", self._get(f"/tasks/{task_id}/message"))

    def preview(self, body: dict[str, Any]) -> dict[str, Any]:
        """Render a message without sending it."""
        answer = self._http.call("POST", "/templates/preview", json=body, repeatable=True)
        return cast("dict[str, Any]", answer.data)

    def _steer(self, verb: Literal["pause", "resume", "retry"], queue: str | None) -> list[Queue]:
        if queue is None:
            every = self._http.call("POST", f"/queues/{verb}", repeatable=True).data
            return cast("list[Queue]", every["queues"])
        path = f"/queues/{segment(queue)}/{verb}"
        return [cast("Queue", self._http.call("POST", path, repeatable=True).data)]

    def _get(self, path: str, params: dict[str, str | int] | None = None) -> Any:
        return self._http.call("GET", path, params=params).data

    def _post(self, path: str, json: object = None) -> HttpAnswer:
        return self._http.call("POST", path, json=json)


class FunctionCalls:
    """Calls about functions that can be run as tasks; each raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def all(self) -> list[TaskFunction]:
        """List the tasks that can be run, with their parameters, by title."""
        return cast("list[TaskFunction]", self._http.call("GET", "/functions").data["functions"])

    def run(
        self,
        name: str,
        arguments: Mapping[str, Any],
        key: str,
        args: Sequence[Any] = (),
        **timing: Any,
    ) -> TaskRow:
        """Add a task by its registered name; returns its row.

        ``arguments`` are by name, ``args`` by position. They are converted to the types of the
        function's annotations: a text to a date, an object to a model. ``Refused`` (422) names
        those that cannot be. ``timing`` is ``delay``, ``run_at`` or another key of ``POST /tasks``.
        A repeated call with the same ``key`` has the first answer and no second effect.
        """
        body = {"task": name, "kwargs": dict(arguments), **timing}
        if args:
            body["args"] = list(args)
        return cast("TaskRow", self._http.call("POST", "/tasks", json=body, key=key).data)


class ScheduleCalls:
    """The routes of ``/schedules``; every method raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def all(self) -> list[Schedule]:
        """List the tasks that run by themselves, with their next due times."""
        return cast("list[Schedule]", self._http.call("GET", "/schedules").data["schedules"])

    def pause(self, name: str) -> Schedule:
        """Add no task at the schedule's due times until it is resumed."""
        return self._steer(name, "pause")

    def resume(self, name: str) -> Schedule:
        """Continue with the next due time."""
        return self._steer(name, "resume")

    def run(self, name: str, key: str) -> TaskRow:
        """Add the schedule's task now; a repeated call with the same ``key`` adds no second one."""
        return cast("TaskRow", self._http.call("POST", _schedule_path(name, "run"), key=key).data)

    def _steer(self, name: str, verb: str) -> Schedule:
        return cast(
            "Schedule", self._http.call("POST", _schedule_path(name, verb), repeatable=True).data
        )


def _schedule_path(name: str, verb: str) -> str:
    return f"/schedules/{segment(name)}/{verb}"


class ApiSource:
    """Holds the client of the current backend for widgets; ``api`` is ``None`` while it is gone.

    ``on_back`` is called each time the backend answers again.
    """

    def __init__(self, api: Api | None = None) -> None:
        self.api = api
        self.on_back: Callable[[], object] = lambda: None
        self._once_back: dict[object, Callable[[], object]] = {}

    def once_back(self, who: object, follows: Callable[[], object]) -> None:
        """Call ``follows`` once the backend answers again; replaces an earlier one of ``who``."""
        self._once_back[who] = follows

    def forget(self, who: object) -> None:
        """Drop the callback of ``who``."""
        self._once_back.pop(who, None)

    def go_on(self) -> None:
        """Call what has waited for the backend: it answers."""
        waiting, self._once_back = self._once_back, {}
        self.on_back()
        for follows in waiting.values():
            follows()
