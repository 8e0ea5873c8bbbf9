"""How long things are kept in the database."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.gui.kit.look.appearance import set_role
from desktop.gui.kit.widgets.buttons import INSIDE, HintedButton, give_key
from desktop.gui.kit.widgets.dialog import Dialog
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.questions import ask
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


class RetentionDialog(Dialog):
    """Asks for numbers of days; ``save_requested`` carries a body for the API."""

    save_requested = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(self.tr("How long things are kept"), 440, parent)
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
        self.save_button.clicked.connect(self.save)
        words = self.tr("Save how long things are kept")
        give_key(self, keys.toString(), words, self.save, INSIDE)
        self.foot.addWidget(self.save_button)

    def focus_first(self) -> None:
        """Focus the first field."""
        self.fields["tasks_days"].setFocus()

    def has_changes(self) -> bool:
        """Tell whether there are unsaved changes."""
        return any(field.text() != self._stored[name] for name, field in self.fields.items())

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

    def save(self) -> None:
        """Save the days, if they are right; ask first if something is deleted then."""
        wrong = [field for field in self.fields.values() if not field.check()]
        if wrong:
            wrong[0].setFocus()
            return
        days = {name: int(field.text()) for name, field in self.fields.items()}
        save = partial(self.save_requested.emit, {"keep": days})
        if all(days[name] >= int(self._stored[name] or 0) for name in days):
            save()
        else:
            answer = self.tr("Delete what is older"), save
            ask(self, say("keep", "shorter"), self.tr("Keep it"), answer)

    def discard(self) -> None:
        """Show the days that are stored."""
        for name, field in self.fields.items():
            field.set_text(self._stored[name])


class RetentionSettings(QObject):
    """Opens the dialog, fills it, and saves what was typed."""

    def __init__(self, window: MainWindow, source: ApiSource, outbox: Outbox) -> None:
        super().__init__(window)
        self._window, self._outbox = window, outbox
        self._reading = LatestRequest(source, lambda error: self._dialog.show_failure(error))
        window.menu.retention_chosen.connect(self._on_chosen)

    @cached_property
    def _dialog(self) -> RetentionDialog:
        dialog = self._window.dialogs.make(RetentionDialog)
        dialog.save_requested.connect(self._save)
        return dialog

    def _on_chosen(self) -> None:
        self._dialog.open()
        self._reading.ask(lambda api: Job(api.settings).then(self._dialog.show_settings))

    def _save(self, body: dict[str, Any]) -> None:
        wish = Wish(lambda api, _: api.save_settings(body), about=self._dialog)
        failed = self._dialog.show_failure
        self._outbox.put(wish, self._on_saved, failed, failed)

    def _on_saved(self, settings: SettingsView) -> None:
        self._dialog.show_settings(settings)
        if not self._dialog.has_changes():  # more may have been typed
            self._dialog.close()
        self._window.notes.show(
            self.tr("Saved: older things are deleted from now on"), icon="check"
        )
