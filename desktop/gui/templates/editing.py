"""Opens the template editor, and tells which messages keep an older text."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.gui.link.jobs import Asker, Job
from desktop.gui.templates.older_messages import OlderMessages
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from desktop.contract.batches import Batch
    from desktop.contract.office import OfficeTask
    from desktop.gui.batches.batch_verbs import BatchVerbs
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.items.room import ItemsRoom
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.gui.tasks.room import TasksRoom
    from desktop.gui.templates.edited_template import EditedTemplate
    from desktop.gui.templates.letters_place import LettersPlace


class TemplateEditing(QObject):
    """Opens the editor, and offers the new text of a saved template to planned messages.

    ``changed`` is that of :class:`EditedTemplate`.
    """

    changed = Signal(object)

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
        source = services.source
        self._parts = source, services.outbox, drafts
        self._older = OlderMessages(window, services)
        self._note: WindowNote | None = None
        self._ask = Asker(source, window.notes.warn)
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
        if name:
            self._window.enter_desk(self._place.page)

    def open_for(self, task: int) -> None:
        """Open the template of a task's message, at the field that the message lacks."""
        self._ask(lambda api: Job(api.task, task).then(self._on_task))

    def _chosen_item(self) -> int | None:
        place = self._window.places.shown
        if place is self._items.view:
            return self._items.chosen()
        rows = self._tasks.page.table.selection.rows if place is None else []
        return rows[0].item_id if len(rows) == 1 else None

    def _on_changed(self) -> None:
        self._items.submissions.form_items.learn_templates()
        self._tasks.page.detail.reload()  # it names the fields that a message lacks

    def _on_task(self, task: OfficeTask) -> None:
        usual = self._items.form.message.value()
        lacks = next(iter(task["lacks"]), "")
        is_held = task["state"] == State.WAITING
        self._edited.open(
            task["template"] or "", None, usual, task["item_id"], lacks, is_held=is_held
        )
        self._window.enter_desk(self._place.page)

    def _on_told(self, words: str, icon: str) -> None:
        """Show a note in place of the one before, which may be outdated."""
        notes = self._window.notes
        notes.close(self._note)
        self._note = notes.show(words, icon=icon)

    @cached_property
    def _place(self) -> LettersPlace:
        from desktop.gui.templates.letters_place import LettersPlace

        place, window = LettersPlace(), self._window
        window.places.add(place)
        enter = partial(window.enter_desk, place.page)
        place.rows.itemActivated.connect(lambda *_: enter())
        place.rows.itemClicked.connect(lambda *_: enter() if window.halves.is_narrow else None)
        place.name.begun.connect(lambda: enter() if window.halves.is_narrow else None)
        place.older_of = self._older.said_of
        place.use_new.clicked.connect(lambda: self._older.take(place.editor.state().of))
        window.cases.changed.connect(place.show_older)
        return place

    @cached_property
    def _edited(self) -> EditedTemplate:
        from desktop.gui.templates.edited_template import EditedTemplate

        edited = EditedTemplate(self._place, *self._parts)
        edited.told.connect(self._on_told)
        edited.changed.connect(self.changed)
        edited.older_found.connect(self._older.offer)
        return edited
