"""The limits of the mail queue: what the account takes, and how many e-mails are sent at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.contract.items import MAIL_AT_ONCE, MAIL_QUEUE
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.field import Field, RateField
from desktop.gui.kit.widgets.surfaces import focus_in_sight
from desktop.gui.kit.words.table import WORDS
from sendoff_tasks.folder.queue_limits import CONCURRENCY_LIMIT
from sendoff_tasks.model.text import whole_number
from sendoff_tasks.model.times import COUNT_LIMIT, DAY_MS, Rate
from sendoff_tasks.words.typed import number_problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.contract.settings import QueueView
    from sendoff_tasks.model.problems import FieldError


_PATH: Final = f"queues.{MAIL_QUEUE}."
NONE: Final[QueueView] = {"concurrency": None, "rate": None, "per_day": None}


class QueueLimits(QWidget):
    """Fields for ``queues.mail`` of ``/settings``; an empty one leaves the limit to the task.

    ``edited`` is emitted when the person changes one.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rate = RateField(self.tr("Rate limit"))
        self.also = RateField(self.tr("And at most"))
        for field in (self.rate, self.also):
            field.editor.setToolTip(self.tr("How many e-mails your server allows in a time"))
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
        self.fields = {"rate": self.rate, "concurrency": at_once, "per_day": per_day}
        grid = sized(QGridLayout(self), margins=0, spacing=12)
        for place, each in enumerate((self.rate, at_once, self.also, per_day)):
            each.edited.connect(self.edited)
            grid.addWidget(each, *divmod(place, 2), Qt.AlignmentFlag.AlignTop)
        for column in range(2):
            grid.setColumnStretch(column, 1)

    def show_values(self, queues: Mapping[str, QueueView]) -> None:
        """Show the ``queues`` section of the backend."""
        limits = queues.get(MAIL_QUEUE, NONE)
        at_once = limits["concurrency"]
        self.fields["concurrency"].set_text("" if at_once is None else str(at_once))
        self._show_rates(limits["rate"], limits["per_day"])

    def _show_rates(self, rate: str | None, per_day: int | None) -> None:
        first, _, second = (rate or "").partition(",")
        self.rate.set_rate(first.strip())
        self.also.set_rate(second.strip())
        if not second:
            self.also.span.set_value("h")  # the day has a field of its own
        self.fields["per_day"].set_text("" if per_day is None else str(per_day))

    def fill_in(self, rates: Sequence[Rate]) -> None:
        """Fill in what an account takes."""
        per_day = {each.period_ms: each.count for each in rates}.get(DAY_MS)
        self._show_rates(", ".join(str(r) for r in rates if r.period_ms < DAY_MS), per_day)

    def rates(self) -> list[Rate]:
        """Return what the account takes by the valid input, the longest time first."""
        per_day = whole_number(self.fields["per_day"].text(), COUNT_LIMIT)
        typed = [self.rate.rate(), self.also.rate(), f"{per_day}/day" if per_day else None]
        rates = {Rate.parse(each) for each in typed if each}
        return sorted(rates, key=lambda each: -each.period_ms)

    def typed(self) -> dict[str, str]:
        """Return the input, valid or not."""
        typed = {name: field.text() for name, field in self.fields.items()}
        return typed | {"rate": self._rate() or ""}

    def _rate(self) -> str | None:
        return ", ".join(filter(None, (self.rate.rate(), self.also.rate()))) or None

    def values(self) -> dict[str, Any]:
        """Return the section for the API; an empty field is ``None``."""
        _, *numbers = (field.text().strip() for field in self.fields.values())
        at_once, per_day = (int(number) if number else None for number in numbers)
        return {MAIL_QUEUE: {"rate": self._rate(), "concurrency": at_once, "per_day": per_day}}

    def check(self) -> bool:
        """Check all fields, focus the first wrong one, and tell whether there is none."""
        wrong = [field for field in self.fields.values() if not field.check()]
        if wrong:
            focus_in_sight(wrong[0], wrong[0].message)
        return not wrong

    def show_error(self, error: FieldError) -> bool:
        """Show an error at its field (``queues.mail.rate``); tell whether there is a field."""
        field = self.fields.get(error["path"].removeprefix(_PATH))
        if field is not None:
            field.show_error(error["message"])
        return field is not None

    def _number_problem(self, text: str, limit: int = CONCURRENCY_LIMIT) -> str | None:
        if not text.strip() or whole_number(text, limit) is not None:
            return None
        return number_problem(limit, WORDS)
