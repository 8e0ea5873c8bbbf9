"""Blocking calls about registered tasks and their schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from desktop.client.calls import segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.client.http import Http
    from desktop.contract.functions import Schedule, TaskFunction
    from desktop.contract.tasks import TaskRow


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
        return cast("TaskRow", self._http.call("POST", _place(name, "run"), key=key).data)

    def _steer(self, name: str, verb: str) -> Schedule:
        return cast("Schedule", self._http.call("POST", _place(name, verb), repeatable=True).data)


def _place(name: str, verb: str) -> str:
    return f"/schedules/{segment(name)}/{verb}"
