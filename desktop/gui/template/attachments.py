"""The files that go along with a template's messages; one is taken away when it is saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
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
from desktop.gui.widgets.buttons import Link
from desktop.gui.widgets.feedback import Feedback
from desktop.gui.widgets.files import file_dialog, size_words
from desktop.gui.widgets.flow import drop
from desktop.gui.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


_UNDO: Final = QKeySequence.StandardKey.Undo


class Attachments(QWidget):
    """Lists attachments as {"file", "size" (bytes, or None)}; files can be dropped on it.

    ``attach_chosen`` carries the paths of files, ``left_out`` that of one that did not arrive and
    is not to be added any more. ``edited`` tells that a person takes one away, or
    keeps it after all, as the keys of *undo* do with the last one.
    """

    attach_chosen = Signal(list)
    left_out = Signal(str)
    edited = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self.setAcceptDrops(True)
        self._files: list[dict[str, Any]] = []
        self._missing: list[str] = []
        self._going: set[str] = set()
        self._taken: list[str] = []
        self._shown: list[QWidget] = []
        self._rows = QVBoxLayout()
        self.attach = Link(self.tr("Attach…"))
        self.attach.setToolTip(self.tr("Choose files, or drop them here"))
        self.attach.clicked.connect(self._on_attach)
        self.words = Feedback()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.addLayout(self._rows, 1)
        line.addWidget(self.attach, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(line)
        whole.addWidget(self.words)
        self.show_files([])

    def staying(self) -> list[str] | None:
        """Name the files that stay; ``None`` where none is taken away."""
        if not self._going:
            return None
        return [name for each in self._files if (name := str(each["file"])) not in self._going]

    def take_away(self, files: Collection[str]) -> None:
        """Mark these of the files shown, and no others, as taken away."""
        self._going = {str(each["file"]) for each in self._files} & set(files)
        self._taken = [name for name in self._taken if name in self._going]
        self._show_rows()

    def keep_only(self, staying: Collection[str] | None) -> None:
        """Mark the files as taken away that are not among these; with ``None``, none is."""
        names = [str(each["file"]) for each in self._files]
        self.take_away([] if staying is None else set(names) - set(staying))

    def show_files(self, files: Sequence[dict[str, Any]]) -> None:
        """Show these, and no others; what a person takes away stays marked."""
        self._files = list(files)
        self.take_away(self._going)

    def show_missing(self, paths: Sequence[str]) -> None:
        """Name files that were to be added and did not arrive, until the person decides."""
        if self._missing != list(paths):
            self._missing = list(paths)
            self._show_rows()

    def check(self) -> bool:
        """Say which file the person has to decide about; tell whether there is none."""
        if self._missing:
            words = self.tr("{} was not added. Attach it again, or leave it out.")
            self.words.say(words.format(Path(self._missing[0]).name), "error")
        return not self._missing

    def _show_rows(self) -> None:
        """Show a row for each file; the keyboard stays here when its row goes."""
        focused = self._row_with_keyboard()
        for row in self._shown:
            self._rows.removeWidget(row)
            drop(row)
        missing = {Path(path).name for path in self._missing}
        files = [each for each in self._files if each["file"] not in missing]
        self._shown = [self._row(str(each["file"]), each["size"]) for each in files]
        self._shown += [self._missing_row(path) for path in self._missing]
        if not self._shown:
            none = QLabel(self.tr("No attachments"))
            none.setProperty("role", "soft")
            none.setMinimumHeight(self._themes.theme.px(32))  # as high as the link beside it
            self._shown = [none]
        for row in self._shown:
            self._rows.addWidget(row)
        if focused is not None:
            rows = self._shown[focused : focused + 1]
            button = next((row.findChild(QPushButton) for row in rows), None)
            (button or self.attach).setFocus(Qt.FocusReason.OtherFocusReason)

    def _row_with_keyboard(self) -> int | None:
        """Return which row has the keyboard."""
        here = QApplication.focusWidget()
        for at, row in enumerate(self._shown):
            if here is not None and row.isAncestorOf(here):
                return at
        return None

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._rows.setSpacing(theme.px(4))
        self.attach.setFixedHeight(theme.px(32))

    def event(self, event: QEvent) -> bool:
        """Claim the keys of *undo* before the window does, where one was taken away here."""
        claims = event.type() == QEvent.Type.ShortcutOverride and bool(self._taken)
        if claims and isinstance(event, QKeyEvent) and event.matches(_UNDO):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep after all what was taken away last."""
        if self._taken and event.matches(_UNDO):
            name = self._taken[-1]
            self._on_button(name)
            self.words.say(self.tr("{} stays.").format(name))
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._attach(paths)

    def _row(self, name: str, size: int | None) -> QWidget:
        goes = name in self._going
        label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        label.setText(name)
        if goes:
            font = label.font()
            font.setStrikeOut(True)
            label.setFont(font)
            label.setProperty("role", "soft")
        length = QLabel(self.tr("goes when you save") if goes else self._size_words(size))
        length.setProperty("role", "error" if size is None and not goes else "soft")
        words = self.tr("Keep {}") if goes else self.tr("Remove {}")
        tip = self.tr("Keep it") if goes else self.tr("Remove when you save")
        button = self._button("undo-2" if goes else "x", words.format(name), tip)
        button.clicked.connect(lambda: self._on_button(name))
        return self._line(label, length, button)

    def _missing_row(self, path: str) -> QWidget:
        """Name a file that did not arrive, with both ways out."""
        name = Path(path).name
        label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        label.setText(name)
        why = QLabel(self.tr("was not added"))
        why.setProperty("role", "error")
        again = Link(self.tr("Attach again"))
        again.setAccessibleName(self.tr("Attach {} again").format(name))
        again.clicked.connect(lambda: self._attach([path]))
        button = self._button("x", self.tr("Leave {} out").format(name), self.tr("Leave it out"))
        button.clicked.connect(lambda: self._on_left_out(path))
        return self._line(label, why, again, button)

    def _line(self, *parts: QWidget) -> QWidget:
        """Put the parts of a file side by side."""
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
        line.addWidget(mark)
        for part in parts:
            line.addWidget(part)  # a name is as wide as its words, cut only where there is no room
        line.addStretch(1)
        return row

    def _button(self, icon: str, name: str, tip: str) -> QPushButton:
        """Make a button without words at the end of a row."""
        theme = self._themes.theme
        button = QPushButton()
        button.setProperty("role", "quiet")
        button.setAccessibleName(name)
        button.setToolTip(tip)
        button.setFixedWidth(theme.px(32))
        icons.put(button, icon, theme.color("soft text"), theme)
        return button

    def _on_left_out(self, path: str) -> None:
        self.words.say("")
        self.left_out.emit(path)

    def _on_button(self, name: str) -> None:
        self._taken.append(name)
        self.take_away(self._going ^ {name})
        self.words.say("")
        self.edited.emit()

    def _size_words(self, size: int | None) -> str:
        if size is None:
            return self.tr("The file is missing. Attach it again.")
        return size_words(size)

    def _on_attach(self) -> None:
        dialog = file_dialog(self, self.tr("Attach files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        # Through Python: a list of texts and a list of anything are two types of signal.
        dialog.filesSelected.connect(lambda paths: self._attach(paths))
        dialog.open()

    def _attach(self, paths: list[str]) -> None:
        """Have files attached; one that takes the place of a file that was to go stays."""
        self.take_away(self._going - {Path(path).name for path in paths})
        self.attach_chosen.emit(paths)
