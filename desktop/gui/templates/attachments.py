"""The attachments of a template, each a row with its state."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.rules.templates import FilesLimit
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.files import AttachmentRow, choose_files
from desktop.gui.kit.widgets.surfaces import drop
from desktop.gui.kit.widgets.texts import Feedback
from desktop.gui.kit.words.plurals import size_words
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.model.text import whole_characters

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class Attachments(QWidget):
    """Lists attachments given as {"file", "size" (bytes, or None)}.

    An added file stays where it is until the template is saved. ``edited`` is emitted when the
    person adds a file, removes one, or keeps it after all.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._files: dict[str, int | None] = {}
        self._added: dict[str, AddedFile] = {}
        self._going: set[str] = set()
        self._shown: list[QWidget] = []
        self._rows = sized(QVBoxLayout(), spacing=4)
        self.attach = Link(self.tr("Attach…"))
        self.attach.setProperty("lines", "buttons")
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

    def parts(self) -> dict[str, Any]:
        """Return the attachments as the API takes them; empty if they are unchanged."""
        staying = self.staying()
        if not self.added() and staying == list(self._files):
            return {}
        return {"attachments": staying}

    @property
    def has_some(self) -> bool:
        """Whether there is any file."""
        return bool(self._files or self._added)

    def leave_out(self, *, left_out: bool = True) -> None:
        """Leave all saved files out, or keep them."""
        self._going = self._files.keys() - self._added.keys() if left_out else set()
        self._show_rows()

    def staying(self) -> list[str]:
        """Return the names of the attachments once the template is saved."""
        return [name for name in self._files | self._added if name not in self._going]

    def added(self) -> dict[str, str]:
        """Return the paths of the files to add, by their names as attachments."""
        return {name: file.path for name, file in self._added.items() if name not in self._going}

    def draft(self) -> dict[str, str]:
        """Return the paths of all added files, as :meth:`put_back` takes them."""
        return {name: file.path for name, file in self._added.items()}

    def show_files(self, files: Sequence[dict[str, Any]]) -> None:
        """Show saved files, without additions or removals."""
        self._files = {str(each["file"]): each["size"] for each in files}
        self._added, self._going = {}, set()
        self.words.say("")
        self._show_rows()

    def show_saved(self, files: Sequence[dict[str, Any]], sent: dict[str, str]) -> None:
        """Show saved files; additions that are not among those ``sent``, and removals, stay."""
        self._files = {str(each["file"]): each["size"] for each in files}
        self._added = {
            name: file for name, file in self._added.items() if sent.get(name) != file.path
        }
        self._going &= self._files.keys() | self._added.keys()
        self._show_rows()

    def put_back(self, draft: dict[str, str], staying: Collection[str] | None) -> None:
        """Restore unsaved additions and removals; ``staying`` are kept."""
        there = self._files.keys() | draft.keys()
        self._going = set() if staying is None else there - set(staying)
        self._take([*draft.values()])

    def _show_rows(self) -> None:
        """Show a row for each file; the focus stays in the list when its row goes."""
        focused = self._focused_row()
        for row in self._shown:
            self._rows.removeWidget(row)
            drop(row)
        rows = [self._row(name) for name in self._files | self._added]
        none = set_role(QLabel(self.tr("No attachments")), "soft")
        sized(none, least_height=32)  # as high as the link beside it
        self._shown = [*rows] or [none]
        for row in self._shown:
            self._rows.addWidget(row)
        if focused is not None:
            button = rows[focused].button if focused < len(rows) else self.attach
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focused_row(self) -> int | None:
        """Return the position of the focused row, if any."""
        here = QApplication.focusWidget()
        for at, row in enumerate(self._shown):
            if here is not None and row.isAncestorOf(here):
                return at
        return None

    def _row(self, name: str) -> AttachmentRow:
        """Make the row of a saved or added file."""
        row = AttachmentRow(name, self._said_of(name))
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
        """Return the size of a file, and what happens to it on save."""
        is_added = name in self._added
        size = self._added[name].size if is_added else self._files[name]
        if name in self._going:
            return self.tr("left out when you save")
        if size is None:
            return say("attachment", "lost", file=name)
        if is_added and name in self._files:
            return self.tr("{}, replaced").format(size_words(size))
        words = self.tr("{}, new") if is_added else "{}"
        return words.format(size_words(size))

    def _on_button(self, name: str) -> None:
        self._going ^= {name}
        self.words.say("")
        self._show_rows()
        self.edited.emit()

    def _on_attach(self) -> None:
        choose_files(self, self.tr("Attach files"), self.add)

    def add(self, paths: Sequence[str]) -> None:
        """Add files; one with the name of a removed file restores that name."""
        self._going -= {file_name(path) for path in paths}
        self._take(paths)
        self.edited.emit()

    def _take(self, paths: Sequence[str]) -> None:
        """Add files, and name each that cannot be attached with the reason."""
        refused = []
        for path in paths:
            try:
                size = Path(path).stat().st_size
            except OSError as error:
                why = f"{error.strerror}."
            else:
                why = self._why_not(file_name(path), size)
            if why:
                refused.append(say("attachment", "not_attached", file=Path(path).name, why=why))
            else:
                self._added[file_name(path)] = AddedFile(path, size)
        self.words.say("\n".join(refused), "error")
        self._show_rows()

    def _why_not(self, name: str, size: int) -> str:
        """Return why a file cannot be added; empty if it can."""
        others = {**self._files, **{each: file.size for each, file in self._added.items()}}
        rest = sum(others[each] or 0 for each in others.keys() - self._going - {name})
        if size == 0:
            return say("attachment", "empty")
        limit = FilesLimit()
        return limit.too_much(WORDS) if rest + size > limit.size else ""


class AddedFile(NamedTuple):
    """A file to be attached by the next save; ``size`` is in bytes."""

    path: str
    size: int


def file_name(path: str) -> str:
    """Return the name of a file as an attachment."""
    return unicodedata.normalize("NFC", whole_characters(Path(path).name))
