"""Messages that a template cannot make since it was saved: told at once, with the ways out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.contract.states import OPEN
from desktop.gui.actions.backend.connection import Asker
from desktop.gui.frame.notices.bar import BarText
from desktop.gui.jobs import Job
from desktop.gui.tasks.words.states import sentences, template_word

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.events import TasksEvent
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.jobs import Jobs

BAR: Final = "stuck with template "
EDIT: Final = "edit"
CORRECT: Final = "correct"
UNDO: Final = "undo"
SOON_MS: Final = 2_000
"""How soon the rows of batches are counted again, once some of them have left."""


class StuckMessages(QObject):
    """Tells in a bar for each template how many open messages lack a field it asks for.

    ``edit_wanted`` carries a template's name and their tasks, ``correction_wanted`` the tasks,
    ``undo_wanted`` the name and the version it was before.
    """

    edit_wanted = Signal(str, list)
    correction_wanted = Signal(list)
    undo_wanted = Signal(str, str)

    def __init__(self, window: MainWindow, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(window)
        self._notices = window.notices
        self._ask = Asker(source, jobs, lambda _: None)
        self._counting: dict[str, bool] = {}
        self._found: dict[str, dict[str, Any]] = {}
        self.soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self.soon.timeout.connect(self._count_rows)
        self._notices.action_chosen.connect(self._on_action)

    def look(self, template: dict[str, Any]) -> None:
        """Take a template that was saved, with the ``messages`` that need it, if they are known."""
        messages = template["messages"] or {}
        self._show(str(template["name"]), {**messages, "version": _version(template)})

    def forget(self, name: str) -> None:
        """Tell nothing under a name that a template no longer has."""
        self._show(name, {})

    def follow(self, event: TasksEvent) -> None:
        """Leave out what has ended; count again once others have changed, as by a correction."""
        there = {row["id"] for row in event["rows"] if row["state"] in OPEN}
        gone = {row["id"] for row in event["rows"] if row["state"] not in OPEN}
        gone.update(event["gone"])
        for name, found in list(self._found.items()):
            if not gone.isdisjoint(found["stuck"]):
                rest = [task for task in found["stuck"] if task not in gone]
                self._show(name, {**found, "stuck": rest})
            if not there.isdisjoint(found["stuck"]):
                self._count_again(name)

    def follow_batches(self) -> None:
        """Count again soon where rows wait: each that leaves its batch is a task from then on."""
        if not self.soon.isActive() and any(found["rows"] for found in self._found.values()):
            self.soon.start()

    def _count_rows(self) -> None:
        for name in [each for each, found in self._found.items() if found["rows"]]:
            if name in self._counting:
                self.soon.start()  # that answer may be about rows that have left by now
            else:
                self._count_again(name)

    def _count_again(self, name: str) -> None:
        """Ask how many there are now; once more after the answer, if they change meanwhile."""
        is_asked = name in self._counting
        self._counting[name] = is_asked
        if not is_asked:
            counted = partial(self._on_counted, name)
            self._ask(lambda api: Job(api.templates.messages, name).then(counted), counted)

    def _on_counted(self, name: str, answer: dict[str, Any] | Exception) -> None:
        has_changed, found = self._counting.pop(name), self._found.get(name)
        if found is None or isinstance(answer, Exception):
            return
        if has_changed:
            self._count_again(name)
        else:
            self._show(name, {**found, **answer})

    def _show(self, name: str, found: dict[str, Any]) -> None:
        self._found.pop(name, None)
        if not found.get("fields") or not (found["stuck"] or found["rows"]):
            self._notices.take_back(BAR + name)
            return
        self._found[name] = found
        count, rows, fields = len(found["stuck"]), found["rows"], "”, “".join(found["fields"])
        whole = count + rows
        words = self.tr(
            "%Ln waiting messages cannot be made with “{}”: they have no “{}”.", None, whole
        )
        said = words.format(template_word(name), fields)
        if count and rows:
            one_by_one = self.tr("%Ln of them can be corrected one by one.", None, count)
            batched = self.tr("%Ln still wait in a batch: edit the template for those.", None, rows)
            said = sentences(said, one_by_one, batched)
        actions = [(EDIT, self.tr("Edit template…"))]
        if count:
            actions.append((CORRECT, self.tr("Correct the %Ln messages…", None, count)))
        if found["version"]:
            actions.append((UNDO, self.tr("Undo the save")))
        bar = BarText("warning", said, tuple(actions), dismissible=True)
        self._notices.say(BAR + name, bar)

    def _on_action(self, bar: str, action: str) -> None:
        name = bar.removeprefix(BAR)
        if not bar.startswith(BAR) or name not in self._found:
            return
        found = self._found[name]
        if action == EDIT:
            self.edit_wanted.emit(name, found["stuck"])
        elif action == CORRECT:
            self.correction_wanted.emit(found["stuck"])
        elif action == UNDO:  # the bar goes once it is undone
            self.undo_wanted.emit(name, found["version"])
        else:
            self._show(name, {})


def _version(template: dict[str, Any]) -> str:
    """Return what a template was before it was saved; an empty text where it was nothing."""
    versions = template["versions"]
    return str(versions[0]["version"]) if versions else ""
