"""The left half of the import sheet: the spreadsheet, what its columns become, how it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.batches import BY_ADDRESS, BY_NAME, BY_NUMBER, RowCheck, Target
from desktop.contract.rules.templates import DEFAULT
from desktop.gui.importing.reading_form import ColumnsForm, ReadAs
from desktop.gui.kit.look.appearance import keep_room, set_role, sized
from desktop.gui.kit.widgets.buttons import CheckBox, Link
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.field import AddressOffer, RateField, editor_label
from desktop.gui.kit.widgets.files import choose_files
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.widgets.surfaces import clear
from desktop.gui.kit.widgets.texts import Paragraph, tip
from desktop.gui.kit.words.states import template_word
from desktop.gui.kit.words.table import WORDS, say
from desktop.sheets.description import SUFFIXES, Kind, has_zeros, letter_notes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.contract.batches import Batch, BatchCounts, SheetReading
    from desktop.sheets.description import Column, Description


LONG: Final = 20
"""Length of a file's name, in letters, that always fits in a line."""


class SendingForm(QWidget):
    """The settings of a draft, except its columns.

    ``edited`` is emitted when the person changes one, ``again_chosen`` when the person chooses
    whether rows sent before are sent again; ``edit_chosen`` carries the template to edit,
    ``fields_asked`` the fields of its own and the standard ones that the chosen one uses.
    """

    edited = Signal()
    again_chosen = Signal()
    edit_chosen = Signal(str)
    fields_asked = Signal(list, list)

    def __init__(self) -> None:
        super().__init__()
        self._details: dict[str, dict[str, Any]] = {}
        self.template = Choice(self.tr("Template"))
        self.template.setPlaceholderText(self.tr("Choose…"))
        self.template.set_choices([(DEFAULT, template_word(DEFAULT))])
        self.template.set_value(DEFAULT)
        self._of_draft = DEFAULT
        self._undecided: Sequence[str] = ()
        self.edit = Link(self.tr("Edit…"))
        self.edit.setToolTip(self.tr("Change the text of the e-mails"))
        self.edit.clicked.connect(lambda: self.edit_chosen.emit(self.template.value()))
        self.key = Choice(self.tr("Recognize a person by"))
        keys = {
            BY_NUMBER: self.tr("item number"),
            BY_ADDRESS: self.tr("address and title"),
            BY_NAME: self.tr("address, title and name"),
        }
        self.key.set_choices([(" ".join(key), word) for key, word in keys.items()])
        self.moment = MomentField(self.tr("Send at"), self.tr("Send later…"))
        self.most = RateField(self.tr("Limit"))
        about = self.tr("A row that is the same as in an earlier batch is not sent twice.")
        self.key.setToolTip(tip(about))
        self.again, self.changed = CheckBox(""), CheckBox("")
        for box in (self.again, self.changed):
            # Its text must not widen the pane.
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.hide()
            box.toggled.connect(lambda _: self.again_chosen.emit())
        self._lay_out()
        for choice in (self.template, self.key):
            choice.chosen.connect(lambda _: self.edited.emit())
        self.template.chosen.connect(lambda _: self._tell_fields())
        self.moment.edited.connect(self.edited)
        self.most.edited.connect(self.edited)

    def show_templates(
        self, templates: Sequence[dict[str, Any]], *, followed: Mapping[str, str]
    ) -> None:
        """Set the list of templates, as ``GET /templates`` details them.

        If the chosen template was replaced by a copy, its successor in ``followed`` is chosen.
        """
        before = self.template.value()
        names = [str(each["name"]) for each in templates]
        chosen = followed.get(before, before)
        if chosen != before and chosen in names:
            self.template.clear()  # otherwise the old name stays in the list
        self.template.set_choices([(name, template_word(name)) for name in names])
        if chosen != before and chosen in names:
            self.template.set_value(chosen)
            self.edited.emit()
        self._details = {str(each["name"]): each for each in templates}
        self._tell_fields()

    @property
    def also(self) -> frozenset[str]:
        """The checks of rows that were sent before and are sent again."""
        boxes = {RowCheck.SAME: self.again, RowCheck.CHANGED: self.changed}
        return frozenset(
            check for check, box in boxes.items() if not box.isHidden() and box.isChecked()
        )

    def says(self, what: str) -> list[str]:
        """Return the ``fields``, ``standard`` or ``left_over`` ones of the chosen template."""
        return list(self._details.get(self.template.value(), {}).get(what, ()))

    def begin(self) -> None:
        """Reset the choice to send rows again: it was about another file."""
        self._undecided = ()
        for box in (self.again, self.changed):
            box.setChecked(False)
            box.hide()

    @property
    def undecided(self) -> str:
        """What to decide before anything is sent; empty if a template is chosen."""
        if self.template.value() or len(self._undecided) < 2:
            return ""
        last, usual = map(template_word, self._undecided[:2])
        return say("import", "undecided", last=last, usual=usual)

    def show_undecided(self, templates: Sequence[str] | None) -> None:
        """Choose no template for the next draft if it may have one of several."""
        self._undecided = templates or ()

    def show_batch(self, batch: Batch) -> None:
        """Show the settings of a draft."""
        for box in (self.again, self.changed):
            box.setChecked(False)
        self._of_draft = batch["template"] or DEFAULT
        if self._undecided:
            self.template.setCurrentIndex(-1)
        else:
            self.template.set_value(self._of_draft)
        self._tell_fields()
        self.choose_key(batch["key"])
        self.moment.set_moment(batch["run_at"] or "")
        self.most.set_rate(batch["rate"])

    def show_sent_before(self, counts: BatchCounts) -> None:
        """Offer to send the rows again that were sent before, with their number."""
        same, changed = counts["same"], counts["changed"]
        self.again.setText(self.tr("Send the %Ln rows from before again", None, same))
        self.again.setVisible(same > 0)
        self.changed.setText(
            self.tr("Send the %Ln changed rows again, as they are now", None, changed)
        )
        self.changed.setVisible(changed > 0)

    def leave_number(self) -> None:
        """Recognize rows by their address if they were recognized by their number."""
        if self.settings()["key"] == [*BY_NUMBER]:
            self.choose_key(BY_ADDRESS)

    def choose_key(self, key: Sequence[str]) -> None:
        """Choose the fields that identify a row, without emitting ``edited``."""
        self.key.set_value(" ".join(key))

    def settings(self) -> dict[str, Any]:
        """Return the settings as the body of ``PUT /batches/{batch_id}``."""
        return {
            "template": self.template.value() or self._of_draft,
            "key": self.key.value().split(),
            "run_at": self.moment.moment() or None,
            "rate": self.most.rate(),
        }

    def check(self) -> bool:
        """Check the settings, show the errors, and tell whether there are none."""
        return self.moment.check()

    def _tell_fields(self) -> None:
        self.fields_asked.emit(self.says("fields"), self.says("standard"))

    def _lay_out(self) -> None:
        about_text = QHBoxLayout()
        about_text.addWidget(editor_label(self.tr("Template"), self.template), 1)
        about_text.addWidget(self.edit)
        self._grid = sized(QGridLayout(self), margins=0, across=12, down=4)
        self._grid.addWidget(editor_label(self.tr("Recognize a person by"), self.key), 0, 0)
        self._grid.addLayout(about_text, 0, 1)
        self._grid.addWidget(self.key, 1, 0)
        self._grid.addWidget(self.template, 1, 1)
        for space in (2, 4):
            self._grid.setRowMinimumHeight(space, 6)
        self._grid.addWidget(self.most, 3, 0)
        self._grid.addWidget(self.moment, 5, 0, 1, 2)
        self._grid.addWidget(self.again, 6, 0, 1, 2)
        self._grid.addWidget(self.changed, 7, 0, 1, 2)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)


