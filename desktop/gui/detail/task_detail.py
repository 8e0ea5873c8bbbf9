"""The detail pane: one task in a summary and tabs, or a count of selected tasks; it is live."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.client.errors import BackendGone, is_missing
from desktop.contract.states import State
from desktop.gui.chosen.selected_tasks import SelectedTasks
from desktop.gui.detail.attempts import DetailAttempts
from desktop.gui.detail.detail_bar import DetailBar, DetailTabs
from desktop.gui.detail.links import RESULT
from desktop.gui.detail.log import LogPage
from desktop.gui.detail.message import DetailMessage
from desktop.gui.detail.reading import read_task
from desktop.gui.detail.summary.summary import DetailSummary
from desktop.gui.detail.values import DetailValues
from desktop.gui.jobs import Job
from desktop.gui.reach import WHOLE
from desktop.gui.table.task_actions import fitting_actions
from desktop.gui.tasks.pending_actions import PendingActions
from desktop.gui.tasks.task_row import row_of
from desktop.gui.widgets.below_table import Scrolled
from desktop.gui.widgets.surfaces import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent, QShowEvent

    from desktop.client.api import ApiSource
    from desktop.contract.events import TasksEvent
    from desktop.gui.detail.reading import TaskRead
    from desktop.gui.jobs import Jobs, Ticket
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.reach import Reach
    from desktop.gui.table.selected import Selected
    from desktop.gui.table.task_actions import TaskAction
    from desktop.gui.tasks.task_row import Row

SETTLE_MS: Final = 200
"""Minimum milliseconds between two reads of a task that keeps changing."""
WORDS, TASK, SELECTED = range(3)
"""The pages: a sentence, one task, several."""
LOG, ATTEMPTS, VALUES, MESSAGE = range(1, 5)
"""The tabs after the summary."""


class DetailPane(QWidget):
    """Shows a task or a selection; ``action_chosen`` carries a verb and the tasks it fits.

    ``link_chosen`` carries the name of a place and its target (see ``links``). ``filled`` carries
    whether anything is shown.
    """

    action_chosen = Signal(str, object)
    link_chosen = Signal(str, object)
    filled = Signal(bool)

    def __init__(
        self,
        api: ApiSource,
        jobs: Jobs,
        themes: ThemeSource,
        reach: Reach = WHOLE,
        pending: PendingActions | None = None,
    ) -> None:
        super().__init__()
        self._api, self._jobs, self._reach = api, jobs, reach
        self._pending = pending or PendingActions(self)
        for changed in (self._pending.changed, self._pending.previews_changed):
            changed.connect(self._on_pending_changed)
        self._themes = themes
        self.task: int | None = None
        self.row: Row | None = None
        self.ticket: Ticket | None = None
        self._named: set[int] = set()  # other tasks that the pane names
        self._behind = False
        self.tabs = DetailTabs(themes)
        self.summary = DetailSummary(themes, reach, self._pending)
        self.log_page = LogPage(themes)
        self.log = self.log_page.log
        self.attempts = DetailAttempts(themes)
        self.values = DetailValues(themes)
        self.message = DetailMessage(api, jobs, themes)
        self.selected = SelectedTasks(themes, reach, self._pending)
        self._bar = DetailBar(self.tabs, themes)
        self.buttons = self._bar.buttons
        self.copy, self.enlarge = self._bar.copy, self._bar.enlarge
        self.copy.clicked.connect(self._on_copy)
        self.buttons.chosen.connect(self.action_chosen)
        self.summary.links.chosen.connect(self.link_chosen)
        self.values.open_chosen.connect(partial(self.link_chosen.emit, RESULT))
        self._lay_out()
        self.settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self.settle.timeout.connect(self._catch_up)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._on_second)
        themes.changed.connect(self._on_theme)
        self._on_theme(themes.theme)
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
            self.buttons.offer(list(actions))
            self.reload()
        elif self.row is None:
            self.buttons.offer(list(actions))

    def show_selected(self, selected: Selected) -> None:
        """Show the count of selected tasks, with the actions on all of them."""
        self._drop_reading()
        self.task = self.row = None
        self.filled.emit(True)
        self.selected.show_selected(selected)
        self.buttons.offer(self.selected.fitting)
        self._show_page(SELECTED)

    def reload(self) -> None:
        """Read the shown task again."""
        self._drop_reading()
        if self.task is None or self._api.api is None:
            self._behind = self.task is not None
            return
        self._behind = False
        job = Job(read_task, self._api.api, self.task)
        self.ticket = self._jobs.start(job.then(self._on_read).otherwise(self._on_failure))

    def apply(self, event: TasksEvent) -> None:
        """Follow the shown task: update its row at once, and the rest once it is read."""
        if self.selected.apply(event):
            self.buttons.offer(self.selected.fitting)
        for task in event["rows"]:
            known = self.row
            if known is not None and task["resend_of"] and task["item_id"] == known.item_id:
                self._behind = True  # its message may be being sent again
            # The read under way may be older than this event.
            self._behind |= self.ticket is not None and task["id"] == self.task
            if known is not None and task["id"] == known.id and task["rev"] > known.rev:
                self._show_row(row_of(task))
                self.summary.show_row(self.row or known)
                self._behind = True
        self._behind |= self.row is not None and not self._named.isdisjoint(event["gone"])
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
        """Cancel the read under way; return whether there was one."""
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
        self._named = read.named
        self.summary.show_detail(row, read)
        self._show_row(row)
        self.summary.show_item(read.item)
        self.log_page.show_log(row.id, detail["log"])
        answer = detail["result"] if row.is_mail and isinstance(detail["result"], str) else ""
        self.attempts.show_attempts(detail["history"], answer)
        self.values.show_values(detail, read.target)
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
        self.buttons.offer(fitting_actions([row], self._reach, self._pending))
        words = self.tr("Attempts {}").format(row.attempt) if row.attempt else self.tr("Attempts")
        self.tabs.setTabText(ATTEMPTS, words)
        self.tabs.offer(MESSAGE, row.is_mail)
        if row.is_mail:
            self.message.show_task(row.id, row.attempt, row.state)

    def _on_pending_changed(self) -> None:
        """Update buttons and texts after an action was started, done or undone."""
        if self.row is not None:
            self.summary.show_row(self.row)
            self._show_row(self.row)
        elif self.task is None and self._pages.currentIndex() == SELECTED:
            self.selected.say_again()
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
        for part in (self.tabs, self.copy):
            part.setVisible(page != SELECTED)
        self.tabs.updateGeometry()  # A hidden tab bar keeps its old size hint.
        self.setFocusProxy(self.selected if page == SELECTED else self.tabs)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.summary.text())

    def _lay_out(self) -> None:
        self.setProperty("area", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusProxy(self.tabs)
        self.stack = QStackedWidget()
        log, values, message = map(Scrolled, (self.log_page, self.values, self.message))
        for page in (self.summary, log, self.attempts, values, message):
            self.stack.addWidget(page)
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        self.words = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.words.setProperty("role", "soft")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.words)
        self._pages.addWidget(self.stack)
        self._pages.addWidget(Scrolled(self.selected))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._rule = Rule()
        column.addWidget(self._bar)
        column.addWidget(self._rule)
        column.addWidget(self._pages, 1)

    def _on_theme(self, theme: Theme) -> None:
        self._pages.setMinimumHeight(theme.height(24, low=20))  # its pages scroll
