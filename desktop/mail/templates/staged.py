"""Staged files of an edit: they become attachments when the template is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.mail.attached import check_file_name

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.mail.files import Files

KEPT_S: Final = 30 * 24 * 3600.0
"""Seconds after which files of an unsaved edit are deleted; drafts are kept as long."""


class Staged:
    """Staged files, in one folder for each edit; the client names the edit."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def place_for(self, edit: str, file: str) -> Path:
        """Return the path at which to store an upload; raises ``BadName``."""
        return self._files.place(_path(edit, file))

    def take_in(self, edit: str, file: str, upload: Path) -> None:
        """Move a stored upload to its path."""
        self._files.take_in(upload, _path(edit, file))

    def sizes(self, edit: str) -> dict[str, int]:
        """Return the sizes of an edit's files, in bytes."""
        names = (name for name in self._files.names(edit) if not name.startswith("."))
        sizes = {name: self._files.size(f"{edit}/{name}") for name in names}
        return {name: size for name, size in sizes.items() if size is not None}

    def read(self, edit: str, file: str) -> bytes:
        """Read a file; raises ``FileNotFoundError``."""
        return self._files.read(_path(edit, file))

    def forget(self, edit: str) -> None:
        """Remove the files of an edit."""
        self._files.remove(edit)

    def sweep(self, before: float) -> None:
        """Delete edits whose files are all older than a time (epoch, s)."""
        for edit in self._files.folders():
            if len(self._files.names(edit)) == len(self._files.names(edit, before)):
                self.forget(edit)


def _path(edit: str, file: str) -> str:
    return f"{edit}/{check_file_name(file)}"
