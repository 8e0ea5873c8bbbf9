"""How a spreadsheet is read: sheet, header row, encoding, numbers and dates, and its columns."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.batches import Target
from desktop.contract.items import ValueKind
from desktop.contract.rules.salutations import SALUTATIONS
from desktop.contract.rules.templates import (
    ALL_FIELDS,
    FIELD,
    STANDARD,
    field_key,
    free_field_name,
    unfilled,
)
from desktop.contract.rules.values import bare_kind, salutation_told
from desktop.gui.batches.draft_words import LEFT_OUT, target_word
from desktop.gui.importing.salutation_words import SalutationWords
from desktop.gui.importing.writings import locale_name, writings
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import bind_theme, set_role, sized
from desktop.gui.kit.widgets.buttons import ActionButton, CheckBox, Link
from desktop.gui.kit.widgets.choice import Choice, Segments
from desktop.gui.kit.widgets.field import editor_label
from desktop.gui.kit.widgets.surfaces import FlowPane, clear, drop
from desktop.gui.kit.widgets.texts import AccentLabel, ElidedLabel, Paragraph, WholeLabel, tip
from desktop.gui.kit.words.table import WORDS, say
from desktop.sheets.description import BY_VALUE, ENCODINGS, Kind, SheetChoice, Writing, is_shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from desktop.sheets.description import Column, Description, Writing

ROWS_OFFERED: Final = 10
"""Number of first rows that are offered as the header."""
LEAST: Final = 18
MOST: Final = 24
"""Letters of a long header that are shown, in average."""
NO_HEADER: Final = "0"
_MAY_TELL: Final = {
    ValueKind.TEXT,
    ValueKind.NUMBER,
    *(f"{ValueKind.TEXT} {e}" for e in SALUTATIONS),
}
"""The kinds of columns that may tell the salutation: words, or codes such as 1 and 2."""
_PLAIN: Final = "plain"
"""The value of the choice beside a sample that is no kind."""


class ReadAs(QWidget):
    """How the file is read; ``change``, which stands elsewhere, says it and opens the choices.

    If several encodings are likely, it shows a word as each of them reads it, to choose from;
    ``is_open`` says that nothing has been chosen yet.

    ``chosen`` carries the :class:`SheetChoice` with which to read the file again.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.change = set_role(ActionButton(""), "quiet")
        icons.put(self.change, "chevron-down", "soft text")
        self.change.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.change.setToolTip(self.tr("Read another sheet, or the file in another way"))
        self.change.hide()
        self.sheet = Choice(self.tr("Sheet"))
        self.header = Choice(self.tr("Header"))
        self.encoding = Choice(self.tr("Encoding"))
        self.numbers = Choice(self.tr("Numbers and dates"))
        self._writings: dict[str, Writing] = {}
        self.readings: Segments | None = None
        self._readings: dict[str, str] = {}
        self.is_open = False
        self.each = CheckBox("")
        # Its text must not widen the pane.
        self.each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.each.setToolTip(
            self.tr(
                "Each further address of a cell is a row of its own, below the last row of the"
                " spreadsheet. Without it, such a row needs a look."
            )
        )
        self.each.hide()
        self.visible = CheckBox(self.tr("Leave out hidden rows"))
        self.visible.hide()
        about = self.tr(
            "Changing this reads the file again. Corrections stay where the spreadsheet's value is"
            " the same."
        )
        self._about = set_role(Paragraph(about), "soft")
        self._lay_out()
        self.chosen.connect(self._on_chosen)
        self.change.clicked.connect(self._on_change)
        self.another.clicked.connect(self._on_another)
        for choices in (self.sheet, self.header, self.encoding, self.numbers):
            choices.chosen.connect(lambda _: self.chosen.emit(self.choice()))
        for tick in (self.each, self.visible):
            tick.clicked.connect(lambda _: self.chosen.emit(self.choice()))

    def show_description(self, found: Description) -> None:
        """Show how a file was read."""
        parts = []
        if found.sheet is not None and len(found.sheets) > 1:
            parts.append(self.tr("Sheet “{}”").format(found.sheet))
        if found.header:
            parts.append(self.tr("header in row {}").format(found.header))
        else:
            parts.append(self.tr("no header"))
        if found.encoding is not None:
            parts.append(_alphabet(found.encoding))
        elif found.kind is not Kind.ODS:  # it has its own texts
            parts.append(found.writing.example)
        words = ", ".join(parts)
        self.change.setText(f"{words[:1].upper()}{words[1:]}")
        self.change.setAccessibleName(self.tr("Change how the file is read: {}").format(words))
        self.change.show()
        self.each.setChecked(found.each_address)
        self.visible.setChecked(found.visible_only)
        self.visible.setVisible(bool(found.hidden_rows))
        self._offer(found)
        self.show()

    def show_further(self, count: int) -> None:
        """Offer a row for each address if cells have ``count`` addresses after their first one."""
        self.each.setText(self.tr("Send to each address of a cell (%Ln more rows)", None, count))
        self.each.setVisible(count > 0)

    def close_choices(self) -> None:
        """Hide the choices and show the line only, for another file."""
        self._show_readings({})
        self._asked.hide()
        self.change.hide()

    def choice(self) -> SheetChoice:
        """Return the chosen sheet, header row, encoding, and way of numbers and dates."""
        return SheetChoice(
            self.sheet.value() or None,
            int(self.header.value()),
            self.encoding.value() or None,
            self._writings[self.numbers.value()],
            each_address=self.each.isChecked(),
            visible_only=self.visible.isChecked(),
        )

    def _lay_out(self) -> None:
        self._asked = QWidget()
        row = sized(QHBoxLayout(), spacing=12)
        every = (self.sheet, self.header, self.encoding, self.numbers)
        self._choices = {each: _labelled(each) for each in every}
        for each, labelled in self._choices.items():
            row.addWidget(labelled, 2 if each is self.numbers else 1)  # the order of a date is last
        below = sized(QVBoxLayout(self._asked), margins=0, spacing=4)
        below.addLayout(row)
        below.addWidget(self._about)
        self._asked.hide()
        whole = sized(QVBoxLayout(self), margins=0, spacing=8)
        self._which = QHBoxLayout()
        self._ask = AccentLabel(self.tr("Which one is right?"), wordWrap=True)
        self._which.addWidget(self._ask, 1)
        self.another = Link(self.tr("Another encoding…"))
        self.another.setToolTip(self.tr("None of these is right: choose from all encodings"))
        self._which.addWidget(self.another)
        whole.addLayout(self._which)
        for part in (self._asked, self.each, self.visible):
            whole.addWidget(part)
        self._show_readings({})

    def _offer(self, found: Description) -> None:
        self.sheet.set_choices([(sheet, sheet) for sheet in found.sheets])
        self.sheet.set_value(found.sheet or "")
        last = max(ROWS_OFFERED, found.header)
        rows = [(str(row), self.tr("Row {}").format(row)) for row in range(1, last + 1)]
        self.header.set_choices([*rows, (NO_HEADER, self.tr("No header"))])
        self.header.set_value(str(found.header))
        if found.encoding is not None:
            # They stay while one of them is chosen, so that the person can go back.
            if found.readings or found.encoding not in self._readings:
                self._show_readings(found.readings)
            if self.readings is not None:
                self.readings.set_value(found.encoding)
            names = dict.fromkeys([found.encoding, *self._readings, *ENCODINGS])
            self.encoding.set_choices([(name, _alphabet(name)) for name in names])
            self.encoding.set_value(found.encoding)
        self._writings = writings(found.writing)
        offered = [(name, _way(each)) for name, each in self._writings.items()]
        self.numbers.set_choices(offered)
        self.numbers.set_value(found.writing.locale)
        self._choices[self.sheet].setVisible(len(found.sheets) > 1)
        self._choices[self.encoding].setVisible(found.encoding is not None)

    def _show_readings(self, readings: dict[str, str]) -> None:
        self._readings = readings
        self.is_open = bool(readings)
        self._ask.setVisible(bool(readings))
        self.another.setVisible(bool(readings))
        if self.readings is not None:
            self.readings.hide()
            self.readings.deleteLater()
            self.readings = None
        if readings:
            self.readings = Segments(self._ask.text(), [*readings.items()])
            self.readings.chosen.connect(self._on_reading)
            self._which.insertWidget(1, self.readings)

    def _on_reading(self, encoding: str) -> None:
        self.encoding.set_value(encoding)
        self.chosen.emit(self.choice())

    def _on_chosen(self) -> None:
        self.is_open = False

    def _on_another(self) -> None:
        self._on_change()
        self.encoding.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_change(self) -> None:
        self._asked.show()
        first = self.header if self._choices[self.sheet].isHidden() else self.sheet
        first.setFocus(Qt.FocusReason.OtherFocusReason)


