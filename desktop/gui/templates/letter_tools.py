"""The toolbar of a letter: heading, bold, list, link, field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.contract.rules.links import link_to
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import px, set_role, sized
from desktop.gui.kit.widgets.buttons import HERE, IconButton, Link, give_key
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from desktop.gui.templates.field_chips import PLACEHOLDER, lines_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.templates.field_text import FieldText


class LinkQuestion(QFrame):
    """Asks over the window where the selected text leads; empty, it leads nowhere."""

    def __init__(self, text: FieldText) -> None:
        super().__init__(text, Qt.WindowType.Popup)  # it goes on Escape, or a press elsewhere
        self._text = text
        self.setObjectName("card")
        self.field = Field(self.tr("Web or e-mail address"), self._problem, placeholder="https://…")
        sized(QVBoxLayout(self), margins=12).addWidget(self.field)
        if isinstance(self.field.editor, QLineEdit):
            self.field.editor.returnPressed.connect(self._on_entered)

    def ask(self) -> None:
        """Ask for the target of the link at the caret, or of a new one."""
        self.field.set_text(self._text.link().removeprefix("mailto:"))
        self.setFixedWidth(px(320))
        below = self._text.cursorRect().bottomLeft() + QPoint(0, px(4))
        self.move(self._text.viewport().mapToGlobal(below))
        self.show()
        self.field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_entered(self) -> None:
        if self.field.check():
            wanted = self.field.text().strip()
            is_field = PLACEHOLDER.fullmatch(wanted) is not None
            self.hide()
            self._text.set_link(wanted if is_field else link_to(wanted) or "")

    def _problem(self, text: str) -> str | None:
        wanted = text.strip()
        if not wanted or link_to(wanted) or PLACEHOLDER.fullmatch(wanted):
            return None
        return sentences(say("template_fault", "link", link=wanted))


class LetterTools(QWidget):
    """The tools of a letter's text; a click leaves the focus there.

    ``become`` stands in their place for a text that is no letter.
    """

    def __init__(self, text: FieldText) -> None:
        super().__init__()
        self._text = text
        self.target = LinkQuestion(text)
        self.heading = self._tool(
            self.tr("Heading"), "heading", "Ctrl+Shift+H", text.toggle_heading
        )
        self.bold = self._tool(self.tr("Bold"), "bold", "Ctrl+B", text.toggle_bold)
        self.list = self._tool(self.tr("List"), "list", "Ctrl+L", text.toggle_list)
        self.link = self._tool(self.tr("Link"), "link", "Ctrl+K", self.target.ask)
        self.become = Link(self.tr("Make it a letter"))
        self.become.setToolTip(self.tr("With headings, bold, lists, links and your letterhead"))
        self.field = set_role(QPushButton(self.tr("Field")), "quiet")
        self.field.setAccessibleName(self.tr("Insert field"))
        self.field.setToolTip(self.tr("Insert a field where the cursor is, as { does"))
        icons.put(self.field, "plus", "text")
        row = sized(QHBoxLayout(self), margins=0, spacing=2)
        row.addStretch(1)
        for part in (*self.tools, self.become, self.field):
            row.addWidget(part)
        text.cursorPositionChanged.connect(self._show_kind)
        text.currentCharFormatChanged.connect(lambda _: self._show_kind())
        text.textChanged.connect(self._show_kind)

    @property
    def tools(self) -> tuple[QPushButton, ...]:
        """The buttons that only a letter has."""
        return self.heading, self.bold, self.list, self.link

    def show_for(self, *, letter: bool, editable: bool, designed: bool) -> None:
        """Show the tools of a letter, off unless it is edited as one; or the way to make one."""
        for each in self.tools:
            each.setVisible(letter)
            each.setEnabled(letter and editable)  # its keys, too
        self.become.setVisible(not letter and not designed)
        self._show_kind()

    def _tool(self, name: str, icon: str, keys: str, slot: Callable[[], object]) -> QPushButton:
        button = IconButton(name, icon, f"{name} ({keys})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCheckable(True)
        button.clicked.connect(slot)
        button.clicked.connect(self._show_kind)
        give_key(self._text, keys, name, button.click, HERE)
        return button

    def _show_kind(self) -> None:
        """Show which kind the text at the caret is."""
        at = self._text.textCursor().selectionStart()
        line = lines_in(self._text.document(), at, at)[0]
        style = self._text.currentCharFormat()
        is_letter = self._text.is_letter
        self.heading.setChecked(is_letter and line.heading > 0)
        self.list.setChecked(is_letter and line.depth > 0)
        self.bold.setChecked(is_letter and style.fontWeight() >= QFont.Weight.Bold)
        self.link.setChecked(is_letter and bool(style.anchorHref()))
