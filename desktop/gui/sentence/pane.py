"""Shows the sentence at the head of the monitor, with its line, its button and its bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QBoxLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.frame.input import RESTS_MS, SettlingButton
from desktop.gui.kit.look.appearance import LOOK, set_font, set_role, sized
from desktop.gui.kit.widgets.accent import ACCENT, AccentClaim
from desktop.gui.kit.widgets.buttons import IconButton, Link
from desktop.gui.kit.widgets.card import turn
from desktop.gui.kit.widgets.surfaces import ShareBar, stacked
from desktop.gui.kit.widgets.texts import Paragraph, WholeLabel, announce, give_way
from desktop.gui.kit.words.table import say
from desktop.gui.sentence.statement import ALSO, Statement

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.gui.frame.input import Pointer

BAR: Final = 4
"""Height of the bar, in units of the grid."""
LINK: Final = 20
"""Height of the link, in units of the grid."""
FIRST: Final = 99
"""Stretch factor of the line: it takes nearly all spare room up to its maximum width."""
WIDEST: Final = 16_777_215
"""Qt's QWIDGETSIZE_MAX."""


class Shelf(QWidget):
    """A place above a view, without a height at first.

    It moves what is below it only while the pointer rests; ``moving`` is emitted before.
    """

    moving = Signal()

    def __init__(self, pointer: Pointer) -> None:
        super().__init__()
        self._pointer = pointer
        self._room = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self._column = stacked(self)
        self._column.addItem(self._room)
        self._wanted = (0, 0)
        self._later = QTimer(self, interval=RESTS_MS)
        self._later.timeout.connect(self._move)

    def make_room(self, least: int, height: int) -> None:
        """Be ``height`` pixels high if the view below can spare them, once the pointer rests."""
        if (least, height) != self._wanted:
            self._wanted = least, height
            self._move()

    def _move(self) -> None:
        if self._pointer.moves:
            self._later.start()
            return
        self._later.stop()
        self.moving.emit()
        least, height = self._wanted
        self.setMinimumHeight(least)
        self._room.changeSize(0, height, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self._column.invalidate()
        self.updateGeometry()


class SentencePane(Shelf):
    """Says one statement at a time; the link steps through the others that are worth it.

    ``chosen`` carries the pressed button, ``put_away`` what the cross puts away, ``changing`` is
    emitted before another button takes the place of one.
    """

    chosen = Signal(object)
    put_away = Signal(str, str)
    changing = Signal()

    def __init__(self, pointer: Pointer) -> None:
        super().__init__(pointer)
        self.found: list[Statement] = []
        """What applies, the sentence first."""
        self._at = 0
        self._group = ""
        self.box = QGroupBox(flat=True)
        self.box.setObjectName("sentence")
        self.box.setAccessibleName(self.tr("State"))
        self.words = set_font(WholeLabel(), 15, QFont.Weight.DemiBold)
        self.soft = set_role(Paragraph(), "soft")
        self.also = Link("")
        self.also.clicked.connect(self._on_also)
        self.button = SettlingButton()
        self.button.meant.connect(self._on_meant)
        ACCENT.give(
            self.button, lambda: AccentClaim.CASE if self.shown.is_next else AccentClaim.NONE
        )
        self.cross = IconButton(self.tr("Put away"), "x", width=28)
        self.cross.clicked.connect(self._on_cross)
        self.bar = sized(ShareBar(), height=BAR)
        self._lay_out()
        self.show_statements([Statement(0, "")])
        LOOK.changed.connect(self._take_room)

    def _lay_out(self) -> None:
        direction = QBoxLayout.Direction.LeftToRight
        self._below = sized(QBoxLayout(direction), spacing=8, margins=0)
        give_way(self.soft)
        self._below.addWidget(self.soft, FIRST)
        self._below.addWidget(self.also, 0, Qt.AlignmentFlag.AlignLeft)
        self._below.addStretch(1)
        texts = sized(QVBoxLayout(), spacing=2, margins=0)
        texts.addWidget(self.words)
        texts.addLayout(self._below)
        self._line = line = sized(QHBoxLayout(), spacing=8, margins=0)
        line.addLayout(texts, 1)
        for part in (self.button, self.cross):
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        self._whole = whole = sized(
            QVBoxLayout(self.box), spacing=6, margins=(12, (8, 3), 12, (8, 3))
        )
        whole.addLayout(line)
        whole.addWidget(self.bar)
        whole.addStretch(1)
        self.box.setParent(self)  # in no layout, which would ask it how high it likes to be

    @property
    def shown(self) -> Statement:
        """The statement that is said."""
        return self.found[self._at]

    def show_statements(self, found: list[Statement]) -> None:
        """Say the first of these, or the one that a person has stepped to while it is there."""
        stepped = _place_of(self.shown) if self._at else None
        is_same = bool(self.found) and self.found[0].rank == found[0].rank
        self.found = found
        places = [_place_of(each) for each in self._told()]
        self._at = places.index(stepped) if is_same and stepped in places else 0
        self._say()

    def _told(self) -> list[Statement]:
        """Return the sentence, and what is said beside it."""
        return [each for place, each in enumerate(self.found) if not place or each.rank <= ALSO]

    def _say(self) -> None:
        told = self.shown
        others = len(self._told()) - 1
        self._take_button(told)
        self.words.setText(told.text)
        self.soft.setText(told.soft)
        self.soft.setHidden(not told.soft and bool(others))
        self.also.setHidden(not others)
        if others:
            following = self._told()[(self._at + 1) % (others + 1)]
            words = say("sentence_soft", "also", text=following.text)
            more = say("sentence_soft", "others", n=others - 1) if others > 1 else ""
            self.also.setText(" · ".join(filter(None, (words, more))))
        self.bar.show_share(told.bar, told.text)
        self.box.setAccessibleDescription(f"{told.text}. {told.soft}".strip(" ."))
        if told.group != self._group and told.text:
            self._group = told.group
            announce(self.box, f"{told.text}. {told.soft}".strip())
        self._take_room()

    def _take_button(self, told: Statement) -> None:
        """Show the button; a new verb works once a person can have seen it."""
        before, now = self.button.property("verb"), told.button and told.button.verb
        if before != now:
            self.changing.emit()
            self.button.settle()
            self.button.setProperty("verb", now)
        if told.button is not None:
            self.button.setText(told.button.text)
        self.button.setHidden(told.button is None)
        ACCENT.choose()
        self.cross.setHidden(told.put_away is None)

    def _on_meant(self) -> None:
        if self.shown.button is not None:
            self.chosen.emit(self.shown.button)

    def _on_cross(self) -> None:
        if self.shown.put_away is not None:
            self.put_away.emit(*self.shown.put_away)

    def _on_also(self) -> None:
        self._at = (self._at + 1) % len(self._told())
        self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make as much room as the texts need at the new width."""
        super().resizeEvent(event)
        self.box.setGeometry(self.rect())
        self._take_room()

    def _take_room(self) -> None:
        """Be as high as a line of each part, or as the texts need."""
        px, margins = LOOK.theme.px, self._whole.contentsMargins()
        room, beside_texts = self.width() - margins.left() - margins.right(), 0
        for part in (each for each in (self.button, self.cross) if not each.isHidden()):
            room -= part.sizeHint().width() + self._line.spacing()
            beside_texts = part.sizeHint().height()
        has_link = not self.also.isHidden()
        line = self.soft.fontMetrics().height()
        line = max(line, px(LINK)) if has_link or not LOOK.theme.is_low else line
        wide = self.soft.fontMetrics().horizontalAdvance(self.soft.text()) + px(4)
        is_beside = has_link and wide + self._below.spacing() + self.also.sizeHint().width() <= room
        turn(self._below, beside=is_beside)
        self.soft.setMaximumWidth(wide if is_beside else WIDEST)
        below = line if is_beside else self._height_at(self.soft, room)
        if has_link and not is_beside:
            below += line + (0 if self.soft.isHidden() else self._below.spacing())
        texts = self._height_at(self.words, room) + px(2) + max(line, below)
        around, bar = margins.top() + margins.bottom(), self._whole.spacing() + px(BAR)
        has_bar = not self.bar.isHidden()
        least = self.words.fontMetrics().height() + LOOK.theme.height(6, low=0) + line + around
        least += bar if has_bar or not LOOK.theme.is_low else 0
        needed = max(texts, beside_texts) + around + (bar if has_bar else 0)
        self.setMinimumWidth(self.box.minimumSizeHint().width())
        self.make_room(least, max(least, needed))

    @staticmethod
    def _height_at(label: QLabel, width: int) -> int:
        return 0 if label.isHidden() else max(0, label.heightForWidth(width))


def _place_of(statement: Statement) -> tuple[int, str]:
    """Tell statements apart whose numbers change."""
    return statement.rank, "" if statement.button is None else statement.button.about
