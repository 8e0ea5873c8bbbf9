"""The connection of a shell command to the running backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.api import Api
from desktop.client.errors import BackendGone, ClientError, TokenRefused, TooSlow, is_missing
from desktop.client.health import running_backend
from desktop.settings.backend_addresses import NO_PID, Backend
from desktop.settings.paths import DataFolder, data_dir
from desktop.settings.tokens import NoToken
from desktop.shell.command_line import BackendPlace, fail, until_unheard

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from desktop.client.errors import Refused
    from desktop.shell.command_line import BackendAddress

NOT_RUNNING = "Sendoff is not running here: start Sendoff or `sendoff serve`."

NO_FOLDER = "{} is a file, not a data folder: name another with --data-dir."

APP_AWAY = "The app that these tasks belong to is not running, or runs without its monitor."

SERVER_AWAY = "The tasks here are in a database on a server: start `sendoff serve --database URL`."

NO_ITEMS = "The tasks here are an app's own: it takes neither items nor spreadsheets."


def why_away(data: DataFolder) -> str:
    """Say why no backend of a data folder runs, and what to do."""
    if data.root.is_file():
        return NO_FOLDER.format(data.root)
    if data.app_mark.exists():
        return APP_AWAY
    return SERVER_AWAY if data.server_mark.exists() else NOT_RUNNING


def with_backend(place: BackendPlace, command: Callable[[Api], int]) -> int:
    """Run a command against the backend of this place; return its exit status.

    A failure prints one sentence on stderr and returns 1. If the reader of stdout goes away, as
    ``head`` does, that is no failure: the status is 0.
    """
    if place.address is not None:
        return _with_address(place.address, command)
    data = DataFolder(data_dir(place.folder))
    not_running = why_away(data)
    backend = running_backend(data)
    if backend is None:
        return fail(not_running)
    return _talk(backend, command, lambda _: not_running)


def refused(error: Refused) -> int:
    """Say why a backend does not take what is about items; return 1."""
    return fail(NO_ITEMS if is_missing(error) else str(error))


def asks_backend(
    command: Callable[[Api, argparse.Namespace], int],
) -> Callable[[argparse.Namespace], int]:
    """Have a command run :func:`with_backend` at the place that its options name."""
    return lambda options: with_backend(options.place, lambda api: command(api, options))


def _with_address(address: BackendAddress, command: Callable[[Api], int]) -> int:
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

    return _talk(backend, command, away)


def _talk(
    backend: Backend, command: Callable[[Api], int], away: Callable[[BackendGone], str]
) -> int:
    api = Api(backend)
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
