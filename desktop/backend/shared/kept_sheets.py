"""The spreadsheets of batches, which are kept on the backend's machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.mail.files import FolderFiles

if TYPE_CHECKING:
    from pathlib import Path


class KeptSheets:
    """Spreadsheets below a folder, each as ``3/source`` by its batch; thread-safe."""

    def __init__(self, root: Path) -> None:
        self._files = FolderFiles(root)

    def path(self, batch_id: int) -> Path:
        """Return the path of a batch's spreadsheet, which may be missing."""
        return self._files.path(_file(batch_id))

    def place(self, batch_id: int) -> Path:
        """Return the path at which to store a batch's spreadsheet; makes its folder."""
        return self._files.place(_file(batch_id))

    def keep(self, upload: Path, batch_id: int) -> None:
        """Move a stored upload to its path; raises ``OSError``."""
        self._files.take_in(upload, _file(batch_id))

    def forget(self, batch_id: int) -> None:
        """Remove a batch's spreadsheet; if that fails, the sweeper removes it later."""
        self._files.remove(str(batch_id))

    def batches(self) -> list[int]:
        """List the batches that have a folder here."""
        return [int(name) for name in self._files.folders() if name.isdecimal()]


def _file(batch_id: int) -> str:
    return f"{batch_id}/source"
