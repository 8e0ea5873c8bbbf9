"""The monitor of an app's engine: a thread that serves Sendoff's API to window and shell."""

from __future__ import annotations

import logging
import os
import socket
import sys
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.backend_addresses import (
    Backend,
    remove_backend,
    write_backend,
)
from sendoff_tasks.folder.keys import new_secret
from sendoff_tasks.http.background import BackgroundThread, TaskFiles, Watch
from sendoff_tasks.http.lifecycle import (
    LEAST_CONNECTIONS,
    Shutdown,
    StartError,
    connection_limit,
    listen,
    token_made_by,
    url_of,
)
from sendoff_tasks.http.limits import LimitsFile
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.folder.paths import DataFolder
    from sendoff_tasks.functions.registry import Registry

log = logging.getLogger(__name__)

THREAD: Final = "monitor"
AGAIN_S: Final = 0.5
"""Seconds between two tries while the address is taken or ``backend.json`` cannot be written."""


class Monitor(BackgroundThread):
    """Serves the API of an app's engine while the block runs.

    Create it before the engine starts: it adds the tasks in the data folder to the app's registry.
    It listens at ``address`` and requires ``token``, or a token that it makes. It writes both to
    ``backend.json``, and then calls ``on_ready``. It runs in a thread, so the app does not wait for
    it. A failure in the thread is logged and does not affect the app. On an ``OSError`` (a full
    disk) it tries again.
    """

    def __init__(
        self,
        folder: DataFolder,
        engine: Engine,
        registry: Registry,
        *,
        address: tuple[str, int] = ("127.0.0.1", 0),
        token: str | None = None,
        on_ready: Callable[[Backend], object] = lambda _: None,
    ) -> None:
        super().__init__(THREAD)
        self._on_ready = on_ready
        self._address = address
        self._token = token or new_secret()
        self._folder = folder
        self._engine = engine
        self._registry = registry
        self._files = TaskFiles(folder, registry, engine.board)
        self._files.load()
        self._limits = LimitsFile(folder.settings_file, engine)
        self._shutdown = Shutdown()

    def _ask_to_end(self) -> None:
        super()._ask_to_end()
        self._shutdown.ask()

    def _run(self) -> None:
        is_told = False
        while not self._over.is_set():
            try:
                return self._serve()
            except OSError:  # the disk may be full only for now
                if not is_told:
                    log.exception("Could not open the monitor of %s yet", self._folder.root)
                is_told = True
            except Exception:
                log.exception("Could not open the monitor of %s", self._folder.root)
                return None
            self._over.wait(AGAIN_S)
        return None

    def _serve(self) -> None:
        # These imports are slow; here they do not delay the app's start.
        from sendoff_tasks.http.application import build_app
        from sendoff_tasks.http.server import Server
        from sendoff_tasks.http.services import OpenStreams, TaskServices

        folder, file, streams = self._folder, self._folder.backend_file, OpenStreams()
        services = TaskServices(registry=self._registry, engine=self._engine, streams=streams)
        with ExitStack() as stack:
            stack.enter_context(Watch(self._files.follow, self._limits.look))
            listener = self._listen()
            if listener is None:
                return
            stack.enter_context(closing(listener))
            backend = Backend(url_of(listener), self._token, os.getpid())
            port = listener.getsockname()[1]
            app = build_app(
                services, token=backend.token, port=port, tokens_file=folder.tokens_file
            )
            stack.callback(remove_backend, file, backend)
            stack.enter_context(_without_server_records())
            Server(
                app,
                self._shutdown,
                on_ready=lambda: self._tell(backend),
                on_drain=streams.drain,
                # Most descriptors are the app's; an open page keeps one connection.
                connections=max(LEAST_CONNECTIONS, connection_limit() // 4),
            ).run(sockets=[listener])

    def _tell(self, backend: Backend) -> None:
        """Write where the monitor is, and say how a person gets into its page.

        A terminal shows the token; a log, such as that of a container, never has it.
        """
        write_backend(self._folder.backend_file, backend)
        from sendoff_tasks.http.page.mounted import ask_for_token

        if self._engine in ask_for_token:
            said = (
                ENGLISH.say("app", "token", token=backend.token)
                if sys.stderr.isatty()
                else token_made_by(self._folder.root)
            )
            sys.stderr.write(f"{said}\n")
        self._on_ready(backend)

    def _listen(self) -> socket.socket | None:
        """Listen at the address, and wait while a process that is stopping still has it.

        Returns ``None`` if this monitor is stopped first.
        """
        is_told = False
        while True:
            try:
                return listen(*self._address)
            except StartError as error:
                if not is_told:
                    log.warning("Could not start the monitor (will retry): %s", error)
                is_told = True
            if self._over.wait(AGAIN_S):
                return None


@contextmanager
def _without_server_records() -> Iterator[None]:
    """Keep uvicorn's records below WARNING about this server out of the app's log."""

    def is_kept(record: logging.LogRecord) -> bool:
        return record.threadName != THREAD or record.levelno >= logging.WARNING

    server_log = logging.getLogger("uvicorn.error")
    server_log.addFilter(is_kept)
    try:
        yield
    finally:
        server_log.removeFilter(is_kept)
