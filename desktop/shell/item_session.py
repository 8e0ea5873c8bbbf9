"""The connection of a command about items to the running backend."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from desktop.client.api import Api
from sendoff_tasks.client.errors import is_missing
from sendoff_tasks.shell.command_line import fail
from sendoff_tasks.shell.session import with_api

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from sendoff_tasks.client.errors import Refused

NO_ITEMS: Final = "The tasks here are an app's own: it takes neither items nor spreadsheets."

with_items: Final = partial(with_api, Api)


def asks_items(
    command: Callable[[Api, argparse.Namespace], int],
) -> Callable[[argparse.Namespace], int]:
    """Have a command run against the backend at the place that its options name."""
    return lambda options: with_api(Api, options.place, lambda api: command(api, options))


def refused(error: Refused) -> int:
    """Say why a backend does not take what is about items; return 1."""
    return fail(NO_ITEMS if is_missing(error) else str(error))
