"""The summary of several selected tasks: how many there are in each state."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import set_color, set_font, set_role, sized
from desktop.gui.kit.look.focus_ring import READ
from desktop.gui.kit.widgets.surfaces import clear
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.states import LOOKS, state_word
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.task_actions import Selection, effects

if TYPE_CHECKING:
    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.acting.task_actions import TaskAction
    from sendoff_tasks.model.events import TasksEvent

LINES: Final = 4
"""The number of states in a column."""
_ORDER: Final = {look: place for place, look in enumerate(LOOKS)}


class SelectedTasks(QWidget):
    """Counts tasks by the names of their states, and follows changes of those in memory.

    ``fitting`` are the actions that apply to them.
    """

    def __init__(self, rights: WindowRights, pending: PendingActions) -> None:
        super().__init__()
        self._none = self._selected = Selection([], 0, rights, pending)
        self._title = ""
        self.fitting: list[TaskAction] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self.setProperty("area", "clear")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(READ, True)
        self.title = set_font(QLabel(), 15)
        self._states = QWidget()
        self._grid = sized(QGridLayout(self._states), margins=0, down=4)
        column = sized(QVBoxLayout(self), margins=(16, 14, 16, 12), spacing=8)
        column.addWidget(self.title)
        column.addWidget(self._states, 0, Qt.AlignmentFlag.AlignLeft)
        self.effects = set_role(Paragraph(), "soft")
        column.addWidget(self.effects)
        column.addStretch(1)

    def show_selected(self, selected: Selection | None, title: str = "") -> None:
        """Show other tasks, or none, below ``title`` if there is one."""
        self._title = title
        self._selected = selected or self._none
        self.tell()

    def apply(self, event: TasksEvent) -> bool:
        """Apply an event; tell whether it changed a task shown."""
        rows = {row.id: row for row in self._selected.rows}
        changed = [
            row_of(task)
            for task in event["rows"]
            if task["id"] in rows and task["rev"] > rows[task["id"]].rev
        ]
        gone = [task_id for task_id in event["gone"] if rows.pop(task_id, None)]
        rows.update((row.id, row) for row in changed)
        if changed or gone:
            count = self._selected.count - len(gone)
            self._selected = replace(self._selected, rows=list(rows.values()), count=count)
            self.tell()
        return bool(changed or gone)

    def counts(self) -> dict[str, int]:
        """Return the number of tasks for each name of a state, in the order shown."""
        return {word: count for (_, word), count in self._in_order()}

    def tell(self) -> None:
        """Say how many they are, in which states, and what the actions do that apply now."""
        count = self._selected.count
        self.title.setText(self._title or self.tr("%Ln tasks selected", None, count))
        self.fitting = self._selected.actions
        with_button = [each for each in self.fitting if not each.is_rare]
        said = [*(self._beyond() if with_button else []), *effects(with_button)]
        self.effects.setText("\n".join(said))
        self.effects.setVisible(bool(said))
        self._states.setVisible(self._selected.query is None)
        if self._selected.query is not None:
            return
        counts = Counter[tuple[str, str]]()
        alike: dict[object, list[Row]] = {}
        for row in self._selected.rows:
            kind = row.state, row.reason, row.queue, row.run_at is None, row.data.get("fixed")
            alike.setdefault(kind, []).append(row)
        for rows in alike.values():  # thousands of tasks have few different names
            counts[str(rows[0].look), state_word(rows[0]).lower()] += len(rows)
        if counts != self._counts:
            self._counts = counts
            self._lay_states()

    def _beyond(self) -> list[str]:
        """Say what the buttons do to selected tasks that are not loaded."""
        if not self._selected.rights.may_change:
            return []
        if self._selected.query is not None:
            return [
                self.tr("Each button acts on every selected task it applies to, loaded or not."),
                self.tr("Tasks that are added or end from now on are not selected."),
            ]
        if not (unknown := self._selected.count - len(self._selected.rows)):
            return []
        return [
            self.tr("%Ln of them are not loaded yet; the buttons act on the others.", None, unknown)
        ]

    def _in_order(self) -> list[tuple[tuple[str, str], int]]:
        return sorted(self._counts.items(), key=lambda each: (_ORDER[each[0][0]], each[0][1]))

    def _lay_states(self) -> None:
        clear(self._grid)
        for place, ((state, word), count) in enumerate(self._in_order()):
            self._grid.addWidget(self._line(state, word, count), place % LINES, place // LINES)

    def _line(self, state: str, word: str, count: int) -> QWidget:
        look, line = LOOKS[state], QWidget()
        row = sized(QHBoxLayout(line), margins=(0, 0, 24, 0), spacing=8)
        picture, words = QLabel(), QLabel(f"{QLocale().toString(count)} {word}")
        icons.draw(picture, look.icon, look.token)
        set_color(words, look.token)
        row.addWidget(picture)
        row.addWidget(words, 1)
        return line
