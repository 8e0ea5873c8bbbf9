"""What the window asks of the backend about schedules: calls that block, so they run as jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from desktop.client.http import Http
    from desktop.contract.schedules import Schedule
    from desktop.contract.tasks import TaskRow


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
