"""*Open…*: asks for a server, checks it, and starts a window for it."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.client.child import open_window
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import IconButton, Link
from desktop.gui.kit.widgets.dialog import Dialog
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.surfaces import Rule, clear
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.servers import TOKENS, server_sentence
from desktop.gui.kit.words.states import error_text
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job
from desktop.settings.office_folder import forget_server, remembered_servers
from desktop.settings.secrets import (
    KeyringFault,
    forget_server_token,
    read_server_token,
    store_server_token,
)
from sendoff_tasks.client.health import Away
from sendoff_tasks.folder.backend_addresses import (
    NO_PID,
    Backend,
    BadUrl,
    guessed_url,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Jobs, Ticket
    from desktop.settings.office_folder import OfficeFolder


def _url_problem(typed: str) -> str | None:
    try:
        guessed_url(typed)
    except BadUrl as error:
        return say("server_address", error.fault)
    return None


class OpenDialog(Dialog):
    """``open_wanted`` carries address and token; an empty one means the kept token.

    After it is emitted, or :meth:`wait`, the dialog waits for ``close``, ``refuse``, ``fail`` or
    ``ask_for_token``.
    ``forgotten`` carries an address to remove from the list.
    """

    open_wanted = Signal(str, str)
    forgotten = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(self.tr("Open a server"), 440, parent)
        self._pending = False
        self.about = set_role(Paragraph(), "soft")
        example = "https://sendoff.example.org"
        self.address = Field(self.tr("Address"), _url_problem, placeholder=example)
        self.token = Field(self.tr("Token"), lambda _: None, trims=False)
        assert isinstance(self.token.editor, QLineEdit)  # noqa: S101 - it has one line
        self.token.editor.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.editor.setPlaceholderText(self.tr("Leave empty to use the keyring"))
        self.before = QWidget()
        self._list = sized(QVBoxLayout(self.before), margins=(0, 12, 0, 0), spacing=4)
        self.rows: dict[str, Link] = {}
        self.crosses: dict[str, QPushButton] = {}
        self.closed.connect(lambda: self.token.set_text(""))
        self.add_scrolled(self.about, self.address, self.token, self.before)
        self.button = self.add_default(self.tr("Open"), self._on_open)

    def show_servers(self, urls: Sequence[str]) -> None:
        """List the servers that were opened before."""
        clear(self._list)
        self.rows, self.crosses = {}, {}
        self.before.setVisible(bool(urls))
        heading = set_role(QLabel(self.tr("Opened before")), "soft")
        self._list.addWidget(heading)
        for url in urls:
            self._list.addWidget(Rule())
            self._list.addWidget(self._row(url))

    def ask(self, url: str, *, here: bool) -> None:
        """Open the dialog with an address; ``here`` means that it is this window's own server."""
        self._pending = False
        self.about.setText(
            self.tr("This window reopens with the new token.")
            if here
            else self.tr("It opens in a window of its own. This one stays as it is.")
        )
        self.address.set_text(url)
        self.token.clear_error()
        self.open()

    def wait(self) -> None:
        """Emit nothing while a server is asked."""
        self._pending = True
        for field in (self.address, self.token):
            field.clear_error()

    def refuse(self, away: Away) -> None:
        """Say why the server cannot be opened, at the field that can change that."""
        field = self.token if away.missing in TOKENS else self.address
        self._point_out(field, server_sentence(away))

    def fail(self, sentence: str) -> None:
        """Say that the server could not be asked."""
        self._point_out(self.address, sentence)

    def ask_for_token(self, url: str) -> None:
        """Say that no token is kept for an address."""
        self.address.set_text(url)
        words = self.tr("Enter the token that you were given for this server.")
        self._point_out(self.token, words)

    def _point_out(self, field: Field, sentence: str) -> None:
        """Show an error at a field, which gets the focus; the person may try again."""
        self._pending = False
        field.show_error(sentence)
        self._focus(field)

    def _focus(self, field: Field) -> None:
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.bring_into_sight(field)

    def focus_first(self) -> None:
        """Focus the first empty field."""
        self._focus(self.token if self.address.text() else self.address)

    def _row(self, url: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        link = self.rows[url] = Link(url.partition("://")[2])
        link.setAccessibleName(self.tr("Open {}").format(url))
        link.clicked.connect(partial(self._want, url, ""))
        cross = self.crosses[url] = IconButton(
            self.tr("Forget {}").format(url), "x", self.tr("Forget this address and its token")
        )
        cross.clicked.connect(partial(self.forgotten.emit, url))
        line.addWidget(link)
        line.addStretch(1)
        line.addWidget(cross)
        return row

    def _on_open(self) -> None:
        if not self.address.check():
            self._focus(self.address)
            return
        self._want(guessed_url(self.address.text()), self.token.text().strip())

    def _want(self, url: str, token: str) -> None:
        if not self._pending:
            self.wait()
            self.open_wanted.emit(url, token)


@dataclass(frozen=True, slots=True)
class MetServer:
    """A server that can be opened; ``is_stored`` is false if the keyring refused its token."""

    backend: Backend
    is_stored: bool


def meet_server(url: str, typed: str, spare: str = "") -> MetServer | Away | None:
    """Ask a server whether it accepts a token; keep the token that was typed. Blocks.

    Without a typed token it is the one in the keyring, else that of the server's ``spare``. Returns
    ``None`` if there is none.
    """
    from desktop.client.server_watch import meet
    from sendoff_tasks.client.health import Checks

    token = typed or _stored_token(url) or spare
    if not token:
        return None
    backend = Backend(url, token, NO_PID)
    with closing(Checks(backend)) as checks:
        away = meet(checks)[1]
    if away is not None:
        return away
    return MetServer(backend, is_stored=not typed or _store_token(url, typed))


def _stored_token(url: str) -> str | None:
    with suppress(KeyringFault):
        return read_server_token(url)
    return None


def _store_token(url: str, token: str) -> bool:
    try:
        store_server_token(url, token)
    except KeyringFault:
        return False
    return True


class Opening(QObject):
    """Opens windows for servers, and the window of this computer, whose data folder is ``home``.

    ``server`` is this window's own server, if it has one. ``successor_wanted`` carries the same
    server with another token: this window ends and a new one opens.
    """

    successor_wanted = Signal(object)

    def __init__(
        self, window: MainWindow, home: OfficeFolder, server: Backend | None, jobs: Jobs
    ) -> None:
        super().__init__(window)
        self._window = window
        self._home = home
        self._server = server
        self._jobs = jobs
        self._meeting: Ticket | None = None
        self._listing: Ticket | None = None
        window.menu.open_chosen.connect(self.open)
        window.menu.this_computer_chosen.connect(partial(self._start, None))
        window.cases.lead("other_token", lambda _: self._ask_other_token())
        window.cases.lead("open_server", self._open_deciding)

    @cached_property
    def dialog(self) -> OpenDialog:
        """The dialog, made when first needed."""
        dialog = self._window.dialogs.make(OpenDialog)
        dialog.open_wanted.connect(self._meet)
        dialog.closed.connect(self._drop_request)
        dialog.forgotten.connect(self._on_forgotten)
        return dialog

    def open(self) -> None:
        """Open the dialog that asks for a server."""
        self._open("", here=False)

    def _open(self, url: str, *, here: bool) -> None:
        self._drop_request()
        self.dialog.ask(url, here=here)
        self._list()

    def _ask_other_token(self) -> None:
        """Ask for another token for this window's server."""
        if self._server is not None:
            self._open(self._server.url, here=True)

    def _open_deciding(self, url: str) -> None:
        """Open the server that runs the tasks, with its token or that of this window's spare."""
        self._open(url, here=False)
        self.dialog.wait()
        self._meet(url, "", "" if self._server is None else self._server.token)

    def _list(self) -> None:
        if self._listing is not None:
            self._listing.cancel()
        job = Job(remembered_servers, self._home).then(self.dialog.show_servers)
        self._listing = self._jobs.start(job)

    def _meet(self, url: str, typed: str, spare: str = "") -> None:
        job = Job(meet_server, url, typed, spare).then(partial(self._on_met, url))
        failed = job.otherwise(lambda error: self.dialog.fail(str(error)))
        self._meeting = self._jobs.start(failed)

    def _drop_request(self) -> None:
        """Drop the answer of a server that is being asked: the dialog closed, or asks another."""
        if self._meeting is not None:
            self._meeting.cancel()

    def _on_met(self, url: str, met: MetServer | Away | None) -> None:
        if met is None:
            self.dialog.ask_for_token(url)
            return
        if isinstance(met, Away):
            self.dialog.refuse(met)
            return
        self.dialog.close()
        if not met.is_stored:
            self._window.notes.warn(say("window", "no_keyring"))
        is_own = self._server is not None and met.backend.url == self._server.url
        if is_own and met.backend != self._server:
            self.successor_wanted.emit(met.backend)
        else:
            self._start(met.backend)

    def _start(self, backend: Backend | None) -> None:
        self._jobs.start(Job(open_window, self._home, backend).otherwise(self._on_not_started))

    def _on_not_started(self, error: Exception) -> None:
        self._window.notes.warn(say("window", "not_started", why=error_text(error)))

    def _on_forgotten(self, url: str) -> None:
        self._jobs.start(Job(_forget, self._home, url).then(lambda _: self._list()))


def _forget(home: OfficeFolder, url: str) -> None:
    forget_server(home, url)
    with suppress(KeyringFault):
        forget_server_token(url)
