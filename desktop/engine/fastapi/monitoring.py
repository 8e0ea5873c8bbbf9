"""The monitor of an app: how it is made, and how it runs beside a database on a server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import TracebackType
from typing import Final

from desktop.engine.facade.engine import Engine
from desktop.engine.fastapi.marking import mark_beside
from desktop.engine.fastapi.options import ANY_PORT, address_of, check_token
from desktop.engine.functions.registry import Registry
from desktop.engine.functions.source import FunctionSource
from desktop.engine.store.errors import StoreInUse
from desktop.settings.lock_file import LockFile, last_holder
from desktop.settings.paths import DataFolder

MONITOR: Final = FunctionSource("desktop.backend.monitor", "Monitor")
"""The default monitor. It is found by name when the app starts, as tasks are, so the engine imports
nothing of the backend."""

MakeMonitor = Callable[[DataFolder, Engine, Registry], AbstractContextManager[object]]
"""Makes a monitor before the engine starts; the monitor serves while it is entered."""


def monitor_maker(
    monitor: bool | str | MakeMonitor, token: str | None
) -> Callable[[], MakeMonitor | None]:
    """Return a function that makes the monitor when the engine starts; it may return ``None``."""
    if isinstance(monitor, str):
        address = address_of(monitor)
    elif monitor is True:
        address = ANY_PORT
    elif token is not None:
        raise ValueError("token: there is no monitor that would ask for it")
    else:
        return lambda: monitor or None
    check_token(token)
    return lambda: partial(MONITOR.find(), address=address, token=token)


def beside_database(
    make: MakeMonitor | None, folder: DataFolder | None, engine: Engine, registry: Registry
) -> AbstractContextManager[object]:
    """Make the monitor of tasks in a database; the folder has its files, but no tasks.

    Raises ``StoreError`` if the folder has tasks of its own.
    """
    if make is None or folder is None:
        return nullcontext()
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark_beside(folder)
    return _Watched(folder, make(folder, engine, registry))


class _Watched(AbstractContextManager[object]):
    """Holds the folder's lock while the folder names this monitor's address.

    Entering raises ``StoreInUse`` while another process has the folder: one that has just left the
    tasks. It may be tried again.
    """

    def __init__(self, folder: DataFolder, monitor: AbstractContextManager[object]) -> None:
        self._folder = folder
        self._monitor = monitor
        self._lock = LockFile(folder.backend_lock)

    def __enter__(self) -> None:
        """Take the folder, and serve."""
        if not self._lock.take():
            raise StoreInUse(self._folder.root, last_holder(self._folder.backend_lock))
        try:
            self._folder.backend_file.unlink(missing_ok=True)  # left by a killed process
            self._monitor.__enter__()
        except BaseException:
            self._lock.release()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving, and release the folder."""
        try:
            self._monitor.__exit__(kind, error, trace)
        finally:
            self._lock.release()
