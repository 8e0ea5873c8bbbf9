"""The backend's whole API as blocking calls; the window runs them as jobs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, Literal

from desktop.client.calls import ActionCalls, BatchCalls, Calls, ItemCalls, TaskCalls, segment
from desktop.client.calls import TaskQuery as TaskQuery
from desktop.client.do_not_send import DoNotSendCalls
from desktop.client.errors import Refused, is_missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desktop.contract.items import Item
    from desktop.contract.model.events import Stats
    from desktop.contract.model.queues import Overview, Queue
    from desktop.contract.model.tasks import Schedule, TaskDetail, TaskFunction, TaskRow
    from desktop.contract.settings import SettingsView
    from desktop.contract.sign_in import SignInView
    from desktop.settings.backend_addresses import Backend


ATTACH_WITHIN: Final = 60.0
"""Limit of each wait of an upload, in seconds."""
MAIL_WITHIN: Final = 120.0
"""Seconds that a mail test may take, for slow servers."""


class TemplateCalls(Calls):
    """The routes of ``/templates``."""

    def all(self) -> list[dict[str, Any]]:
        """List the templates with their fields."""
        return self._call("GET", "/templates", "details")

    def listed(self) -> dict[str, Any]:
        """List the templates with their fields, and the deleted ones with their last versions."""
        return self._call("GET", "/templates")

    def restore(self, name: str, version: str) -> dict[str, Any]:
        """Write an earlier version of a template; returns the template as :meth:`one` does."""
        return self.save(name, {"source": self.version(name, version)["source"]})

    def one(self, name: str) -> dict[str, Any]:
        """Read one template: its parts, attachments, fields and versions."""
        return self._call("GET", _place(name))

    def messages(self, name: str) -> dict[str, Any]:
        """Count the messages that need a template, and those of an older edition of it."""
        return self._call("GET", f"{_place(name)}/messages")

    def take_newest(self, name: str, kinds: Sequence[str]) -> dict[str, Any]:
        """Have messages of these kinds use the template as it is now."""
        return self._call("POST", f"{_place(name)}/newest", json={"kinds": [*kinds]})

    def version(self, name: str, version: str) -> dict[str, Any]:
        """Read an earlier version of a template."""
        return self._call("GET", f"{_place(name)}/versions/{segment(version)}")

    def save(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Write a template; returns it as :meth:`one` does."""
        return self._call("PUT", _place(name), json=body)

    def letterhead(self) -> dict[str, Any]:
        """Read what all letters share; ``logo`` is a PNG in base64, or ``None``."""
        return self._call("GET", "/letterhead")

    def save_letterhead(self, head: dict[str, Any]) -> dict[str, Any]:
        """Write what all letters share."""
        return self._call("PUT", "/letterhead", json=head)

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
        return self._call("POST", "/tasks", json=body, key=key)


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


class SignInCalls(Calls):
    """The routes of ``/mail/sign-in``."""

    def read(self, mail: Mapping[str, str] | None = None) -> SignInView:
        """Read the sign-in for the saved mail settings, or for others."""
        return self._call("GET", "/mail/sign-in", params=dict(mail or {}))

    def begin(self, mail: Mapping[str, Any] | None = None, *, shared: bool = False) -> SignInView:
        """Begin to sign in, by the saved mail settings or by others."""
        return self._call("POST", "/mail/sign-in", json={"mail": mail or {}, "shared": shared})

    def cancel(self) -> SignInView:
        """Stop waiting for a person to sign in."""
        return self._call("POST", "/mail/sign-in/cancel")

    def sign_out(self) -> SignInView:
        """Sign out."""
        return self._call("DELETE", "/mail/sign-in")


def new_key() -> str:
    """Make an ``Idempotency-Key``."""
    return secrets.token_hex(16)


class Api(TaskCalls):
    """All routes of one backend. Thread-safe: all threads share one pool of connections."""

    def __init__(self, backend: Backend) -> None:
        # httpx takes 0.1 s to import, and this module is imported before the window is shown.
        from desktop.client.http import Http

        super().__init__(Http(backend))
        self.backend = backend
        self.templates = TemplateCalls(self._http)
        self.batches = BatchCalls(self._http)
        self.functions = FunctionCalls(self._http)
        self.schedules = ScheduleCalls(self._http)
        self.sign_in = SignInCalls(self._http)
        self.items = ItemCalls(self._http)
        self.do_not_send = DoNotSendCalls(self._http)
        self.actions = ActionCalls(self._http)

    def close(self) -> None:
        """Close the connections; calls under way end with ``BackendGone``."""
        self._http.close()

    def has_items(self) -> bool:
        """Tell whether this is Sendoff's own backend, not the monitor of an app."""
        try:
            self.items.recent(1)
        except Refused as error:
            if is_missing(error):
                return False
            raise
        return True

    def task_with_item(self, task_id: int) -> tuple[TaskDetail, Item | None]:
        """Read a task and its item; ``None`` if it has no item or the item was deleted."""
        task = self.task(task_id)
        if task["item_id"] is None:
            return task, None
        try:
            return task, self.items.one(task["item_id"])
        except Refused:
            return task, None

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

    def overview(self, span: str) -> Overview:
        """Read the statistics of the last ``hour`` or ``day``, and the current queues."""
        return self._call("GET", "/overview", params={"span": span})

    def stats(self) -> Stats:
        """Read counts per state, rates and lanes."""
        return self._call("GET", "/stats")

    def settings(self) -> SettingsView:
        """Read the settings of mail, window and queues."""
        return self._call("GET", "/settings")

    def save_settings(self, settings: dict[str, Any]) -> SettingsView:
        """Change settings, by section and key; returns all settings."""
        return self._call("PUT", "/settings", json=settings)

    def test_mail(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send a test message, by the saved settings or by the given ones."""
        return self._call("POST", "/mail/test", json=body, within=MAIL_WITHIN)

    def preview(self, body: dict[str, Any]) -> dict[str, Any]:
        """Render a message without sending it."""
        return self._call("POST", "/templates/preview", json=body, repeatable=True)

    def _steer(self, verb: Literal["pause", "resume", "retry"], queue: str | None) -> list[Queue]:
        if queue is None:
            return self._call("POST", f"/queues/{verb}", "queues", repeatable=True)
        path = f"/queues/{segment(queue)}/{verb}"
        return [self._call("POST", path, repeatable=True)]
