"""Joins the import of spreadsheets with the window."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.contract.batches import BatchState
from desktop.gui.importing.examples import Examples
from desktop.gui.items.form.item_fields import is_range
from desktop.gui.kit.widgets.editors import LineEdit

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
    """Opens the import; its place is made when first needed."""

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
        items.forgetting.forgotten.connect(drafts.forget)

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
        foot = imports.place.said
        foot.show_practice(keeps=self._window.starts.keeps)
        given.live.stats_changed.connect(
            lambda stats: foot.show_practice(keeps=bool(stats.get("practice")))
        )
        imports.started.connect(batches.tell_started)
        batches.ending.connect(imports.draft_notes.end)
        imports.place.source.sending.edit_chosen.connect(
            lambda name: templates.open(name, imports.place.batch)
        )
        templates.changed.connect(imports.learn_templates)
        self._drafts.saving.connect(imports.save_draft)
        return imports

    def open_draft(self, number: int) -> None:
        """Open an existing draft."""
        self.imports.open_draft(number)

    def follow(self, tasks: TasksRoom) -> None:
        """Take what arrives: spreadsheets can be sent."""
        window = self._window
        self.examples.follow(tasks.page.table.empty)
        self._drafts.read(lambda: None)
        self._services.live.batches_changed.connect(self._forget_drafts)
        window.head.import_chosen.connect(lambda: self.imports.choose_file())
        window.files_dropped.connect(lambda paths: self.imports.take_files(paths))
        editors = (each.editor for each in self._items.form.fields.values())
        for line in (*editors, tasks.page.search):
            if isinstance(line, LineEdit):
                line.take_paste = self._take_rows
        window.pasted.connect(lambda text: self.imports.take_pasted(text))

    def _take_rows(self, text: str) -> bool:
        """Import rows of cells that are pasted into a line."""
        if has_rows := is_range(text):
            self.imports.take_pasted(text)
        return has_rows

    def _forget_drafts(self, event: BatchesEvent) -> None:
        """Forget what was typed in drafts that were started or deleted."""
        started = [b["batch_id"] for b in event["rows"] if b["state"] != BatchState.DRAFT]
        for number in (*event["gone"], *started):
            self._drafts.save(str(number), None)
