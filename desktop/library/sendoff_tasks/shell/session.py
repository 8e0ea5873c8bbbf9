"""The connection of a shell command to the running backend."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from sendoff_tasks.client.calls import TasksApi
from sendoff_tasks.client.errors import BackendGone, ClientError, TokenRefused, TooSlow
from sendoff_tasks.client.health import running_backend
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend
from sendoff_tasks.folder.paths import DataFolder, data_dir
from sendoff_tasks.folder.tokens import NoToken
from sendoff_tasks.model.program import PROGRAM, command
from sendoff_tasks.shell.command_line import BackendPlace, fail, until_unheard
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from sendoff_tasks.shell.command_line import BackendAddress

A = TypeVar("A", bound=TasksApi)

_said: Final = partial(ENGLISH.say, "session")


def why_away(data: DataFolder) -> str:
    """Say why no backend of a data folder runs, and what to do."""
    if data.root.is_file():
        return _said("no_folder", file=data.root)
    if data.app_mark.exists():
        away = data.worker_away or _said("app_away")
        copy = _said("copy", command=command("monitor"))
        return ENGLISH.both(away, copy) if data.db.exists() else away
    serve = PROGRAM.serve
    if data.server_mark.exists():
        start = command(f"{serve} --database URL") if serve else _said("their_app")
        return _said("server_away", start=start)
    start = f"{PROGRAM.title} or {command(serve)}" if serve else _said("their_app")
    return _said("not_running", start=start)


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
            return _said("expired", file=address.token_file)
        if isinstance(error, TokenRefused):
            return _said("not_taken", address=address.url, file=address.token_file)
        row = "unreached_why" if error.__cause__ else "unreached"
        return _said(row, address=address.url, why=str(error.__cause__).rstrip("."))

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
