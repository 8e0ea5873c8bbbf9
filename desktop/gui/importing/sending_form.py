"""The form for how rows are sent: template, time, daily limit, and what identifies a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.rules.templates import DEFAULT
from desktop.contract.rules.times import Rate
from desktop.gui.kit.look.appearance import follow, sized
from desktop.gui.kit.widgets.buttons import CheckBox, Link
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.field import editor_label
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.words.states import template_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.batches import Batch

BY_NUMBER: Final = "number"
BY_ADDRESS: Final = "email title"
BY_NAME: Final = "email title name"
MOST: Final = 1_000_000
"""Largest number of messages a day."""


class SendingForm(QWidget):
    """The settings of a draft, except its columns.

    ``edited`` is emitted when the person changes one, ``again_chosen`` when the person chooses
    whether rows sent before are sent again; ``edit_chosen`` carries the template to edit,
    ``fields_asked`` the own fields and the
    standard ones that the chosen one uses.
    """

    edited = Signal()
    again_chosen = Signal()
    edit_chosen = Signal(str)
    fields_asked = Signal(list, list)

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, tuple[list[str], list[str]]] = {}
        self.template = Choice(self.tr("Template"))
        self.template.set_choices([(DEFAULT, template_word(DEFAULT))])
        self.edit = Link(self.tr("Edit…"))
        self.edit.setToolTip(self.tr("Change the text of the messages"))
        self.edit.clicked.connect(lambda: self.edit_chosen.emit(self.template.value()))
        self.key = Choice(self.tr("Same person if equal"))
        self.key.set_choices(
            [
                (BY_NUMBER, self.tr("item number")),
                (BY_ADDRESS, self.tr("address and title")),
                (BY_NAME, self.tr("address, title and name")),
            ]
        )
        self.moment = MomentField(self.tr("Send at"), self.tr("Send later…"))
        self.most = QLineEdit()
        self.most.setValidator(QIntValidator(1, MOST, self.most))
        self.most.setAccessibleName(self.tr("At most this many a day"))
        self.most.setPlaceholderText(self.tr("no limit"))
        self._about_key = QLabel(
            self.tr("A row that is the same as in an earlier batch is not sent twice."),
            wordWrap=True,
        )
        self._about_key.setProperty("role", "soft")
        self.again = CheckBox("")
        # Its text must not widen the pane.
        self.again.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.again.hide()
        self.again.toggled.connect(lambda _: self.again_chosen.emit())
        self._lay_out()
        for choice in (self.template, self.key):
            choice.chosen.connect(lambda _: self.edited.emit())
        self.template.chosen.connect(lambda _: self._tell_fields())
        self.moment.edited.connect(self.edited)
        self.most.textEdited.connect(lambda _: self.edited.emit())

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
        self._asked = {
            str(each["name"]): (list(each["fields"]), list(each["standard"])) for each in templates
        }
        self._tell_fields()

    @property
    def sends_again(self) -> bool:
        """Whether rows that were sent before are sent again."""
        return not self.again.isHidden() and self.again.isChecked()

    def begin(self) -> None:
        """Reset the choice to send rows again: it was about another file."""
        self.again.setChecked(False)
        self.again.hide()

    def show_batch(self, batch: Batch) -> None:
        """Show the settings of a draft."""
        self.again.setChecked(False)
        self.template.set_value(batch["template"] or DEFAULT)
        self._tell_fields()
        self.choose_key(" ".join(batch["key"]))
        self.moment.set_moment(batch["run_at"] or "")
        self.most.setText(str(Rate.parse(batch["rate"]).count) if batch["rate"] else "")

    def show_same(self, count: int) -> None:
        """Offer to send the rows again that were sent before, with their number."""
        self.again.setText(self.tr("Send the %Ln rows from before again", None, count))
        self.again.setVisible(count > 0)

    def leave_number(self) -> None:
        """Recognize rows by their address if they were recognized by their number."""
        if self.key.value() == BY_NUMBER:
            self.choose_key(BY_ADDRESS)

    def choose_key(self, key: str) -> None:
        """Choose what identifies a row, without emitting ``edited``."""
        self.key.set_value(key)

    def settings(self) -> dict[str, Any]:
        """Return the settings as the body of ``PUT /batches/{batch_id}``."""
        count = self.most.text().strip()
        return {
            "template": self.template.value() or DEFAULT,
            "key": self.key.value().split(),
            "run_at": self.moment.moment() or None,
            "rate": f"{count}/day" if count and int(count) else None,
        }

    def check(self) -> bool:
        """Check the settings, show the errors, and return whether there are none."""
        return self.moment.check()

    def _tell_fields(self) -> None:
        self.fields_asked.emit(*self._asked.get(self.template.value(), ([], [])))

    def _lay_out(self) -> None:
        about_text = QHBoxLayout()
        about_text.addWidget(editor_label(self.tr("Template"), self.template), 1)
        about_text.addWidget(self.edit)
        self._grid = sized(QGridLayout(self), margins=0, across=12, down=4)
        follow(self._grid, "hint", lambda grid, theme: grid.setRowMinimumHeight(3, theme.px(44)))
        begin = self.moment.begin  # centred beside the field
        follow(
            begin, "below", lambda it, theme: it.setStyleSheet(f"margin-bottom: {theme.px(6)}px")
        )
        self._grid.addWidget(editor_label(self.tr("Same person if equal"), self.key), 0, 0)
        self._grid.addLayout(about_text, 0, 1)
        self._grid.addWidget(self.key, 1, 0)
        self._grid.addWidget(self.template, 1, 1)
        limit = sized(QVBoxLayout(), spacing=4)
        limit.addWidget(editor_label(self.tr("Daily limit"), self.most))
        limit.addWidget(self.most)
        when = sized(QHBoxLayout(), margins=(0, 8, 0, 0), spacing=12)
        when.addLayout(limit, 2)
        when.addWidget(self.moment, 3, Qt.AlignmentFlag.AlignBottom)  # wider than a number
        self._grid.addLayout(when, 2, 0, 1, 2)
        self._grid.addWidget(self._about_key, 3, 0, 1, 2)
        self._grid.addWidget(self.again, 4, 0, 1, 2)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
