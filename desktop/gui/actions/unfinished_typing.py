"""Offers unsaved input of the last window, with a bar for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal

from desktop.client.drafts import Typed
from desktop.gui.actions.unfinished import Unfinished
from desktop.gui.widgets.sheets.keeping_sheet import KeepingSheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.gui.actions.tasks.running import Running
    from desktop.gui.actions.tasks.task_questions import TaskQuestions
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow

CORRECTIONS: Final = "left corrections"
TEMPLATES: Final = "left templates"
SHEETS: Final = "left sheets"


class UnfinishedCorrections(Unfinished):
    """Offers unsaved corrections; ``correction_wanted`` carries the tasks to correct."""

    correction_wanted = Signal(object)

    def __init__(self, window: MainWindow, drafts: TypedDrafts) -> None:
        super().__init__(window, drafts, CORRECTIONS)
        self.wanted.connect(self._on_wanted)

    def words(self, last: str, count: int) -> str:
        """Say which correction was not saved."""
        if count == 1:
            return self.tr("Your correction of item {} is not saved yet.").format(last)
        many = self.tr("%Ln corrections are not saved yet. The last one: item {}", None, count)
        return many.format(last)

    def way(self) -> str:
        """Return the text of the button that opens it."""
        return self.tr("Continue")

    def put_aside(self, names: Sequence[str]) -> None:
        """Stop offering these corrections, and say where they are."""
        super().put_aside(names)
        one = self.tr(
            "Your correction is kept with item {}. Press Correct… there to see it."
        ).format(names[-1])
        many = self.tr("They are kept with their items. Press Correct… there to see them.")
        self.toasts.show(one if len(names) == 1 else many, icon="pencil")

    def _on_wanted(self, name: str) -> None:
        draft = self.drafts.of(name)
        if draft is not None:
            self.correction_wanted.emit([draft["task_id"]])


class UnfinishedTemplates(Unfinished):
    """Offers templates with unsaved changes."""

    def __init__(self, window: MainWindow, drafts: TypedDrafts) -> None:
        super().__init__(window, drafts, TEMPLATES)

    def words(self, last: str, count: int) -> str:
        """Say which template was not saved."""
        if count == 1:
            words = self.tr("Your changes to the template “{}” are not saved yet.")
        else:
            words = self.tr("%Ln templates are not saved yet. The last one: “{}”", None, count)
        return words.format(last)

    def way(self) -> str:
        """Return the text of the button that opens it."""
        return self.tr("Continue")


class UnfinishedSheets(Unfinished):
    """Offers sheets that were filled in and not used."""

    def __init__(
        self, window: MainWindow, drafts: TypedDrafts, running: Running, questions: TaskQuestions
    ) -> None:
        super().__init__(window, drafts, SHEETS)
        self._window = window
        self._running = running
        self._questions = questions
        self.wanted.connect(self._on_wanted)

    def words(self, last: str, count: int) -> str:
        """Say which sheet was not used yet."""
        one = self._one(self.drafts.of(last) or {})
        return one if count == 1 else self.tr("{} %Ln more.", None, count - 1).format(one)

    def way(self) -> str:
        """Return the text of the button that opens it."""
        return self.tr("Continue")

    def save(self) -> None:
        """Save what is typed."""
        for sheet in self._window.sheets.made:
            if isinstance(sheet, KeepingSheet) and sheet.isVisible():
                sheet.tell_draft()

    def _on_wanted(self, name: str) -> None:
        draft = self.drafts.of(name) or {}
        match draft.get("sheet"):
            case "mail":
                self._window.mail_settings.open()
            case "run":
                self._running.take_up(draft)
            case _:
                self._questions.ask_again(draft)

    def _one(self, draft: dict[str, Any]) -> str:
        match draft.get("sheet"):
            case "mail":
                return self.tr("Your mail settings are not saved yet.")
            case "run":
                words = self.tr("“{}” is not run yet. What you typed for it is kept.")
                return words.format(str(draft["title"]))
            case "send_to":
                words = self.tr("A copy to another address is not sent yet: {}.")
                return words.format(str(draft["email"] or draft["name"]))
            case _:
                return self.tr(
                    "The new time of %Ln tasks is not saved yet.", None, len(draft["tasks"])
                )


class UnfinishedTyping:
    """All unsaved input, by kind."""

    def __init__(
        self,
        window: MainWindow,
        drafts: Mapping[Typed, TypedDrafts],
        running: Running,
        questions: TaskQuestions,
    ) -> None:
        self.corrections = UnfinishedCorrections(window, drafts[Typed.CORRECTIONS])
        self.templates = UnfinishedTemplates(window, drafts[Typed.TEMPLATES])
        self.sheets = UnfinishedSheets(window, drafts[Typed.SHEETS], running, questions)

    def look(self) -> None:
        """Offer what the last window left, once."""
        for left in (self.corrections, self.templates, self.sheets):
            left.look()
