"""The sheets that every window has, made on first use."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.gui.form.item_form import ItemForm
    from desktop.gui.form.preview import PreviewPane
    from desktop.gui.frame.notices.first_start import FirstStart
    from desktop.gui.frame.notices.notice_bar import NoticeBar
    from desktop.gui.frame.settings_menu import SettingsMenu
    from desktop.gui.frame.sheets import Sheets
    from desktop.gui.jobs import Jobs
    from desktop.gui.mail.mail_settings import MailSettingsSheet


class OwnSheets(QObject):
    """Makes the mail settings and the preview late: they are a quarter of the window's widgets.

    ``mail_settings_made`` carries the sheet of the mail settings.
    """

    mail_settings_made = Signal(object)

    def __init__(self, sheets: Sheets, form: ItemForm, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(form)
        self._sheets = sheets
        self._form = form
        self._parts = source, jobs
        form.preview_requested.connect(lambda *item: self.preview.show_item(*item))

    def open_from(self, menu: SettingsMenu, first_start: FirstStart, notices: NoticeBar) -> None:
        """Connect the mail settings to the menu, the first start's bar and the notices."""
        menu.mail_settings_chosen.connect(lambda: self.mail_settings.open())
        first_start.mail_settings_chosen.connect(lambda: self.mail_settings.open_for_real())
        notices.action_chosen.connect(self._on_notice_action)

    @cached_property
    def mail_settings(self) -> MailSettingsSheet:
        """The mail settings."""
        from desktop.gui.mail.mail_settings import MailSettingsSheet

        sheet = self._sheets.make(MailSettingsSheet)
        sheet.closed.connect(self._on_mail_settings_closed)
        self.mail_settings_made.emit(sheet)
        return sheet

    @cached_property
    def preview(self) -> PreviewPane:
        """The preview of the e-mail for the item in the form, connected to the form."""
        from desktop.gui.form.preview import PreviewPane

        pane, form = self._sheets.make(partial(PreviewPane, *self._parts)), self._form
        form.preview_stalled.connect(pane.stall)
        form.changed.connect(pane.follow)
        pane.item_wanted.connect(form.tell_preview)
        pane.refused.connect(form.point_out)
        form.submit_from(self._sheets.send, pane)
        return pane

    def _on_mail_settings_closed(self) -> None:
        if "preview" in self.__dict__:
            self.preview.close()

    def _on_notice_action(self, name: str, action: str) -> None:
        """Open the mail settings if a notice of the backend offers them."""
        if action == "mail_settings" and name != "first start":
            self.mail_settings.open()
