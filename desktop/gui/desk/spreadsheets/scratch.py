"""Where files lie that the reading process needs on disk: pasted cells, the sheet of a draft."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject


class Scratch(QObject):
    """A folder of this window's own, which goes when the window does."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._folder: Path | None = None

    def folder(self) -> Path:
        """Return the folder; it is made when it is first asked for."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="sendoff-"))
            self.destroyed.connect(partial(shutil.rmtree, self._folder, ignore_errors=True))
        return self._folder
