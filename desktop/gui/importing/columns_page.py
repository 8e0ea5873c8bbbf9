"""The spreadsheet of a draft on the desk: how it is read, its options, what its columns become."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.batches import Target
from desktop.gui.importing.reading_form import ColumnsForm, ReadAs
from desktop.gui.importing.sending_form import SendingForm
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.files import choose_files
from desktop.gui.kit.widgets.surfaces import give_viewport
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.table import WORDS, say
from desktop.sheets.description import SUFFIXES, Kind, has_zeros, letter_notes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.contract.batches import Batch, SheetReading
    from desktop.sheets.description import Column, Description


LONG: Final = 20
"""Length of a file's name, in letters, that always fits in a line."""


class ColumnsPage(QScrollArea):
    """Shows the file and the settings of its draft.

    ``file_chosen`` carries a path, ``files_added`` the paths of attachments or of their folders.
    ``columns_edited`` and ``sending_edited`` are emitted when the person changes the mapping or the
    settings.
    """

    file_chosen = Signal(str)
    files_added = Signal(object)
    columns_edited = Signal()
    sending_edited = Signal()

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.name = set_role(Paragraph(), "heading")
        self.notes = set_role(Paragraph(), "soft")
        self.other_file = QPushButton(self.tr("Other file…"))
        self.other_file.setToolTip(self.tr("Read another spreadsheet in place of this one"))
        self.other_file.hide()
        self.add_files = Link(self.tr("Add files…"))
        self.add_files.setToolTip(self.tr("Files that the rows name, to be attached"))
        self.add_folder = Link(self.tr("Add a folder…"))
        self.add_folder.setToolTip(self.tr("Of its files, those that the rows name are copied"))
        self.read_as = ReadAs()
        self.sending = SendingForm()
        self.columns_form = ColumnsForm()
        self._found: Description | None = None  # if this window has read the file
        self._notes: Sequence[str] = ()
        self._reading: SheetReading | None = None  # that of the draft
        self._lay_out()
        self.other_file.clicked.connect(self.choose_file)
        self.add_files.clicked.connect(self._on_add_files)
        self.add_folder.clicked.connect(self._on_add_folder)
        self.columns_form.edited.connect(self._on_columns)
        self.sending.edited.connect(self.sending_edited)
        self.sending.fields_asked.connect(self.columns_form.ask_for)
        self.sending.fields_asked.connect(lambda *_: self._show_notes())

    def begin(self, name: str) -> None:
        """Show that a file is being read, and clear the former one."""
        self.name.setText(_breakable(name))
        self.notes.hide()
        self.read_as.close_choices()
        self.read_as.hide()
        self.other_file.hide()
        self._notes, self._found, self._reading = (), None, None
        self._settings.hide()
        self.sending.begin()
        self.add_files.hide()
        self.add_folder.hide()

    def show_description(
        self,
        found: Description,
        columns: Mapping[str, str | None],
        notes: Sequence[str],
        plain: Collection[str] = (),
        kinds: Mapping[str, str] | None = None,
    ) -> None:
        """Show the description of a file, with its columns' targets, and how they are read."""
        self._found = found
        rows = self.tr("%Ln rows", None, found.rows_with(columns))
        self.name.setText(f"{_breakable(Path(found.path).name)} · {rows}")
        self.read_as.show_description(found)
        self._notes = notes
        self.columns_form.show_columns(columns, found.columns, plain, kinds)
        self._show_about_columns()

    def show_name(self, name: str, columns: Mapping[str, str | None]) -> None:
        """Show a draft whose file was not read by this window."""
        self.name.setText(_breakable(name))
        self.notes.hide()
        self.columns_form.show_columns(columns)

    def show_settings(self, batch: Batch) -> None:
        """Show the settings of a draft; they are hidden until the draft exists."""
        self.other_file.hide()
        self.sending.show_batch(batch)
        if not self.columns_form.choices:
            self.columns_form.show_columns(batch["columns"])
        self._reading = batch["reading"]
        self._settings.show()
        self._show_attachments()

    @property
    def rows(self) -> int | None:
        """The number of rows that the file has, if this window has read it."""
        return None if self._found is None else self._found.rows_with(self.columns())

    @property
    def doubt(self) -> str:
        """What to look at before the rows are sent; empty if nothing is in doubt."""
        if self.read_as.is_open:
            return say("import", "see_words")
        if self._found is not None and self._found.kind is Kind.XLS:
            return say("import", "hidden_rows")
        return ""

    def columns(self) -> dict[str, str | None]:
        """Return the target of each column by its header."""
        return self.columns_form.columns()

    def reading(self) -> SheetReading | None:
        """Return how the file is read, as a batch's ``reading``."""
        if self._found is None:
            return self._reading
        form = self.columns_form
        return self._found.reading(self.columns(), form.plain(), form.kinds())

    @property
    def names_files(self) -> bool:
        """Whether a column holds names of attachments."""
        return Target.ATTACHMENT in self.columns().values()

    def choose_file(self) -> None:
        """Let the person choose a spreadsheet."""
        files = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        names = self.tr("Spreadsheets ({})").format(files)
        mode, title = QFileDialog.FileMode.ExistingFile, self.tr("Import a spreadsheet")
        choose_files(self, title, lambda paths: self.file_chosen.emit(paths[0]), mode, names)

    def _lay_out(self) -> None:
        asked = QWidget()
        asked.setProperty("area", "clear")
        column = sized(QVBoxLayout(asked), margins=(20, (8, 4), 20, 20), spacing=12)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        for link in (self.add_files, self.add_folder):
            head.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        self._settings = QWidget()
        below = sized(QVBoxLayout(self._settings), margins=0, spacing=12)
        below.addWidget(self.columns_form)
        below.addWidget(self.sending)
        column.addLayout(head)
        for part in (self.read_as, self.notes, self._settings):
            column.addWidget(part)
        column.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        give_viewport(self)
        self.setWidget(asked)

    def _show_about_columns(self) -> None:
        """Show what depends on the columns' targets."""
        self._show_attachments()
        self.read_as.show_further(self._found.further(self.columns()) if self._found else 0)
        self._show_notes()

    def _show_notes(self) -> None:
        letter = {each: self.sending.says(each) for each in ("left_over", "standard")}
        about = self._found, self.columns(), letter, self.columns_form.kinds()
        notes = [*self._notes, *self._lost_zeros(), *letter_notes(*about, words=WORDS)]
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))

    def _lost_zeros(self) -> list[str]:
        """Return a note for each number column whose leading zeros are lost."""
        number = WORDS.number
        return [
            say("import", "zeros", text=text, number=number(int(text)), column=column.header)
            for column in self._columns_to(Target.NUMBER)
            for text in [text for text in column.samples if has_zeros(text)][:1]
        ]

    def _columns_to(self, target: Target) -> list[Column]:
        """Return the described columns with a target."""
        columns, found = self.columns(), self._found.columns if self._found else ()
        return [column for column in found if columns.get(column.header) == target]

    def _show_attachments(self) -> None:
        for link in (self.add_files, self.add_folder):
            link.setVisible(self.names_files)

    def _on_columns(self) -> None:
        self._show_about_columns()
        self.columns_edited.emit()

    def _on_add_files(self) -> None:
        choose_files(self, self.tr("Add the files that rows name"), self.files_added.emit)

    def _on_add_folder(self) -> None:
        mode = QFileDialog.FileMode.Directory
        title = self.tr("Add a folder of the files that rows name")
        choose_files(self, title, self.files_added.emit, mode)


def _breakable(name: str) -> str:
    """Allow a long file name to break at dots and dashes."""
    return re.sub(r"([-_.])", "\\1\u200b", name) if len(name) > LONG else name
