"""The files that go along with a template's messages; what a person does here counts once saved."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.client.api import new_key
from desktop.gui.template.attachment_row import AttachmentRow
from desktop.gui.widgets.buttons import Link
from desktop.gui.widgets.feedback import Feedback
from desktop.gui.widgets.files import file_dialog, size_words
from desktop.gui.widgets.flow import drop
from desktop.gui.widgets.texts import keep_height

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


_UNDO: Final = QKeySequence.StandardKey.Undo


class Attachments(QWidget):
    """Lists attachments as {"file", "size" (bytes, or None)}; files can be dropped on it.

    Each file chosen is laid ready for the :attr:`edit`: ``wanted`` carries that and the file's
    path, answered by :meth:`take` or :meth:`refuse`; ``settled`` tells that none is on its way any
    more, and whether all have arrived. ``edited`` tells that a person adds a file, takes one away,
    or keeps it after all, as the keys of *undo* do with the last one.
    """

    wanted = Signal(str, str)
    settled = Signal(bool)
    edited = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self.setAcceptDrops(True)
        self.edit = new_key()
        self._files: dict[str, int | None] = {}
        self._added: dict[str, int] = {}
        self._coming: list[str] = []
        self._refused: list[str] = []
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
        self._show_rows()

    @property
    def coming(self) -> list[str]:
        """The paths of files that are on their way."""
        return list(self._coming)

    def parts(self) -> dict[str, Any]:
        """Return which files go along, as the API takes it; nothing where that is as it was."""
        staying = [name for name in self._files | self._added if name not in self._going]
        edit = {"edit": self.edit} if self._added.keys() & set(staying) else {}
        if not edit and staying == list(self._files):
            return {}
        return {"attachments": staying, **edit}

    def draft(self) -> dict[str, Any]:
        """Return what was added and not saved, as :meth:`put_back` takes it."""
        if not self._added and not self._coming:
            return {}
        return {"edit": self.edit, "added": dict(self._added), "coming": self.coming}

    def show_files(self, files: Sequence[dict[str, Any]]) -> None:
        """Show these, with nothing added or taken away."""
        self._files = {str(each["file"]): each["size"] for each in files}
        self.edit = new_key()
        self._added, self._coming, self._refused = {}, [], []
        self._going, self._taken = set(), []
        self.words.say("")
        self._show_rows()

    def put_back(self, draft: dict[str, Any], staying: Collection[str] | None) -> None:
        """Show what was added before, and which files stay; what was on its way goes on."""
        self.edit = str(draft.get("edit", self.edit))
        self._added = dict(draft.get("added", {}))
        there = self._files.keys() | self._added.keys()
        self._going = set() if staying is None else there - set(staying)
        self._attach(draft.get("coming", []))

    def take(self, edit: str, path: str, file: dict[str, Any]) -> None:
        """Take note that a file is laid ready."""
        if edit == self.edit and path in self._coming:
            self._coming.remove(path)
            self._added[str(file["file"])] = int(file["size"])
            self._on_arrival()

    def refuse(self, edit: str, path: str, why: str) -> None:
        """Name a file that cannot be attached, and say why; those before it stay named."""
        if edit == self.edit and path in self._coming:
            self._coming.remove(path)
            words = self.tr("“{}” is not attached. {}")
            self._refused.append(words.format(Path(path).name, why))
            self.words.say("\n".join(self._refused), "error")
            self._on_arrival()

    def _on_arrival(self) -> None:
        self._show_rows()
        self.edited.emit()
        if not self._coming:
            self.settled.emit(not self._refused)

    def _show_rows(self) -> None:
        """Show a row for each file; the keyboard stays here when its row goes."""
        focused = self._row_with_keyboard()
        for row in self._shown:
            self._rows.removeWidget(row)
            drop(row)
        coming = {file_name(path): path for path in self._coming}
        names = [name for name in self._files | self._added if name not in coming]
        rows = [self._row(name) for name in names]
        rows += [self._coming_row(name, path) for name, path in coming.items()]
        none = QLabel(self.tr("No attachments"))
        none.setProperty("role", "soft")
        keep_height(none, self._themes.theme.px(32))  # as high as the link beside it
        self._shown = [*rows] or [none]
        for row in self._shown:
            self._rows.addWidget(row)
        if focused is not None:
            button = rows[focused].button if focused < len(rows) else self.attach
            button.setFocus(Qt.FocusReason.OtherFocusReason)

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
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.add(paths)

    def _row(self, name: str) -> AttachmentRow:
        """Make the row of a file that is there, or was added."""
        row = AttachmentRow(name, self._said_of(name), self._themes.theme)
        if name in self._going:
            row.strike_out()
            row.offer("undo-2", self.tr("Keep {}").format(name), self.tr("Keep it"))
        else:
            row.offer("x", self.tr("Remove {}").format(name), self.tr("Remove when you save"))
            if name not in self._added and self._files[name] is None:
                row.mark_missing()
        row.button.clicked.connect(lambda: self._on_button(name))
        return row

    def _said_of(self, name: str) -> str:
        """Say how large a file is, and what becomes of it."""
        is_added, size = name in self._added, self._added.get(name, self._files.get(name))
        if name in self._going:
            return self.tr("removed when you save") if name in self._files else self.tr("left out")
        if size is None:
            return self.tr("The file is missing. Attach it again.")
        if is_added and name in self._files:
            return self.tr("{}, replaced").format(size_words(size))
        words = self.tr("{}, new") if is_added else "{}"
        return words.format(size_words(size))

    def _coming_row(self, name: str, path: str) -> AttachmentRow:
        """Make the row of a file on its way."""
        row = AttachmentRow(name, self.tr("Attaching…"), self._themes.theme)
        row.offer("x", self.tr("Leave {} out").format(name), self.tr("Leave it out"))
        row.button.clicked.connect(lambda: self._on_left_out(path))
        return row

    def _on_left_out(self, path: str) -> None:
        self._coming.remove(path)
        self._on_arrival()

    def _on_button(self, name: str) -> None:
        self._going ^= {name}
        self._taken = [each for each in [*self._taken, name] if each in self._going]
        self.words.say("")
        self._show_rows()
        self.edited.emit()

    def _on_attach(self) -> None:
        dialog = file_dialog(self, self.tr("Attach files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        # Through Python: a list of texts and a list of anything are two types of signal.
        dialog.filesSelected.connect(lambda paths: self.add(paths))
        dialog.open()

    def add(self, paths: Sequence[str]) -> None:
        """Have files attached; one that takes the place of a file that was to go stays."""
        self._going -= {file_name(path) for path in paths}
        self._taken = [each for each in self._taken if each in self._going]
        self._refused = []
        self.words.say("")
        self._attach(paths)
        self.edited.emit()

    def _attach(self, paths: Sequence[str]) -> None:
        """Have files laid ready, a later one of the same name in place of an earlier one."""
        by_name = {file_name(path): path for path in (*self._coming, *paths)}
        self._coming = list(by_name.values())
        self._show_rows()
        for path in dict.fromkeys(paths):
            if path in self._coming:
                self.wanted.emit(self.edit, path)


def file_name(path: str) -> str:
    """Return what a file is called as an attachment."""
    return unicodedata.normalize("NFC", Path(path).name)
