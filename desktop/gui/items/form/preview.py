"""The preview of the e-mail that an item would send, before it is submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer, Signal

from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.message_view import MessageView, not_filled_in
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.texts import Feedback, Paragraph
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job, LatestRequest
from sendoff_tasks.client.errors import BackendGone, Refused

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.contract.items import NewItem
    from desktop.gui.link.jobs import ApiSource

FOLLOWS_AFTER_MS: Final = 250
"""Milliseconds after the last change until the preview is updated."""


class PreviewPane(Sheet):
    """Shows an item's e-mail as rendered by the backend; it follows the form while it is open.

    ``item_wanted`` asks for the current item; the receiver calls :meth:`show_item` or
    :meth:`stall`. ``refused`` carries the ``Problem`` of an item that the backend rejects.
    """

    item_wanted = Signal()
    refused = Signal(object)

    def __init__(self, source: ApiSource, host: QWidget) -> None:
        super().__init__(560, host)
        self.set_title(self.tr("Preview"))
        self._request = LatestRequest(source, self._on_failed)
        self._pause = QTimer(self, singleShot=True, interval=FOLLOWS_AFTER_MS)
        self._pause.timeout.connect(self.item_wanted)
        self.words = Feedback()
        self.mail = MessageView()
        self.add_scrolled(self.words, self.mail, filling=True)
        self.empty = set_role(sized(Paragraph(), margins=(20, 0, 20, 12)), "waiting")
        self.body.addWidget(self.empty)

    def follow(self) -> None:
        """Note a change of the form; ``item_wanted`` follows after a pause."""
        self._cancel()
        if self.isVisible():
            self._pause.start()

    def show_item(self, number: int | None, item: NewItem) -> None:
        """Show the e-mail of an item that is not submitted yet; ``number`` if one was typed."""
        self._cancel()
        if self.isHidden():
            self._hide_mail()
            self.open()
        if self.mail.isHidden():
            self.words.say(say("form", "preview"))
        body: dict[str, Any] = {"item": item}
        if number is not None:
            body["item_id"] = number
        self._request.ask(lambda api: Job(api.preview, body).then(self._on_mail))

    def stall(self, why: str) -> None:
        """Say why there is no preview; an empty text means that nothing is typed."""
        self._cancel()
        self._say_why(why)

    def close(self) -> bool:
        """Hide the sheet and drop a pending answer."""
        self._cancel()
        return super().close()

    def _on_mail(self, mail: dict[str, Any]) -> None:
        self.mail.show_mail(mail)
        self.empty.setText(not_filled_in(mail))
        self.empty.setVisible(bool(self.empty.text()))
        self.words.say("")
        self.mail.show()

    def _hide_mail(self) -> None:
        self.mail.hide()
        self.empty.hide()

    def _on_failed(self, error: Exception) -> None:
        why = str(error)
        if isinstance(error, BackendGone):
            why = say("form", "preview_away")
        self._say_why(why)
        if isinstance(error, Refused):
            self.refused.emit(error.problem)

    def _say_why(self, why: str) -> None:
        if not why:
            self._hide_mail()
            self.words.say(say("form", "preview_empty"))
        elif self.mail.isHidden():
            self.words.say(why)
        else:
            self.words.say(sentences(why, say("form", "preview_before")))

    def _cancel(self) -> None:
        self._pause.stop()
        self._request.drop()
