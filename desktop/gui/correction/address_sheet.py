"""*Send to another address*: the message of one task, once more, to a person who is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.errors import Refused
from desktop.contract.rules.text import trimmed
from desktop.gui.correction.asking_sheet import AskingSheet
from desktop.gui.form.item_kind import item
from desktop.gui.parts.field import Field

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.contract.items import Recipient
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

NAME, EMAIL = "recipient.name", "recipient.email"


class AddressSheet(AskingSheet):
    """Asks for a name and an address."""

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(self.tr("Send to another address"), self.tr("Send"), host, themes)
        kinds = {kind.path: kind for kind in item().fields}
        self.name, self.email = (
            Field(kinds[path].label, kinds[path].check) for path in (NAME, EMAIL)
        )
        self.hold(self.name, self.email)

    def ask(self, about: str) -> None:
        """Open with empty fields, and say what it is about."""
        for field in (self.name, self.email):
            field.set_text("")
        super().ask(about)

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
            self._say("")
        else:
            super().show_failure(error)

    def is_right(self) -> bool:
        """Show what is wrong with what is typed; tell whether all is right."""
        right = [field.check() for field in (self.name, self.email)]
        return all(right)

    def focus_first(self) -> None:
        """Begin at the name."""
        self.name.editor.setFocus()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        for field in (self.name, self.email):
            field.dress(theme)
