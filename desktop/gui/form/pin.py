"""The pin of a field: it keeps the field's text for the next item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from desktop.gui.look import icons

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from desktop.gui.look.theme import Theme

_ROOM: Final = "window/pinned"


class Pin(QPushButton):
    """A toggle beside a field; ``settings`` keep the text under the field's path.

    ``pinned`` is emitted when the person sets or removes the pin.
    """

    pinned = Signal()

    def __init__(self, path: str, label: str, settings: QSettings) -> None:
        super().__init__()
        self._key = f"{_ROOM}/{path}"
        self._settings = settings
        self.setCheckable(True)
        self.setProperty("role", "quiet")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus in the field
        self.setAccessibleName(self.tr("Keep “{field}” for the next item").format(field=label))
        self.setToolTip(self.accessibleName())
        self.setChecked(settings.contains(self._key))
        self._dressed_in: Theme | None = None
        self.toggled.connect(lambda _: self._draw())
        self.clicked.connect(self.pinned)

    def text_kept(self) -> str:
        """Return the kept text; empty if the pin is not set."""
        return str(self._settings.value(self._key, "")) if self.isChecked() else ""

    def keep(self, text: str) -> None:
        """Save a text if the pin is set, or else remove the saved one."""
        if self.isChecked():
            self._settings.setValue(self._key, text)
        else:
            self._settings.remove(self._key)

    def dress(self, theme: Theme) -> None:
        """Take the colours and sizes of a theme."""
        self._dressed_in = theme
        self.setFixedWidth(theme.px(32))
        self._draw()

    def _draw(self) -> None:
        if self._dressed_in is not None:
            name, token = ("pin-filled", "accent") if self.isChecked() else ("pin", "soft text")
            icons.put(self, name, self._dressed_in.color(token), self._dressed_in)
