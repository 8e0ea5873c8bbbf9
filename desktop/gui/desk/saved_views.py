"""Saved views: filter, search, columns, their order and the sort, in the window's settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QObject

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow

KEY: Final = "views"
_CODEC: Final = "ascii"


class SavedViews(QObject):
    """Saves what the table shows under a name made of it, and shows it again."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        menu = window.parts.search_menu
        menu.save_wanted.connect(self._save)
        menu.view_wanted.connect(self._show)
        menu.view_dropped.connect(self._drop)
        menu.views = list(self._read())

    def _save(self) -> None:
        parts = self._window.parts
        chip = next(chip for chip in parts.chips.chips if chip.isChecked())
        name = " · ".join(part for part in (chip.text(), parts.table.shown.text) if part)
        state = bytes(parts.table.header.saveState().toBase64().data()).decode(_CODEC)
        view = {
            "text": parts.table.shown.text,
            "states": list(parts.table.shown.states),
            "columns": state,
        }
        self._write({**self._read(), name: view})
        self._window.toasts.show(self.tr("Saved as “{}”").format(name), icon="check")

    def _show(self, name: str) -> None:
        view = self._read().get(name)
        if view is None:
            return
        parts = self._window.parts
        self._window.views.show_all_tasks()
        self._window.switch.choose("tasks")
        parts.chips.choose(tuple(view["states"]))
        parts.search.set_now(view["text"])
        columns = QByteArray.fromBase64(view["columns"].encode(_CODEC))
        parts.table.header.restoreState(columns)

    def _drop(self, name: str) -> None:
        self._write({key: view for key, view in self._read().items() if key != name})

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads(str(self._window.settings.value(KEY, "{}")))
        except ValueError:  # the file was changed by hand
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, views: dict[str, dict[str, Any]]) -> None:
        self._window.settings.setValue(KEY, json.dumps(views))
        self._window.parts.search_menu.views = list(views)
