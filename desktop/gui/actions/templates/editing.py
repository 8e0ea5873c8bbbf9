"""Opens the template editor, which is made when first needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.client.drafts import Typed
from desktop.gui.actions.templates.held_messages import HeldMessages
from desktop.gui.actions.templates.stuck_messages import StuckMessages
from desktop.gui.frame.views import ITEMS, TASKS
from desktop.gui.jobs import Asker, Job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.client.api import ApiSource
    from desktop.contract.batches import Batch
    from desktop.contract.tasks import TaskDetail
    from desktop.gui.actions.backend.live import Live
    from desktop.gui.actions.tasks.task_verbs import TaskVerbs
    from desktop.gui.actions.templates.edited_template import EditedTemplate
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.jobs import Jobs


class TemplateEditing(QObject):
    """Opens the editor, and follows the messages that a saved template has fixed or broken.

    ``changed`` is that of :class:`EditedTemplate`. ``correction_wanted`` carries tasks whose items
    to correct.
    """

    changed = Signal(object, object)
    correction_wanted = Signal(list)

    def __init__(
        self,
        window: MainWindow,
        source: ApiSource,
        jobs: Jobs,
        drafts: Mapping[Typed, TypedDrafts],
        verbs: TaskVerbs,
        live: Live,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._parts = source, jobs, drafts[Typed.TEMPLATES]
        self._toast: Toast | None = None
        show = window.toasts.show
        self._ask = Asker(source, jobs, lambda error: show(str(error), icon="triangle-alert"))
        self._held = HeldMessages(window, verbs)
        self._stuck = StuckMessages(window, source, jobs)
        self._stuck.edit_wanted.connect(self._on_edit_wanted)
        self._stuck.correction_wanted.connect(self.correction_wanted)
        live.tasks_changed.connect(self._held.follow)
        live.tasks_changed.connect(self._stuck.follow)
        live.batches_changed.connect(lambda _: self._stuck.follow_batches())
        window.parts.batches.seen.connect(self._stuck.see)

    def open(self, name: str = "", batch: Batch | None = None) -> None:
        """Open the editor, with a ``batch`` for its rows; the form's template is the usual one.

        Without a batch, the preview shows the item that is selected in the current view, if any.
        """
        usual = self._window.parts.form.message.value()
        self._edited.open(name, batch, usual, self._chosen_item())

    def open_for(self, task: int) -> None:
        """Open the template of a task's message, at the field that the message lacks."""
        self._ask(lambda api: Job(api.task, task).then(self._on_task))

    def _on_edit_wanted(self, name: str, tasks: list[int]) -> None:
        """Open a template, at the field that the first of these messages lacks."""
        if tasks:
            self.open_for(tasks[0])
        else:
            self.open(name)

    def _chosen_item(self) -> int | None:
        parts, view = self._window.parts, self._window.switch.choice.value()
        if view == ITEMS:
            item = parts.items.model.item(parts.items.table.currentIndex().row())
            return None if item is None else item["item_id"]
        rows = parts.table.selection.rows if view == TASKS else []
        return rows[0].item_id if len(rows) == 1 else None

    def _on_task(self, task: TaskDetail) -> None:
        usual = self._window.parts.form.message.value()
        lacks = next(iter(task["lacks"]), "")
        self._edited.open(task["template"] or "", None, usual, task["item_id"], lacks)

    def save_draft(self) -> None:
        """Save what is typed."""
        if "_edited" in self.__dict__:
            self._edited.save_draft()

    def _on_told(self, words: str, icon: str) -> None:
        """Show a toast in place of the one before, which may be outdated."""
        toasts = self._window.toasts
        if self._toast is not None:
            toasts.close(self._toast)
        self._toast = toasts.show(words, icon=icon)

    @cached_property
    def _edited(self) -> EditedTemplate:
        from desktop.gui.actions.templates.edited_template import EditedTemplate
        from desktop.gui.template.template_sheet import TemplateSheet

        edited = EditedTemplate(self._window.sheets.make(TemplateSheet), *self._parts)
        edited.told.connect(self._on_told)
        edited.changed.connect(self.changed)
        edited.held_found.connect(self._held.offer)
        edited.stuck_found.connect(self._stuck.look)
        edited.renamed.connect(self._held.forget)
        edited.renamed.connect(self._stuck.forget)
        self._stuck.undo_wanted.connect(edited.undo_save)
        return edited
