"""Views of the table that a person saved: named, shown again, renamed, removed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QCoreApplication, QObject

from desktop.gui.filter.view_name import ViewNameSheet

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow

KEY: Final = "views"
_CODEC: Final = "ascii"


class SavedViews(QObject):
    """Saves what the table shows under a name, proposed after what it shows; shows it again."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._sheet: ViewNameSheet | None = None
        self._unnamed: dict[str, Any] = {}  # the view that is being saved
        menu = window.parts.search_menu
        menu.save_wanted.connect(self._save)
        menu.view_wanted.connect(self._show)
        menu.rename_wanted.connect(lambda name: self._name_sheet().ask(name, self.read()))
        menu.view_dropped.connect(self._drop)
        menu.views = list(self.read())
        menu.are_shown = self._shown

    def _save(self) -> None:
        parts = self._window.parts
        chip = QCoreApplication.translate("chips", parts.chips.chosen.title)
        filtered = self._filtered()
        narrowed = filtered["narrowed"]
        chosen = [chip if parts.table.shown.states else "", narrowed, parts.table.shown.text]
        proposed = " · ".join(filter(None, chosen)) or chip
        state = bytes(parts.table.header.saveState().toBase64().data()).decode(_CODEC)
        self._unnamed = {**filtered, "columns": state}
        self._name_sheet().ask_first(proposed, self.read())

    def _filtered(self) -> dict[str, Any]:
        """Return which tasks the table shows, as a view keeps it."""
        shown, narrowed = self._window.parts.table.shown, self._window.views.row.narrowed_to
        part = shown.part if narrowed else {}
        lists = {name: list(v) if isinstance(v, tuple) else v for name, v in part.items()}
        filtered = {"text": shown.text, "states": list(shown.states)}
        return {**filtered, "part": lists, "narrowed": narrowed}

    def _shown(self) -> list[str]:
        """Return the names of the views that show the tasks that are shown."""
        if self._window.views.shown is not self._window.parts.table:
            return []
        shown = self._filtered().items()
        return [name for name, view in self.read().items() if shown <= view.items()]

    def _show(self, name: str) -> None:
        view = self.read().get(name)
        if view is None:
            return
        parts = self._window.parts
        if view.get("narrowed"):
            self._window.views.show_tasks(view["narrowed"], **view["part"])
        else:
            self._window.views.show_all_tasks()
        self._window.switch.choose("tasks")
        parts.chips.choose(tuple(view["states"]))
        parts.search.set_now(view["text"])
        columns = QByteArray.fromBase64(view["columns"].encode(_CODEC))
        parts.table.header.restoreState(columns)

    def _name_sheet(self) -> ViewNameSheet:
        """Return the sheet that asks for a name, which is made when it is first wanted."""
        if self._sheet is None:
            self._sheet = self._window.sheets.make(ViewNameSheet)
            self._sheet.named.connect(self._on_named)
        return self._sheet

    def _on_named(self, before: str, name: str) -> None:
        """Save a view, or give one another name, in its place among the others."""
        views = self.read()
        if before:
            self._write({name if key == before else key: view for key, view in views.items()})
        else:
            self._write({**views, name: self._unnamed})
            self._window.toasts.show(self.tr("Saved as “{}”").format(name), icon="check")

    def _drop(self, name: str) -> None:
        before = self.read()
        if name not in before:
            return
        self._write({key: view for key, view in before.items() if key != name})
        words, undo = self.tr("“{}” is removed").format(name), self.tr("Undo")
        toast = self._window.toasts.show(words, action=undo, icon="trash-2")
        toast.action_chosen.connect(lambda: self._write({**self.read(), name: before[name]}))

    def read(self) -> dict[str, dict[str, Any]]:
        """Read the saved views by their names, the oldest first."""
        try:
            found = json.loads(str(self._window.settings.value(KEY, "{}")))
        except ValueError:  # the file was changed by hand
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, views: dict[str, dict[str, Any]]) -> None:
        self._window.settings.setValue(KEY, json.dumps(views))
        self._window.parts.search_menu.views = list(views)
