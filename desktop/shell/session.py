"""A shell command's talk with the running backend, and its one way to fail."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from desktop.client.api import Api
from desktop.client.errors import BackendGone, ClientError
from desktop.client.health import running_backend
from desktop.settings.paths import DataFolder, data_dir

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_RUNNING = "Sendoff is not running here: start Sendoff or `sendoff serve`."


def with_backend(folder: str | None, command: Callable[[Api], int]) -> int:
    """Run a command against the backend of this data folder; returns its exit status.

    A failure ends as one sentence on stderr and 1.
    """
    backend = running_backend(DataFolder(data_dir(folder)))
    if backend is None:
        return fail(NOT_RUNNING)
    api = Api(backend)
    try:
        return command(api)
    except BackendGone:
        return fail(NOT_RUNNING)
    except ClientError as error:
        return fail(str(error))
    finally:
        api.close()


def fail(sentence: str) -> int:
    """Say the one sentence on stderr; returns the exit status of a failure."""
    print(sentence, file=sys.stderr)
    return 1
