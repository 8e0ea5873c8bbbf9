"""Opens the template editor, and offers to send messages that waited for a template."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notices.bars import BarText
from desktop.gui.frame.notices.toasts import BRIEF_S
from desktop.gui.frame.views import ITEMS, TASKS
from desktop.gui.kit.words.states import template_word
from desktop.gui.kit.words.verbs import SEND as SENDING
from desktop.gui.link.jobs import Asker, Job
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from desktop.contract.batches import Batch
    from desktop.contract.office import OfficeTask
    from desktop.gui.batches.batch_verbs import BatchVerbs
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toasts import Toast
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.items.room import ItemsRoom
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.gui.tasks.acting.task_verbs import TaskVerbs
    from desktop.gui.tasks.room import TasksRoom
    from desktop.gui.templates.edited_template import EditedTemplate
    from sendoff_tasks.model.events import TasksEvent


HELD_BAR: Final = "held with template "
SEND: Final = "send"


class HeldMessages(QObject):
    """Offers in a bar for each template to send the messages that are still on hold.

    Messages with a pending action are not offered, unless that is undone.
    """

    def __init__(self, window: MainWindow, verbs: TaskVerbs) -> None:
        super().__init__(window)
        self._notices = window.notices
        self._verbs = verbs
        self._pending = verbs.pending
        self._pending.changed.connect(self._on_pending_changed)
        self._held: dict[str, list[int]] = {}

    def offer(self, template: str, tasks: list[int]) -> None:
        """Offer to send these tasks of a template, in place of earlier ones."""
        self._held.pop(template, None)
        if tasks:
            self._held[template] = tasks
        left = [task for task in tasks if not self._pending.has(task)]
        if not left:
            self._notices.take_back(HELD_BAR + template)
            return
        words = self.tr("Template “{}”: %Ln e-mails are ready to be sent.", None, len(left))
        send = self.tr("Send the %Ln e-mails", None, len(left))
        bar = BarText(
            "info", words.format(template_word(template)), ((SEND, send),), dismissible=True
        )
        self._notices.say(HELD_BAR + template, bar, partial(self._on_action, template))

    def forget(self, template: str) -> None:
        """Remove the offer for a template."""
        self.offer(template, [])

    def follow(self, event: TasksEvent) -> None:
        """Leave out tasks that no longer wait."""
        gone = {row["id"] for row in event["rows"] if row["state"] != State.WAITING}
        gone.update(event["gone"])
        for template, tasks in list(self._held.items()):
            if not gone.isdisjoint(tasks):
                self.offer(template, [task for task in tasks if task not in gone])

    def _on_action(self, template: str, action: str) -> None:
        if action == SEND:
            tasks = [task for task in self._held[template] if not self._pending.has(task)]
            self._verbs.act("retry", tasks, worded_as=SENDING)
        else:
            self.forget(template)

    def _on_pending_changed(self) -> None:
        """Leave out tasks with a pending action, and drop those handed to the backend."""
        for template, tasks in list(self._held.items()):
            left = [task for task in tasks if not self._pending.has(task, is_due=True)]
            self.offer(template, left)


class TemplateEditing(QObject):
    """Opens the editor, and follows the messages that a saved template has fixed.

    ``changed`` is that of :class:`EditedTemplate`.
    """

    changed = Signal(object, object)

    def __init__(
        self,
        window: MainWindow,
        services: RoomServices,
        tasks: TasksRoom,
        items: ItemsRoom,
        batches: BatchVerbs,
        drafts: TypedDrafts,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._tasks, self._items = tasks, items
        source, live = services.source, services.live
        self._parts, self._live = (source, services.outbox, drafts), live
        self._toast: Toast | None = None
        self._ask = Asker(source, window.toasts.warn)
        self._held = HeldMessages(window, tasks.verbs)
        live.tasks_changed.connect(self._held.follow)
        batches.template_wanted.connect(self.open_for)
        tasks.wishes.lead("edit_template", lambda ids: self.open_for(ids[0]))
        window.menu.templates_chosen.connect(self.open)
        items.form.message.edit_chosen.connect(self.open)
        self.changed.connect(self._on_changed)

    def open(self, name: str = "", batch: Batch | None = None) -> None:
        """Open the editor, with a ``batch`` for its rows; the form's template is the usual one.

        Without a batch, the preview shows the item that is selected in the current view, if any.
        """
        usual = self._items.form.message.value()
        self._edited.open(name, batch, usual, self._chosen_item())

    def open_for(self, task: int) -> None:
        """Open the template of a task's message, at the field that the message lacks."""
        self._ask(lambda api: Job(api.task, task).then(self._on_task))

    def _chosen_item(self) -> int | None:
        view = self._window.switch.choice.value()
        if view == ITEMS:
            return self._items.chosen()
        rows = self._tasks.page.table.selection.rows if view == TASKS else []
        return rows[0].item_id if len(rows) == 1 else None

    def _on_changed(self, _followed: object, by_form: dict[str, str]) -> None:
        self._items.submissions.form_items.learn_templates(by_form)
        self._tasks.page.detail.reload()  # it names the fields that a message lacks

    def _on_task(self, task: OfficeTask) -> None:
        usual = self._items.form.message.value()
        lacks = next(iter(task["lacks"]), "")
        is_held = task["state"] == State.WAITING
        self._edited.open(
            task["template"] or "", None, usual, task["item_id"], lacks, is_held=is_held
        )

    def _on_told(self, words: str, icon: str) -> None:
        """Show a toast in place of the one before, which may be outdated."""
        toasts = self._window.toasts
        toasts.close(self._toast)
        self._toast = toasts.show(words, seconds=BRIEF_S, icon=icon)

    @cached_property
    def _edited(self) -> EditedTemplate:
        from desktop.gui.templates.edited_template import EditedTemplate
        from desktop.gui.templates.older_messages import OlderMessages
        from desktop.gui.templates.template_sheet import TemplateSheet

        edited = EditedTemplate(self._window.sheets.make(TemplateSheet), *self._parts)
        edited.told.connect(self._on_told)
        edited.changed.connect(self.changed)
        edited.held_found.connect(self._held.offer)
        older = OlderMessages(self._window, *self._parts[:2], self._live)
        older.taken.connect(self._held.offer)
        edited.older_found.connect(older.offer)
        return edited
