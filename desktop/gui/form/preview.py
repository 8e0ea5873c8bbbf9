"""The preview: the mail an item would send, before anything is submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.gui.jobs import Job
from desktop.gui.mail.mail_view import MailView
from desktop.gui.parts.sheet import Sheet

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.items import NewItem
    from desktop.gui.jobs import Jobs, Ticket
    from desktop.gui.look.theme import ThemeSource


class Preview(Sheet):
    """Asks the backend to render an item's mail, and shows it."""

    def __init__(self, source: ApiSource, jobs: Jobs, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(560, host, themes)
        self.set_title(self.tr("Preview"))
        self._source = source
        self._jobs = jobs
        self._ticket: Ticket | None = None
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.words.setProperty("role", "soft")
        self.mail = MailView(themes)
        self.body.addWidget(self.words)
        self.body.addWidget(self.mail, 1)
        self.body.addStretch()

    def show_item(self, number: int | None, item: NewItem) -> None:
        """Open with the mail of an item not yet submitted; ``number`` if one was typed."""
        self._cancel()
        self.mail.hide()
        self.open()
        if self._source.api is None:
            self._say(self.tr("The backend is coming back; the preview needs it. Try again then."))
            return
        self._say(self.tr("Making the mail…"))
        body: dict[str, Any] = {"item": item}
        if number is not None:
            body["item_id"] = number
        job = Job(self._source.api.preview, body).then(self._on_mail)
        self._ticket = self._jobs.start(job.otherwise(lambda error: self._say(str(error))))

    def close(self) -> bool:
        """Hide the sheet; an answer still to come is dropped."""
        self._cancel()
        return super().close()

    def _on_mail(self, mail: dict[str, Any]) -> None:
        self.mail.show_mail(mail)
        self.words.hide()
        self.mail.show()

    def _say(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.words.show()

    def _cancel(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
