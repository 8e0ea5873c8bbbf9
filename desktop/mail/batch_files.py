"""The attachments that rows of batches name.

::

    batches/3/attachments/plan.pdf  is attached to the messages of rows that name it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.mail.attached import check_file_name
from desktop.mail.errors import BadName, MissingAttachment
from desktop.settings.atomic import UPLOAD

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.mail.files import Files


class BatchFiles:
    """The attachments, in one folder for each batch; thread-safe."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def place_for(self, batch_id: int, file: str) -> Path:
        """Return the path at which to store an attachment; raises ``BadName``."""
        return self._files.place(_attached(batch_id, file))

    def attach(self, upload: Path, batch_id: int, file: str) -> None:
        """Move a stored upload to its path; raises ``OSError``."""
        self._files.take_in(upload, _attached(batch_id, file))

    def detach(self, batch_id: int, file: str) -> bool:
        """Delete an attachment; returns whether it existed. Raises ``BadName``."""
        path = _attached(batch_id, file)
        is_there = self._files.stamp(path) is not None
        self._files.remove(path)
        return is_there

    def attachments(self, batch_id: int) -> dict[str, int]:
        """Map the names of a batch's attachments to their sizes in bytes."""
        folder = _attachments(batch_id)
        names = [name for name in self._files.names(folder) if not name.startswith(UPLOAD)]
        return {name: self._files.size(f"{folder}/{name}") or 0 for name in sorted(names)}

    def size(self, batch_id: int, file: str) -> int:
        """Return the size of an attachment in bytes; 0 if it is missing."""
        try:
            return self._files.size(_attached(batch_id, file)) or 0
        except BadName:
            return 0

    def attachment(self, batch_id: int, file: str) -> bytes:
        """Read an attachment; raises ``MissingAttachment``."""
        try:
            return self._files.read(_attached(batch_id, file))
        except (OSError, BadName) as error:
            raise MissingAttachment(
                f"The attachment “{file}” of batch {batch_id} is missing. Add it again."
            ) from error

    def place_of(self, batch_id: int, file: str) -> tuple[Files, str]:
        """Return the files of all batches, and the path of an attachment in them."""
        return self._files, _attached(batch_id, file)

    def forget(self, batch_id: int) -> None:
        """Delete the attachments of a batch; if that fails, the sweeper deletes them later."""
        self._files.remove(str(batch_id))

    def batches(self) -> list[int]:
        """List the batches that have files here."""
        return [int(name) for name in self._files.folders() if name.isdecimal()]


def _attachments(batch_id: int) -> str:
    return f"{batch_id}/attachments"


def _attached(batch_id: int, file: str) -> str:
    return f"{_attachments(batch_id)}/{check_file_name(file)}"
