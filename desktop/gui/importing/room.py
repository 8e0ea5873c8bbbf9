"""Joins the import of spreadsheets with the window."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.contract.batches import BatchState
from desktop.gui.importing.examples import Examples
from desktop.gui.items.form.item_fields import RangePaste

if TYPE_CHECKING:
    from desktop.contract.batches import BatchesEvent
    from desktop.gui.batches.batch_verbs import BatchVerbs
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices
    from desktop.gui.importing.imports import Imports
    from desktop.gui.items.room import ItemsRoom
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.gui.tasks.room import TasksRoom
    from desktop.gui.templates.editing import TemplateEditing


class ImportingRoom(QObject):
    """Opens the import; its sheet is made when first needed."""

    def __init__(
        self,
        window: MainWindow,
        services: RoomServices,
        items: ItemsRoom,
        batches: BatchVerbs,
        templates: TemplateEditing,
        drafts: TypedDrafts,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._items, self._batches, self._templates = items, batches, templates
        self._drafts = drafts
        self.examples = Examples(window, services, lambda file: self.imports.open_file(file))
        batches.draft_wanted.connect(self.open_draft)

    @cached_property
    def imports(self) -> Imports:
        """The import of spreadsheets, made when first needed."""
        from desktop.gui.importing.imports import Imports

        given, batches, templates = self._services, self._batches, self._templates
        imports = Imports(
            self._window,
            self._items.form.message.value,
            given,
            self._drafts,
        )
        given.live.batches_changed.connect(imports.follow)
        given.live.notices_changed.connect(imports.shown.follow)
        imports.started.connect(batches.tell_started)
        batches.ending.connect(imports.draft_toasts.end)
        imports.sheet.source.sending.edit_chosen.connect(
            lambda name: templates.open(name, imports.sheet.batch)
        )
        templates.changed.connect(lambda followed, _: imports.learn_templates(followed))
        self._drafts.saving.connect(imports.save_draft)
        return imports

    def open_draft(self, number: int) -> None:
        """Open an existing draft."""
        self.imports.open_draft(number)

    def follow(self, tasks: TasksRoom) -> None:
        """Take what arrives: spreadsheets can be sent."""
        window = self._window
        self.examples.follow(tasks.page.table.empty, self._items.view.empty)
        self._drafts.read(lambda: None)
        self._services.live.batches_changed.connect(self._forget_drafts)
        window.top_bar.import_chosen.connect(lambda: self.imports.choose_file())
        window.files_dropped.connect(lambda paths: self.imports.take_files(paths))
        editors = (each.editor for each in self._items.form.fields.values())
        lines = RangePaste([*editors, tasks.page.search], self)
        for pasted in (window.views.pasted, lines.pasted):
            pasted.connect(lambda text: self.imports.take_pasted(text))

    def _forget_drafts(self, event: BatchesEvent) -> None:
        """Forget what was typed in drafts that were started or deleted."""
        started = [b["batch_id"] for b in event["rows"] if b["state"] != BatchState.DRAFT]
        for number in (*event["gone"], *started):
            self._drafts.save(str(number), None)
