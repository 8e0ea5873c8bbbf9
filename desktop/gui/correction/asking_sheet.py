"""Small sheets that ask for one or two values before an action on tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence

from desktop.client.errors import Refused
from desktop.contract.rules.text import trimmed
from desktop.gui.form.item_kind import item
from desktop.gui.form.pasted import EMAIL, NAME, Spreading
from desktop.gui.tasks.words.states import error_words
from desktop.gui.widgets.buttons import HintedButton
from desktop.gui.widgets.field import Field
from desktop.gui.widgets.moments import MomentField
from desktop.gui.widgets.sheets.keeping_sheet import KeepingSheet
from desktop.gui.widgets.texts import Feedback, WholeLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop.contract.items import Recipient
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


def draft_name(kind: str, tasks: Sequence[int]) -> str:
    """Return the name of the draft of a sheet of this kind for some tasks."""
    return " ".join([kind, *map(str, tasks)])


class AskingSheet(KeepingSheet):
    """Emits ``answered`` when the person confirms valid input, by the button or by Enter.

    The receiver then calls :meth:`end` or :meth:`show_failure`; until then it is not emitted again.
    """

    answered = Signal()
    kind = ""
    """The prefix of its draft names."""

    def __init__(self, title: str, word: str, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(400, host, themes)
        self.tasks: list[int] = []
        self._fields: tuple[QWidget, ...] = ()
        self.set_title(title)
        self._pending = False
        self.about = WholeLabel()
        self.about.setProperty("role", "soft")
        self.trouble = Feedback()
        self.button = HintedButton(word, QKeySequence("Return"), themes)
        self.button.clicked.connect(self._on_answer)
        self.set_default(self.button)

    def hold(self, *fields: QWidget) -> None:
        """Lay out the fields."""
        self._fields = fields
        self.add_scrolled(self.about, self.kept, *fields, self.trouble)
        self.foot.addStretch(1)
        self.foot.addWidget(self.button)

    def ask(self, about: str, tasks: list[int]) -> None:
        """Open the sheet for some tasks, with a sentence about them."""
        self.begin(draft_name(self.kind, tasks))  # saves the draft of the former tasks
        self.tasks = tasks
        self.start_over()
        self.about.setText(about)
        self._pending = False
        self.trouble.say("")
        self.open()

    def draft(self) -> dict[str, Any] | None:
        """Return the unused input with its tasks, or ``None`` if nothing is typed."""
        typed = self.typed()
        return typed and {"sheet": self.kind, "tasks": self.tasks, **typed}

    def typed(self) -> dict[str, Any] | None:
        """Return the input, or ``None`` if nothing is typed."""
        raise NotImplementedError

    def show_failure(self, error: Exception) -> None:
        """Show why the action failed, and allow another answer."""
        self._pending = False
        self.trouble.say_why(error_words(error), error)
        self.bring_into_sight(self.trouble)

    def is_right(self) -> bool:
        """Check the input, show its errors, and return whether there are none."""
        raise NotImplementedError

    def _on_answer(self) -> None:
        if self._pending:
            return
        if self.is_right():
            self._pending = True
            self.answered.emit()
        else:
            self._show_wrong()

    def _show_wrong(self) -> None:
        """Scroll to the first field with an error."""
        kinds = (Field, MomentField)
        wrong = (each for each in self._fields if isinstance(each, kinds) and each.error)
        self.bring_into_sight(*list(wrong)[:1])


class AddressSheet(AskingSheet):
    """Asks for an address and an optional name."""

    kind = "send_to"

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(self.tr("Send to another address"), self.tr("Send"), host, themes)
        kinds = {kind.path: kind for kind in item().fields}
        self.name, self.email = (
            Field(kinds[path].label, kinds[path].check) for path in (NAME, EMAIL)
        )
        Spreading({NAME: self.name, EMAIL: self.email}, self)
        for field in (self.name, self.email):
            field.edited.connect(self.note_change)
        self.note = WholeLabel()
        self.note.setProperty("role", "soft")
        self.note.setText(
            self.tr(
                "A copy does not inform the item's recipient. "
                "If the address is wrong, press Correct… instead."
            )
        )
        self.hold(self.email, self.name, self.note)

    def typed(self) -> dict[str, Any] | None:
        """Return the input, or ``None`` if nothing is typed."""
        name, email = self.name.text(), self.email.text()
        return {"name": name, "email": email} if name or email else None

    def put_back(self, draft: dict[str, Any]) -> None:
        """Restore a draft."""
        self.name.set_text(draft["name"])
        self.email.set_text(draft["email"])
        self.email.editor.selectAll()

    def start_over(self) -> None:
        """Empty the fields."""
        for field in (self.name, self.email):
            field.set_text("")

    def recipient(self) -> Recipient:
        """Return the typed recipient."""
        name, email = trimmed(self.name.text()), trimmed(self.email.text())
        return {"name": name, "email": email} if name else {"email": email}

    def show_failure(self, error: Exception) -> None:
        """Show why the message was not sent, at its field or below the fields."""
        at = {"to.name": self.name, "to.email": self.email}
        wrong = error.field_errors if isinstance(error, Refused) else ()
        for each in wrong:
            if each["path"] in at:
                at[each["path"]].show_error(each["message"])
        if wrong and all(each["path"] in at for each in wrong):
            self._pending = False
            self.trouble.say("")
            self._show_wrong()
        else:
            super().show_failure(error)

    def is_right(self) -> bool:
        """Check the input, show its errors, and return whether there are none."""
        right = [field.check() for field in (self.name, self.email)]
        return all(right)

    def focus_first(self) -> None:
        """Focus the address and select it."""
        self.email.editor.setFocus()
        self.email.editor.selectAll()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        for field in (self.name, self.email):
            field.dress(theme)


class TimeSheet(AskingSheet):
    """Asks for a day and a time in the future."""

    kind = "change_time"

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(self.tr("Change time"), self.tr("Save"), host, themes)
        self.send_at = MomentField(self.tr("Starts at"), "", themes, optional=False)
        self.send_at.edited.connect(self.note_change)
        self._before, self._shown = "", self.send_at.moment()
        self.hold(self.send_at)

    def set_time(self, moment: str) -> None:
        """Set the initial time (RFC 3339)."""
        self._before = moment

    def typed(self) -> dict[str, Any] | None:
        """Return the typed time, or ``None`` if it is unchanged."""
        is_same = self.send_at.is_read and self.send_at.moment() == self._shown
        return None if is_same else {"time": self.send_at.typed()}

    def put_back(self, draft: dict[str, Any]) -> None:
        """Restore a draft."""
        self.send_at.show_typed(draft["time"])

    def start_over(self) -> None:
        """Show the initial time."""
        self.send_at.set_moment(self._before)
        self._shown = self.send_at.moment()

    def is_right(self) -> bool:
        """Check the time, show its error, and return whether it is valid."""
        return self.send_at.check()

    def focus_first(self) -> None:
        """Focus the time."""
        self.send_at.editor.setFocus()
