"""The backend's whole API as blocking calls; the window runs them as jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from desktop.client.do_not_send import DoNotSendCalls
from desktop.client.items import BatchCalls, ItemCalls
from desktop.contract.office import OfficeTask, office_task
from sendoff_tasks.client.calls import Calls, TasksApi, segment
from sendoff_tasks.client.errors import Refused, is_missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desktop.contract.items import ItemDetail
    from desktop.contract.office import OfficeTask
    from desktop.contract.settings import SettingsView
    from desktop.contract.sign_in import SignInView
    from sendoff_tasks.folder.backend_addresses import Backend


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

    def sign_out(self, mail: Mapping[str, str] | None = None) -> SignInView:
        """Sign out, by the saved mail settings or by others."""
        return self._call("DELETE", "/mail/sign-in", params=dict(mail or {}))


class Api(TasksApi):
    """All routes of one backend."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.templates = TemplateCalls(self._http)
        self.batches = BatchCalls(self._http)
        self.sign_in = SignInCalls(self._http)
        self.items = ItemCalls(self._http)
        self.do_not_send = DoNotSendCalls(self._http)

    def has_items(self) -> bool:
        """Tell whether this is Sendoff's own backend, not the monitor of an app."""
        try:
            self.items.recent(1)
        except Refused as error:
            if is_missing(error):
                return False
            raise
        return True

    def task(self, task_id: int) -> OfficeTask:
        """Read a task with its attempts, log, arguments and result."""
        return office_task(super().task(task_id))

    def task_with_item(self, task_id: int) -> tuple[OfficeTask, ItemDetail | None]:
        """Read a task and its item; ``None`` if it has no item or the item was deleted."""
        task = self.task(task_id)
        number = task.get("item_id")
        if number is None:
            return task, None
        try:
            return task, self.items.one(number)
        except Refused:
            return task, None

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

    def message(self, task_id: int, *, again: bool = False) -> dict[str, Any]:
        """Read the message that a task sent or would send; ``again``: a new task in its place."""
        params = {"again": "true" if again else None}
        return self._call("GET", f"/tasks/{task_id}/message", params=params)