def _labelled(choices: Choice) -> QWidget:
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(editor_label(choices.accessibleName(), choices))
    column.addWidget(choices)
    return both


def _way(writing: Writing) -> str:
    """Name a way of numbers and dates, with an example."""
    name = locale_name(writing.locale)
    return f"{name} · {writing.example}" if name else writing.example


def _alphabet(name: str) -> str:
    """Name an encoding; Python writes *mac-roman* for *mac_roman*."""
    known = (each for each in (name, name.replace("-", "_")) if ("encoding", each) in WORDS.rows)
    return next((say("encoding", each) for each in known), name.upper())


def _fit_name(name: QLabel, _: object) -> None:
    """Show the header of a column whole, unless it is very long."""
    letter, whole = name.fontMetrics().averageCharWidth(), name.sizeHint().width()
    name.setMinimumWidth(min(whole, LEAST * letter))
    name.setMaximumWidth(MOST * letter)


class ColumnsForm(QWidget):
    """One line for each column; ``edited`` is emitted when the person changes the mapping.

    A target other than a field or an attachment belongs to one column: choosing it removes it from
    another. Fields that the template asks for and no column fills are offered for every column.

    Those that were recognized are folded to a link that counts them. Below, each column that the
    message lists has a tick; without it, the column is left out. So has each one that is left out
    and could be listed.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choices: dict[str, Choice] = {}
        self._read_as: dict[str, Choice] = {}
        self._words: dict[str, SalutationWords] = {}
        self._described: Mapping[str, str] = {}
        self._kinds: dict[str, str] = {}
        self.ticks: dict[str, CheckBox] = {}
        self._asked: Sequence[str] = ()
        self._standard: Sequence[str] = ()
        self._unnamed: AbstractSet[str] = frozenset()
        self._samples: Mapping[str, Sequence[str]] = {}
        self._columns: Mapping[str, str | None] = {}
        self._grid = sized(QGridLayout(), across=12, down=4)
        self._empty = set_role(WholeLabel(), "soft")
        self._empty.hide()
        self.used = Link("")
        self.used.clicked.connect(self._on_used)
        self._folded: dict[str, list[QWidget]] = {}
        self._is_whole = False
        self._listed = FlowPane()
        sized(self._listed.flow, spacing=8)
        label = set_role(QLabel(self.tr("Shown in the e-mail:")), "soft")
        self._listed.flow.addWidget(label)
        whole = sized(QVBoxLayout(self), margins=0, spacing=12)
        whole.addWidget(self.used, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addLayout(self._grid)
        whole.addWidget(self._empty)
        whole.addWidget(self._listed)
        self._grid.setColumnStretch(1, 1)  # the names take what they need
        self._grid.setColumnStretch(2, 1)

    def show_columns(
        self,
        columns: Mapping[str, str | None],
        described: Sequence[Column] = (),
        plain: Collection[str] = (),
        kinds: Mapping[str, str] | None = None,
    ) -> None:
        """Show columns by their headers, with their targets and sample values.

        A column without a header in the spreadsheet has its letter. A field counts as one of
        ``kinds``, else as it is described. A column whose cells are shown in another way than their
        values has a choice of both; ``plain`` are those with values. Empty columns that are left
        out are only counted.
        """
        found = {column.header: column for column in described}
        self._unnamed = {header for header, column in found.items() if not column.has_header}
        self._read_as, self._words = {}, {}
        self._described = {header: column.kind for header, column in found.items()}
        self._kinds = dict(self._described if kinds is None else kinds)
        self._samples = {header: column.samples for header, column in found.items()}
        clear(self._grid)
        self.choices, self._columns = {}, {**columns}
        self._folded = {}
        empty = [each for each in found if not found[each].samples and not columns.get(each)]
        self._empty.setText(say("import", "empty_columns", n=len(empty)))
        self._empty.setVisible(bool(empty))
        shown = {header: columns[header] for header in columns if header not in empty}
        for at, (header, target) in enumerate(shown.items()):
            place = 2 * at  # its own words for a salutation are below
            choice = self._choice(header, target)
            name = ElidedLabel()
            is_unnamed = header in self._unnamed
            name.setText(self.tr("Column {}").format(header) if is_unnamed else header)
            bind_theme(name, "room", _fit_name)
            name.setToolTip(tip(self._own_words(header)))
            name.setBuddy(choice)
            self._grid.addWidget(name, place, 0)
            self._grid.addWidget(choice, place, 1)
            line: list[QWidget] = [name, choice]
            if header in found:
                is_field = is_shown(target) and target != Target.TITLE
                is_plain = header in plain
                sample = self._sample(found[header], is_field=is_field, is_plain=is_plain)
                self._grid.addWidget(sample, place, 2)
                line.append(sample)
            if header in self._words:
                self._grid.addWidget(self._words[header], place + 1, 1, 1, 2)
            if target:
                self._folded[header] = line
            self.choices[header] = choice
        self._show_folded()
        self._offer()

    def used_words(self) -> str:
        """Say how many columns are used."""
        columns = self.columns().values()
        used = WORDS.number(sum(bool(each) for each in columns))
        return say("import", "columns_used", n=len(columns), used=used)

    def _show_folded(self) -> None:
        for line in self._folded.values():
            for part in line:
                part.setVisible(self._is_whole)
        self.used.setVisible(bool(self._folded))

    def _on_used(self) -> None:
        self._is_whole = not self._is_whole
        self._show_folded()

    def ask_for(self, fields: Sequence[str], standard: Sequence[str] = ()) -> None:
        """Set the fields that the template asks for, and the standard ones that it uses."""
        before = self._asked, self._standard
        self._asked, self._standard = fields, standard
        if before != (fields, standard):
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
        return [header for header, choice in self._read_as.items() if choice.value() == _PLAIN]

    def kinds(self) -> dict[str, str]:
        """Return what the columns count as, by header; numbers have the form of the file."""
        chosen = {
            header: self._words[header].kind(choice.value())
            for header, choice in self._read_as.items()
        }
        kinds = self._kinds | {each: kind for each, kind in chosen.items() if kind != _PLAIN}
        return {
            header: form if bare_kind(form := self._described.get(header, kind)) == kind else kind
            for header, kind in kinds.items()
        }

    def _choice(self, header: str, target: str | None) -> Choice:
        choice = Choice(self.tr("What “{}” becomes").format(header))
        choice.set_value(target or LEFT_OUT)
        choice.chosen.connect(lambda value: self._on_chosen(header, value))
        return choice

    def _sample(self, column: Column, *, is_field: bool, is_plain: bool) -> QWidget:
        """Show a value of a column; of a field, what it counts as can be chosen.

        If it is shown in another way than its value, both can be chosen.
        """
        first = next((value for value in column.samples if value), "")
        if column.plain is None and not is_field:
            sample = set_role(ElidedLabel(first), "soft")
            sample.setToolTip(tip("\n".join(column.samples)))
            return sample
        shown = first if column.shown is None else column.shown or self.tr("empty")
        choice = Choice(self.tr("How “{}” is read").format(column.header))
        words = {
            ValueKind.TEXT: self.tr("{} · text"),
            ValueKind.NUMBER: self.tr("{} · number"),
            ValueKind.DATE: self.tr("{} · date"),
            ValueKind.YES_NO: self.tr("{} · yes or no"),
        }
        offered = [(kind.value, text.format(shown)) for kind, text in words.items()]
        words_of = self.tr("{} · salutation ({})")
        offered += [
            (f"{ValueKind.TEXT} {each}", words_of.format(shown, QLocale(each).nativeLanguageName()))
            for each in (SALUTATIONS if column.words and column.kind in _MAY_TELL else ())
        ]
        choice.short = {value: shown for value, _ in offered}
        if column.plain is not None:
            offered.append((_PLAIN, self.tr("{} (plain value)").format(column.plain)))
            choice.short[_PLAIN] = column.plain
        choice.set_choices(offered)
        choice.setMinimumContentsLength(2)  # the header is more important
        kind = bare_kind(self._kinds.get(column.header, ValueKind.TEXT))
        if told := salutation_told(kind):
            kind = f"{ValueKind.TEXT} {told.language}"
        choice.set_value(_PLAIN if is_plain else kind)
        choice.setToolTip(tip("\n".join(column.samples)))
        choice.chosen.connect(self._on_read_as)
        self._read_as[column.header] = choice
        own = SalutationWords(column, self._kinds.get(column.header, ""))
        own.edited.connect(self.edited)
        self._words[column.header] = own
        return choice

    def _offer(self) -> None:
        """Offer the possible targets in each list; the chosen one stays."""
        missing = self.unfilled()
        for header, choice in self.choices.items():
            self._fill(choice, header, choice.value(), missing)
            if (written := self._read_as.get(header)) is not None:
                written.setEnabled(choice.value() not in BY_VALUE)
                is_field = choice.value() and written.isEnabled()
                self._words[header].show_kind(written.value() if is_field else "")
        self.used.setText(self.used_words())
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
        stops: list[QWidget] = [self.used]
        for header, choice in self.choices.items():
            stops += filter(None, [choice, self._read_as.get(header)])
            stops += self._words[header].choices.values() if header in self._words else ()
        stops += self.ticks.values()
        for before, following in pairwise(stops):
            QWidget.setTabOrder(before, following)  # otherwise Tab reaches it last of all

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
        taken = {field_key(name) for name in STANDARD} - {Target.NOTE.value, "salutation"}
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

    def _on_read_as(self) -> None:
        self._offer()  # the words of a salutation
        self.edited.emit()

    def _on_chosen(self, header: str, value: str) -> None:
        single = value and not value.startswith(FIELD) and value != Target.ATTACHMENT
        for other, choice in self.choices.items():
            if single and other != header and choice.value() == value:
                choice.set_value(LEFT_OUT)
        self._offer()
        self.edited.emit()
