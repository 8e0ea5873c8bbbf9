"""The files that go along with a template's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.look import icons
from desktop.gui.parts.buttons import Link
from desktop.gui.parts.files import file_dialog, size_words
from desktop.gui.parts.flow import drop
from desktop.gui.parts.texts import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


class Attachments(QWidget):
    """Lists attachments as {"file", "size" (bytes, or None)}; files can be dropped on it.

    ``attach_chosen`` carries the paths of files, ``detach_chosen`` the name of an attachment.
    """

    attach_chosen = Signal(list)
    detach_chosen = Signal(str)

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self.setAcceptDrops(True)
        self._rows = QVBoxLayout()
        self.attach = Link(self.tr("Attach…"))
        self.attach.setToolTip(self.tr("Choose files, or drop them here"))
        self.attach.clicked.connect(self._on_attach)
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.addLayout(self._rows, 1)
        line.addWidget(self.attach, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(line)
        whole.addWidget(self.words)
        self.say("")
        self.show_files([])

    def show_files(self, files: Sequence[dict[str, Any]]) -> None:
        """Show these, and no others; the keyboard stays here when its row goes."""
        focused = self._rows_have_keyboard()
        while (item := self._rows.takeAt(0)) is not None:
            drop(item.widget())
        for each in files:
            self._rows.addWidget(self._row(str(each["file"]), each["size"]))
        if not files:
            none = QLabel(self.tr("No attachments"))
            none.setProperty("role", "soft")
            none.setMinimumHeight(self._themes.theme.px(32))  # as high as the link beside it
            self._rows.addWidget(none)
        if focused:
            self.attach.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rows_have_keyboard(self) -> bool:
        here = QApplication.focusWidget()
        return here is not None and here is not self.attach and self.isAncestorOf(here)

    def say(self, sentence: str, role: str = "soft") -> None:
        """Say what is under way, or what went wrong (role ``error``)."""
        self.words.setProperty("role", role)
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._rows.setSpacing(theme.px(4))
        self.attach.setFixedHeight(theme.px(32))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.attach_chosen.emit(paths)

    def _row(self, name: str, size: int | None) -> QWidget:
        theme = self._themes.theme
        row = QWidget()
        row.setMinimumHeight(theme.px(32))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        mark = QLabel()
        mark.setPixmap(
            icons.icon(
                "paperclip", theme.color("soft text"), theme.px(16), self.devicePixelRatioF()
            )
        )
        label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        label.setText(name)
        room = label.fontMetrics().horizontalAdvance(name) + theme.px(4)
        label.setMaximumWidth(max(room, theme.px(60)))
        length = QLabel(self._size_words(size))
        length.setProperty("role", "error" if size is None else "soft")
        gone = QPushButton()
        gone.setProperty("role", "quiet")
        gone.setAccessibleName(self.tr("Remove {}").format(name))
        gone.setToolTip(self.tr("Remove"))
        gone.setFixedWidth(theme.px(32))
        icons.put(gone, "x", theme.color("soft text"), theme)
        gone.clicked.connect(lambda: self.detach_chosen.emit(name))
        line.addWidget(mark)
        line.addWidget(label, 1)
        line.addWidget(length)
        line.addWidget(gone)
        line.addStretch(1)
        return row

    def _size_words(self, size: int | None) -> str:
        if size is None:
            return self.tr("The file is missing. Attach it again.")
        return size_words(size)

    def _on_attach(self) -> None:
        dialog = file_dialog(self, self.tr("Attach files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        # Through Python: a list of texts and a list of anything are two types of signal.
        dialog.filesSelected.connect(lambda paths: self.attach_chosen.emit(paths))
        dialog.open()
