"""The front of a backend: it answers with its own services, or relays as a spare."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from desktop.backend.application import create_app, create_spare_app
from desktop.backend.composition import running_services
from desktop.backend.database_place import mark_on_server, place_of
from desktop.backend.serving.starting import DatabaseTaken, StartError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from desktop.backend.relay.deciding import Deciding
    from desktop.backend.relay.spare import Spare
    from desktop.backend.serving.shutdown import Shutdown
    from desktop.backend.shared.services import Services
    from desktop.settings.paths import DataFolder
    from desktop.settings.secrets import Passwords

log = logging.getLogger(__name__)


class Front(AbstractContextManager["Front"]):
    """The backend of a data folder, on the folder's store or on the database at ``database``.

    While another backend runs the tasks of that database, this one is a spare: it relays every
    request to the other one. When the other one ends, this one runs the tasks. Requests need
    ``token`` and are addressed to ``port``.
    """

    app: ASGIApp

    def __init__(
        self,
        folder: DataFolder,
        database: str | None,
        *,
        lanes: bool,
        token: str,
        port: int,
        shutdown: Shutdown,
        passwords: Passwords,
    ) -> None:
        self._folder = folder
        self._database = database
        self._lanes = lanes
        self._token = token
        self._port = port
        self._shutdown = shutdown
        self._passwords = passwords
        self._held = ExitStack()
        self._turn = threading.Lock()  # held to take the tasks over, or to end
        self._is_over = False
        self._services: Services | None = None
        self._spare: Spare | None = None
        self._deciding: Deciding | None = None
        self._loop: asyncio.AbstractEventLoop | None = None  # answers the requests, once it runs
        self._refusal = ""  # the last logged reason why the tasks could not be taken over

    def open(self, leave: Callable[[Callable[[], None]], None]) -> None:
        """Start the services, or the spare; ``leave`` ends the process while files are imported.

        Raises ``StartError``.
        """
        try:
            self.app = self._run(
                lambda close: self._shutdown.meanwhile(lambda: leave(close)),
            )
        except DatabaseTaken:
            # The database was opened, so psycopg is installed.
            from desktop.backend.relay.spare import Spare

            url = str(place_of(self._database, self._folder))
            mark_on_server(self._folder)
            self._spare = Spare(url, self._take_over)
            log.info("Another backend runs the tasks; this one is a spare")
            self.app = create_spare_app(
                self._spare,
                token=self._token,
                port=self._port,
                tokens_file=self._folder.tokens_file,
            )

    def ready(self) -> None:
        """Begin to answer requests in the running event loop."""
        self._loop = asyncio.get_running_loop()
        if self._spare is not None:
            self._spare.serve(self._loop)
        else:
            self._begin(self._loop)

    def drain(self) -> None:
        """End the event streams, which would not end by themselves."""
        if self._spare is not None:
            self._spare.drain()
        if self._services is not None:
            self._services.streams.drain()

    def __exit__(self, *_: object) -> None:
        """Stop the spare and the services."""
        with self._turn:
            self._is_over = True
        if self._spare is not None:
            self._spare.end()
        self._held.close()

    def _run(
        self, loading: Callable[[Callable[[], None]], AbstractContextManager[object]] = nullcontext
    ) -> ASGIApp:
        """Start the engine and return the application on it; raises ``StartError``."""
        services = self._held.enter_context(
            running_services(
                self._folder,
                self._database,
                lanes=self._lanes,
                loading=loading,
                on_failure=self._shutdown.give_up,
                passwords=self._passwords,
            )
        )
        app = create_app(
            services, token=self._token, port=self._port, tokens_file=self._folder.tokens_file
        )
        if services.engine.session_name:
            from desktop.backend.relay.deciding import Deciding

            url = str(services.engine.config.database)
            self._deciding = Deciding(services.engine, url, app, self._token, self._port)
            self._held.callback(self._deciding.end)
        self._services = services
        return app

    def _take_over(self) -> ASGIApp | None:
        """Run the tasks, unless another process does; returns the application, or ``None``."""
        with self._turn:
            if self._is_over:
                return None
            try:
                app = self._run()
            except DatabaseTaken:
                return None
            except StartError as error:
                if str(error) != self._refusal:
                    log.warning("The tasks cannot be run by this process: %s", error)
                self._refusal = str(error)
                return None
            if self._loop is not None:
                self._begin(self._loop)
            return app

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer relayed requests, and do slow preparations before the first item needs them."""
        if self._deciding is not None:
            self._deciding.serve(loop)
        if self._services is not None:
            warming = partial(_warm_up, self._services)
            threading.Thread(target=warming, name="warm-up", daemon=True).start()


def _warm_up(services: Services) -> None:
    if services.io is not None:
        services.io.warm_up()
    services.letters.warm_up()
