"""How long things are kept in the database."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.gui.kit.look.appearance import set_role
from desktop.gui.kit.widgets.buttons import INSIDE, HintedButton, give_key
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.sheet import FootQuestion, Sheet
from desktop.gui.kit.widgets.texts import Feedback, WholeLabel
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.settings.preferences import LONGEST_DAYS
from sendoff_tasks.client.errors import field_errors
from sendoff_tasks.model.text import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.contract.settings import SettingsView
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.link.outbox import Outbox


class RetentionSheet(Sheet):
    """Asks for numbers of days; ``save_requested`` carries a body for the API.

    With unsaved changes, closing asks first.
    """

    save_requested = Signal(object)

    def __init__(self, host: QWidget) -> None:
        super().__init__(440, host)
        self.set_title(self.tr("How long things are kept"))
        labels = {
            "tasks_days": self.tr("Tasks that are done, in days; failed ones three times as long"),
            "messages_days": self.tr("E-mails as they were sent, in days"),
            "contents_days": self.tr("Names, addresses and fields of items, in days"),
            "items_days": self.tr("Whether people were informed, in days"),
        }
        self.fields = {name: Field(label, self._problem) for name, label in labels.items()}
        self._stored = dict.fromkeys(labels, "")
        self.trouble = Feedback()
        about = set_role(WholeLabel(), "soft")
        about.setText(
            self.tr(
                "An item outlives its tasks: its number, and whether its person was informed, can"
                " still be looked up when its name and address are gone. Older things are deleted"
                " for good."
            )
        )
        self.add_scrolled(about, *self.fields.values(), self.trouble)
        keys = QKeySequence("Ctrl+Return")
        self.save_button = HintedButton(self.tr("Save"), keys)
        self.save_button.clicked.connect(self._on_save)
        give_key(
            self, keys.toString(), self.tr("Save how long things are kept"), self._on_save, INSIDE
        )
        self.question = FootQuestion(self.save_button)
        self.foot.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignRight)
        self.foot.addWidget(self.question)

    def focus_first(self) -> None:
        """Focus the first field."""
        self.fields["tasks_days"].setFocus()

    def has_changes(self) -> bool:
        """Tell whether there are unsaved changes."""
        return any(field.text() != self._stored[name] for name, field in self.fields.items())

    def close(self) -> bool:
        """Close, or ask about unsaved changes first; tell whether the sheet is closed."""
        if self.isHidden() or not self.has_changes():
            self.question.end()
            return super().close()
        self.question.ask_about_changes(self._on_discarded, self._on_save)
        return False

    def show_settings(self, settings: SettingsView) -> None:
        """Show the settings of the backend; what is typed stays."""
        self.trouble.say("")
        days: Mapping[str, object] = settings["keep"]
        for name, field in self.fields.items():
            before, self._stored[name] = self._stored[name], str(days[name])
            if field.text() == before:
                field.set_text(self._stored[name])

    def show_failure(self, error: Exception) -> None:
        """Show why nothing was read or saved, at the field if there is one."""
        for each in field_errors(error):
            field = self.fields.get(each["path"].removeprefix("keep."))
            if field is not None:
                field.show_error(each["message"])
                field.setFocus()
                return
        self.trouble.say_why(str(error), error)
        self.bring_into_sight(self.trouble)

    def _problem(self, typed: str) -> str | None:
        if whole_number(typed, LONGEST_DAYS) is not None:
            return None
        return say("value", "days", n=LONGEST_DAYS, least=1)

    def _on_save(self) -> None:
        wrong = [field for field in self.fields.values() if not field.check()]
        if wrong:
            wrong[0].setFocus()
            return
        days = {name: int(field.text()) for name, field in self.fields.items()}
        self.save_requested.emit({"keep": days})

    def _on_discarded(self) -> None:
        for name, field in self.fields.items():
            field.set_text(self._stored[name])
        self.close()


class RetentionSettings(QObject):
    """Opens the sheet, fills it, and saves what was typed."""

    def __init__(self, window: MainWindow, source: ApiSource, outbox: Outbox) -> None:
        super().__init__(window)
        self._window, self._outbox = window, outbox
        self._reading = LatestRequest(source, lambda error: self._sheet.show_failure(error))
        window.menu.retention_chosen.connect(self._on_chosen)

    @cached_property
    def _sheet(self) -> RetentionSheet:
        sheet = self._window.sheets.make(RetentionSheet)
        sheet.save_requested.connect(self._save)
        return sheet

    def _on_chosen(self) -> None:
        self._sheet.open()
        self._reading.ask(lambda api: Job(api.settings).then(self._sheet.show_settings))

    def _save(self, body: dict[str, Any]) -> None:
        wish = Wish(lambda api, _: api.save_settings(body), about=self._sheet)
        failed = self._sheet.show_failure
        self._outbox.put(wish, self._on_saved, failed, failed)

    def _on_saved(self, settings: SettingsView) -> None:
        self._sheet.show_settings(settings)
        if not self._sheet.has_changes():  # more may have been typed
            self._sheet.close()
        self._window.toasts.show(
            self.tr("Saved: older things are deleted from now on"), icon="check"
        )
