"""The connection of a shell command to the running backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sendoff_tasks.client.calls import TasksApi
from sendoff_tasks.client.errors import BackendGone, ClientError, TokenRefused, TooSlow
from sendoff_tasks.client.health import running_backend
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend
from sendoff_tasks.folder.paths import DataFolder, data_dir
from sendoff_tasks.folder.tokens import NoToken
from sendoff_tasks.model.program import PROGRAM, command
from sendoff_tasks.shell.command_line import BackendPlace, fail, until_unheard

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from sendoff_tasks.shell.command_line import BackendAddress

A = TypeVar("A", bound=TasksApi)

NO_FOLDER = "{} is a file, not a data folder: name another with --data-dir."

APP_AWAY = "The app that these tasks belong to is not running, or runs without its monitor."

COPY = "{} {} shows a copy of them."

NOT_RUNNING = "Nothing runs the tasks here: start {}."

SERVER_AWAY = "The tasks here are in a database on a server: start {}."

THEIR_APP = "the app that they belong to"


def why_away(data: DataFolder) -> str:
    """Say why no backend of a data folder runs, and what to do."""
    if data.root.is_file():
        return NO_FOLDER.format(data.root)
    if data.app_mark.exists():
        return COPY.format(APP_AWAY, command("monitor")) if data.db.exists() else APP_AWAY
    serve = PROGRAM.serve
    if data.server_mark.exists():
        return SERVER_AWAY.format(command(f"{serve} --database URL") if serve else THEIR_APP)
    return NOT_RUNNING.format(f"{PROGRAM.title} or {command(serve)}" if serve else THEIR_APP)


def with_backend(place: BackendPlace, command: Callable[[TasksApi], int]) -> int:
    """Run a command about tasks; see :func:`with_api`."""
    return with_api(TasksApi, place, command)


def with_api(make: Callable[[Backend], A], place: BackendPlace, command: Callable[[A], int]) -> int:
    """Run a command against the backend of this place; return its exit status.

    A failure prints one sentence on stderr and returns 1. If the reader of stdout goes away, as
    ``head`` does, that is no failure: the status is 0.
    """
    if place.address is not None:
        return _with_address(make, place.address, command)
    data = DataFolder(data_dir(place.folder))
    not_running = why_away(data)
    backend = running_backend(data)
    if backend is None:
        return fail(not_running)
    return _talk(make(backend), command, lambda _: not_running)


def asks_backend(
    command: Callable[[TasksApi, argparse.Namespace], int],
) -> Callable[[argparse.Namespace], int]:
    """Have a command run :func:`with_backend` at the place that its options name."""
    return lambda options: with_backend(options.place, lambda api: command(api, options))


def _with_address(
    make: Callable[[Backend], A], address: BackendAddress, command: Callable[[A], int]
) -> int:
    try:
        backend = Backend(address.url, address.token(), NO_PID)
    except NoToken as error:
        return fail(str(error))

    def away(error: BackendGone) -> str:
        if isinstance(error, TokenRefused) and error.has_expired:
            return f"The token in {address.token_file} has expired. Ask for a new one."
        if isinstance(error, TokenRefused):
            return f"{address.url} does not take the token in {address.token_file}."
        reason = f" ({error.__cause__})" if error.__cause__ else ""
        return f"{address.url} cannot be reached{reason}."

    return _talk(make(backend), command, away)


def _talk(api: A, command: Callable[[A], int], away: Callable[[BackendGone], str]) -> int:
    try:
        return until_unheard(lambda: command(api))
    except TooSlow as error:
        return fail(str(error))
    except BackendGone as error:
        return fail(away(error))
    except ClientError as error:
        return fail(str(error))
    finally:
        api.close()
