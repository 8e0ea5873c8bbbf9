"""Figures of equal width."""

from __future__ import annotations

from PySide6.QtGui import QFont


def tabular(font: QFont) -> QFont:
    """Return a font whose figures are all equally wide, where it has such figures."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result
