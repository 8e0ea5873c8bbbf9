"""The causes of a batch's failures: a line for each with its count, its name and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.contract.causes import Cure
from desktop.gui.batches.batch_words import is_fixed
from desktop.gui.kit.look.follow import px, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.surfaces import drop
from desktop.gui.kit.words.causes import cause_words, cure_words
from desktop.gui.kit.words.plurals import figure

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.contract.batches import Batch, BatchCause
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.reach import Reach

WIDEST: Final = 860
"""The greatest width of the lines, in grid units, so the cure is near its cause."""
NARROW: Final = 360
"""Below this width, in grid units, the cure is placed below its cause."""
_ROLES: Final = {Cure.RESOLVE.value: "unsure", Cure.EDIT_TEMPLATE.value: "waiting"}
"""The role of a count whose tasks have not failed."""


class CauseLines(QWidget):
    """Shows the causes of one batch; ``cure_chosen`` carries a cure, the cause and the batch."""

    cure_chosen = Signal(str, str, int)

    def __init__(self, themes: ThemeSource, reach: Reach) -> None:
        super().__init__()
        self._reach = reach
        self._lines: list[tuple[Any, ...]] = []
        self.counts: list[QLabel] = []
        self.abouts: list[QLabel] = []
        self._helps: list[QWidget] = []
        self._is_narrow = False
        self._grid = sized(QGridLayout(self), margins=0, across=12, down=4)
        self._grid.setColumnStretch(1, 1)
        sized(self, most_width=WIDEST)
        themes.changed.connect(self._turn)

    def show_of(self, batch: Batch) -> None:
        """Show the causes of a batch; if only the counts have changed, keep the widgets."""
        number, causes = batch["batch_id"], [each for each in batch["causes"] if not is_fixed(each)]
        lines = [(number, each["cause"], each["cure"], each["title"]) for each in causes]
        self.setVisible(bool(lines))
        if lines != self._lines:
            self._lines = lines
            self._make(number, causes)
        for label, cause in zip(self.counts, causes, strict=True):
            label.setText(self.tr("{} ×").format(figure(cause["count"])))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cure below its cause if there is no room beside it."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        is_narrow = self.width() < px(NARROW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            for line in range(len(self._helps)):
                self._place(line)

    def _make(self, number: int, causes: list[BatchCause]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            drop(item.widget())
        self.counts, self.abouts, self._helps = [], [], []
        for cause in causes:
            self._add(cause, _ROLES.get(cause["cure"] or "", "error"), self._cure(number, cause))

    def _add(self, cause: BatchCause, role: str, what: QWidget) -> None:
        """Add the line of a cause, with ``what`` at its end."""
        count = sized(QLabel(), least_height=20)  # as high as a link
        count.setProperty("role", role)
        self.counts.append(count)
        about = QLabel(
            cause_words(cause["about"], cause["title"]),
            textFormat=Qt.TextFormat.PlainText,
            wordWrap=True,  # a single line would widen the window
        )
        self.abouts.append(sized(about, margins=(0, 2, 0, 2)))
        self._helps.append(what)
        self._place(len(self.counts) - 1)
        for part in (count, about, what):
            part.show()  # else they are hidden until the next layout

    def _place(self, line: int) -> None:
        """Place the parts of a line for the current width."""
        align, row = Qt.AlignmentFlag, 2 * line
        below = (row + 1, 1) if self._is_narrow else (row, 2)
        self._grid.addWidget(self.counts[line], row, 0, align.AlignTop | align.AlignRight)
        self._grid.addWidget(self.abouts[line], row, 1)
        self._grid.addWidget(self._helps[line], *below, align.AlignTop | align.AlignLeft)

    def _cure(self, number: int, cause: BatchCause) -> QWidget:
        """Return a link with the cure; if it is not needed or not allowed, a label."""
        if cause["cure"] is None or not self._reach.allows(cause["cure"]):
            return _soft(cure_words(cause["cure"]))
        link = Link(cure_words(cause["cure"]))
        chosen = (cause["cure"], cause["cause"], number)
        link.clicked.connect(lambda: self.cure_chosen.emit(*chosen))
        return link


def _soft(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "soft")
    return label
