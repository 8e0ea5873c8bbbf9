"""A shell command's talk with the running backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.api import Api
from desktop.client.errors import BackendGone, ClientError, TooSlow
from desktop.client.health import running_backend
from desktop.settings.paths import DataFolder, data_dir
from desktop.shell.terminal import fail, until_unheard

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_RUNNING = "Sendoff is not running here: start Sendoff or `sendoff serve`."

APP_AWAY = "The app that these tasks belong to is not running, or runs without its monitor."


def with_backend(folder: str | None, command: Callable[[Api], int]) -> int:
    """Run a command against the backend of this data folder; returns its exit status.

    A failure ends as one sentence on stderr and 1; a reader of stdout that goes away, as ``head``
    does, has read enough: that is 0.
    """
    data = DataFolder(data_dir(folder))
    not_running = APP_AWAY if data.app_mark.exists() else NOT_RUNNING
    backend = running_backend(data)
    if backend is None:
        return fail(not_running)
    api = Api(backend)
    try:
        return until_unheard(lambda: command(api))
    except TooSlow as error:
        return fail(str(error))
    except BackendGone:
        return fail(not_running)
    except ClientError as error:
        return fail(str(error))
    finally:
        api.close()
