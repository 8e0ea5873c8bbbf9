"""The preview of the form's e-mail, made when it is first wanted."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.gui.frame.sheets import Sheets
    from desktop.gui.items.form.item_form import ItemForm
    from desktop.gui.items.form.preview import PreviewPane
    from desktop.gui.link.jobs import Jobs


class LazyPreview(QObject):
    """Shows the e-mail for the item in the form."""

    def __init__(self, sheets: Sheets, form: ItemForm, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(form)
        self._sheets = sheets
        self._form = form
        self._parts = source, jobs
        form.preview_requested.connect(lambda *item: self.pane.show_item(*item))

    @cached_property
    def pane(self) -> PreviewPane:
        """The preview, connected to the form: an eighth of the window's widgets."""
        from desktop.gui.items.form.preview import PreviewPane

        pane, form = self._sheets.make(partial(PreviewPane, *self._parts)), self._form
        form.preview_stalled.connect(pane.stall)
        form.changed.connect(pane.follow)
        pane.item_wanted.connect(form.tell_preview)
        pane.refused.connect(form.point_out)
        form.submit_from(self._sheets.send, pane)
        return pane

    def close(self) -> None:
        """Close the preview."""
        if "pane" in self.__dict__:
            self.pane.close()
