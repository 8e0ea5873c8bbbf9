"""Small sheets that ask for one or two values before an action on tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence

from desktop.client.errors import Refused
from desktop.contract.rules.text import trimmed
from desktop.gui.items.form.item_kind import item
from desktop.gui.items.form.pasted import EMAIL, NAME, Spreading
from desktop.gui.kit.widgets.buttons import HintedButton
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.moments import MomentField
from desktop.gui.kit.widgets.sheet import Sheet
from desktop.gui.kit.widgets.texts import Feedback, WholeLabel
from desktop.gui.kit.words.states import error_words

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.contract.items import Recipient
    from desktop.gui.kit.look.appearance import ThemeSource


class AskingSheet(Sheet):
    """Emits ``answered`` when the person confirms valid input, by the button or by Enter.

    The receiver then calls :meth:`close` or :meth:`show_failure`; until then it is not emitted
    again.
    """

    answered = Signal()

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
        self.add_scrolled(self.about, *fields, self.trouble)
        self.foot.addStretch(1)
        self.foot.addWidget(self.button)

    def ask(self, about: str, tasks: list[int]) -> None:
        """Open the sheet for some tasks, with a sentence about them."""
        self.tasks = tasks
        self.start_over()
        self.about.setText(about)
        self._pending = False
        self.trouble.say("")
        self.open()

    def start_over(self) -> None:
        """Reset the fields."""
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

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(self.tr("Send to another address"), self.tr("Send"), host, themes)
        kinds = {kind.path: kind for kind in item().fields}
        self.name, self.email = (
            Field(kinds[path].label, kinds[path].check) for path in (NAME, EMAIL)
        )
        Spreading({NAME: self.name, EMAIL: self.email}, self)
        self.note = WholeLabel()
        self.note.setProperty("role", "soft")
        self.note.setText(
            self.tr(
                "A copy does not inform the item's recipient. "
                "If the address is wrong, press Correct… instead."
            )
        )
        self.hold(self.email, self.name, self.note)

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


class TimeSheet(AskingSheet):
    """Asks for a day and a time in the future."""

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(self.tr("Change time"), self.tr("Save"), host, themes)
        self.send_at = MomentField(self.tr("Starts at"), "", optional=False)
        self._before = ""
        self.hold(self.send_at)

    def set_time(self, moment: str) -> None:
        """Set the initial time (RFC 3339)."""
        self._before = moment

    def start_over(self) -> None:
        """Show the initial time."""
        self.send_at.set_moment(self._before)

    def is_right(self) -> bool:
        """Check the time, show its error, and return whether it is valid."""
        return self.send_at.check()

    def focus_first(self) -> None:
        """Focus the time."""
        self.send_at.editor.setFocus()
