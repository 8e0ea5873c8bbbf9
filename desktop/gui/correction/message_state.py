"""The state of a corrected item's message, and the effect of saving on it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.contract.states import State
from desktop.gui.detail.summary.headline import headline
from desktop.gui.detail.summary.waits import lacking
from desktop.gui.look.icons import icon
from desktop.gui.tasks.words.states import LOOKS, sentences
from desktop.gui.widgets.texts import WholeLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.look.theme import Theme
    from desktop.gui.tasks.task_row import Row

translate = QCoreApplication.translate
MAY_HAVE_LEFT: Final = frozenset({State.RUNNING, State.UNCERTAIN})
"""States in which the message is not said to be unsendable."""


class MessageState(QWidget):
    """Shows the icon and headline of a message's state, and a sentence below."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QLabel()
        self.headline = WholeLabel()
        self.words = WholeLabel()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._picture, 0, 0)
        self._grid.addWidget(self.headline, 0, 1)
        self._grid.addWidget(self.words, 1, 1)

    def show_row(self, row: Row, theme: Theme, lacks: Sequence[str] = ()) -> None:
        """Show a task's state; ``lacks`` are fields that its message needs and does not have."""
        look, size = LOOKS[row.look], theme.px(16)
        self._picture.setPixmap(
            icon(look.icon, theme.color(look.token), size, self.devicePixelRatioF())
        )
        palette = QPalette(theme.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.ink(look.token))
        self.headline.setPalette(palette)
        self.headline.setText(headline(row, time.time()))
        self.words.setText(consequence(row, lacks))
        self.words.setVisible(bool(self.words.text()))
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(2))


def consequence(row: Row, lacks: Sequence[str]) -> str:
    """Return what stopped a message or what it lacks, and what saving does."""
    match row.state:
        case State.SCHEDULED | State.QUEUED:
            yet = translate("correction", "It has not been sent yet.")
            goes = translate("correction", "It is sent as you save it here.")
            return sentences(yet, goes)
        case State.WAITING if row.for_person:
            does = _save_and_send()
        case State.WAITING if row.awaits_attempt:
            does = translate(
                "correction",
                "Save and send tries it at once with your changes; after Save, the next attempt"
                " uses them.",
            )
        case State.WAITING:
            does = translate("correction", "The next attempt uses your changes.")
        case State.RUNNING:
            does = translate("correction", "Wait until it has finished, then save.")
        case State.UNCERTAIN:
            does = translate(
                "correction",
                "Saving sends nothing. Say afterwards whether it was sent: Send again then uses"
                " what you save here.",
            )
        case State.SUCCEEDED if not row.kept:
            return translate(
                "correction",
                "It was sent to {to}. Save sends nothing; Save and send again sends it once more"
                " with your changes.",
            ).replace("{to}", row.to or "–")
        case State.SUCCEEDED:
            was_kept = translate("correction", "It was only kept in practice mode and not sent.")
            does = sentences(was_kept, _save_and_send())
        case _:
            does = _save_and_send()
    cannot = lacks and row.state not in MAY_HAVE_LEFT
    return sentences(lacking(lacks) if cannot else row.error or "", does)


def _save_and_send() -> str:
    return translate("correction", "Save and send sends it with your changes.")
