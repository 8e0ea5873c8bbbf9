"""*Open…*: asks for a server's address and token, or offers a server that was opened before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.gui.kit.look.follow import sized
from desktop.gui.kit.widgets.buttons import CheckBox, HintedButton, IconButton, Link
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.surfaces import Rule, drop
from desktop.gui.kit.words.servers import TOKENS, server_sentence, url_sentence
from desktop.settings.opened_servers import BadUrl, guessed_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.backend_state import Away


def _url_problem(typed: str) -> str | None:
    try:
        guessed_url(typed)
    except BadUrl as error:
        return url_sentence(error.fault)
    return None


class OpenSheet(Sheet):
    """``open_wanted`` carries address, token and whether to keep it; empty means the kept token.

    After it is emitted, the sheet waits for ``close``, ``refuse``, ``fail`` or ``ask_for_token``.
    ``forgotten`` carries an address to remove from the list.
    """

    open_wanted = Signal(str, str, bool)
    forgotten = Signal(str)

    def __init__(self, host: QWidget) -> None:
        super().__init__(440, host)
        self.set_title(self.tr("Open a server"))
        self._pending = False
        self.about = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.about.setProperty("role", "soft")
        example = "https://sendoff.example.org"
        self.address = Field(self.tr("Address"), _url_problem, placeholder=example)
        self.token = Field(self.tr("Token"), lambda _: None, trims=False)
        assert isinstance(self.token.editor, QLineEdit)  # noqa: S101 - it has one line
        self.token.editor.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.editor.setPlaceholderText(self.tr("Leave empty to use the keyring"))
        self.keep = CheckBox(self.tr("Keep the token in the system's keyring"))
        self.keep.setChecked(True)
        self.before = QWidget()
        self._list = sized(QVBoxLayout(self.before), margins=(0, 12, 0, 0), spacing=4)
        self.rows: dict[str, Link] = {}
        self.crosses: dict[str, QPushButton] = {}
        self.button = HintedButton(self.tr("Open"), QKeySequence("Return"))
        self.button.clicked.connect(self._on_open)
        self.set_default(self.button)
        self.closed.connect(lambda: self.token.set_text(""))
        self.add_scrolled(self.about, self.address, self.token, self.keep, self.before)
        self.foot.addStretch(1)
        self.foot.addWidget(self.button)

    def show_servers(self, urls: Sequence[str]) -> None:
        """List the servers that were opened before."""
        while (item := self._list.takeAt(0)) is not None:
            drop(item.widget())
        self.rows, self.crosses = {}, {}
        self.before.setVisible(bool(urls))
        heading = QLabel(self.tr("Opened before"))
        heading.setProperty("role", "soft")
        self._list.addWidget(heading)
        for url in urls:
            self._list.addWidget(Rule())
            self._list.addWidget(self._row(url))

    def ask(self, url: str, *, here: bool) -> None:
        """Open the sheet with an address; ``here`` means that it is this window's own server."""
        self._pending = False
        self.about.setText(
            self.tr("This window reopens with the new token.")
            if here
            else self.tr("It opens in a window of its own. This one stays as it is.")
        )
        self.address.set_text(url)
        self.token.clear_error()
        self.open()

    def refuse(self, away: Away) -> None:
        """Say why the server cannot be opened, at the field that can change that."""
        self._pending = False
        field = self.token if away.missing in TOKENS else self.address
        field.show_error(server_sentence(away))
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.bring_into_sight(field)

    def fail(self, sentence: str) -> None:
        """Say that the server could not be asked."""
        self._pending = False
        self.address.show_error(sentence)
        self.bring_into_sight(self.address)

    def ask_for_token(self, url: str) -> None:
        """Say that no token is kept for an address."""
        self._pending = False
        self.address.set_text(url)
        self.token.show_error(self.tr("Enter the token that you were given for this server."))
        self.token.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.bring_into_sight(self.token)

    def focus_first(self) -> None:
        """Focus the first empty field."""
        first = self.token if self.address.text() else self.address
        first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.bring_into_sight(first)

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
            self.address.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            self.bring_into_sight(self.address)
            return
        self._want(guessed_url(self.address.text()), self.token.text().strip())

    def _want(self, url: str, token: str) -> None:
        if self._pending:
            return
        self._pending = True
        for field in (self.address, self.token):
            field.clear_error()
        self.open_wanted.emit(url, token, self.keep.isChecked())
