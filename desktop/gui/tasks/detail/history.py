"""The history on the desk: links and facts, the attempts with their words, the log, the values."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, set_color, set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.field import FactLines
from desktop.gui.kit.widgets.surfaces import Flow, clear, drop
from desktop.gui.kit.widgets.texts import Paragraph, ReadingPane, WholeLabel, tip
from desktop.gui.kit.words.ages import clock, day_and_time, duration
from desktop.gui.kit.words.table import say
from desktop.gui.tasks.detail.desk_content import Fact, TaskHistory, TaskLine
from desktop.gui.tasks.detail.facts import COPY, LOG, PLACES, TASK
from desktop.gui.tasks.detail.paper import ValuesView
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sendoff_tasks.model.tasks import Attempt, LogLine


translate = QCoreApplication.translate
TOKENS: Final = {"info": "text", "warning": "waiting", "error": "failed"}
WIDEST: Final = 26
"""Longest text of a link, in characters; the tooltip has all of it."""


OUTCOMES: Final[dict[str, tuple[str, str, object]]] = {
    "running": ("loader-circle", "running", QT_TRANSLATE_NOOP("attempts", "running")),
    "succeeded": ("circle-check", "succeeded", QT_TRANSLATE_NOOP("attempts", "succeeded")),
    "failed": ("circle-x", "failed", QT_TRANSLATE_NOOP("attempts", "failed")),
    "waiting": ("rotate-cw", "waiting", QT_TRANSLATE_NOOP("attempts", "postponed")),
    "too early": ("rotate-cw", "waiting", QT_TRANSLATE_NOOP("attempts", "too early")),
    "offline": ("unplug", "waiting", QT_TRANSLATE_NOOP("attempts", "no connection")),
    "quota": ("rotate-cw", "waiting", QT_TRANSLATE_NOOP("attempts", "limit reached")),
    "cancelled": ("ban", "cancelled", QT_TRANSLATE_NOOP("attempts", "cancelled")),
    "uncertain": ("circle-help", "uncertain", QT_TRANSLATE_NOOP("attempts", "uncertain")),
    "given back": ("undo-2", "queued", QT_TRANSLATE_NOOP("attempts", "interrupted")),
    "crashed": ("triangle-alert", "failed", QT_TRANSLATE_NOOP("attempts", "crashed")),
}
"""For each outcome: icon, colour, word."""
LEVELS: Final = {
    "warning": QT_TRANSLATE_NOOP("attempts", "warning"),
    "error": QT_TRANSLATE_NOOP("attempts", "error"),
}
"""The words of the levels that need a look: a colour alone is not read out."""


class HistoryView(QWidget):
    """Shows a history; ``link_chosen`` carries the place of a link and what it leads to."""

    link_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._shown = TaskHistory()
        self._facts: tuple[Fact, ...] = ()
        self._links: dict[str, Fact] = {}
        self.facts, self.links = FactLines(), FactLines(down=2)  # a link is high
        for place in PLACES:
            link = Link("")
            link.clicked.connect(lambda _=False, place=place: self._on_link(place))
            self.links.add(place, "", link)
        self.attempts, self.tasks = AttemptList(), TaskLines()
        self.tasks.chosen.connect(partial(self.link_chosen.emit, TASK))
        self.deeds = set_role(WholeLabel(), "soft")
        self.values = ValuesView()
        self.log_title = QLabel(self.tr("Log"))
        self.log_link = Link(self.tr("Open the log"))
        self.log_link.setToolTip(self.tr("Show it on the page of the tasks, in the browser"))
        self.log_link.clicked.connect(lambda: self.link_chosen.emit(LOG, None))
        self.log = DetailLog()
        self._lay_out()
        self.hide()

    def show_history(self, history: TaskHistory, after: QWidget) -> None:
        """Show another history, which Tab reaches ``after`` a widget."""
        before, self._shown = self._shown, history
        if history == before:
            return
        self._show_facts(history.facts)
        self.attempts.setVisible(history.attempts is not None)
        self.attempts.show_attempts(history.attempts or (), history.answer)
        self.tasks.show_tasks(history.tasks)
        self.deeds.setText("\n".join(history.deeds))
        self.deeds.setVisible(bool(history.deeds))
        self.values.setVisible(history.values is not None)
        if history.values is not None:
            self.values.show_values(history.values)
        self.log.show_log(list(history.log))
        for part in (self.log_title, self.log_link, self.log):
            part.setVisible(bool(history.log))
        for stop in self._stops():
            QWidget.setTabOrder(after, stop)
            after = stop

    def _show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show other lines; links are never replaced, as one may have the focus."""
        said = tuple(each for each in facts if each.text and not each.place)
        if said != self._facts:
            self._facts = said
            self.facts.clear()
            for number, each in enumerate(said):
                self.facts.add(f"{each.name} {number}", each.name, WholeLabel())
                self.facts.say(f"{each.name} {number}", each.text)
        self._links = {each.place: each for each in facts if each.place}
        for place, link in self.links.values.items():
            fact = self._links.get(place, Fact("", ""))
            self.links.names[place].setText(fact.name)
            self.links.say(place, _cut(fact.text))
            link.setToolTip(tip(fact.tip if fact.text == link.text() else fact.in_full))
            link.setAccessibleName(f"{fact.name}: {fact.text}" if fact.name else fact.text)
            link.setAccessibleDescription(fact.tip)

    def _on_link(self, place: str) -> None:
        leads = self._links[place].leads
        if place == COPY:
            QGuiApplication.clipboard().setText(leads)
        else:
            self.link_chosen.emit(place, leads)

    def _stops(self) -> Iterator[QWidget]:
        yield from self.tasks.links.values()
        for entry in self.attempts.entries:
            yield from (entry.toggle, entry.trace)
        yield from self.links.values.values()
        yield from (self.values.result, self.values.arguments, self.log_link, self.log)

    def _lay_out(self) -> None:
        title = set_role(QLabel(self.tr("History")), "title")
        beside = sized(QHBoxLayout(), spacing=8)
        set_role(self.log_title, "soft").setBuddy(self.log)
        beside.addWidget(self.log_title)
        beside.addWidget(self.log_link)
        beside.addStretch(1)
        column = sized(QVBoxLayout(self), margins=0, spacing=12)
        parts = (title, self.tasks, self.deeds, self.attempts, self.facts, self.links, self.values)
        for part in parts:
            column.addWidget(part)
        column.addLayout(beside)
        column.addWidget(self.log)
        column.addStretch(1)


