"""How the rows are sent: by which template, when, how many a day, and what recognises a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.contract.rate import Rate
from desktop.contract.templates import DEFAULT
from desktop.gui.parts.buttons import Link
from desktop.gui.parts.choice import Choice
from desktop.gui.parts.moment import MomentField
from desktop.gui.tasks.words import template_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.batches import Batch
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

BY_NUMBER: Final = "number"
BY_PERSON: Final = "email title"
MOST: Final = 1_000_000
"""Messages a day."""


class SendingForm(QWidget):
    """The settings of a draft beside its columns.

    ``edited`` is emitted when the person changes one, ``edit_chosen`` carries the template to be
    opened in the editor.
    """

    edited = Signal()
    edit_chosen = Signal(str)

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self.template = Choice(self.tr("Template"), themes)
        self.template.set_choices([(DEFAULT, template_word(DEFAULT))])
        self.edit = Link(self.tr("Edit…"))
        self.edit.clicked.connect(lambda: self.edit_chosen.emit(self.template.value()))
        self.key = Choice(self.tr("A row is recognised by"), themes)
        self.key.set_choices(
            [
                (BY_NUMBER, self.tr("its number")),
                (BY_PERSON, self.tr("e-mail address and title")),
            ]
        )
        self.moment = MomentField(self.tr("Send at"), self.tr("Send later…"), themes)
        self.most = QLineEdit()
        self.most.setValidator(QIntValidator(1, MOST, self.most))
        self.most.setAccessibleName(self.tr("At most so many a day"))
        self.most.setPlaceholderText(self.tr("no limit"))
        self._about_key = QLabel(wordWrap=True)
        self._about_key.setProperty("role", "soft")
        self._lay_out()
        for choice in (self.template, self.key):
            choice.chosen.connect(lambda _: self._on_edited())
        self.moment.edited.connect(self._on_edited)
        self.most.textEdited.connect(lambda _: self._on_edited())
        self._say_key()

    def show_templates(self, templates: Sequence[dict[str, Any]]) -> None:
        """Offer these templates, as ``GET /templates`` details them."""
        names = [str(each["name"]) for each in templates]
        self.template.set_choices([(name, template_word(name)) for name in names])

    def show_batch(self, batch: Batch) -> None:
        """Show the settings of a draft."""
        self.template.set_value(batch["template"] or DEFAULT)
        self.choose_key(" ".join(batch["key"]))
        self.moment.set_moment(batch["run_at"] or "")
        self.most.setText(str(Rate.parse(batch["rate"]).count) if batch["rate"] else "")

    def choose_key(self, key: str) -> None:
        """Choose by what rows are recognised, without ``edited``."""
        self.key.set_value(key)
        self._say_key()

    def settings(self) -> dict[str, Any]:
        """Return what is set, as the body of ``PUT /batches/{batch_id}`` takes it."""
        count = self.most.text().strip()
        return {
            "template": self.template.value() or DEFAULT,
            "key": self.key.value().split(),
            "run_at": self.moment.moment() or None,
            "rate": f"{count}/day" if count and int(count) else None,
        }

    def check(self) -> bool:
        """Show what is wrong; tell whether it can be sent so."""
        return self.moment.check()

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        px = theme.px
        self._column.setSpacing(px(4))
        self._pair.setSpacing(px(12))
        for gap in self._gaps:
            gap.setFixedHeight(px(6))
        self.most.setMinimumWidth(px(110))

    def _lay_out(self) -> None:
        self._gaps: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(_label(self.tr("A row is recognised by"), self.key))
        self._column.addWidget(self.key)
        self._column.addWidget(self._about_key)
        self._add_gap()
        head = QHBoxLayout()
        head.addWidget(_label(self.tr("Template"), self.template), 1)
        head.addWidget(self.edit)
        self._column.addLayout(head)
        self._column.addWidget(self.template)
        self._add_gap()
        limit = QVBoxLayout()
        limit.addWidget(_label(self.tr("At most a day"), self.most))
        limit.addWidget(self.most)
        self._pair = QHBoxLayout()
        self._pair.addLayout(limit, 1)
        self._pair.addWidget(self.moment, 1, Qt.AlignmentFlag.AlignBottom)
        self._column.addLayout(self._pair)

    def _add_gap(self) -> None:
        gap = QWidget()
        self._gaps.append(gap)
        self._column.addWidget(gap)

    def _on_edited(self) -> None:
        self._say_key()
        self.edited.emit()

    def _say_key(self) -> None:
        self._about_key.setText(
            self.tr("A row that was sent before and has not changed is not sent again.")
        )


def _label(words: str, buddy: QWidget) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "soft")
    label.setBuddy(buddy)
    return label
