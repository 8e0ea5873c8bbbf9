"""The left half of the import sheet: the spreadsheet, what its columns become, how it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.rules.mailbox import addresses_meant
from desktop.contract.rules.templates import (
    ALL_FIELDS,
    STANDARD,
    field_key,
    free_field_name,
    unfilled,
)
from desktop.gui.batches.rows.row_check_words import LEFT_OUT, target_word
from desktop.gui.importing.read_as import ReadAs
from desktop.gui.importing.sending_form import SendingForm
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import CheckBox, Link
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.files import file_dialog
from desktop.gui.kit.widgets.surfaces import FlowPane, drop
from desktop.gui.kit.widgets.texts import AccentLabel, ElidedLabel, WholeLabel, tip
from desktop.sheets.description import BY_VALUE, FIELD, Target, has_zeros

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from desktop.contract.batches import Batch, SheetReading
    from desktop.sheets.description import Column, Description


_SHOWN, _PLAIN = "shown", "plain"
"""The values of the choice beside a sample."""


class ColumnsForm(QWidget):
    """One line for each column; ``edited`` is emitted when the person changes the mapping.

    A target other than a field or an attachment belongs to one column: choosing it removes it from
    another. Fields that the template asks for and no column fills are offered for every column.

    Below, each column that the message lists has a tick; without it, the column is left out. So has
    each one that is left out and could be listed.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choices: dict[str, Choice] = {}
        self.has_samples = False
        self._as_shown: dict[str, Choice] = {}
        self.ticks: dict[str, CheckBox] = {}
        self._asked: Sequence[str] = ()
        self._standard: Sequence[str] = ()
        self._unnamed: AbstractSet[str] = frozenset()
        self._samples: Mapping[str, Sequence[str]] = {}
        self._columns: Mapping[str, str | None] = {}
        self._grid = sized(QGridLayout(), across=12, down=4)
        self._empty = WholeLabel()
        self._empty.setProperty("role", "soft")
        self._empty.hide()
        self._listed = FlowPane()
        sized(self._listed.flow, spacing=8)
        label = QLabel(self.tr("The message lists:"))
        label.setProperty("role", "soft")
        self._listed.flow.addWidget(label)
        whole = sized(QVBoxLayout(self), margins=0, spacing=12)
        whole.addWidget(self._listed)  # above a long list of columns, to be seen
        whole.addLayout(self._grid)
        whole.addWidget(self._empty)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self._grid.setColumnStretch(2, 3)

    def show_columns(
        self,
        columns: Mapping[str, str | None],
        described: Sequence[Column] = (),
        plain: Collection[str] = (),
    ) -> None:
        """Show columns by their headers, with their targets and sample values.

        A column without a header in the spreadsheet has its letter. A column whose cells are shown
        in another way than their values has a choice of both; ``plain`` are those with values.
        Empty columns that are left out are only counted.
        """
        found = {column.header: column for column in described}
        self._unnamed = {header for header, column in found.items() if not column.has_header}
        self.has_samples, self._as_shown = bool(found), {}
        self._samples = {header: column.samples for header, column in found.items()}
        while (item := self._grid.takeAt(0)) is not None:
            drop(item.widget())
        self.choices, self._columns = {}, {**columns}
        empty = [each for each in found if not found[each].samples and not columns.get(each)]
        self._empty.setText(self.tr("%Ln empty columns are left out.", None, len(empty)))
        self._empty.setVisible(bool(empty))
        shown = {header: columns[header] for header in columns if header not in empty}
        for place, (header, target) in enumerate(shown.items()):
            choice = self._choice(header, target)
            name = ElidedLabel()
            is_unnamed = header in self._unnamed
            name.setText(self.tr("Column {}").format(header) if is_unnamed else header)
            name.setToolTip(tip(self._own_words(header)))
            name.setBuddy(choice)
            self._grid.addWidget(name, place, 0)
            self._grid.addWidget(choice, place, 1)
            if header in found:
                sample = self._sample(found[header], is_plain=header in plain)
                self._grid.addWidget(sample, place, 2)
            self.choices[header] = choice
        self._offer()

    def ask_for(self, fields: Sequence[str], standard: Sequence[str] = ()) -> None:
        """Set the fields that the template asks for, and the standard ones that it uses."""
        self._asked, self._standard = fields, standard
        self._offer()

    def unfilled(self) -> list[str]:
        """Return the fields that the template asks for and no column fills."""
        return unfilled(self._asked, self.columns()) if self.choices else []

    def columns(self) -> dict[str, str | None]:
        """Return the target of each column by its header, as a batch's ``columns``."""
        chosen = {header: choice.value() or None for header, choice in self.choices.items()}
        return {**self._columns, **chosen}

    def plain(self) -> list[str]:
        """Return the columns that have plain values, not as the sheet shows them."""
        return [header for header, choice in self._as_shown.items() if choice.value() == _PLAIN]

    def _choice(self, header: str, target: str | None) -> Choice:
        choice = Choice(self.tr("What “{}” becomes").format(header))
        self._fill(choice, header, target or LEFT_OUT, ())
        choice.chosen.connect(lambda value: self._on_chosen(header, value))
        return choice

    def _sample(self, column: Column, *, is_plain: bool) -> QWidget:
        """Show a value of a column; if it is shown in another way, both can be chosen."""
        if column.shown is None or column.plain is None:
            sample = ElidedLabel()
            sample.setText(next((value for value in column.samples if value), ""))
            sample.setToolTip(tip("\n".join(column.samples)))
            sample.setProperty("role", "soft")
            return sample
        choice = Choice(self.tr("How “{}” is written").format(column.header))
        choice.short = {_SHOWN: column.shown or self.tr("empty"), _PLAIN: column.plain}
        choice.set_choices(
            [
                (_SHOWN, self.tr("{} (as shown)").format(choice.short[_SHOWN])),
                (_PLAIN, self.tr("{} (plain value)").format(choice.short[_PLAIN])),
            ]
        )
        choice.set_value(_PLAIN if is_plain else _SHOWN)
        choice.setToolTip(tip("\n".join(column.samples)))
        choice.chosen.connect(lambda _: self.edited.emit())
        self._as_shown[column.header] = choice
        return choice

    def _offer(self) -> None:
        """Offer the possible targets in each list; the chosen one stays."""
        missing = self.unfilled()
        for header, choice in self.choices.items():
            self._fill(choice, header, choice.value(), missing)
            if (written := self._as_shown.get(header)) is not None:
                written.setEnabled(choice.value() not in BY_VALUE)
        self._show_listed()

    def _show_listed(self) -> None:
        """Show a tick for each column that the message lists or could list."""
        could = {
            header: bool(choice.value())
            for header, choice in self.choices.items()
            if self._lists(choice.value() or self._own_target(header))
            and (choice.value() or any(self._samples.get(header, ())))
        }
        if [*could] != [*self.ticks]:
            for tick in self.ticks.values():
                self._listed.flow.removeWidget(tick)
                drop(tick)
            self.ticks = {header: self._tick(header) for header in could}
        for header, is_listed in could.items():
            self.ticks[header].setChecked(is_listed)
        self._listed.setVisible(bool(could))

    def _tick(self, header: str) -> CheckBox:
        name = self.tr("Column {}").format(header) if header in self._unnamed else header
        tick = CheckBox(name.replace("&", "&&"))
        tick.clicked.connect(lambda on: self._on_ticked(header, is_listed=on))
        self._listed.flow.addWidget(tick)
        return tick

    def _lists(self, target: str) -> bool:
        """Tell whether the message shows a column with this target among its fields."""
        if target == Target.NOTE:
            return Target.NOTE in self._standard
        if not target.startswith(FIELD):
            return False
        asked = {field_key(name) for name in self._asked}
        return ALL_FIELDS in self._standard or field_key(target.removeprefix(FIELD)) in asked

    def _own_target(self, header: str) -> str:
        """Return what a column becomes that is not left out any more: the note, or a new field."""
        taken = {field_key(name) for name in STANDARD} - {Target.NOTE.value}
        taken |= {
            field_key(choice.value().removeprefix(FIELD))
            for other, choice in self.choices.items()
            if other != header
        }
        name = free_field_name(header, taken)
        return Target.NOTE if field_key(name) == Target.NOTE else f"{FIELD}{name}"

    def _on_ticked(self, header: str, *, is_listed: bool) -> None:
        target = self._own_target(header) if is_listed else LEFT_OUT
        self._fill(self.choices[header], header, target, ())
        self._on_chosen(header, target)

    def _fill(self, choice: Choice, header: str, value: str, missing: Sequence[str]) -> None:
        own = self._own_target(header)
        fields: dict[str, str] = {}
        for each in (own, value):
            if each.startswith(FIELD):
                fields[field_key(each.removeprefix(FIELD))] = each
        for name in missing:
            fields.setdefault(field_key(name), f"{FIELD}{name}")
        choice.clear()
        offered = [*Target, *fields.values(), LEFT_OUT]
        words = {str(each): target_word(each) for each in offered}
        if own in fields.values():
            words[own] = target_word(f"{FIELD}{header}")
            if header in self._unnamed:
                words[own] = self.tr("{field} ({column})").format(
                    field=words[own], column=self._own_words(header)
                )
        choice.set_choices([*words.items()])
        choice.set_value(value)

    def _own_words(self, header: str) -> str:
        """Return the header of a column, or its letter."""
        if header not in self._unnamed:
            return header
        return self.tr("Column {}, without a header").format(header)

    def _on_chosen(self, header: str, value: str) -> None:
        single = value and not value.startswith(FIELD) and value != Target.ATTACHMENT
        for other, choice in self.choices.items():
            if single and other != header and choice.value() == value:
                choice.set_value(LEFT_OUT)
        self._offer()
        self.edited.emit()


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

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.name = AccentLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.name.setProperty("role", "heading")
        self.notes = AccentLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.notes.setProperty("role", "soft")
        self.other_file = Link(self.tr("Other file…"))
        self.other_file.setToolTip(self.tr("Read another spreadsheet in place of this one"))
        self.add_files = Link(self.tr("Add files…"))
        self.add_files.setToolTip(self.tr("Files that the rows name, to be attached"))
        self.read_as = ReadAs()
        self.columns_form = ColumnsForm()
        self.sending = SendingForm()
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

    @property
    def hidden_rows(self) -> frozenset[int]:
        """The rows that the spreadsheet hides, if this window has read it."""
        return frozenset(self._found.hidden_rows if self._found else ())

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
