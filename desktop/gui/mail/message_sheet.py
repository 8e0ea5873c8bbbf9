"""The sheet with a large view of a message, to print it or open it in the e-mail program."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.gui.jobs import Job
from desktop.gui.look import icons
from desktop.gui.mail.mail_view import LEAST, MessageView
from desktop.gui.widgets.sheets.sheet import Sheet

if TYPE_CHECKING:
    from desktop.gui.jobs import Jobs
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class MessageSheet(Sheet):
    """Shows one message over the work area; ``failed`` carries why it could not be opened."""

    failed = Signal(str)

    def __init__(self, jobs: Jobs, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(720, host, themes)
        self.set_title(self.tr("Message"))
        self._jobs = jobs
        self._source = ""
        self.message = MessageView(themes)
        self.add_scrolled(self.message, filling=True)
        self.open_button = QPushButton(self.tr("Open in the e-mail program"))
        self.print_button = QPushButton(self.tr("Print…"))
        self.print_button.setToolTip(self.tr("Print this message, or save it as PDF"))
        self.foot.addStretch(1)
        self.foot.addWidget(self.print_button)
        self.foot.addWidget(self.open_button)
        self.open_button.clicked.connect(self._on_open)
        self.print_button.clicked.connect(self.message.ask_to_print)

    def show_message(self, message: dict[str, Any]) -> None:
        """Show a message as the API returns it, and open the sheet."""
        self._source = str(message["source"])
        self.message.show_mail(message)
        self.open()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        self.message.pages.setMinimumHeight(theme.px(LEAST))
        icons.put(self.open_button, "mail", theme.color("text"), theme)
        icons.put(self.print_button, "printer", theme.color("text"), theme)

    def _on_open(self) -> None:
        job = Job(_written, self._source).then(self._on_written)
        self._jobs.start(job.otherwise(lambda error: self.failed.emit(str(error))))

    def _on_written(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.failed.emit(self.tr("No program opens e-mails here. The file is {}").format(path))


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Make the folder of opened messages; it is deleted when the program ends."""
    return tempfile.TemporaryDirectory(prefix="sendoff-", ignore_cleanup_errors=True)


def _written(source: str) -> Path:
    """Write a message to a new file that only its owner can read."""
    descriptor, name = tempfile.mkstemp(prefix="message-", suffix=".eml", dir=_folder().name)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(source)
    return Path(name)
