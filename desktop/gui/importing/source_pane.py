"""The left half of the import sheet: the file, its columns, and how its rows are sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.rules.mailbox import addresses_meant
from desktop.gui.importing.columns_form import ColumnsForm
from desktop.gui.importing.read_as import ReadAs
from desktop.gui.importing.sending_form import SendingForm
from desktop.gui.kit.look.follow import sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.files import file_dialog
from desktop.gui.kit.widgets.texts import AccentLabel
from desktop.sheets.description import Target, has_zeros

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.contract.batches import Batch, SheetReading
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.sheets.description import Column, Description

FILES: Final = "*.csv *.tsv *.txt *.xlsx *.xlsm *.xlsb *.xls *.ods"
LONG: Final = 20
"""Length of a file's name, in letters, that always fits in a line."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """The ``settings`` of a draft, as ``PUT /batches/{batch_id}`` takes them.

    With ``rows``, the mapping of the columns has changed, so the rows are read again.
    """

    settings: dict[str, Any]
    rows: bool


class SourcePane(QScrollArea):
    """Shows the file and the settings of its draft.

    ``file_chosen`` carries a path, ``files_added`` the paths of attachments. ``columns_edited`` and
    ``sending_edited`` are emitted when the person changes the mapping or the settings.
    """

    file_chosen = Signal(str)
    files_added = Signal(object)
    columns_edited = Signal()
    sending_edited = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__(widgetResizable=True)
        self.name = AccentLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.name.setProperty("role", "heading")
        self.notes = AccentLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.notes.setProperty("role", "soft")
        self.other_file = Link(self.tr("Other file…"))
        self.other_file.setToolTip(self.tr("Read another spreadsheet in place of this one"))
        self.add_files = Link(self.tr("Add files…"))
        self.add_files.setToolTip(self.tr("Files that the rows name, to be attached"))
        self.read_as = ReadAs(themes)
        self.columns_form = ColumnsForm(themes)
        self.sending = SendingForm(themes)
        self._found: Description | None = None  # if this window has read the file
        self._notes: Sequence[str] = ()
        self._reading: SheetReading | None = None
        self._lay_out()
        self.other_file.clicked.connect(self.choose_file)
        self.add_files.clicked.connect(self._on_add_files)
        self.columns_form.edited.connect(self._on_columns)
        self.sending.edited.connect(self.sending_edited)
        self.sending.fields_asked.connect(self.columns_form.ask_for)

    def begin(self, name: str) -> None:
        """Show that a file is being read, and clear the former one."""
        self.name.setText(_breakable(name))
        self.notes.hide()
        self.read_as.close_choices()
        self.read_as.hide()
        self._notes, self._found, self._reading = (), None, None
        self._settings.hide()
        self.sending.begin()
        self.add_files.hide()

    def show_description(
        self,
        found: Description,
        columns: Mapping[str, str | None],
        notes: Sequence[str],
        plain: Collection[str] = (),
    ) -> None:
        """Show the description of a file, with its columns' targets and those that are plain."""
        self._found = found
        rows = self.tr("%Ln rows", None, found.rows_with(columns))
        self.name.setText(f"{_breakable(Path(found.path).name)} · {rows}")
        self.read_as.show_description(found)
        self._notes = notes
        self.columns_form.show_columns(columns, found.columns, plain)
        self._reading = found.reading(self.columns_form.plain())
        self._show_about_columns()

    def show_name(self, name: str, columns: Mapping[str, str | None]) -> None:
        """Show a draft whose file was not read by this window."""
        self.name.setText(_breakable(name))
        self.notes.hide()
        self.columns_form.show_columns(columns)

    def show_settings(self, batch: Batch) -> None:
        """Show the settings of a draft; they are hidden until the draft exists."""
        self.sending.show_batch(batch)
        if not self.columns_form.choices:
            self.columns_form.show_columns(batch["columns"])
        self._reading = self._reading or batch["reading"]
        self._settings.show()
        self._show_attachments()

    @property
    def rows(self) -> int | None:
        """The number of rows that the file has, if this window has read it."""
        return None if self._found is None else self._found.rows_with(self.columns())

    def columns(self) -> dict[str, str | None]:
        """Return the target of each column by its header."""
        return self.columns_form.columns()

    def reading(self) -> SheetReading | None:
        """Return how the file is read, as a batch's ``reading``."""
        if self._reading is None or not self.columns_form.has_samples:
            return self._reading
        return {**self._reading, "plain": self.columns_form.plain()}

    @property
    def names_files(self) -> bool:
        """Whether a column holds names of attachments."""
        return Target.ATTACHMENT in self.columns().values()

    def choose_file(self) -> None:
        """Let the person choose a spreadsheet."""
        dialog = file_dialog(self, self.tr("Import a spreadsheet"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Spreadsheets ({})").format(FILES))
        dialog.fileSelected.connect(self.file_chosen)
        dialog.open()

    def _lay_out(self) -> None:
        asked = QWidget()
        asked.setProperty("area", "clear")
        column = sized(QVBoxLayout(asked), margins=(20, 12, 16, 12), spacing=12)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.add_files, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.other_file, 0, Qt.AlignmentFlag.AlignTop)
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
        self.setWidget(asked)

    def _show_about_columns(self) -> None:
        """Show what depends on the columns' targets."""
        self._show_attachments()
        self.read_as.show_further(self._found.further(self.columns()) if self._found else 0)
        notes = [*self._notes, *self._lost_zeros(), *self._mistyped(), *self._unnamed()]
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))

    def _unnamed(self) -> list[str]:
        """Return a note if no column is the name."""
        if self._found is None or not self._found.lacks_name(self.columns()):
            return []
        return [self.tr("No column is the name: the messages address nobody by name.")]

    def _lost_zeros(self) -> list[str]:
        """Return a note for each number column whose leading zeros are lost."""
        words = self.tr("{} becomes item {}: choose a field for “{}” to keep the zeros.")
        return [
            words.format(text, QLocale().toString(int(text)), column.header)
            for column in self._columns_to(Target.NUMBER)
            for text in [text for text in column.samples if has_zeros(text)][:1]
        ]

    def _mistyped(self) -> list[str]:
        """Return a note for each address whose domain is probably mistyped."""
        words = self.tr("Row {}: {} – did you mean {}?")
        return [
            words.format(QLocale().toString(row), address, addresses_meant(address)[0])
            for column in self._columns_to(Target.EMAIL)
            for row, address in column.slips
        ]

    def _columns_to(self, target: Target) -> list[Column]:
        """Return the described columns with a target."""
        columns, found = self.columns(), self._found.columns if self._found else ()
        return [column for column in found if columns.get(column.header) == target]

    def _show_attachments(self) -> None:
        self.add_files.setVisible(self.names_files)

    def _on_columns(self) -> None:
        self._show_about_columns()
        self.columns_edited.emit()

    def _on_add_files(self) -> None:
        dialog = file_dialog(self, self.tr("Add the files that rows name"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self.files_added.emit(paths))
        dialog.open()


def _breakable(name: str) -> str:
    """Allow a long file name to break at dots and dashes."""
    return re.sub(r"([-_.])", "\\1\u200b", name) if len(name) > LONG else name
