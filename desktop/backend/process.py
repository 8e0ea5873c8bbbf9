"""``sendoff serve``: starts the backend, runs it, and closes everything in order."""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

from desktop.builds import BUILD
from desktop.plain_imports import without_looking_for_more
from desktop.settings.crash_reports import leave_reports
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder import backend_addresses
from sendoff_tasks.folder.keys import new_secret
from sendoff_tasks.folder.lock_file import LockFile, last_holder
from sendoff_tasks.folder.paths import data_dir
from sendoff_tasks.folder.safe_files import await_quiet
from sendoff_tasks.folder.tokens import NoToken, read_token
from sendoff_tasks.http import lifecycle
from sendoff_tasks.http.lifecycle import (
    DatabaseDamaged,
    FolderTaken,
    OtherProgram,
    Shutdown,
    StartError,
    UsageError,
)
from sendoff_tasks.http.log_files import install_log
from sendoff_tasks.words.file_faults import unwritten
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.backend.composition import Front


log = logging.getLogger(__name__)

SWITCH_INTERVAL: Final = 0.0002
"""Seconds that a computing thread may hold the interpreter lock while others wait for it.

A request takes the lock many times. Beside an ``async def`` task that blocks its loop, the API's
p99 is a third of that with 1 ms, and a tenth of that with Python's default of 5 ms. Throughput is
the same."""
BROUGHT_WITHIN: Final = 5.0
"""Seconds that a mail waits for the window to send a password that only the window keeps."""
_PRIVATE: Final = 0o077
"""The umask: other users get no rights on files."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The options of the command line.

    - ``data_dir`` and ``database``: ``None`` means the usual place.
    - ``port``: 0 means any free port.
    - ``parent_pipe``: the backend ends when stdin closes.
    - ``token_file``: holds the token that requests need; without it, each start makes a new one.
    - ``address``: where others reach this backend, told by the spares of its database.
    """

    data_dir: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    database: str | None = None
    parent_pipe: bool = False
    token_file: Path | None = None
    address: str | None = None


def serve(options: ServeOptions) -> int:
    """Run the backend until it is asked to end, then end the process.

    Once it answers requests, it prints one JSON line on stdout, ``{"url": …, "pid": …}``, and
    never anything else. Only to a window that started it (``parent_pipe``) it prints lines before
    that, ``{"updating": 0.4}``, while it brings a store of an older version up to date. If it
    cannot start, it prints one sentence on stderr and returns the exit status: 1, or 2 for wrong
    usage. A backend that a window started returns ``FOLDER_TAKEN`` while another backend has the
    folder, ``STORE_DAMAGED`` if the database has to be replaced by a backup first, and
    ``OTHER_PROGRAM`` if one of another version wrote it.
    """
    try:
        _serve(options)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return _status(error, to_window=options.parent_pipe)
    return 0


def _status(error: StartError, *, to_window: bool) -> int:
    match error:
        case UsageError():
            return 2
        case FolderTaken() if to_window:
            return backend_addresses.FOLDER_TAKEN
        case DatabaseDamaged() if to_window:
            return backend_addresses.STORE_DAMAGED
        case OtherProgram() if to_window:
            return backend_addresses.OTHER_PROGRAM
    return 1


def _end(status: int) -> NoReturn:
    """End the process at once, after everything was closed in order.

    A normal exit would wait for the threads of tasks that did not stop when asked. Those tasks
    were handed back already.
    """
    logging.shutdown()
    os._exit(status)


def _serve(options: ServeOptions) -> None:
    lifecycle.loopback(options.host)
    os.umask(_PRIVATE)
    stdout = lifecycle.take_stdout()
    lifecycle.raise_limit()
    sys.setswitchinterval(SWITCH_INTERVAL)
    folder = OfficeFolder(data_dir(options.data_dir))
    token = _token(options.token_file)
    shutdown = Shutdown()
    with ExitStack() as stack:
        stack.enter_context(lifecycle.signals(shutdown.ask))
        if options.parent_pipe:
            lifecycle.follow_parent(shutdown)
        lock = _take(folder, options)  # until the process has ended, if nothing fails
        stack.push(lambda failure, *_: lock.release() if failure else None)
        if folder.settings_file.is_file():
            await_quiet(folder.settings_file)  # half a file may mean something else
        listener = stack.enter_context(closing(lifecycle.listen(options.host, options.port)))
        # Objects made at the start stay; collecting garbage among them takes a twelfth of it.
        gc.disable()
        stack.callback(gc.enable)
        # Slow imports wait until it is certain that the backend can run.
        with without_looking_for_more():
            from desktop.backend.composition import Front
            from desktop.settings.secrets import Passwords
            from sendoff_tasks.http.server import Server

        backend = backend_addresses.Backend(lifecycle.url_of(listener), token, os.getpid(), BUILD)
        front = stack.enter_context(
            Front(
                folder,
                options.database,
                token=token,
                port=listener.getsockname()[1],
                address=options.address,
                shutdown=shutdown,
                passwords=Passwords(
                    folder.password_file, BROUGHT_WITHIN if options.parent_pipe else 0.0
                ),
                on_update=lambda done: (
                    _print(stdout, {"updating": done}) if options.parent_pipe else None
                ),
            )
        )
        # Nothing else ends an import.
        front.open(importing=partial(shutdown.meanwhile, lambda: _end(0)))
        stack.callback(backend_addresses.remove_backend, folder.backend_file, backend)
        Server(
            front.app,
            shutdown,
            on_ready=lambda: _announce(backend, folder, front, stdout),
            on_drain=front.drain,
            connections=lifecycle.connection_limit(),
        ).run(sockets=[listener])
    _end(1 if shutdown.given_up else 0)


def _token(file: Path | None) -> str:
    if file is None:
        return new_secret()
    try:
        return read_token(file)
    except NoToken as error:
        raise StartError(str(error)) from error


def _take(folder: OfficeFolder, options: ServeOptions) -> LockFile:
    """Take the folder's lock, and remove the ``backend.json`` that a killed backend left."""
    lock = LockFile(folder.backend_lock)
    try:
        folder.create()
        is_ours = lock.take()
        if is_ours:
            folder.backend_file.unlink(missing_ok=True)
            install_log(folder.logs, on_stderr=not options.parent_pipe)
            leave_reports(folder.logs, "backend")
    except OSError as error:
        raise _not_writable(folder, error) from error
    if not is_ours:
        pid = last_holder(folder.backend_lock)
        name = "running" if pid is None else "running_as"
        raise FolderTaken(ENGLISH.say("background", name, folder=folder.root, process=pid))
    return lock


def _announce(
    backend: backend_addresses.Backend, folder: OfficeFolder, front: Front, stdout: int
) -> None:
    try:
        backend_addresses.write_backend(folder.backend_file, backend)
    except OSError as error:
        raise _not_writable(folder, error) from error
    _print(stdout, {"url": backend.url, "pid": backend.pid})
    os.close(stdout)
    gc.freeze()  # later collections leave these objects out
    gc.enable()
    log.info("ready at %s", backend.url)
    log.info(lifecycle.token_made_by(folder.root))
    front.ready()


def _print(stdout: int, told: dict[str, object]) -> None:
    os.write(stdout, f"{json.dumps(told)}\n".encode())


def _not_writable(folder: OfficeFolder, error: OSError) -> StartError:
    return StartError(unwritten(error.filename or folder.root, error))
