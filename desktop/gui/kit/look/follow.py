"""What follows the theme by itself: sizes, fonts and colours, declared where a widget is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QLabel

from desktop.gui.kit.look.theme import Scheme, Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

Size = int | tuple[int, int]
"""Units of the grid; the second one of a pair counts in a window that is low for its font."""
_Target = TypeVar("_Target", bound=QObject)
_Label = TypeVar("_Label", bound="QWidget")

_SETTERS: Final = {
    "spacing": "setSpacing",
    "across": "setHorizontalSpacing",
    "down": "setVerticalSpacing",
    "margins": "setContentsMargins",
    "width": "setFixedWidth",
    "height": "setFixedHeight",
    "least_width": "setMinimumWidth",
    "most_width": "setMaximumWidth",
    "least_height": "setMinimumHeight",
    "text_margins": "setTextMargins",
}


class WornLook(QObject):
    """The theme that the application wears, and what follows it: one, as its style sheet is.

    ``changed`` carries the new theme, once all that follows has taken it.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme(Scheme.LIGHT)
        self._followers: WeakKeyDictionary[QObject, dict[str, Callable[[Any, Theme], object]]]
        self._followers = WeakKeyDictionary()

    def wear(self, theme: Theme) -> None:
        """Give all followers that still exist another theme."""
        self.theme = theme
        for target, ways in list(self._followers.items()):
            if shiboken6.isValid(target):
                for dress in list(ways.values()):
                    dress(target, theme)
        self.changed.emit(theme)

    def follow(self, target: QObject, what: str, dress: Callable[[Any, Theme], object]) -> None:
        """Call ``dress`` with the target and the theme, now and whenever the theme changes.

        It replaces what was declared for the same ``what``. It must not refer to the target by
        itself: that would keep it alive.
        """
        self._followers.setdefault(target, {})[what] = dress
        dress(target, self.theme)


LOOK: Final = WornLook()


def px(size: float) -> int:
    """Convert units of the grid into logical pixels, in the present theme."""
    return LOOK.theme.px(size)


def follow(target: _Target, what: str, dress: Callable[[_Target, Theme], object]) -> _Target:
    """Let a widget or layout follow the theme in one respect; see :meth:`WornLook.follow`."""
    LOOK.follow(target, what, dress)
    return target


def sized(target: _Target, **sizes: Size | tuple[Size, Size, Size, Size]) -> _Target:
    """Set sizes of a widget or layout in units of the grid; they follow the text size.

    Their names are the keys of ``_SETTERS``; four ``margins`` are those at the left, the top, the
    right and the bottom, and one is all of them.
    """
    for name, size in sizes.items():
        LOOK.follow(target, name, _setting(name, size))
    return target


def _setting(name: str, size: Size | tuple[Size, ...]) -> Callable[[Any, Theme], None]:
    all_four = name.endswith("margins")
    each: tuple[Any, ...] = size if all_four and isinstance(size, tuple) else (size,)
    if all_four and len(each) != 4:
        each *= 4

    def dress(target: Any, theme: Theme) -> None:
        getattr(target, _SETTERS[name])(*[_pixels(one, theme) for one in each])
        if name == "least_height" and isinstance(target, QLabel):
            margin = target.margin()
            target.setMargin(margin + 1)  # resets Qt's cached hint, which holds the former minimum
            target.setMargin(margin)

    return dress


def _pixels(size: Size, theme: Theme) -> int:
    if isinstance(size, tuple):
        return theme.height(*size)
    return theme.px(size) if size else 0


def lettered(label: _Label, size: int, weight: QFont.Weight = QFont.Weight.Medium) -> _Label:
    """Give a label larger letters: their height in units of the grid, and their weight."""

    def dress(label: Any, theme: Theme) -> None:
        font = QFont(label.font())
        font.setPixelSize(theme.px(size))
        font.setWeight(weight)
        label.setFont(font)
        label.setText(label.text())  # it may take more lines

    return follow(label, "letters", dress)


def in_monospace(pane: _Label) -> _Label:
    """Give a widget the system's monospaced font in the size of other text."""

    def dress(pane: QWidget, theme: Theme) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(theme.px(12))
        pane.setFont(font)

    return follow(pane, "letters", dress)


def inked(label: _Label, token: str) -> _Label:
    """Write the text of a label in a token's colour."""

    def dress(label: QWidget, theme: Theme) -> None:
        palette = QPalette(theme.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.ink(token))
        label.setPalette(palette)

    return follow(label, "ink", dress)
