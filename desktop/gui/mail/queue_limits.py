"""The form of the mail queue's limits, for servers that limit how fast messages are sent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.contract.items import MAIL_AT_ONCE, MAIL_QUEUE
from desktop.contract.rules.text import whole_number
from desktop.contract.rules.times import COUNT_LIMIT, Rate
from desktop.gui.widgets.field import Field
from desktop.gui.widgets.surfaces import focus_in_sight
from desktop.gui.words.plurals import figure
from desktop.settings.preferences.queue_limits import CONCURRENCY_LIMIT

if TYPE_CHECKING:
    from desktop.contract.problems import FieldError
    from desktop.gui.look.theme import Theme

_PATH: Final = f"queues.{MAIL_QUEUE}."


class QueueLimits(QWidget):
    """Fields for ``queues.mail`` of ``/settings``; an empty one leaves the limit to the task.

    ``edited`` is emitted when the person changes one.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        hint = self.tr("30/min, empty for none")
        rate = Field(self.tr("Rate limit"), self._rate_problem, placeholder=hint)
        rate.editor.setToolTip(
            self.tr("How many e-mails your server allows a second, minute or hour")
        )
        at_once = Field(
            self.tr("Sent at once"), self._number_problem, placeholder=str(MAIL_AT_ONCE)
        )
        at_once.editor.setToolTip(self.tr("How many e-mails are sent at the same time"))
        label = self.tr("Provider's daily limit")
        hint = self.tr("1500, empty for none")
        per_day = Field(label, partial(self._number_problem, limit=COUNT_LIMIT), placeholder=hint)
        per_day.editor.setToolTip(
            self.tr("Once this many were sent within 24 hours, the others wait")
        )
        self.fields = {"rate": rate, "concurrency": at_once, "per_day": per_day}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for place, field in enumerate(self.fields.values()):
            field.edited.connect(self.edited)
            row, column = divmod(place, 2)
            self._grid.addWidget(field, row, column, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(column, 1)

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._grid.setSpacing(theme.px(12))
        for field in self.fields.values():
            field.dress(theme)

    def show_values(self, queues: dict[str, Any]) -> None:
        """Show the ``queues`` section of the backend."""
        limits = queues.get(MAIL_QUEUE, {})
        for name, field in self.fields.items():
            value = limits.get(name)
            field.set_text("" if value is None else str(value))

    def typed(self) -> dict[str, str]:
        """Return the input, valid or not."""
        return {name: field.text() for name, field in self.fields.items()}

    def show_typed(self, typed: dict[str, str]) -> None:
        """Restore the input."""
        for name, field in self.fields.items():
            field.set_text(typed[name])

    def values(self) -> dict[str, Any]:
        """Return the section for the API; an empty field is ``None``."""
        rate, *numbers = (field.text().strip() for field in self.fields.values())
        at_once, per_day = (int(number) if number else None for number in numbers)
        return {MAIL_QUEUE: {"rate": rate or None, "concurrency": at_once, "per_day": per_day}}

    def check(self) -> bool:
        """Check all fields, focus the first wrong one, and return whether there is none."""
        wrong = [field for field in self.fields.values() if not field.check()]
        if wrong:
            focus_in_sight(wrong[0], wrong[0].message)
        return not wrong

    def show_error(self, error: FieldError) -> bool:
        """Show an error at its field (``queues.mail.rate``); return whether there is a field."""
        field = self.fields.get(error["path"].removeprefix(_PATH))
        if field is not None:
            field.show_error(error["message"])
        return field is not None

    def _rate_problem(self, text: str) -> str | None:
        try:
            Rate.parse(text.strip() or "1/s")
        except ValueError as error:
            return str(error)
        return None

    def _number_problem(self, text: str, limit: int = CONCURRENCY_LIMIT) -> str | None:
        if not text.strip() or whole_number(text, limit) is not None:
            return None
        return self.tr("This must be a number from 1 to {}.").format(figure(limit))
