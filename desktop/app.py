"""The window process: lock, then backend, then Qt, so window and backend start at once."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop.client.child import spawn
from desktop.gui.one_window import OneWindow
from desktop.settings.paths import DataFolder, data_dir

if TYPE_CHECKING:
    from desktop.client.child import Child

LOG_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """What the command line says about the window."""

    data_dir: str | None = None


def run(options: WindowOptions) -> int:
    """Show the window until it is closed; returns the exit status.

    A second window of the same data folder raises the first one and ends with 0.
    """
    gc.disable()  # Until the window is shown there is little garbage and much to look through.
    data = DataFolder(data_dir(options.data_dir))
    lock = OneWindow(data.window_lock)
    try:
        data.create()
        if not lock.take():
            lock.raise_first()
            return 0
        child = _first_backend(data)
    except OSError as error:
        print(f"Sendoff cannot use its data folder {data.root}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    _log_to(data)
    from desktop.gui import program

    return program.run(data, lock, child)


def _first_backend(data: DataFolder) -> Child | None:
    """Spawn a backend at once, unless one seems to run; the supervisor sees to the rest.

    Where the tasks are an app's own, or in a database on a server, it is started elsewhere.
    """
    if data.waits_for_backend:
        return None
    if data.backend_file.exists():
        from desktop.client.health import running_backend

        if running_backend(data) is not None:
            return None
    return spawn(data)


def _log_to(data: DataFolder) -> None:
    import logging.handlers

    handler = logging.handlers.RotatingFileHandler(
        data.logs / "window.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
