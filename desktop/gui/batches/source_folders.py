"""Remembers the folders that spreadsheets came from, to save reports beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFileDialog

from desktop.gui.kit.widgets.files import file_dialog
from desktop.sheets import report_suffix, with_suffix

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

PLACES: Final = "import/places"
"""The settings key of the folders by spreadsheet name."""
KEPT: Final = 50
"""The number of spreadsheets remembered, latest first."""


class SourceFolders:
    """Keeps the folder of each imported spreadsheet in the window's settings."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def keep(self, path: Path) -> None:
        """Remember a spreadsheet's folder."""
        known = self._read()
        known.pop(path.name, None)
        latest = [*known.items(), (path.name, str(path.absolute().parent))][-KEPT:]
        self._settings.setValue(PLACES, json.dumps(dict(latest)))

    def of(self, name: str) -> Path | None:
        """Return the folder that a spreadsheet of this name came from, if it still exists."""
        folder = self._read().get(name)
        return Path(folder) if isinstance(folder, str) and Path(folder).is_dir() else None

    def ask(
        self,
        parent: QWidget,
        title: str,
        wanted: str,
        sheet: str | None,
        chosen: Callable[[Path], object],
    ) -> None:
        """Ask where to save a file made from a spreadsheet; the dialog begins beside it.

        ``wanted`` is the new file's name, with ``{}`` for the spreadsheet's.
        """
        source = Path(sheet or "rows.xlsx")
        suffix = report_suffix(source)
        suggested = wanted.format(source.stem) + suffix
        dialog = file_dialog(parent, title, suggested, self.of(source.name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*{suffix}")
        dialog.setDefaultSuffix(suffix)
        dialog.fileSelected.connect(lambda path: chosen(with_suffix(path, suffix)))
        dialog.open()

    def _read(self) -> dict[str, object]:
        kept = self._settings.value(PLACES)
        try:
            known = json.loads(kept) if isinstance(kept, str) else {}
        except ValueError:  # edited by hand
            known = {}
        return known if isinstance(known, dict) else {}
