"""The front of a backend: it answers with its own services, or waits as a spare."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from desktop.backend.application import create_app, create_spare_app
from desktop.backend.composition import mark_on_server, place_of, running_services
from desktop.backend.starting import DatabaseTaken, StartError
from desktop.engine.facade.opening import announce
from desktop.engine.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from desktop.backend.on_server import Spare
    from desktop.backend.services import Services
    from desktop.backend.shutdown import Shutdown
    from desktop.settings.paths import DataFolder
    from desktop.settings.secrets import Passwords

log = logging.getLogger(__name__)


class Front(AbstractContextManager["Front"]):
    """The backend of a data folder, on the folder's store or on the database at ``database``.

    While another backend runs the tasks of that database, this one is a spare: it refuses requests.
    When the other one ends, this one runs the tasks. Requests need ``token`` and are addressed to
    ``port``. ``address`` is where others reach this backend, if they do.
    """

    app: ASGIApp

    def __init__(
        self,
        folder: DataFolder,
        database: str | None,
        *,
        token: str,
        port: int,
        address: str | None,
        shutdown: Shutdown,
        passwords: Passwords,
    ) -> None:
        self._folder = folder
        self._database = database
        self._token = token
        self._port = port
        self._address = address
        self._shutdown = shutdown
        self._passwords = passwords
        self._held = ExitStack()
        self._turn = threading.Lock()  # held to take the tasks over, or to end
        self._is_over = False
        self._services: Services | None = None
        self._spare: Spare | None = None
        self._refusal = ""  # the last logged reason why the tasks could not be taken over

    def open(self, importing: Callable[[], AbstractContextManager[object]]) -> None:
        """Start the services, or the spare; raises ``StartError``.

        Own task files are imported inside ``importing``.
        """
        try:
            self.app = self._run(importing)
        except DatabaseTaken:
            # The database was opened, so psycopg is installed.
            from desktop.backend.on_server import Spare

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
        """Follow the other backend as a spare, or prepare for the first item; called once."""
        if self._spare is not None:
            self._held.enter_context(self._spare)
        else:
            self._warm_up()

    def drain(self) -> None:
        """Record that the end was asked for; end the event streams, which do not end themselves."""
        if self._services is not None:
            self._services.engine.note_end(is_to_exit=True)
            self._services.streams.drain()

    def __exit__(self, *_: object) -> None:
        """Stop the spare and the services."""
        with self._turn:
            self._is_over = True
        self._held.close()

    def _run(
        self, importing: Callable[[], AbstractContextManager[object]] = nullcontext
    ) -> ASGIApp:
        """Start the engine and return the application on it; raises ``StartError``."""
        services = self._held.enter_context(
            running_services(
                self._folder,
                self._database,
                importing=importing,
                on_failure=self._shutdown.give_up,
                passwords=self._passwords,
            )
        )
        app = create_app(
            services, token=self._token, port=self._port, tokens_file=self._folder.tokens_file
        )
        if services.engine.session_name:
            try:
                announce(str(services.engine.config.database), self._address)
            except StoreError as error:
                log.warning("The spares cannot tell the address of this backend: %s", error)
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
            self._warm_up()
            return app

    def _warm_up(self) -> None:
        """Do slow preparations in a thread, before the first item needs them."""
        if self._services is not None:
            warming = partial(_prepare, self._services)
            threading.Thread(target=warming, name="warm-up", daemon=True).start()


def _prepare(services: Services) -> None:
    if services.io is not None:
        services.io.warm_up()
    services.letters.warm_up()
