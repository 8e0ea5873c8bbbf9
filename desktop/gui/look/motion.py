"""Motion only where the system allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStyle

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def may_move(widget: QWidget) -> bool:
    """Tell whether the system has animations on; off is its way to ask for reduced motion."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return widget.style().styleHint(hint, None, widget, None) > 0
