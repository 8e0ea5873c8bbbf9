"""How a field looks among the words of a text: its label on a round ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPyTextObject, QTextFormat

from desktop.contract.rules.templates import field_key

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.template.fields import FieldNames

CHIP: Final = QTextFormat.ObjectTypes.UserObject + 1
"""The type of a character that is a chip."""
NAME: Final = QTextFormat.Property.UserProperty + 1
"""Where its format has the field's name."""


class FieldChips(QPyTextObject):
    """Measures and paints the chips of one editor."""

    def __init__(self, fields: FieldNames, themes: ThemeSource) -> None:
        super().__init__()
        self._fields = fields
        self._themes = themes
        self.unknown: frozenset[str] = frozenset()
        """Keys of names that are probably slips: a saved template has them as fields."""

    def intrinsicSize(self, doc: QTextDocument, _position: int, style: QTextFormat) -> QSizeF:  # noqa: N802
        """Return the size of a chip in the document's font."""
        metrics = QFontMetricsF(doc.defaultFont())
        width = metrics.horizontalAdvance(self._words(style)) + 2 * self._themes.theme.px(8)
        return QSizeF(width + 2, metrics.height() + 2)

    def drawObject(  # noqa: N802
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        _position: int,
        style: QTextFormat,
    ) -> None:
        """Paint a chip."""
        theme = self._themes.theme
        ground = QRectF(rect).adjusted(1, 0.5, -1, -0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        is_slip = field_key(str(style.property(NAME))) in self.unknown
        painter.setBrush(theme.tint("failed") if is_slip else theme.color("selection"))
        painter.drawRoundedRect(ground, ground.height() / 2, ground.height() / 2)
        painter.setFont(doc.defaultFont())
        painter.setPen(theme.ink("failed" if is_slip else "accent"))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, self._words(style))
        painter.restore()

    def _words(self, style: QTextFormat) -> str:
        return self._fields.label(str(style.property(NAME)))
