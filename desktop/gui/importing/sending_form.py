"""How a draft is sent: template, key, time, limit, and rows that are left out by proposal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from desktop.contract.batches import BY_ADDRESS, BY_NAME, BY_NUMBER, RowCheck
from desktop.contract.rules.templates import DEFAULT
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import CheckBox, Link
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.field import RateField, editor_label
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.kit.words.states import template_word
from desktop.gui.kit.words.table import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.batches import Batch, BatchCounts


class SendingForm(QWidget):
    """The settings of a draft, except its columns; ``letter`` and ``moment`` stand elsewhere.

    ``edited`` is emitted when the person changes one, ``again_chosen`` when the person chooses
    whether rows that are left out by proposal are sent; ``edit_chosen`` carries the template to
    edit, ``fields_asked`` the fields of its own and the standard ones that the chosen one uses.
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
        self.again, self.changed, self.opted_out = CheckBox(""), CheckBox(""), CheckBox("")
        self._boxes = {
            RowCheck.SAME: self.again,
            RowCheck.CHANGED: self.changed,
            RowCheck.OPTED_OUT: self.opted_out,
        }
        for box in self._boxes.values():
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
        """The checks of rows that are sent though they are left out by proposal."""
        return frozenset(
            check for check, box in self._boxes.items() if not box.isHidden() and box.isChecked()
        )

    def says(self, what: str) -> list[str]:
        """Return the ``fields``, ``standard`` or ``left_over`` ones of the chosen template."""
        return list(self._details.get(self.template.value(), {}).get(what, ()))

    def begin(self) -> None:
        """Reset the choice to send further rows: it was about another file."""
        self._undecided = ()
        for box in self._boxes.values():
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
        for box in self._boxes.values():
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

    def show_left_out(self, counts: BatchCounts) -> None:
        """Offer to send the rows that are left out by proposal, with their number."""
        same, changed, opted_out = counts["same"], counts["changed"], counts["opted_out"]
        self.again.setText(self.tr("Send the %Ln rows from before again", None, same))
        self.again.setVisible(same > 0)
        self.changed.setText(
            self.tr("Send the %Ln changed rows again, as they are now", None, changed)
        )
        self.changed.setVisible(changed > 0)
        self.opted_out.setText(self.tr("Send to the %Ln who want no e-mail, too", None, opted_out))
        self.opted_out.setVisible(opted_out > 0)

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
        self.letter = QWidget()
        line = sized(QHBoxLayout(self.letter), margins=0, spacing=12)
        line.addWidget(editor_label(self.tr("Template"), self.template))
        line.addWidget(self.template, 1)
        line.addWidget(self.edit)
        grid = sized(QGridLayout(self), margins=0, across=12, down=4)
        grid.addWidget(editor_label(self.tr("Recognize a person by"), self.key), 0, 0)
        grid.addWidget(self.key, 1, 0)
        grid.addWidget(self.most, 0, 1, 2, 1)
        for place, box in enumerate(self._boxes.values(), 2):
            grid.addWidget(box, place, 0, 1, 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)


@dataclass(frozen=True, slots=True)
class SetUp:
    """The ``settings`` of a draft, as ``PUT /batches/{batch_id}`` takes them.

    With ``rows``, the mapping of the columns has changed, so the rows are read again.
    """

    settings: dict[str, Any]
    rows: bool
