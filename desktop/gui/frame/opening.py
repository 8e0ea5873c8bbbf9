"""Carries out *Open…*: checks the server, then starts a window for it."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.client.backend_state import Away
from desktop.client.child import open_window
from desktop.gui.link.jobs import InOrder, Job
from desktop.settings.backend_file import NO_PID, Backend
from desktop.settings.opened_servers import forget_server, remembered_servers
from desktop.settings.secrets import (
    NoKeyring,
    forget_server_token,
    keep_server_token,
    read_server_token,
)

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.open_sheet import OpenSheet
    from desktop.gui.link.jobs import Jobs, Ticket
    from desktop.settings.paths import DataFolder


@dataclass(frozen=True, slots=True)
class MetServer:
    """A server that can be opened; ``is_kept`` is false if the keyring refused its token."""

    backend: Backend
    is_kept: bool


def meet_server(url: str, typed: str, keep: bool, spare: str = "") -> MetServer | Away | None:
    """Ask a server whether it accepts a token; keep the token if ``keep``. Blocks.

    Without a typed token it is the one in the keyring, else that of the server's ``spare``. Returns
    ``None`` if there is none.
    """
    from desktop.client.health import Checks
    from desktop.client.server_watch import meet

    token = typed or _kept(url) or spare
    if not token:
        return None
    backend = Backend(url, token, NO_PID)
    with closing(Checks(backend)) as checks:
        away = meet(checks)[1]
    if away is not None:
        return away
    return MetServer(backend, is_kept=not typed or not keep or _keep(url, typed))


def _kept(url: str) -> str | None:
    with suppress(NoKeyring):
        return read_server_token(url)
    return None


def _keep(url: str, token: str) -> bool:
    try:
        keep_server_token(url, token)
    except NoKeyring:
        return False
    return True


class Opening(QObject):
    """Opens windows for servers, and the window of this computer, whose data folder is ``home``.

    ``server`` is this window's own server, if it has one. ``successor_wanted`` carries the same
    server with another token: this window ends and a new one opens.
    """

    successor_wanted = Signal(object)

    def __init__(
        self, window: MainWindow, home: DataFolder, server: Backend | None, jobs: Jobs
    ) -> None:
        super().__init__(window)
        self._window = window
        self._home = home
        self._server = server
        self._jobs = jobs
        self._sheet: OpenSheet | None = None
        self._meeting: Ticket | None = None
        self._in_order = InOrder()
        window.menu.open_chosen.connect(self.open)
        window.menu.this_computer_chosen.connect(partial(self._start, None))
        window.backend_notice.other_token_chosen.connect(self._on_other_token_chosen)
        window.backend_notice.open_chosen.connect(self._on_deciding_chosen)

    @property
    def sheet(self) -> OpenSheet:
        """The sheet, made when first needed."""
        if self._sheet is None:
            from desktop.gui.frame.open_sheet import OpenSheet

            self._sheet = self._window.sheets.make(OpenSheet)
            self._sheet.open_wanted.connect(self._on_open_wanted)
            self._sheet.closed.connect(self._on_closed)
            self._sheet.forgotten.connect(self._on_forgotten)
        return self._sheet

    def open(self) -> None:
        """Open the sheet that asks for a server."""
        self.sheet.ask("", here=False)
        self._list()

    def _on_other_token_chosen(self) -> None:
        """Ask for another token for this window's server."""
        if self._server is not None:
            self.sheet.ask(self._server.url, here=True)
            self._list()

    def _on_deciding_chosen(self, url: str) -> None:
        """Open the server that runs the tasks, with its token or that of this window's spare."""
        self.sheet.ask(url, here=False)
        self._list()
        spare = "" if self._server is None else self._server.token
        job = Job(meet_server, url, "", keep=False, spare=spare)
        self._meeting = self._jobs.start(job.then(partial(self._on_met, url)))

    def _list(self) -> None:
        show = self._in_order(self.sheet.show_servers)
        self._jobs.start(Job(remembered_servers, self._home).then(show))

    def _on_open_wanted(self, url: str, typed: str, keep: bool) -> None:
        job = Job(meet_server, url, typed, keep).then(partial(self._on_met, url))
        failed = job.otherwise(lambda error: self.sheet.fail(str(error)))
        self._meeting = self._jobs.start(failed)

    def _on_closed(self) -> None:
        """Drop the request: the sheet was closed before the server answered."""
        if self._meeting is not None:
            self._meeting.cancel()

    def _on_met(self, url: str, met: MetServer | Away | None) -> None:
        if met is None:
            self.sheet.ask_for_token(url)
            return
        if isinstance(met, Away):
            self.sheet.refuse(met)
            return
        self.sheet.close()
        if not met.is_kept:
            words = self.tr("The keyring did not take the token. You will be asked for it again.")
            self._window.toasts.warn(words)
        is_own = self._server is not None and met.backend.url == self._server.url
        if is_own and met.backend != self._server:
            self.successor_wanted.emit(met.backend)
        else:
            self._start(met.backend)

    def _start(self, backend: Backend | None) -> None:
        self._jobs.start(Job(open_window, self._home, backend).otherwise(self._on_not_started))

    def _on_not_started(self, error: Exception) -> None:
        words = self.tr("The window could not be started: {}").format(error)
        self._window.toasts.warn(words)

    def _on_forgotten(self, url: str) -> None:
        self._jobs.start(Job(_forget, self._home, url).then(lambda _: self._list()))


def _forget(home: DataFolder, url: str) -> None:
    forget_server(home, url)
    with suppress(NoKeyring):
        forget_server_token(url)
