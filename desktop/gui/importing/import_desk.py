"""What the desk shows of an import: the row with its paper, or the columns; below, *Send*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from desktop.contract.batches import Target
from desktop.gui.batches.batch_rows import PATH_OF, shown_at
from desktop.gui.kit.look.appearance import set_font, set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.surfaces import FlowPane, Rule, give_viewport, stacked
from desktop.gui.kit.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from desktop.contract.batches import BatchRow
    from desktop.gui.importing.columns_page import ColumnsPage
    from desktop.gui.importing.row_paper import RowPaper

PAPER: Final = 640
"""The most width of the paper, in units of the grid."""


class ImportDesk(QWidget):
    """Shows the ``paper`` of a row, or the ``columns`` of its spreadsheet.

    Below both stand *Later* and *Send*, while the desk is hidden below the rows, with the letter;
    ``to_me`` and *Accept* belong to the row.
    """

    def __init__(
        self, paper: RowPaper, columns: ColumnsPage, to_me: QWidget, send: QWidget
    ) -> None:
        super().__init__()
        self._paper, self._columns = paper, columns
        self._row: BatchRow | None = None
        self._name = set_font(QLabel(), 14, QFont.Weight.DemiBold)
        self._who = set_role(ElidedLabel(), "soft")
        self._used = set_role(ElidedLabel(), "soft")
        self.turn = Link("")
        self.turn.clicked.connect(lambda: self.show_columns(shown=not self.shows_columns))
        head = sized(QHBoxLayout(), margins=(20, (8, 3), 20, (8, 3)), spacing=8)
        for part, share in ((self._name, 0), (self._who, 1), (self._used, 0), (self.turn, 0)):
            head.addWidget(part, share)
        inside = QWidget()
        across = sized(QHBoxLayout(inside), margins=(20, (8, 4), 20, 20))
        across.addStretch(1)
        across.addWidget(sized(paper, most_width=PAPER), 1000)
        across.addStretch(1)
        inside.setProperty("area", "clear")
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        give_viewport(self.area)
        self.area.setWidget(inside)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.area)
        self._stack.addWidget(columns)
        self.foot = QWidget()
        self._line = row = sized(QHBoxLayout(), margins=(20, (12, 5), 20, (12, 5)), spacing=8)
        stacked(self.foot, Rule(), row)
        self._of_row = [QWidget(), QWidget()]
        for around, button in zip(self._of_row, (to_me, paper.accept), strict=True):
            stacked(around, button)
        quiet = FlowPane()
        for each in (self._of_row[0], columns.sending.moment):
            quiet.flow.addWidget(each)
        row.addWidget(quiet, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._of_row[1])
        row.addWidget(send)
        self._column = stacked(self, head, self._stack, self.foot, filling=self._stack)
        self.show_columns(shown=False)

    @property
    def shows_columns(self) -> bool:
        """Whether the columns are shown, not a row."""
        return self._stack.currentWidget() is self._columns

    def show_columns(self, *, shown: bool) -> None:
        """Show the columns, or the row."""
        self._stack.setCurrentWidget(self._columns if shown else self.area)
        self._entitle()

    def put_foot(self, below: QBoxLayout | None) -> None:
        """Put the foot below the rows, with the letter that is sent, or in its place."""
        (self._column if below is None else below).addWidget(self.foot)
        self._paper.put_letter(None if below is None else self._line)
        self.foot.show()
        self._entitle()

    def show_row(self, row: BatchRow | None) -> None:
        """Name another row."""
        self._row = row
        self._entitle()

    def show_used(self, words: str) -> None:
        """Say how many columns are used."""
        self._used.setText(words)

    def begin(self) -> None:
        """Focus the value that is wrong, or what is to be chosen."""
        if self.shows_columns or not self._paper.focus_value():
            self.turn.setFocus(Qt.FocusReason.OtherFocusReason)

    def _entitle(self) -> None:
        row = self._row
        number = QLocale().toString(row["row"]) if row is not None else ""
        name = self.tr("Row {}").format(number) if row is not None else ""
        who = str(shown_at(row, PATH_OF[Target.NAME])) if row is not None else ""
        is_row = not self.shows_columns
        self._name.setText(name if is_row else self.tr("Columns"))
        self._who.setText(who if is_row else "")
        self._used.setVisible(is_row)
        for part in self._of_row:
            part.setVisible(is_row and self.isAncestorOf(self.foot))
        self.turn.setText(self.tr("Columns") if is_row else name or self.tr("Rows"))
        about = self.tr("What the columns become, and how the e-mails are sent")
        self.turn.setToolTip(about if is_row else self.tr("Back to the row and its e-mail"))
