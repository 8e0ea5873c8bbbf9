"""Small sheets that ask for a value or two before something is done to tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel

from desktop.client.errors import Refused
from desktop.contract.rules.text import trimmed
from desktop.gui.form.item_kind import item
from desktop.gui.tasks.words.states import error_words
from desktop.gui.widgets.buttons import HintedButton
from desktop.gui.widgets.feedback import Feedback
from desktop.gui.widgets.field import Field
from desktop.gui.widgets.moments.moment import MomentField
from desktop.gui.widgets.sheets.keeping_sheet import KeepingSheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop.contract.items import Recipient
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


def draft_name(kind: str, tasks: Sequence[int]) -> str:
    """Name what is typed into a sheet of this kind for some tasks."""
    return " ".join([kind, *map(str, tasks)])


class AskingSheet(KeepingSheet):
    """``answered`` says that what is typed is right and wanted; Enter does it.

    It is told once, and followed by :meth:`end` or :meth:`show_failure`.
    """

    answered = Signal()
    kind = ""
    """What its drafts are called."""

    def __init__(self, title: str, word: str, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(400, host, themes)
        self.tasks: list[int] = []
        self.set_title(title)
        self._pending = False
        self.about = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.about.setProperty("role", "soft")
        self.trouble = Feedback()
        self.button = HintedButton(word, QKeySequence("Return"), themes)
        self.button.clicked.connect(self._on_answer)
        self.set_default(self.button)

    def hold(self, *fields: QWidget) -> None:
        """Lay out what is asked."""
        for part in (self.about, self.kept, *fields, self.trouble):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.foot.addWidget(self.button)

    def ask(self, about: str, tasks: list[int]) -> None:
        """Open, and say what it is about."""
        self.begin(draft_name(self.kind, tasks))  # keeps what is typed for the tasks before
        self.tasks = tasks
        self.start_over()
        self.about.setText(about)
        self._pending = False
        self.trouble.say("")
        self.open()

    def draft(self) -> dict[str, Any] | None:
        """Return what is typed and not used, with its tasks; ``None`` where nothing is."""
        typed = self.typed()
        return typed and {"sheet": self.kind, "tasks": self.tasks, **typed}

    def typed(self) -> dict[str, Any] | None:
        """Return what is typed; ``None`` where nothing is."""
        raise NotImplementedError

    def show_failure(self, error: Exception) -> None:
        """Say why it was not done; it can be answered again."""
        self._pending = False
        self.trouble.say_why(error_words(error), error)

    def is_right(self) -> bool:
        """Show what is wrong with what is typed; tell whether all is right."""
        raise NotImplementedError

    def _on_answer(self) -> None:
        if not self._pending and self.is_right():
            self._pending = True
            self.answered.emit()


NAME, EMAIL = "recipient.name", "recipient.email"


class AddressSheet(AskingSheet):
    """Asks for an address, and for a name."""

    kind = "send_to"

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(self.tr("Send to another address"), self.tr("Send"), host, themes)
        kinds = {kind.path: kind for kind in item().fields}
        self.name, self.email = (
            Field(kinds[path].label, kinds[path].check) for path in (NAME, EMAIL)
        )
        for field in (self.name, self.email):
            field.edited.connect(self.note_change)
        self.note = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.note.setProperty("role", "soft")
        self.note.setText(
            self.tr(
                "A copy does not inform the item's recipient. "
                "If the address is wrong, press Correct… instead."
            )
        )
        self.hold(self.email, self.name, self.note)

    def typed(self) -> dict[str, Any] | None:
        """Return what is typed; ``None`` where nothing is."""
        name, email = self.name.text(), self.email.text()
        return {"name": name, "email": email} if name or email else None

    def put_back(self, draft: dict[str, Any]) -> None:
        """Show what was typed before."""
        self.name.set_text(draft["name"])
        self.email.set_text(draft["email"])
        self.email.editor.selectAll()

    def start_over(self) -> None:
        """Empty the fields."""
        for field in (self.name, self.email):
            field.set_text("")

    def recipient(self) -> Recipient:
        """Return who is typed."""
        name, email = trimmed(self.name.text()), trimmed(self.email.text())
        return {"name": name, "email": email} if name else {"email": email}

    def show_failure(self, error: Exception) -> None:
        """Say why it was not sent: at its field, or below."""
        at = {"to.name": self.name, "to.email": self.email}
        wrong = error.field_errors if isinstance(error, Refused) else ()
        for each in wrong:
            if each["path"] in at:
                at[each["path"]].show_error(each["message"])
        if wrong and all(each["path"] in at for each in wrong):
            self._pending = False
            self.trouble.say("")
        else:
            super().show_failure(error)

    def is_right(self) -> bool:
        """Show what is wrong with what is typed; tell whether all is right."""
        right = [field.check() for field in (self.name, self.email)]
        return all(right)

    def focus_first(self) -> None:
        """Begin at the address, which typing replaces."""
        self.email.editor.setFocus()
        self.email.editor.selectAll()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        for field in (self.name, self.email):
            field.dress(theme)


class TimeSheet(AskingSheet):
    """Asks for a day and a time that are still to come."""

    kind = "change_time"

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(self.tr("Change time"), self.tr("Save"), host, themes)
        self.send_at = MomentField(self.tr("Starts at"), "", themes, optional=False)
        self.send_at.edited.connect(self.note_change)
        self._before, self._shown = "", self.send_at.moment()
        self.hold(self.send_at)

    def set_time(self, moment: str) -> None:
        """Have it begin with a time (RFC 3339)."""
        self._before = moment

    def typed(self) -> dict[str, Any] | None:
        """Return the time that is typed; ``None`` where it is as before."""
        is_same = self.send_at.is_read and self.send_at.moment() == self._shown
        return None if is_same else {"time": self.send_at.typed()}

    def put_back(self, draft: dict[str, Any]) -> None:
        """Show what was typed before."""
        self.send_at.show_typed(draft["time"])

    def start_over(self) -> None:
        """Show the time as it is."""
        self.send_at.set_moment(self._before)
        self._shown = self.send_at.moment()

    def is_right(self) -> bool:
        """Show what is wrong with the time; tell whether it is right."""
        return self.send_at.check()

    def focus_first(self) -> None:
        """Begin at the day."""
        self.send_at.editor.setFocus()
