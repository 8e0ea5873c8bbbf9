"""The sheet that runs a task: the person chooses it, its arguments and its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import INSIDE, HintedButton, Link, give_key
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.field import editor_label
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.texts import Feedback, Paragraph
from desktop.gui.run.editors import ArgumentForm
from sendoff_tasks.client.errors import field_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sendoff_tasks.model.tasks import TaskDetail, TaskFunction

RUN_KEYS = ("Ctrl+Return", "Ctrl+Enter")


class RunSheet(Sheet):
    """Asks for a task, and for its arguments.

    ``run_requested`` carries the arguments of ``FunctionCalls.run`` as a dict; the receiver answers
    with ``close`` or :meth:`show_failure`. Without any task, a link emits ``folder_wanted`` if the
    folder of task files is on this computer.
    """

    run_requested = Signal(object)
    folder_wanted = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(440, host)
        self.functions: dict[str, TaskFunction] = {}
        self._shown: TaskFunction | None = None
        self._pending = False
        self.set_title(self.tr("Run a task"))
        self.task = Choice(self.tr("Task"))
        self.task.setPlaceholderText(self.tr("Choose a task"))
        self.task.chosen.connect(self.show_function)
        none = self.tr("There is no task to run yet. Put a file with tasks into the tasks folder.")
        self.nothing = set_role(Paragraph(none), "soft")
        self.has_folder = True
        self.folder = Link(self.tr("Open the tasks folder"))
        self.folder.clicked.connect(self.folder_wanted)
        self.where, self.doc = set_role(Paragraph(), "soft"), Paragraph()
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
        self.forget()
        for part in (self.nothing, self.folder):
            part.hide()  # until it is known that there is no task

    def show_functions(self, functions: Sequence[TaskFunction]) -> None:
        """Set the tasks to choose from; the chosen one stays, with what is typed."""
        self.functions = {each["name"]: each for each in functions}
        self.task.set_choices([(each["name"], each["title"]) for each in functions])
        self.nothing.setHidden(bool(functions))
        self.folder.setVisible(self.has_folder and not functions)

    def forget(self) -> None:
        """Choose no task."""
        self._shown = None
        self.task.setCurrentIndex(-1)
        for part in (*self._asked, self.run):
            part.hide()

    def show_function(self, name: str, task: TaskDetail | None = None) -> None:
        """Show the form of a task, filled with the arguments of an earlier one if given."""
        function = self._shown = self.functions[name]
        self._pending = False
        self.task.set_value(name)
        self.where.setText(_where(self, function))
        self.doc.setText(_unwrapped(function["doc"]))
        self.form.show_function(function, task)
        before: QWidget = self.task
        for editor in self.form.editors.values():
            self.setTabOrder(before, editor.place)
            before = editor.place
        self.run_at.set_moment("")
        self.trouble.say("")
        for part in (*self._asked, self.run):
            part.show()
        self.doc.setVisible(bool(function["doc"]))

    def show_failure(self, error: Exception) -> None:
        """Show why the task was not accepted, at its field or below the form."""
        loose = [str(error)]
        if wrong := field_errors(error):
            loose = self.form.point_out([each for each in wrong if each["path"] != "run_at"])
            for each in wrong:
                if each["path"] == "run_at":
                    self.run_at.show_error(each["message"])
        self._pending = False
        self.trouble.say_why("\n".join(loose), error)
        self._go_to_first_wrong()

    def focus_first(self) -> None:
        """Focus the choice of a task, or the first field."""
        if self._shown is None:
            self.task.setFocus()
        elif not self.form.focus_first():
            self.run.setFocus()

    def _lay_out(self) -> None:
        asked = QWidget()
        chosen = sized(QVBoxLayout(asked), margins=0, spacing=4)
        chosen.addWidget(editor_label(self.tr("Task"), self.task))
        chosen.addWidget(self.task)
        chosen.addWidget(self.nothing)
        chosen.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignLeft)
        self._asked = (self.doc, self.where, self.form, self.run_at)
        self.add_scrolled(asked, *self._asked, self.trouble)
        self.foot.addStretch(1)
        self.foot.addWidget(self.run)

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
        if (here := self.form.focusWidget()) is not None:
            self.bring_into_sight(here)

    def _on_edited(self) -> None:
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
