"""The sheet that runs a task: the person chooses it from a list, then its arguments and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.client.errors import Refused
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.widgets.buttons import INSIDE, HintedButton, Link, give_key
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.surfaces import scrolled
from desktop.gui.kit.widgets.texts import Feedback
from desktop.gui.kit.words.states import error_words
from desktop.gui.run.editors import ArgumentForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent

    from desktop.contract.tasks import TaskDetail, TaskFunction

RUN_KEYS = ("Ctrl+Return", "Ctrl+Enter")
_NAME: Final = Qt.ItemDataRole.UserRole
_TO_LIST: Final = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class FunctionList(QWidget):
    """Emits ``chosen`` with a task's name; the arrow keys also work while the search has the focus.

    Without any task, a link emits ``folder_wanted`` if the folder of task files is on this
    computer.
    """

    chosen = Signal(str)
    folder_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit(placeholderText=self.tr("Search tasks"))
        self.search.setAccessibleName(self.tr("Search tasks"))
        self.search.textChanged.connect(self._on_text)
        self.search.installEventFilter(self)
        self.rows = QListWidget()
        self.rows.setObjectName("pages")
        self.rows.setAccessibleName(self.tr("Tasks that can be run"))
        self.rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setMouseTracking(True)
        self.rows.itemClicked.connect(self._choose)
        self.rows.installEventFilter(self)
        self.nothing = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.nothing.setProperty("role", "soft")
        self.has_folder = True
        self.folder = Link(self.tr("Open the tasks folder"))
        self.folder.clicked.connect(self.folder_wanted)
        self.folder.hide()  # until the list is known to be empty
        column = sized(QVBoxLayout(self), margins=0, spacing=8)
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.folder, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.rows)
        LOOK.changed.connect(self.rows.scheduleDelayedItemsLayout)

    def show_functions(self, functions: Sequence[TaskFunction]) -> None:
        """Set the list; the current entry stays current."""
        marked = self._marked()
        self.rows.clear()
        for each in functions:
            about = each["doc"].partition("\n")[0]
            row = QListWidgetItem("\n".join(filter(None, [each["title"], about])), self.rows)
            row.setData(_NAME, each["name"])
        self._on_text()
        for row in self._seen():
            if row.data(_NAME) == marked:
                self.rows.setCurrentItem(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move in the list while the search has the focus, and Enter choose."""
        if event.type() == QEvent.Type.KeyPress:
            key: QKeyEvent = event  # type: ignore[assignment]
            if watched is self.search and key.key() in _TO_LIST:
                self.rows.event(event)
                return True
            if key.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._choose(self.rows.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _on_text(self) -> None:
        """Show the tasks with all typed words in their title, name or description."""
        words = self.search.text().casefold().split()
        for place in range(self.rows.count()):
            row = self.rows.item(place)
            text = f"{row.text()} {row.data(_NAME)}".casefold()
            row.setHidden(not all(word in text for word in words))
        seen = self._seen()
        if self.rows.currentItem() not in seen:
            self.rows.setCurrentItem(seen[0] if seen else None)  # type: ignore[arg-type]
        none = self.tr("There is no task to run yet. Put a file with tasks into the tasks folder.")
        self.nothing.setText(self.tr("No task matches.") if self.rows.count() else none)
        self.nothing.setHidden(bool(seen))
        self.folder.setVisible(self.has_folder and not self.rows.count())

    def _seen(self) -> list[QListWidgetItem]:
        rows = map(self.rows.item, range(self.rows.count()))
        return [row for row in rows if not row.isHidden()]

    def _marked(self) -> str:
        row = self.rows.currentItem()
        return "" if row is None else str(row.data(_NAME))

    def _choose(self, row: QListWidgetItem | None) -> None:
        if row is not None and not row.isHidden():
            self.chosen.emit(row.data(_NAME))


class RunSheet(Sheet):
    """Lists tasks, then asks for the arguments of one.

    ``run_requested`` carries the arguments of ``FunctionCalls.run`` as a dict; the receiver answers
    with ``close`` or :meth:`show_failure`. ``is_edited`` tells whether the form was changed.
    """

    run_requested = Signal(object)

    def __init__(self, host: QWidget) -> None:
        super().__init__(440, host)
        self.functions: dict[str, TaskFunction] = {}
        self._shown: TaskFunction | None = None
        self._again: TaskDetail | None = None
        self._pending = False
        self.is_edited = False
        self.list = FunctionList()
        self.list.chosen.connect(self.show_function)
        self.all = Link(self.tr("All tasks"))
        icons.put(self.all, "chevron-left", "accent")
        self.all.clicked.connect(self.show_list)
        self.where, self.doc = (
            QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText) for _ in range(2)
        )
        self.where.setProperty("role", "soft")
        self.trouble = Feedback()
        self.form = ArgumentForm()
        self.form.edited.connect(self._on_edited)
        self.run_at = MomentField(self.tr("Run at"), self.tr("Run later…"))
        self.run_at.edited.connect(self._on_edited)
        self.run = HintedButton(self.tr("Run"), QKeySequence(RUN_KEYS[0]))
        self.run.clicked.connect(self._on_run)
        self._lay_out()
        give_key(self, RUN_KEYS, self.tr("Run the task"), self.run.click, INSIDE)
        self.set_default(self.run)
        self.show_list()

    def show_functions(self, functions: Sequence[TaskFunction]) -> None:
        """Set the list of tasks."""
        self.functions = {each["name"]: each for each in functions}
        self.list.show_functions(functions)

    def learn(self, functions: Sequence[TaskFunction]) -> None:
        """Update the list of tasks while it is shown; an open form stays."""
        if self._shown is None and list(self.functions.values()) != functions:
            self.show_functions(functions)

    def show_list(self) -> None:
        """Show the list of tasks."""
        self._shown, self.is_edited = None, False
        self.set_title(self.tr("Run a task"))
        self._show_parts()
        if self.isVisible():
            self.focus_first()

    def show_function(self, name: str, task: TaskDetail | None = None) -> None:
        """Show the form of a task, filled with the arguments of an earlier one if given."""
        function = self._shown = self.functions[name]
        self._again = task
        self._pending = self.is_edited = False
        self.set_title(self.tr("Run {}").format(function["title"]))
        self.where.setText(_where(self, function))
        self.doc.setText(_unwrapped(function["doc"]))
        self.form.show_function(function, task)
        self.run_at.set_moment("")
        self.trouble.say("")
        self._show_parts()
        self._scroll.verticalScrollBar().setValue(0)
        self.focus_first()

    def show_failure(self, error: Exception) -> None:
        """Show why the task was not accepted, at its field or below the form."""
        loose = [error_words(error)]
        if isinstance(error, Refused) and error.field_errors:
            own = [each for each in error.field_errors if each["path"] != "run_at"]
            loose = self.form.point_out(own)
            for each in error.field_errors:
                if each["path"] == "run_at":
                    self.run_at.show_error(each["message"])
        self._pending = False
        self.trouble.say_why("\n".join(loose), error)
        self._go_to_first_wrong()

    def focus_first(self) -> None:
        """Focus the search, or the first field."""
        if self._shown is None:
            self.list.search.setFocus()
        elif not self.form.focus_first():
            self.run.setFocus()

    def _lay_out(self) -> None:
        self._list_page = QWidget()
        sized(QVBoxLayout(self._list_page), margins=(20, 12, 20, 12)).addWidget(self.list)
        sized(self.body, margins=0)
        inside = QWidget()
        self._column = sized(QVBoxLayout(inside), margins=(20, 12, 20, 12), spacing=12)
        self._column.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        asked = (self.form, self.run_at)
        for part in (self.doc, self.where, *asked, self.trouble):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._scroll = scrolled(inside)
        self.body.addWidget(self._list_page, 1)
        self.body.addWidget(self._scroll, 1)
        self.foot.addStretch(1)
        self.foot.addWidget(self.run)

    def _show_parts(self) -> None:
        is_list = self._shown is None
        self._list_page.setVisible(is_list)
        self._scroll.setVisible(not is_list)
        self.run.setVisible(not is_list)
        self.doc.setVisible(bool(self.doc.text()))

    def _on_run(self) -> None:
        if self._shown is None or self._pending:
            return
        right = [self.form.check(), self.run_at.check()]
        if not all(right):
            self._go_to_first_wrong()
            return
        self._pending = True
        args, arguments = self.form.call()
        asked: dict[str, Any] = {"name": self._shown["name"], "arguments": arguments, "args": args}
        if self.run_at.moment():
            asked["run_at"] = self.run_at.moment()
        self.run_requested.emit(asked)

    def _go_to_first_wrong(self) -> None:
        """Focus the first wrong field and scroll to it, even if it had the focus already."""
        self.form.go_to_first_wrong()
        self._column.activate()  # lay out the errors first
        here = self.form.focusWidget()
        if here is not None:
            self._scroll.ensureWidgetVisible(here)

    def _on_edited(self) -> None:
        self.is_edited = True
        self._pending = False
        self.trouble.say("")


def _where(sheet: RunSheet, function: TaskFunction) -> str:
    """Return the queue of a task, and whether it runs in its own process."""
    queue = sheet.tr("Queue {}").format(function["queue"])
    own = [sheet.tr("runs in a process of its own")] if function["lane"] == "cpu" else []
    return " · ".join([queue, *own])


def _unwrapped(doc: str) -> str:
    """Return a docstring with the lines of each paragraph joined."""
    paragraphs = doc.split("\n\n")
    return "\n\n".join(each if "\n " in each else " ".join(each.split("\n")) for each in paragraphs)
