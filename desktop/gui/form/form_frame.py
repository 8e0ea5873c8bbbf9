"""The frame of a form: its heading, a scrolling column of fields, and its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.buttons import HintedButton, IconButton, Link
from desktop.gui.widgets.surfaces import Rule, scrolled
from desktop.gui.widgets.texts import keep_height

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

KEYS: Final = ("Ctrl+Return", "Ctrl+Enter")
"""The shortcuts of *Submit*."""
BRIEF: Final = 44
"""Width of a button without text, in units of the grid."""


class FormFrame(QWidget):
    """Lays out heading, fields and buttons; ``trouble`` is an error text above the buttons."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self.setProperty("area", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.clear_button = Link(self.tr("Clear"))
        self.clear_button.setToolTip(self.tr("Clear the form; this can be undone"))
        self.fold_button = IconButton(self.tr("Hide the form"))
        self.fold_button.hide()
        self.submit_button = HintedButton(self.tr("Submit"), QKeySequence(KEYS[0]), themes)
        self.preview_button = QPushButton(self.tr("Preview"))
        self.preview_button.setAccessibleName(self.preview_button.text())
        self.preview_button.setToolTip(self.tr("Show the e-mail as it would be sent"))
        self.trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.trouble.setProperty("role", "error")
        self._heading = QLabel(self.tr("New item"))
        self._heading.setProperty("role", "heading")
        self._head = QHBoxLayout()
        self._head.addWidget(self._heading, 1)
        # With an alignment, its height does not limit the row's.
        self._head.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._head.addWidget(self.fold_button)
        self._asked = QWidget()
        self._column = QVBoxLayout(self._asked)
        self._column.addLayout(self._head)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.preview_button, 2)
        self._buttons.addWidget(self.submit_button, 3)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self.trouble)
        self._foot.addLayout(self._buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show or hide the text of *Preview* for the new width."""
        super().resizeEvent(event)
        self._fit_buttons()

    def hold(self, fields: list[QWidget]) -> None:
        """Put the fields in a column."""
        for field in fields:
            self._column.addWidget(field)
        self._column.addStretch(1)
        self._scroll = scrolled(self._asked)
        self._rule = Rule()
        kept = self._rule.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._rule.setSizePolicy(kept)
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda *_: self._fit_margin())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self._rule)
        whole.addLayout(self._foot)

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of the fields and the buttons, with *Preview* as an icon only."""
        whole = super().minimumSizeHint()
        spared = self.preview_button.minimumWidth() - self._themes.theme.px(BRIEF)
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        fields = self._asked.minimumSizeHint().width() + bar
        return QSize(max(whole.width() - spared, fields), whole.height())

    def _fit_buttons(self) -> None:
        """Show the text of *Preview* if that leaves *Submit* enough room."""
        margins, between = self._foot.contentsMargins(), self._buttons.spacing()
        room = self.width() - margins.left() - margins.right() - between
        self._dress_preview(self.preview_button.accessibleName())
        least = self.submit_button.minimumSizeHint().width()
        if self.preview_button.minimumWidth() + least > room:
            self._dress_preview("")

    def _dress_preview(self, words: str) -> None:
        theme, button = self._themes.theme, self.preview_button
        button.setText(words)
        icons.put(button, "eye", theme.color("text"), theme)
        button.ensurePolished()
        button.setMinimumWidth(button.sizeHint().width() if words else theme.px(BRIEF))

    def _fit_margin(self) -> None:
        """Align the right edges of fields and buttons: the scroll bar stands in the margin.

        If the fields scroll, a rule separates them from the buttons.
        """
        px = self._themes.theme.px
        bar = self._scroll.verticalScrollBar()  # fetched each time: see `in_focus_chain`
        self._rule.setVisible(bar.maximum() > 0)
        taken = bar.sizeHint().width() if bar.maximum() else 0
        self._column.setContentsMargins(px(16), px(16), max(px(16) - taken, 0), px(8))

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        px = theme.px
        icons.put(self.fold_button, "x", theme.color("soft text"), theme)
        self.fold_button.setFixedSize(px(24), px(24))
        keep_height(self._heading, px(20))  # as high as *Clear*, which comes and goes
        self._fit_margin()
        self._column.setSpacing(px(12))
        self._buttons.setSpacing(px(8))
        self._foot.setContentsMargins(px(16), px(12), px(16), px(12))
        self._foot.setSpacing(px(8))
        self._fit_buttons()
