"""The paper of a letter: its text between the parts of the letterhead."""

from __future__ import annotations

from base64 import b64decode
from html import escape
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.contract.rules.letters import COLOUR, LOGO_HEIGHT
from desktop.gui.kit.look.appearance import LOOK, bind_theme, set_font, set_role, sized
from desktop.gui.kit.widgets.surfaces import Rule, stacked
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.templates.letter_lines import signature_runs

if TYPE_CHECKING:
    from desktop.gui.kit.look.theme import Theme

LINE: Final = 4
"""Height of the line in the letterhead's colour, in units of the grid."""


class LetterheadPaper(QWidget):
    """Shows ``parts`` of a letter below logo, name and second line, and above the signature."""

    def __init__(self, *parts: QWidget) -> None:
        super().__init__()
        self._logo = ""
        self._head: dict[str, Any] | None = {}
        self.line = sized(QFrame(), height=LINE)
        self.logo = QLabel()
        self.name = set_font(Paragraph(), 14, QFont.Weight.DemiBold)
        self.second = set_role(Paragraph(), "soft")
        words = sized(QVBoxLayout(), spacing=2)
        for each in (self.name, self.second):
            words.addWidget(each)
        self._top, self._below = QWidget(), QWidget()
        row = sized(QHBoxLayout(self._top), margins=(13, 0, 13, 0), spacing=12)
        row.addWidget(self.logo)
        row.addLayout(words, 1)
        self.signature = QLabel(textFormat=Qt.TextFormat.RichText, wordWrap=True)
        below = sized(QVBoxLayout(self._below), margins=(13, 0, 13, 0), spacing=8)
        below.addWidget(Rule())
        below.addWidget(self.signature)
        column = sized(QVBoxLayout(), margins=(7, 16, 7, 20), spacing=12)
        for part in (self._top, *parts, self._below):
            column.addWidget(part)
        stacked(self, self.line, column, filling=column)
        bind_theme(self, "logo", LetterheadPaper._show_logo)
        self.show_head(None)

    def show_head(self, head: dict[str, Any] | None) -> None:
        """Show another letterhead; ``None`` for a text that has none."""
        if head == self._head:  # as after most keys
            return
        self._head = head
        said = {key: str(value or "") for key, value in (head or {}).items()}
        colour = said.get("colour", "")
        is_one = COLOUR.fullmatch(colour) is not None  # it may be half typed
        self.line.setStyleSheet(f"background: {colour if is_one else 'transparent'}")
        for label, key in ((self.name, "name"), (self.second, "line")):
            label.setText(said.get(key, "").strip())
            label.setVisible(bool(label.text()))
        self._logo = said.get("logo", "")
        self._show_logo(LOOK.theme)
        self._top.setVisible(bool(self._logo or self.name.text() or self.second.text()))
        signature = said.get("signature", "").strip()
        self.signature.setText(_html_of(signature))
        self._below.setVisible(bool(signature))

    def _show_logo(self, theme: Theme) -> None:
        picture = QImage.fromData(b64decode(self._logo)) if self._logo else QImage()
        self.logo.setVisible(not picture.isNull())
        if picture.isNull():
            return
        side, aspect = theme.px(LOGO_HEIGHT), Qt.AspectRatioMode.KeepAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        shown = QPixmap.fromImage(picture.scaled(QSize(4 * side, 2 * side), aspect, smooth))
        shown.setDevicePixelRatio(2)
        self.logo.setPixmap(shown)


def _html_of(signature: str) -> str:
    """Return a signature as a label shows it: bold, and lines."""
    made = []
    for run in signature_runs(signature):
        text = escape(run.text)
        made.append(f"<b>{text}</b>" if run.is_bold else text)
    return "".join(made).replace("\n", "<br>")
