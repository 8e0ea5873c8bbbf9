"""``sendoff run``: schedule any registered task with typed arguments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from desktop.client.api import new_key
from desktop.client.errors import Refused
from desktop.shell.session import with_backend
from desktop.shell.terminal import fail, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.problems import FieldError
    from desktop.contract.tasks import TaskRow
    from desktop.shell.backend_address import BackendPlace

_KWARGS = "kwargs."


def run(place: BackendPlace, name: str, arguments: Mapping[str, str]) -> int:
    """Schedule a task and print its number."""

    def command(api: Api) -> int:
        try:
            row = _scheduled(api, name, arguments)
        except Refused as error:
            return fail(_sentence(error))
        say(f"Task {row['id']} is {row['state']}.")
        return 0

    return with_backend(place, command)


def _scheduled(api: Api, name: str, typed: Mapping[str, str]) -> TaskRow:
    """Schedule the task; if it refuses arguments as text, try them as JSON."""
    try:
        return api.functions.run(name, typed, new_key())
    except Refused as error:
        arguments = {**typed, **_as_json(typed, error.field_errors)}
        if arguments == typed:
            raise
        return api.functions.run(name, arguments, new_key())


def _as_json(typed: Mapping[str, str], errors: Sequence[FieldError]) -> dict[str, Any]:
    """Parse as JSON each refused argument that is valid JSON."""
    read: dict[str, Any] = {}
    for error in errors:
        name = _argument(error)
        if name in typed:
            try:
                read[name] = json.loads(typed[name])
            except ValueError:
                continue
    return read


def _sentence(refused: Refused) -> str:
    """Say what is wrong with the first refused argument."""
    if not refused.field_errors:
        return str(refused)
    error = refused.field_errors[0]
    name = _argument(error)
    return f"{name}: {error['message']}" if name else error["message"]


def _argument(error: FieldError) -> str:
    """Return the name of the argument and the path in it; empty if the error is elsewhere."""
    path = error["path"]
    return path.removeprefix(_KWARGS) if path.startswith(_KWARGS) else ""
