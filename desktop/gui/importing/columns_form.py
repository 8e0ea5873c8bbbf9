"""The mapping of a spreadsheet's columns: a list for each, and which ones the message lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.contract.rules.templates import (
    ALL_FIELDS,
    STANDARD,
    field_key,
    free_field_name,
    unfilled,
)
from desktop.gui.batches.rows.target_words import LEFT_OUT, target_word
from desktop.gui.kit.look.follow import sized
from desktop.gui.kit.widgets.buttons import CheckBox
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.surfaces import FlowPane, drop
from desktop.gui.kit.widgets.texts import ElidedLabel, WholeLabel, tip
from desktop.sheets.description import BY_VALUE, FIELD, Target

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.sheets.description import Column

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

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
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
        whole.addLayout(self._grid)
        whole.addWidget(self._empty)
        whole.addWidget(self._listed)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 4)
        self._grid.setColumnStretch(2, 4)

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
        choice = Choice(self.tr("What “{}” becomes").format(header), self._themes)
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
        choice = Choice(self.tr("How “{}” is written").format(column.header), self._themes)
        choice.set_choices(
            [
                (_SHOWN, self.tr("{} (as shown)").format(column.shown or self.tr("empty"))),
                (_PLAIN, self.tr("{} (plain value)").format(column.plain)),
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
        tick = CheckBox(name.replace("&", "&&"), self._themes)
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
