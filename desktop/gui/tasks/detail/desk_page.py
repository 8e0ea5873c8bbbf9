"""A page of the desk: a fixed head and foot, between them lead, paper and history in one scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import px, restyle, set_font, set_role, sized
from desktop.gui.kit.widgets.buttons import Link, MoreButton
from desktop.gui.kit.widgets.card import Headline, turn
from desktop.gui.kit.widgets.surfaces import (
    FlowPane,
    Rule,
    ShareBar,
    bring_into_sight,
    clear,
    stacked,
)
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph, give_way
from desktop.gui.tasks.detail.desk_content import CauseLine, DeskContent, Head, Lead
from desktop.gui.tasks.detail.foot import FootBar, VerbButton
from desktop.gui.tasks.detail.history import HistoryView
from desktop.gui.tasks.detail.paper import PaperView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from desktop.gui.tasks.detail.desk_content import DeskAction

SHEET: Final = 640
"""The most width of the paper, in units of the grid."""
BESIDE: Final = 1020
"""Width, in units of the grid, from which the history stands open beside the paper."""
HISTORY: Final = 480
"""The most width of the history there, in units of the grid."""
BAR: Final = 4
"""Height of the bar, in units of the grid."""


class HeadBar(QWidget):
    """Names what is shown; ``acted`` carries a chosen action, ``way_chosen`` a chosen way."""

    acted = Signal(object)
    way_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown = Head()
        self.name = set_font(ElidedLabel(), 14)
        self.number = set_role(ElidedLabel(), "soft")
        self.button, self.second = VerbButton("quiet"), VerbButton("quiet")
        self.more = MoreButton(self._fill)
        restyle(self.more, role="quiet")
        buttons = FlowPane(right=True)
        sized(buttons.flow, spacing=8)
        for each in (self.button, self.second):
            each.acted.connect(self.acted)
            buttons.flow.addWidget(each)
        row = sized(QHBoxLayout(self), margins=(20, (4, 0), 12, (4, 0)), spacing=8)
        row.addWidget(self.name)
        row.addWidget(self.number)
        row.addWidget(buttons, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.more)
        sized(self, least_height=(48, 34))

    def show_head(self, head: Head) -> None:
        """Show another head."""
        self._shown = head
        self.name.setText(head.name)
        self.number.setText(head.number)
        first, second = (*head.buttons, None, None)[:2]
        self.button.show_action(first)
        self.second.show_action(second)
        self.more.setVisible(bool(head.more or head.ways))

    def _fill(self, menu: QMenu) -> None:
        self.add_entries(menu, self._shown.more)
        if self._shown.more and self._shown.ways:
            menu.addSeparator()
        for name, text in self._shown.ways:
            way = menu.addAction(text)
            way.triggered.connect(lambda _=False, name=name: self.way_chosen.emit(name))

    def add_entries(self, menu: QMenu, actions: Iterable[DeskAction]) -> None:
        """Add entries that act as buttons do, also once something else is shown."""
        menu.setToolTipsVisible(True)
        for each in actions:
            entry = menu.addAction(each.text)
            icons.give(entry, each.icon)
            entry.setEnabled(each.works)
            entry.setToolTip(each.effect)
            entry.triggered.connect(lambda _=False, each=each: self.acted.emit(each))


class CauseLines(QWidget):
    """What stops some of what is shown, one cause a line; ``acted`` carries the cure chosen."""

    acted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[CauseLine, ...] = ()
        self.counts: list[QLabel] = []
        self.links: list[Link] = []
        self._grid = sized(QGridLayout(self), margins=0, across=12, down=2)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def show_causes(self, causes: tuple[CauseLine, ...]) -> None:
        """Show other causes; if only their counts have changed, the links stay."""
        before, self._shown = self._shown, causes
        if [each._replace(times="") for each in before] != [
            each._replace(times="") for each in causes
        ]:
            clear(self._grid)
            self.counts, self.links = [], []
            for place, cause in enumerate(causes):
                self._add(2 * place, cause)
        for label, cause in zip(self.counts, causes, strict=True):
            label.setText(cause.times)
        self.setVisible(bool(causes))

    def _add(self, line: int, cause: CauseLine) -> None:
        count, about = set_role(QLabel(), cause.role), Paragraph(cause.about)
        self.counts.append(count)
        parts: list[QWidget] = [count, about]
        top, left = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(count, line, 0, top | Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(about, line, 1)
        if (cure := cause.cure) is not None:
            link = Link(cure.text)
            link.setAccessibleDescription(cause.about)
            link.clicked.connect(lambda: self.acted.emit(cure))
            self.links.append(link)
            parts.append(link)
        elif cause.words:
            parts.append(set_role(QLabel(cause.words), "soft"))
        for below in parts[2:]:
            self._grid.addWidget(below, line + 1, 1, left)
        for part in parts:
            part.show()  # else it is hidden until the next layout


class LeadView(QWidget):
    """A sentence with its icon, a line, a bar; ``history`` leads to what happened before."""

    def __init__(self) -> None:
        super().__init__()
        self.headline = Headline()
        self.history = Link(self.tr("History"))
        self.history.setToolTip(self.tr("Show what happened so far"))
        self.line = Paragraph()
        self.line.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        give_way(self.line)
        self.bar = sized(ShareBar(), height=BAR)
        self.causes = CauseLines()
        first = sized(QHBoxLayout(), spacing=12)
        first.addWidget(self.headline, 1)
        first.addWidget(self.history, 0, Qt.AlignmentFlag.AlignTop)
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        column.addLayout(first)
        column.addWidget(self.line)
        column.addWidget(self.bar)
        column.addWidget(self.causes)

    def show_lead(self, lead: Lead | None) -> None:
        """Say another lead, or none."""
        told = lead or Lead("")
        self.headline.say(told.text, told.icon, told.ink)
        self.headline.setVisible(bool(told.text))
        self.line.setText(told.line)
        self.line.setVisible(bool(told.line))
        self.bar.show_share(told.share, told.text)
        self.causes.show_causes(told.causes)


class DeskScroll(QScrollArea):
    """Scrolls the whole page, also by Home, End and Space."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__(widgetResizable=True)
        inside.setProperty("area", "clear")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by the keys that a text would scroll by."""
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        page = QScrollBar.SliderAction.SliderPageStepSub if back else _STEPS[Qt.Key.Key_Space]
        step = page if event.key() == Qt.Key.Key_Space else _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.verticalScrollBar().triggerAction(step)


_STEPS: Final = {
    Qt.Key.Key_Space: QScrollBar.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QScrollBar.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QScrollBar.SliderAction.SliderToMaximum,
}


class DeskPage(QWidget):
    """Shows one thing at a time.

    ``acted`` carries a chosen action, ``way_chosen`` how a letter is wanted, ``link_chosen`` the
    place of a link and what it leads to. If a person opens or closes the history, it stays so for
    all that follows.
    """

    acted = Signal(object)
    way_chosen = Signal(str)
    link_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.shown = DeskContent()
        self._wants_history: bool | None = None
        self._is_beside = False
        self.setProperty("area", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head, self.lead, self.paper = HeadBar(), LeadView(), PaperView()
        self.history, self.foot = HistoryView(), FootBar()
        self.foot.turned.connect(self._fit_foot)
        self._lay_out()
        for part in (self.head, self.lead.causes, self.paper.figures, self.foot):
            part.acted.connect(self.acted)
        self.head.way_chosen.connect(self.way_chosen)
        self.history.link_chosen.connect(self.link_chosen)
        self.lead.history.clicked.connect(self._on_history)

    def show_mode(self, shown: DeskContent) -> None:
        """Show something else, or the same as it is now."""
        before, self.shown = self.shown, shown
        if shown.head != before.head:
            self.head.show_head(shown.head)
        if (was := before.head.number or before.head.name) and was != (
            shown.head.number or shown.head.name
        ):
            self.foot.end()
            self.area.verticalScrollBar().setValue(0)
        self.head.setVisible(bool(shown.head.name))
        if shown.lead != before.lead:
            self.lead.show_lead(shown.lead)
        self.paper.show_paper(shown.paper)
        self.history.show_history(shown.history, self.paper.last_stop)
        self._fit_history()
        if shown.foot != before.foot:
            self.foot.show_foot(shown.foot)
        self._fit_foot()
        has_letter = shown.paper.letter is not None or shown.paper.is_coming
        is_read = bool(shown.head.name) and not has_letter
        reads = Qt.FocusPolicy.StrongFocus if is_read else Qt.FocusPolicy.NoFocus
        self.area.setFocusPolicy(reads)

    def open_menu(self, at: QPoint, add: Callable[[QMenu], None]) -> None:
        """Open all actions as the menu of a row; ``add`` adds further entries."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.head.add_entries(menu, self.shown.actions)
        add(menu)
        menu.popup(at)

    def give_back_to(self, rows: QWidget) -> None:
        """Let an action give the focus back to the rows: the button becomes that of *Undo*.

        One that leads into the sheet, where something is to be corrected, keeps it there.
        """

        def give_back() -> None:
            here = QApplication.focusWidget()
            if here is None or not self.isAncestorOf(here) or self.paper.frame.isAncestorOf(here):
                return
            is_asked = self.foot.asks or QApplication.activeModalWidget() is not None
            if rows.isVisible() and not is_asked:
                rows.setFocus(Qt.FocusReason.OtherFocusReason)

        self.acted.connect(lambda _: give_back())

    def begin(self) -> None:
        """Move the focus to the letter, or to the first of what is shown."""
        letter = self.paper.letter
        stops = (letter, self.area, self.paper.values.result, self.lead.history, self.head.more)
        for each in stops:
            if each is not None and each.isVisible() and each.focusPolicy():
                each.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the history beside the paper, or below it."""
        super().resizeEvent(event)
        self._is_beside = self.width() >= px(BESIDE)
        turn(self._columns, beside=self._is_beside)
        self._columns.setStretch(0, SHEET if self._is_beside else 0)
        self._columns.setStretch(1, HISTORY if self._is_beside else 1)
        sized(self._inside, most_width=SHEET + 20 + HISTORY if self._is_beside else SHEET)
        self._fit_history()

    def _fit_history(self) -> None:
        """Show the history if it stands beside the paper, or is open."""
        history = self.shown.history
        is_open = history.is_open if self._wants_history is None else self._wants_history
        self.history.setVisible(history.is_there and (is_open or self._is_beside))
        self.lead.history.setVisible(history.is_there and not self._is_beside)
        self.lead.setVisible(self.shown.lead is not None or history.is_there)

    def _fit_foot(self) -> None:
        """Show the foot if something is in it."""
        shown = self.shown.foot
        has_foot = bool(shown.left or shown.right) or self.foot.asks
        for part in (self.foot, self._rule):
            part.setVisible(has_foot)

    def _on_history(self) -> None:
        self.open_history(shown=self.history.isHidden())

    def open_history(self, *, shown: bool = True) -> None:
        """Show the history in sight, or hide it, until the person wants it otherwise."""
        self._wants_history = shown
        self._fit_history()
        if shown:
            bring_into_sight(self.area, self.history)

    def _lay_out(self) -> None:
        letter = QWidget()
        stack = sized(QVBoxLayout(letter), margins=0, spacing=16)
        stack.addWidget(self.lead)
        stack.addWidget(self.paper)
        stack.addStretch(1)
        sized(letter, most_width=SHEET)
        self._inside = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._inside)
        sized(self._columns, margins=0, spacing=20)
        self._columns.addWidget(letter)
        self._columns.addWidget(self.history)
        whole = QWidget()
        across = sized(QHBoxLayout(whole), margins=(20, (8, 4), 20, 20))
        across.addStretch(1)
        across.addWidget(self._inside, 1000)
        across.addStretch(1)
        self.area = set_role(sized(DeskScroll(whole), least_height=(48, 24)), "read")
        self._rule = Rule()
        stacked(self, self.head, self.area, self._rule, self.foot, filling=self.area)
