"""Asks which addresses go onto the list *Do not send*, and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from desktop.contract.do_not_send import (
    NOTE_LIMIT,
    ListOrigin,
    ListReason,
    NewListEntry,
    entry_problem,
    untaken_words,
)
from desktop.gui.kit.look.appearance import set_role
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.dialog import Dialog
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.texts import Feedback, WholeLabel
from desktop.gui.kit.words.do_not_send import reason_word
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.kit.words.typed import line_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.sheets.calls import ListFile

_NAMED: Final = 200
"""Texts of a file that are named; more are counted."""
BY_HAND: Final = [each for each in ListReason if each != ListReason.FORGOTTEN]


def untaken(texts: Sequence[str]) -> str:
    """Name the texts of a file that are not put on the list, each with the reason."""
    if not texts:
        return ""
    named = [untaken_words(each, WORDS) for each in texts[:_NAMED]]
    more = ["…"] * (len(texts) > _NAMED)
    return "\n".join([say("list_change", "untaken", n=len(texts)), *named, *more])


class AddDialog(Dialog):
    """Asks for an address, a reason and a note; of a file's addresses for the reason only.

    ``answered`` tells that they are right. The receiver then calls :meth:`close` or
    :meth:`show_failure`; until then it is not emitted again.
    """

    answered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(self.tr("Add to the list"), 400, parent)
        self._pending = False
        self.about = set_role(WholeLabel(), "soft")
        self.trouble = Feedback()
        problem = partial(entry_problem, words=WORDS)
        self.address = Field(self.tr("Address, or @domain"), problem)
        self.note = Field(self.tr("Note"), lambda text: line_problem(text, NOTE_LIMIT))
        self.reason = Choice(self.tr("Why"))
        self.reason.set_choices([(each, reason_word(each)) for each in BY_HAND])
        self._addresses: Sequence[str] = ()
        self._source = ""
        why = set_role(QLabel(self.tr("Why")), "soft")
        self.add_scrolled(self.about, self.address, why, self.reason, self.note, self.trouble)
        self.button = self.add_default(self.tr("Add"), self._on_answer)

    def ask_one(self) -> None:
        """Ask for one address."""
        self._ask(say("list_change", "domain"), (), "")

    def ask_file(self, found: ListFile, name: str) -> None:
        """Ask why the addresses of a file go onto the list; name what is not among them."""
        self._ask(say("list_change", "file", n=len(found.entries), name=name), found.entries, name)
        self.trouble.say(untaken(found.others), "error")

    def _ask(self, about: str, addresses: Sequence[str], source: str) -> None:
        self._addresses, self._source, self._pending = addresses, source, False
        self.about.setText(about)
        self.trouble.say("")
        self.address.set_text("")
        self.note.set_text("")
        self.address.setHidden(bool(addresses))
        self.reason.set_value(ListReason.LEFT if addresses else ListReason.ASKED)
        self.open()

    def show_failure(self, error: Exception) -> None:
        """Show why nothing was added, and allow another answer."""
        self._pending = False
        self.trouble.say_why(str(error), error)
        self.bring_into_sight(self.trouble)

    @property
    def origin(self) -> ListOrigin:
        """How these addresses come onto the list."""
        return ListOrigin.FILE if self._addresses else ListOrigin.PERSON

    def entries(self) -> list[NewListEntry]:
        """Return the entries to add."""
        told = {"reason": self.reason.value(), "note": self.note.text().strip()}
        made: list[Any] = [
            {"address": each, "source": self._source, **told}
            for each in self._addresses or [self.address.text()]
        ]
        return made

    def _on_answer(self) -> None:
        asked = [self.note] if self._addresses else [self.address, self.note]
        wrong = [field for field in asked if not field.check()]
        self.bring_into_sight(*wrong[:1])
        if not (wrong or self._pending):
            self._pending = True
            self.answered.emit()

    def focus_first(self) -> None:
        """Focus the address, or the reason for those of a file."""
        (self.reason if self._addresses else self.address.editor).setFocus()
