"""The letter below the head of a form, which follows each key."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job, LatestRequest
from sendoff_tasks.client.errors import BackendGone
from sendoff_tasks.model.times import SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.api import Api
    from desktop.gui.kit.widgets.message_view import MessageView
    from desktop.gui.link.jobs import ApiSource

RESTS: Final = 4
"""For how many times as long as it took to show a letter the next one waits: keys come first."""
NO_ADDRESS: Final = "no-address@example.org"
"""Is asked with until there is an address; in the letter nothing stands there."""
_SHOWN: Final = ("subject", "subject_html", "html", "text", "reply_to", "cc", "bcc", "files")
"""What is shown of a letter: the fields above it have the rest."""


class LetterFollow(QWidget):
    """Shows the e-mail of what is typed, as the backend makes it: one request at a time.

    ``body`` returns the request for what is typed now, or ``None`` if it sends no e-mail. ``line``
    says why the letter is not that of what is typed. Tab reaches the letter after ``before``.
    ``told`` is emitted for each letter, and if there is none.
    """

    told = Signal()

    def __init__(self, body: Callable[[], dict[str, Any] | None], before: QWidget) -> None:
        super().__init__()
        self._body = body
        self._before = before
        self._request: LatestRequest | None = None
        self._is_old = self._is_asked = False
        self.mail: MessageView | None = None
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._ask)
        self.line = set_role(ElidedLabel(), "soft")
        sized(self.line, height=20)
        self._column = sized(QVBoxLayout(self), margins=(20, 4, 20, 20), spacing=4)
        self._column.addWidget(self.line)

    def ask_at(self, source: ApiSource) -> None:
        """Ask this backend."""
        self._request = LatestRequest(source, self._on_failed)
        self._ask()

    def leave(self) -> None:
        """Follow nothing until the next change; a letter that was asked for is not shown."""
        self._is_old = self._is_asked = False
        self._rest.stop()
        if self._request is not None:
            self._request.drop()

    def follow(self) -> None:
        """Follow a change of what is typed."""
        self._is_old = self._body() is not None
        if self._is_old:
            self._ask()
        else:
            self._say_why(say("form", "letter_none"))

    def _ask(self) -> None:
        is_busy = self._is_asked or self._rest.isActive()
        if self._request is not None and self._is_old and not is_busy:
            self._is_asked = True
            self._request.ask(self._made)

    def _made(self, api: Api) -> Job[dict[str, Any]]:
        """Ask for the newest text, also after the backend was away."""
        self._is_old = False
        return Job(api.preview, self._body() or {}).then(self._on_mail)

    def _on_mail(self, mail: dict[str, Any]) -> None:
        QTimer.singleShot(0, self, partial(self._show, mail))  # after the keys that wait

    def _show(self, mail: dict[str, Any]) -> None:
        if not self._is_asked or self._body() is None:
            self._is_asked = False
            return
        self._is_asked = False
        began = time.perf_counter()
        view = self.mail or self._view()
        view.show_mail({key: _without_it(mail[key]) for key in _SHOWN if key in mail})
        view.show()
        self.line.setText("")
        self._rest.start(round(RESTS * SECOND_MS * (time.perf_counter() - began)))
        self.told.emit()

    def _view(self) -> MessageView:
        from desktop.gui.kit.widgets.message_view import MessageView

        self.mail = view = MessageView()
        view.choice.hide()
        self._column.addWidget(view)
        QWidget.setTabOrder(self._before, view.rendered)
        return view

    def _on_failed(self, error: Exception) -> None:
        """Say why; the last letter stays while the backend is away, which is asked again."""
        if isinstance(error, BackendGone):
            self.line.setText(say("form", "letter_away"))
            return
        self._is_asked = False
        self._say_why(str(error))
        self._ask()

    def _say_why(self, why: str) -> None:
        """Say why there is no letter."""
        self.line.setText(why)
        if self.mail is not None:
            self.mail.hide()
        self.told.emit()


def _without_it(said: Any) -> Any:
    return said.replace(NO_ADDRESS, "") if isinstance(said, str) else said
