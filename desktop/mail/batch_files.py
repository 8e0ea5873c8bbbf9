"""The files of batches: each one's spreadsheet, and what its rows name as attachments.

::

    batches/3/source                the spreadsheet itself, under the name it came with
    batches/3/attachments/plan.pdf  goes along with the messages of rows that name it
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from desktop.mail.attached import check_file_name
from desktop.mail.errors import BadName
from desktop.mail.templates.files import UPLOAD, sweep_uploads
from desktop.mail.templates.folder import MissingAttachment
from desktop.settings.atomic import flush_folder

if TYPE_CHECKING:
    from pathlib import Path

_SHEET: Final = "source"


class BatchFiles:
    """The folders of batches below one folder; thread-safe."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def sheet(self, batch_id: int) -> Path:
        """Return where the spreadsheet of a batch is, if it is kept."""
        return self._folder(batch_id) / _SHEET

    def place_for_sheet(self, batch_id: int) -> Path:
        """Return where a spreadsheet belongs, its folder made."""
        return self._made(self._folder(batch_id)) / _SHEET

    def place_for(self, batch_id: int, file: str) -> Path:
        """Return where an attachment belongs, its folder made; raises ``BadName``."""
        name = check_file_name(file)
        return self._made(self._attachments(batch_id)) / name

    def keep(self, upload: Path, place: Path) -> None:
        """Move an upload that is on the disk into its place; raises ``OSError``."""
        upload.replace(place)
        flush_folder(place.parent)

    def drop_sheet(self, batch_id: int) -> None:
        """Remove the spreadsheet of a batch, if there is one."""
        self.sheet(batch_id).unlink(missing_ok=True)

    def detach(self, batch_id: int, file: str) -> bool:
        """Remove an attachment; tells whether there was one. Raises ``BadName``."""
        place = self._attachments(batch_id) / check_file_name(file)
        if not place.is_file():
            return False
        place.unlink()
        return True

    def attachments(self, batch_id: int) -> dict[str, int]:
        """Tell the attachments of a batch by their names, each with its size in bytes."""
        folder = self._attachments(batch_id)
        if not folder.is_dir():
            return {}
        return {
            path.name: path.stat().st_size
            for path in sorted(folder.iterdir())
            if not path.name.startswith(UPLOAD)
        }

    def size(self, batch_id: int, file: str) -> int:
        """Tell the size of an attachment in bytes; 0 where it is missing."""
        try:
            return (self._attachments(batch_id) / check_file_name(file)).stat().st_size
        except (OSError, BadName):
            return 0

    def attachment(self, batch_id: int, file: str) -> bytes:
        """Read an attachment; raises ``MissingAttachment``."""
        try:
            return (self._attachments(batch_id) / check_file_name(file)).read_bytes()
        except (OSError, BadName) as error:
            raise MissingAttachment(
                f"The attachment “{file}” of batch {batch_id} is missing. Add it again."
            ) from error

    def forget(self, batch_id: int) -> None:
        """Remove every file of a batch; what cannot be removed now is swept later."""
        shutil.rmtree(self._folder(batch_id), ignore_errors=True)

    def batches(self) -> list[int]:
        """List the batches that have files here."""
        if not self._root.is_dir():
            return []
        return [int(path.name) for path in self._root.iterdir() if path.name.isdecimal()]

    def _folder(self, batch_id: int) -> Path:
        return self._root / str(batch_id)

    def _attachments(self, batch_id: int) -> Path:
        return self._folder(batch_id) / "attachments"

    def _made(self, folder: Path) -> Path:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep_uploads(folder)
        return folder
