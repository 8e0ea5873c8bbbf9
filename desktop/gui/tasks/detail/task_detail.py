"""The details of the selected task: tabs, the bar above them, and their room in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import (
    QBoxLayout,
    QMenu,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from desktop.contract.office import office_row
from desktop.gui.kit.look.appearance import LOOK, px, set_role, sized
from desktop.gui.kit.widgets.action_row import MoreButton
from desktop.gui.kit.widgets.card import CardHeight, CardScrollArea, turn
from desktop.gui.kit.widgets.surfaces import Rule, stacked
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.task_row import attempts_of, row_of
from desktop.gui.link.jobs import Job
from desktop.gui.tasks.acting.offered_actions import ActionButtons
from desktop.gui.tasks.acting.pending_actions import PendingActions
from desktop.gui.tasks.acting.task_actions import fitting_actions
from desktop.gui.tasks.detail.attempts import DetailAttempts, LogPage
from desktop.gui.tasks.detail.contents import DetailMessage, DetailValues, read_task
from desktop.gui.tasks.detail.selected_tasks import SelectedTasks
from desktop.gui.tasks.detail.summary_tab import DetailSummary
from sendoff_tasks.client.errors import BackendGone, is_missing
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QHideEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QSplitter

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import ApiSource, Ticket
    from desktop.gui.tasks.acting.task_actions import Selection, TaskAction
    from desktop.gui.tasks.detail.contents import TaskRead
    from sendoff_tasks.model.events import TasksEvent


SETTLE_MS: Final = 200
"""Minimum milliseconds between two reads of a task that keeps changing."""
WORDS, TASK, SELECTED = range(3)
"""The pages: a sentence, one task, several."""
WIDE: Final = 1400
"""Width of the window, in units of the grid, from which the details are beside the rows."""
BESIDE: Final = 452
"""Width of the details there, in units of the grid, until the person chooses another."""
MESSAGE, SUMMARY, ATTEMPTS, LOG, VALUES = range(5)
"""The tabs; only an e-mail has the first."""


class DetailTabs(QTabBar):
    """A tab bar without frames; a line marks the current tab.

    Rare tabs are in the menu of ``more``, and if room is short the last ones, too; the current
    tab never is. ``copy_wanted`` is another entry of it, and beside an e-mail ``enlarge_wanted``.
    """

    copy_wanted = Signal()
    enlarge_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._withdrawn: set[int] = set()
        self._rare: frozenset[int] = frozenset()
        self.more = set_role(MoreButton(self._fill_more, self.tr("More"), "chevron-down"), "quiet")
        self.more.setParent(self)
        self.more.show()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setAccessibleName(self.tr("Parts of the task"))
        self.currentChanged.connect(self._fit)
        LOOK.changed.connect(self._on_theme)
        self._on_theme(LOOK.theme)

    def offer(self, index: int, there: bool) -> None:
        """Offer a tab, or withdraw it because it has no content."""
        (self._withdrawn.discard if there else self._withdrawn.add)(index)
        if not there:
            self.setTabVisible(index, False)  # Qt then chooses another one
        self.updateGeometry()
        self._fit()

    def keep_in_menu(self, *rare: int) -> None:
        """Keep these tabs in the menu unless they are chosen, and no others."""
        if self._rare != frozenset(rare):
            self._rare = frozenset(rare)
            self.updateGeometry()
            self._fit()

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802
        """Return the size of the text in bold, so choosing a tab moves nothing."""
        theme = LOOK.theme
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        words = QFontMetrics(font).horizontalAdvance(self.tabText(index))
        return QSize(words + theme.px(20), theme.height(42, low=34))

    def sizeHint(self) -> QSize:
        """Ask for room for all offered tabs that are not rare, and for the menu."""
        widths = [self.tabSizeHint(index).width() for index in self._in_row()]
        return QSize(sum(widths) + self.more.width(), LOOK.theme.height(42, low=34))

    def minimumSizeHint(self) -> QSize:
        """Ask for room for the current tab and the menu of the others."""
        least = self.tabSizeHint(max(0, self.currentIndex())).width() + self.more.width()
        return QSize(least, LOOK.theme.height(42, low=34))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many tabs as fit."""
        super().resizeEvent(event)
        self._fit()

    def tabLayoutChange(self) -> None:  # noqa: N802
        """Follow changes of texts and font."""
        super().tabLayoutChange()
        self._fit()

    def _offered(self) -> list[int]:
        return [index for index in range(self.count()) if index not in self._withdrawn]

    def _in_row(self) -> list[int]:
        current = self.currentIndex()
        return [each for each in self._offered() if each == current or each not in self._rare]

    def _fit(self) -> None:
        """Show the current tab and as many of the first ones as fit."""
        offered, in_row, shown = self._offered(), self._in_row(), self.currentIndex()
        widths = {index: self.tabSizeHint(index).width() for index in in_row}
        room, fitting = self.width() - self.more.width(), in_row
        if sum(widths.values()) > room:
            room -= widths.get(shown, 0)
            fitting = [shown] if shown in widths else []
            for index in in_row:
                if index == shown:
                    continue
                room -= widths[index]
                if room < 0:
                    break
                fitting.append(index)
        for index in offered:
            if self.isTabVisible(index) != (index in fitting):
                self.setTabVisible(index, index in fitting)
        left = sum(widths[index] for index in fitting)
        self.more.move(left, (self.height() - self.more.height()) // 2)

    def _fill_more(self, menu: QMenu) -> None:
        for index in self._offered():
            if not self.isTabVisible(index):
                entry = menu.addAction(self.tabText(index))
                entry.triggered.connect(lambda _=False, index=index: self._show(index))
        if not menu.isEmpty():
            menu.addSeparator()
        if self.currentIndex() == MESSAGE:
            words = self.tr("Enlarge the e-mail")
            menu.addAction(words).triggered.connect(self.enlarge_wanted)
        menu.addAction(self.tr("Copy the summary as text")).triggered.connect(self.copy_wanted)

    def setCurrentIndex(self, index: int) -> None:  # noqa: N802
        """Choose a tab, also one that is in the menu."""
        if index not in self._withdrawn:
            self.setTabVisible(index, True)  # Qt cannot choose a hidden tab
        super().setCurrentIndex(index)

    def _show(self, index: int) -> None:
        self.setCurrentIndex(index)
        self.setFocus()

    def _on_theme(self, theme: Theme) -> None:
        self.more.resize(self.more.width(), theme.px(32))
        self.updateGeometry()
        self._fit()


class DetailBar(QWidget):
    """Adds the tabs, with the action buttons in the rest of the line, or below in a high pane.

    The buttons have their room first: tabs without room are in a menu.
    """

    def __init__(self, tabs: DetailTabs) -> None:
        super().__init__()
        for title in (
            *(self.tr("E-mail"), self.tr("Summary"), self.tr("Attempts")),
            *(self.tr("Log"), self.tr("Arguments")),
        ):
            tabs.addTab(title)
        self.buttons = ActionButtons()
        self._tabs = tabs
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        sized(self._row, margins=(6, 0, 16, 0))
        self._row.addWidget(tabs)
        self._row.addWidget(self.buttons, 1)

    def event(self, event: QEvent) -> bool:
        """Leave the tabs what the buttons do not need."""
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            pane = self.parentWidget() or self
            beside = self.width() > pane.height()
            line = LOOK.theme.height(42, low=34)
            turn(self._row, beside=beside)
            self._row.setSpacing(px(8) if beside else 0)
            self.setFixedHeight(line if beside else 2 * line)
            margins, space = self._row.contentsMargins(), self._row.spacing()
            room = self.width() - margins.left() - margins.right()
            room -= (self.buttons.row.sizeHint().width() + space) * beside
            self._tabs.setMaximumWidth(max(self._tabs.minimumSizeHint().width(), room))
        return super().event(event)


class DetailPane(QWidget):
    """Shows a task or a selection; ``action_chosen`` carries a verb and the tasks it fits.

    It begins with the message if an e-mail went well, else with the summary; from then on with the
    tab that the person chose last.

    ``link_chosen`` carries the name of a place (see ``summary_tab``) and its target. ``filled``
    carries whether anything is shown.
    """

    action_chosen = Signal(str, object)
    link_chosen = Signal(str, object)
    filled = Signal(bool)

    def __init__(self, api: ApiSource, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__()
        self._api, self._rights = api, rights
        self._pending = pending
        self._pending.changed.connect(self._on_pending_changed)
        self.task: int | None = None
        self.row: Row | None = None
        self.ticket: Ticket | None = None
        self._behind = False
        self._begun: int | None = None  # the task whose first tab is shown
        self._chosen: int | None = None  # the tab
        self._chooses = False
        self.tabs = DetailTabs()
        self.summary = DetailSummary(rights, self._pending)
        self.log_page = LogPage()
        self.log = self.log_page.log
        self.attempts = DetailAttempts()
        self.values = DetailValues()
        self.message = DetailMessage(api)
        self.summary.state_said.connect(self.message.say_state)
        self.selected = SelectedTasks(rights, self._pending)
        self._bar = DetailBar(self.tabs)
        self.buttons = self._bar.buttons
        self.tabs.copy_wanted.connect(self._on_copy)
        self.tabs.enlarge_wanted.connect(self.message.enlarge)
        self.buttons.chosen.connect(self.action_chosen)
        self.summary.links.chosen.connect(self.link_chosen)
        self._lay_out()
        self.settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.settle.timeout.connect(self._catch_up)
        self._second = QTimer(self, interval=1000, timerType=Qt.TimerType.PreciseTimer)
        self._second.timeout.connect(self._on_second)
        self.show_task(None)

    def show_task(self, task_id: int | None, actions: Sequence[TaskAction] = ()) -> None:
        """Show a task as soon as it is read; without one, ask the person to choose one.

        ``actions`` are offered at once, so the buttons never act on the former task.
        """
        self.selected.show_selected(None)
        if task_id is None:
            self._forget(self.tr("Choose a task to see what happened to it."))
        elif task_id != self.task:
            self.filled.emit(True)
            self.task, self.row = task_id, None
            self.buttons.offer(actions)
            self.reload()
        elif self.row is None:
            self.buttons.offer(actions)

    def show_selected(self, selected: Selection) -> None:
        """Show the count of selected tasks, with the actions on all of them."""
        self._drop_reading()
        self.task = self.row = None
        self.filled.emit(True)
        self.selected.show_selected(selected)
        self.buttons.offer(self.selected.fitting)
        self._show_page(SELECTED)

    def count_anew(self) -> None:
        """Update ages now, and once a second from now on, as a countdown beside it does."""
        if self._second.isActive():
            self._second.start()
            self._on_second()

    def reload(self) -> None:
        """Read the shown task again."""
        self._drop_reading()
        if self.task is None or self._api.api is None:
            self._behind = self.task is not None
            return
        self._behind = False
        job = Job(read_task, self._api.api, self.task)
        self.ticket = self._api.jobs.start(job.then(self._on_read).otherwise(self._on_failure))

    def apply(self, event: TasksEvent) -> None:
        """Follow the shown task: update its row at once, and the rest once it is read."""
        if self.selected.apply(event):
            self.buttons.offer(self.selected.fitting)
        for task in map(office_row, event["rows"]):
            known = self.row
            if known is not None and task["resend_of"] and task.get("item_id") == known.item_id:
                self._behind = True  # its message may be being sent again
            # The read under way may be older than this event.
            self._behind |= self.ticket is not None and task["id"] == self.task
            if known is not None and task["id"] == known.id and task["rev"] > known.rev:
                self._show_row(row_of(task))
                self.summary.show_row(self.row or known)
                self._behind = True
        self._behind |= self.row is not None and bool(event["gone"])  # it may name one of them
        self._catch_up()
        if self.task is not None and self.task in event["gone"]:
            self._forget(self._gone_words())

    def showEvent(self, event: QShowEvent) -> None:
        """Update times while they are visible."""
        super().showEvent(event)
        self._second.start()
        self._catch_up()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop updates and reads while hidden."""
        super().hideEvent(event)
        self._second.stop()
        self.settle.stop()
        self._behind |= self._drop_reading()

    def _catch_up(self) -> None:
        """Read the task if it is outdated, unless a read is under way or has just ended."""
        if self._behind and self.ticket is None and not self.settle.isActive():
            self.reload()

    def _on_second(self) -> None:
        """Update times; read again after a failed read, for a queued task, or for a visible log."""
        self.summary.refresh()
        shown = self.row if self.row is not None and self.row.id == self.task else None
        log_is_seen = self.log.isVisible()
        self._behind |= shown is None or shown.state == State.QUEUED
        self._behind |= shown is not None and shown.state == State.RUNNING and log_is_seen
        self._catch_up()

    def _drop_reading(self) -> bool:
        """Cancel the read under way; tell whether there was one."""
        ticket, self.ticket = self.ticket, None
        if ticket is not None:
            ticket.cancel()
        return ticket is not None

    def _on_read(self, read: TaskRead) -> None:
        detail = read.task
        self.ticket = None
        self.settle.start()
        row, known = row_of(detail), self.row
        if known is not None and known.id == row.id and known.rev > row.rev:
            self._behind, row = True, known
        self.summary.show_detail(row, read)
        self._show_row(row)
        self.summary.show_item(read.item)
        self.log.show_log(row.id, detail["log"])
        answer = detail["result"] if row.is_mail and isinstance(detail["result"], str) else ""
        self.attempts.show_attempts(attempts_of(detail), answer)
        self.values.show_values(detail)
        was_sent = row.state == State.SUCCEEDED and not row.kept  # others leave as they are
        self.message.offer_newer(was_sent and detail.get("is_older", False))
        self._show_page(TASK)

    def _on_failure(self, error: Exception) -> None:
        self.ticket = None
        if isinstance(error, BackendGone):
            self._behind = True
            return
        if is_missing(error):
            self._forget(self._gone_words())
            return
        self.row = None
        self._say(str(error))

    def _gone_words(self) -> str:
        return self.tr("This task no longer exists: it was undone or removed, or has expired.")

    def _show_row(self, row: Row) -> None:
        self.row = row
        self.buttons.offer(fitting_actions([row], self._rights, self._pending))
        words = self.tr("Attempts {}").format(row.attempt) if row.attempt else self.tr("Attempts")
        self.tabs.setTabText(ATTEMPTS, words)
        went_well = row.is_mail and row.state == State.SUCCEEDED
        rare = (LOG, VALUES) if row.is_mail else ()
        self.tabs.keep_in_menu(*rare, *((ATTEMPTS,) if went_well and row.attempt <= 1 else ()))
        self._chooses = True
        self.tabs.offer(MESSAGE, row.is_mail)
        if row.id != self._begun:
            self._begun = row.id
            first = MESSAGE if went_well else SUMMARY
            wanted = first if self._chosen is None else self._chosen
            self.tabs.setCurrentIndex(SUMMARY if wanted == MESSAGE and not row.is_mail else wanted)
        self._chooses = False
        if row.is_mail:
            self.message.show_task(row)

    def _on_tab(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        if not self._chooses:
            self._chosen = index

    def _on_pending_changed(self) -> None:
        """Update buttons and texts after an action was started, done or undone."""
        if self.row is not None:
            self.summary.show_row(self.row)
            self._show_row(self.row)
        elif self.task is None and self._pages.currentIndex() == SELECTED:
            self.selected.tell()
            self.buttons.offer(self.selected.fitting)

    def _forget(self, sentence: str) -> None:
        """Forget the shown task, and say why nothing is shown."""
        self._drop_reading()
        self.task = self.row = None
        self._behind = False
        self._say(sentence)
        self.filled.emit(False)

    def _say(self, sentence: str) -> None:
        """Show a sentence in place of a task, without actions."""
        self.buttons.offer([])
        self.words.setText(sentence)
        self._show_page(WORDS)

    def _show_page(self, page: int) -> None:
        """Show a page, with the parts of the bar that belong to it."""
        self._pages.setCurrentIndex(page)
        for widget in (self._bar, self._rule):
            widget.setVisible(page != WORDS)
        self.tabs.setVisible(page != SELECTED)
        self.tabs.updateGeometry()  # A hidden tab bar keeps its old size hint.

    @property
    def focus_target(self) -> QWidget:
        """What has the focus of the pane."""
        return self.selected if self._pages.currentIndex() == SELECTED else self.tabs

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on; Tab meets what is in the pane."""
        self.focus_target.setFocus(event.reason())

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.summary.text())

    def _lay_out(self) -> None:
        self.setProperty("area", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.stack = QStackedWidget()
        log, values, message = map(CardScrollArea, (self.log_page, self.values, self.message))
        for page in (message, self.summary, self.attempts, log, values):
            self.stack.addWidget(page)
        self.tabs.currentChanged.connect(self._on_tab)
        self.words = set_role(Paragraph(), "soft")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = sized(QStackedWidget(), least_height=(24, 20))  # its pages scroll
        self._pages.addWidget(self.words)
        self._pages.addWidget(self.stack)
        self._pages.addWidget(CardScrollArea(self.selected))
        self._rule = Rule()
        stacked(self, self._bar, self._rule, self._pages, filling=self._pages)


class DetailRoom(CardHeight):
    """Keeps ``pane``, the last one of ``splitter``, closed until it shows something.

    In a window of the width ``WIDE`` it is at the right of the rows, as wide as the person made it;
    else below them. In a low window the theme makes bars and rows less high.
    """

    def __init__(self, splitter: QSplitter, pane: DetailPane, themes: ThemeSource) -> None:
        super().__init__(splitter)
        self._pane = pane
        self._themes = themes
        self._is_filled = False
        self._width = float(BESIDE)  # in units of the grid
        splitter.setHandleWidth(1)
        pane.filled.connect(self.set_filled)
        self._window = splitter.window()
        self._window.installEventFilter(self)

    def set_filled(self, filled: bool) -> None:
        """Set whether the pane shows something, and open or close it."""
        if filled != self._is_filled:
            self._is_filled = filled
            self.fit()

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return the height that the pane has below, where there is room for it, and its width."""
        return QByteArray(b"%f %f" % (self._height / 100, self._width))

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:  # noqa: N802
        """Bring back what ``saveState`` gave, in a window of any size."""
        known = bytes(state.data() if isinstance(state, QByteArray) else state).split()
        if is_told := all(each.replace(b".", b"", 1).isdigit() for each in known):
            height, *widths = map(float, known)
            self._height, self._width = height * 100, next(iter(widths), self._width)
            self.fit()
        return is_told

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._themes.follow_height(self._window.height())
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Put the pane beside the rows or below them, and open or close it."""
        self._pane.setVisible(self._is_filled)
        if self._is_beside:
            self._splitter.setOrientation(Qt.Orientation.Horizontal)
            width = px(self._width)
            self._splitter.setSizes([self._splitter.width() - width, width])
        else:
            self._splitter.setOrientation(Qt.Orientation.Vertical)
            super().fit()

    @property
    def _is_beside(self) -> bool:
        return self._window.width() >= px(WIDE)

    def _on_moved(self) -> None:
        if self._is_beside:
            self._width = self._splitter.sizes()[1] / LOOK.theme.scale
        else:
            super()._on_moved()