def _cut(words: str) -> str:
    half = WIDEST // 2
    return words if len(words) <= WIDEST else f"{words[:half]}…{words[-half + 1 :]}"


class TaskLines(QWidget):
    """A line for each task of an item; ``chosen`` carries the number of one."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[TaskLine, ...] = ()
        self.links: dict[int, Link] = {}
        self._grid = sized(QGridLayout(self), margins=0, across=12, down=2)
        self._grid.setColumnStretch(2, 1)
        self.hide()

    def show_tasks(self, tasks: tuple[TaskLine, ...]) -> None:
        """Show other tasks; the focus stays on that of its number."""
        self.setVisible(bool(tasks))
        if tasks == self._shown:
            return
        focused = next((number for number, link in self.links.items() if link.hasFocus()), None)
        clear(self._grid)
        self._shown, self.links = tasks, {}
        for line, task in enumerate(tasks):
            self._add(line, task)
        if focused in self.links:
            self.links[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, line: int, task: TaskLine) -> None:
        picture, link, state = QLabel(), Link(task.title), WholeLabel()
        icons.draw(picture, task.icon, task.ink)
        set_color(state, task.ink)
        state.setText(task.state)
        link.setAccessibleName(self.tr("{task}: {state}").format(task=task.title, state=task.state))
        link.setToolTip(self.tr("Show task {}").format(task.number))
        link.clicked.connect(lambda _=False, number=task.number: self.chosen.emit(number))
        top = Qt.AlignmentFlag.AlignTop  # a long state takes several lines
        self._grid.addWidget(picture, line, 0, top)
        self._grid.addWidget(link, line, 1, top | Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(state, line, 2)
        for part in (picture, link, state):
            part.show()  # else it is hidden until the next layout
        self.links[task.number] = link


class AttemptList(QWidget):
    """Lists the attempts of a task, the last one first."""

    def __init__(self) -> None:
        super().__init__()
        self._attempts: Sequence[Attempt] = ()
        self._answer = ""
        self.entries: list[AttemptEntry] = []
        self._column = sized(QVBoxLayout(self), margins=0, spacing=10)

    def show_attempts(self, attempts: Sequence[Attempt], answer: str) -> None:
        """Show a task's attempts; open tracebacks stay open.

        ``answer`` is the server's answer to the attempt that succeeded.
        """
        if (attempts, answer) == (self._attempts, self._answer) and self._column.count():
            return
        same = [each["started_at"] for each in attempts[:1]] == [
            each["started_at"] for each in self._attempts[:1]
        ]
        open_ones = {each.number for each in self.entries if each.is_open and same}
        self._attempts, self._answer = attempts, answer
        while (item := self._column.takeAt(0)) is not None:
            drop(item.widget())
        self.entries = []
        for attempt in reversed(attempts):
            entry = AttemptEntry(attempt, answer if attempt["outcome"] == "succeeded" else "")
            entry.set_open(attempt["attempt"] in open_ones)
            self.entries.append(entry)
            self._column.addWidget(entry)
        if not attempts:
            self._column.addWidget(set_role(Paragraph(say("desk", "untried")), "soft"))


def attempt_title(attempt: Attempt) -> str:
    """Return the title of an attempt, or of a run of attempts during one outage."""
    last, count = attempt["attempt"], attempt["count"]
    if count == 1:
        return translate("attempts", "Attempt {}").format(last)
    numbers = translate("attempts", "Attempts {} to {}").format(last - count + 1, last)
    tries = translate("attempts", "%Ln tries in one outage", None, count)
    return f"{numbers} · {tries}"


class AttemptEntry(QWidget):
    """One attempt: its time, duration and outcome, and its traceback on demand.

    ``answer`` is the server's answer to an attempt without an error.
    """

    def __init__(self, attempt: Attempt, answer: str) -> None:
        super().__init__()
        self.number = attempt["attempt"]
        name, token, word = OUTCOMES[attempt["outcome"]]
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        first = sized(Flow(), spacing=8)
        picture = QLabel()
        icons.draw(picture, name, token)
        outcome = set_color(QLabel(translate("attempts", str(word))), token)
        title = QLabel(attempt_title(attempt))
        times = set_role(QLabel(self._times(attempt)), "soft")
        times.setTextFormat(Qt.TextFormat.PlainText)
        self.toggle = Link("")
        self.toggle.clicked.connect(lambda: self.set_open(not self.is_open))
        for each in (picture, title, outcome, times, self.toggle):
            first.addWidget(each)
        column.addLayout(first)
        said = attempt["error"] or answer
        if said:
            column.addWidget(sized(self._said(said), margins=(24, 0, 0, 0)))
        self.trace = ReadingPane(self.tr("Traceback of attempt {}").format(self.number))
        self.trace.show_lines(attempt["traceback"] or "")
        below = sized(QHBoxLayout(), margins=(24, 0, 0, 0))
        below.addWidget(self.trace)
        column.addLayout(below)
        if not attempt["traceback"]:
            self.toggle.hide()
        self.trace.hide()
        self.set_open(False)

    @property
    def is_open(self) -> bool:
        """Whether the traceback is shown."""
        return not self.trace.isHidden()

    def set_open(self, shown: bool) -> None:
        """Show or hide the traceback; its end says where the error is."""
        self.toggle.setText(self.tr("Hide traceback") if shown else self.tr("Show traceback"))
        self.trace.setVisible(shown)
        self.trace.moveCursor(QTextCursor.MoveOperation.End)

    def _times(self, attempt: Attempt) -> str:
        started = epoch(attempt["started_at"]) or 0.0
        finished = epoch(attempt["finished_at"])
        told = [day_and_time(started, time.time(), seconds=True)]
        if finished is not None:
            told.append(duration(max(0.0, finished - started)))
        worker = attempt.get("worker")
        if worker:
            told.append(self.tr("on {}").format(worker))
        return " · ".join(told)

    def _said(self, words: str) -> QLabel:
        label = Paragraph(words)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label


class DetailLog(ReadingPane):
    """Lines with their time and attempt, as high as they are."""

    def __init__(self) -> None:
        super().__init__("")
        self.setAccessibleName(self.tr("Log"))
        self._lines: list[LogLine] = []
        LOOK.changed.connect(self._write)

    def show_log(self, lines: list[LogLine]) -> None:
        """Show other lines."""
        if lines != self._lines:
            self._lines = lines
            self._write()

    def _write(self) -> None:
        self.clear()
        cursor, theme = QTextCursor(self.document()), LOOK.theme
        for line in self._lines:
            if not cursor.atStart():
                cursor.insertBlock()
            at = clock(epoch(line["at"]) or 0.0)
            cursor.insertText(f"{at}  {line['attempt']}  ", _ink(theme.ink("soft text")))
            ink = _ink(theme.ink(TOKENS[line["level"]]))
            if (word := LEVELS.get(line["level"])) is not None:
                cursor.insertText(f"{translate('attempts', str(word))}: ", ink)
            cursor.insertText(line["text"], ink)
        self.fit()


def _ink(color: QColor) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(color)
    return form
