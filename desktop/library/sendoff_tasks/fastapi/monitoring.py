"""Whose a store is, and the monitor of an app: how it is made, how it runs beside a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.opening import APP, reserve
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.folder.lock_file import LockFile, last_holder
from sendoff_tasks.folder.paths import SERVER_MARK, DataFolder
from sendoff_tasks.folder.safe_files import write_atomic
from sendoff_tasks.folder.tokens import NoToken, checked_token
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.functions.source import PROGRAM, FunctionSource, is_foreign
from sendoff_tasks.store.database import has_rows_of_features
from sendoff_tasks.store.errors import StoreError, StoreInUse

MONITOR: Final = FunctionSource("sendoff_tasks.http.monitor", "Monitor")
"""The default monitor. It is found by name when the app starts, as tasks are, so the engine imports
nothing of the backend."""

MakeMonitor = Callable[[DataFolder, Engine, Registry], AbstractContextManager[object]]
"""Makes a monitor before the engine starts; the monitor serves while it is entered."""
ANY_PORT: Final = ("127.0.0.1", 0)
"""Address of a monitor that clients find through its data folder."""
MARK: Final = b"An app runs these tasks (sendoff_tasks.fastapi), and nothing else may.\n"
"""The content of the file that keeps Sendoff's own backend away from an app's tasks."""
_MODULE: Final = "Its module: "
"""Begins the last line of that file, which names the app's module."""


class Home(NamedTuple):
    """A module by its name, and its folder, in which a relative ``data_dir`` begins."""

    module: str
    base: Path


def home_of(caller: FrameType | None) -> Home:
    """Return the home of the app whose module calls ``install``.

    It is the module at whose top the call begins, perhaps through functions of others, as in
    ``app = create_app()``. A call that begins in a package, such as a server that calls a factory,
    counts from the function that it calls.
    """
    home, frame = caller, caller
    while frame is not None and not is_foreign(frame.f_code.co_filename):
        home = frame
        frame = None if frame.f_code.co_name == "<module>" else frame.f_back
    # A prompt has neither name nor folder.
    names = {} if home is None else home.f_globals
    spec, file = names.get("__spec__"), names.get("__file__")
    name = str(names.get("__name__", "__main__") if spec is None else spec.name)
    if file is None:
        return Home(name, Path())
    return Home(Path(file).stem if name in PROGRAM else name, Path(file).parent)


def mark(place: DataFolder | str, module: str) -> None:
    """Mark a folder, or a database on a server, as an app's; ``module`` called ``install``.

    Raises ``StoreError`` if it has rows of features, if the folder's tasks were moved, or what
    :func:`check_app` raises.
    """
    if isinstance(place, str):
        reserve(place, APP)
        return
    if place.server_mark.exists():
        raise StoreError("app.on_server", folder=str(place.root))
    if place.db.exists() and not place.app_mark.exists():
        _refuse_features(place)
    if check_app(place, module) is None:
        write_atomic(place.app_mark, MARK + f"{_MODULE}{module}\n".encode())


def check_app(folder: DataFolder, module: str) -> str | None:
    """Return the module of the app whose tasks are in a folder, ``None`` if it is not known.

    Raises ``StoreError`` if that is another app than the one of ``module``: each would run the
    tasks of both. One app is ``main`` or ``shop.main``, by the folder in which it is started.
    """
    known = _known(folder)
    if known is None or f".{known}".endswith(f".{module}") or f".{module}".endswith(f".{known}"):
        return known
    names = {"known": known, "module": module}
    raise StoreError("app.other", folder=str(folder.root), mark=str(folder.app_mark), **names)


def _known(folder: DataFolder) -> str | None:
    try:
        last = folder.app_mark.read_text().splitlines()[-1:]
    except OSError:
        last = []
    return next((line.removeprefix(_MODULE) for line in last if line.startswith(_MODULE)), None)


def mark_beside(folder: DataFolder) -> None:
    """Mark a monitor's folder as belonging to an app whose tasks are in a database."""
    if folder.db.exists():
        raise StoreError("app.has_tasks", file=str(folder.db))
    for place, said in ((folder.app_mark, MARK), (folder.server_mark, SERVER_MARK)):
        if not place.exists():
            write_atomic(place, said)


def _refuse_features(folder: DataFolder) -> None:
    looking = Engine(EngineConfig(folder.db, Registry(), lanes=False))
    looking.start()
    try:
        has_more = looking.read(has_rows_of_features)
    finally:
        looking.stop()
    if has_more:
        raise StoreError("app.foreign", file=str(folder.db))


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
    if token is not None:
        try:
            token = checked_token(token, "token=")
        except NoToken as error:
            raise ValueError(str(error)) from error
    return lambda: partial(MONITOR.find(), address=address, token=token)


def address_of(monitor: str) -> tuple[str, int]:
    """Parse ``127.0.0.1:9108``; raise ``ValueError`` for an address that others can reach.

    The token would be sent unencrypted. For remote access, put a proxy with TLS in front.
    """
    try:
        parts = urlsplit(f"//{monitor}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if port is None or parts.netloc != monitor:
        raise ValueError(f"monitor: {monitor!r} is not an address such as 127.0.0.1:9108")
    if host not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError(
            f"monitor: {host} is not an address of this computer alone; use 127.0.0.1, and a proxy "
            "with TLS for others"
        )
    return host, port


def beside_database(
    make: MakeMonitor | None, folder: DataFolder | None, engine: Engine, registry: Registry
) -> Callable[[], AbstractContextManager[object]]:
    """Make the monitor of tasks in a database; the folder has its files, but no tasks.

    It serves while what the returned function returns is entered.

    Raises ``StoreError`` if the folder has tasks of its own.
    """
    if make is None or folder is None:
        return nullcontext
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark_beside(folder)
    return partial(_watching, folder, make(folder, engine, registry))


@contextmanager
def _watching(folder: DataFolder, monitor: AbstractContextManager[object]) -> Iterator[None]:
    """Serve; hold the folder's lock while the folder names this monitor's address.

    Raises ``StoreInUse`` while another process has the folder: one that has just left the tasks.
    """
    lock = LockFile(folder.backend_lock)
    if not lock.take():
        raise StoreInUse(folder.root, last_holder(folder.backend_lock))
    try:
        folder.backend_file.unlink(missing_ok=True)  # left by a killed process
        with monitor:
            yield
    finally:
        lock.release()