@dataclass(frozen=True, slots=True)
class SetUp:
    """The ``settings`` of a draft, as ``PUT /batches/{batch_id}`` takes them.

    With ``rows``, the mapping of the columns has changed, so the rows are read again.
    """

    settings: dict[str, Any]
    rows: bool


class SourcePane(QScrollArea):
    """Shows the file and the settings of its draft.

    ``file_chosen`` carries a path, ``files_added`` the paths of attachments or of their folders,
    ``meant_chosen`` a row's number and the address that is meant there. ``columns_edited`` and
    ``sending_edited`` are emitted when the person changes the mapping or the settings.
    """

    file_chosen = Signal(str)
    meant_chosen = Signal(int, str)
    files_added = Signal(object)
    columns_edited = Signal()
    sending_edited = Signal()

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.name = set_role(Paragraph(), "heading")
        self.notes = set_role(Paragraph(), "soft")
        self.meant: dict[int, AddressOffer] = {}
        self._offers = QWidget()
        self._column_of_offers = sized(QVBoxLayout(self._offers), margins=0, spacing=4)
        self.other_file = Link(self.tr("Other file…"))
        self.other_file.setToolTip(self.tr("Read another spreadsheet in place of this one"))
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
        self._offer_meant({})
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
        self._offer_meant({})
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
        column = sized(QVBoxLayout(asked), margins=(20, 12, 16, 12), spacing=12)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        for link in (self.add_files, self.add_folder, self.other_file):
            head.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        self._settings = QWidget()
        below = sized(QVBoxLayout(self._settings), margins=0, spacing=12)
        below.addWidget(self.sending)  # above a long list of columns, to be seen
        below.addWidget(self.columns_form)
        column.addLayout(head)
        for part in (self.read_as, self.notes, self._offers, self._settings):
            column.addWidget(part)
        column.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(asked)

    def _show_about_columns(self) -> None:
        """Show what depends on the columns' targets."""
        self._show_attachments()
        self.read_as.show_further(self._found.further(self.columns()) if self._found else 0)
        self._show_notes()
        slips = [each for column in self._columns_to(Target.EMAIL) for each in column.slips]
        self._offer_meant(dict(slips))

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

    def _offer_meant(self, slips: Mapping[int, str]) -> None:
        """Offer what each address with a mistyped domain probably means, by row."""
        clear(self._column_of_offers)
        self.meant = {}
        for row, address in slips.items():
            words = say("import", "meant", row=WORDS.number(row), address=address)
            offer = AddressOffer(words)
            offer.chosen.connect(partial(self.meant_chosen.emit, row))
            keep_room(offer)  # nothing moves under the pointer
            self.meant[row] = offer
            self._column_of_offers.addWidget(offer)
            offer.show_for(address)
        self._offers.setVisible(bool(self.meant))

    def forget_meant(self, row: int) -> None:
        """Offer no address for a row any more."""
        offer = self.meant.pop(row, None)
        if offer is not None:
            offer.hide()

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
