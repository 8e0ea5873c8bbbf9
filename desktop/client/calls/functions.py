"""What shell and window ask about registered tasks and their schedules: calls that block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.client.http import Http
    from desktop.contract.functions import Schedule, TaskFunction
    from desktop.contract.tasks import TaskRow


class FunctionCalls:
    """Functions that can be run as tasks; every method raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def all(self) -> list[TaskFunction]:
        """Read which tasks can be run, with the arguments each takes, by title."""
        return cast("list[TaskFunction]", self._http.call("GET", "/functions").data["functions"])

    def run(
        self,
        name: str,
        arguments: Mapping[str, Any],
        key: str,
        args: Sequence[Any] = (),
        **timing: Any,
    ) -> TaskRow:
        """Schedule a registered task by its name; answers its row.

        The ``arguments`` by name, and ``args`` by place, become what the function is annotated
        with: text a date, an object a model. ``Refused`` (422) names those that do not. ``timing``
        is ``delay``, ``run_at`` or what else ``POST /tasks`` takes. The same call with the same
        ``key`` has the answer of the first one and no other effect.
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
        """Read the tasks that run by themselves, and when."""
        return cast("list[Schedule]", self._http.call("GET", "/schedules").data["schedules"])

    def pause(self, name: str) -> Schedule:
        """Make no task of it at its due times until it is resumed."""
        return self._steer(name, "pause")

    def resume(self, name: str) -> Schedule:
        """Go on with its next due time."""
        return self._steer(name, "resume")

    def run(self, name: str, key: str) -> TaskRow:
        """Make its task now; the same ``key`` again has no other effect."""
        return cast("TaskRow", self._http.call("POST", _place(name, "run"), key=key).data)

    def _steer(self, name: str, verb: str) -> Schedule:
        return cast("Schedule", self._http.call("POST", _place(name, verb), repeatable=True).data)


def _place(name: str, verb: str) -> str:
    return f"/schedules/{quote(name, safe='')}/{verb}"
