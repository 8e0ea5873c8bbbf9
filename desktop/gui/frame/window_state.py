"""What the window remembers of its shape: geometry, splitters and columns, in an ini file."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QByteArray, QSettings
    from PySide6.QtWidgets import QHeaderView, QSplitter


class WindowState:
    """Saves and restores the states of the parts of a window by name."""

    def __init__(self, settings: QSettings, parts: Mapping[str, QSplitter | QHeaderView]) -> None:
        self._settings = settings
        self._parts = parts

    def save(self, geometry: QByteArray) -> None:
        """Write everything down."""
        self._settings.setValue("window/geometry", geometry)
        for name, part in self._parts.items():
            self._settings.setValue(f"window/{name}", part.saveState())

    def restore(self) -> QByteArray | None:
        """Put the parts back as they were; return the window's geometry, if there is one."""
        for name, part in self._parts.items():
            state = self._settings.value(f"window/{name}")
            if state is not None:
                part.restoreState(state)
        return cast("QByteArray | None", self._settings.value("window/geometry"))
