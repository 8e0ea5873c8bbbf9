"""The user's files: dialogs that open in the last folder used, dropped files, rows, a scratch."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QStandardPaths, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import set_font, set_role, sized
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.gui.kit.words.plurals import size_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QMimeData

_FOLDER = "folder of the last file"
"""The property of the application that holds the last folder."""


def file_dialog(parent: QWidget, title: str, suggested: str = "") -> QFileDialog:
    """Make a dialog that opens in the last folder used, at first in the documents folder.

    ``suggested`` is the name of a file to write.
    """
    dialog = QFileDialog(parent.window(), title, str(_folder() / suggested))
    dialog.fileSelected.connect(_remember)
    dialog.filesSelected.connect(lambda paths: _remember(paths[0]))
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def choose_files(
    parent: QWidget,
    title: str,
    chosen: Callable[[list[str]], object],
    mode: QFileDialog.FileMode = QFileDialog.FileMode.ExistingFiles,
    names: str = "",
) -> None:
    """Ask for files, or for what the ``mode`` says; ``chosen`` gets their paths."""
    dialog = file_dialog(parent, title)
    dialog.setFileMode(mode)
    dialog.setNameFilter(names)
    # Through Python: PySide takes list[str] and list as two types of signals.
    dialog.filesSelected.connect(lambda paths: chosen(paths))
    dialog.open()


class DropZone(QLabel):
    """Covers its host while it is shown; mouse events pass through."""

    def __init__(self, host: QWidget, words: str) -> None:
        super().__init__(words, host, alignment=Qt.AlignmentFlag.AlignCenter)
        self._host = host
        self.setObjectName("dropZone")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        set_font(self, 20, QFont.Weight.DemiBold)

    def appear(self) -> None:
        """Show the drop zone over the whole host."""
        self.setGeometry(self._host.rect())
        self.raise_()
        self.show()


class FileDrops(QObject):
    """Hands files that are dropped on a widget to ``take``, which gets their paths.

    While files are over it, its ``zone`` says what becomes of them. Nothing is taken unless all are
    on this computer.
    """

    def __init__(self, host: QWidget, words: str, take: Callable[[list[str]], object]) -> None:
        super().__init__(host)
        self._take = take
        self.zone = DropZone(host, words)
        host.setAcceptDrops(True)
        host.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files of this computer; leave all else to the widget."""
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self.zone.hide()
        elif isinstance(event, QDropEvent) and (paths := _paths_of(event.mimeData())):
            if isinstance(event, QDragEnterEvent):
                self.zone.appear()
            elif kind == QEvent.Type.Drop:
                self.zone.hide()
                self._take(paths)
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)


def _paths_of(data: QMimeData) -> list[str]:
    paths = [url.toLocalFile() for url in data.urls()]
    return paths if all(paths) else []


class AttachmentRow(QWidget):
    """Shows a file's name, cut in the middle only if room is short, with ``said`` after it."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__()
        sized(self, least_height=32)
        self.name = ElidedLabel(name, Qt.TextElideMode.ElideMiddle)
        self.said = set_role(QLabel(said), "soft")
        self.button = set_role(sized(QPushButton(), width=32), "quiet")
        icons.draw(mark := QLabel(), "paperclip", "soft text")
        line = sized(QHBoxLayout(self), margins=0, spacing=8)
        for part in (mark, self.name, self.said, self.button):
            line.addWidget(part)
        line.addStretch(1)

    def strike_out(self) -> None:
        """Show that the file will not be attached."""
        font = self.name.font()
        font.setStrikeOut(True)
        self.name.setFont(font)
        self.name.setProperty("role", "soft")

    def mark_missing(self) -> None:
        """Show the text about the file as an error."""
        self.said.setProperty("role", "error")

    def offer(self, icon: str, name: str, tip: str) -> None:
        """Set the button's icon, accessible name and tooltip."""
        self.button.setAccessibleName(name)
        self.button.setToolTip(tip)
        icons.put(self.button, icon)


def files_words(files: Iterable[dict[str, Any]]) -> str:
    """Return the names of files, given as ``{"file", "size"}``, each with its size if known."""
    return ", ".join(_file_words(str(each["file"]), each["size"]) for each in files)


def _file_words(name: str, size: int | None) -> str:
    return name if size is None else f"{name} ({size_words(size)})"


def _folder() -> Path:
    app = QApplication.instance()
    last = app.property(_FOLDER) if app is not None else None
    if last and Path(last).is_dir():
        return Path(last)
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    found = Path(QStandardPaths.writableLocation(documents) or Path.home())
    return found if found.is_dir() else Path.home()


def _remember(path: str) -> None:
    app = QCoreApplication.instance()
    if app is not None and path:
        app.setProperty(_FOLDER, str(Path(path).parent))


class Scratch(QObject):
    """A temporary folder of this window, deleted with the window."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._folder: Path | None = None

    def folder(self) -> Path:
        """Return the folder; it is made when first needed."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="sendoff-"))
            self.destroyed.connect(partial(shutil.rmtree, self._folder, ignore_errors=True))
        return self._folder
