"""The spreadsheets of batches: only the backend reads them, so they lie on its machine."""

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
        """Return where the spreadsheet of a batch is, if it is kept."""
        return self._files.path(_file(batch_id))

    def place(self, batch_id: int) -> Path:
        """Return where an upload of it belongs."""
        return self._files.place(_file(batch_id))

    def keep(self, upload: Path, batch_id: int) -> None:
        """Move an upload that is on the disk into its place; raises ``OSError``."""
        self._files.take_in(upload, _file(batch_id))

    def forget(self, batch_id: int) -> None:
        """Remove what is kept of a batch; what cannot be removed now is swept later."""
        self._files.remove(str(batch_id))

    def batches(self) -> list[int]:
        """List the batches that have something here."""
        return [int(name) for name in self._files.folders() if name.isdecimal()]


def _file(batch_id: int) -> str:
    return f"{batch_id}/source"
