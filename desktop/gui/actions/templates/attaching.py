"""Uploads files for the edit of a template, which attaches them when it is saved."""

from __future__ import annotations

from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject

from desktop.client.errors import BackendGone, TooSlow
from desktop.contract.rules.templates import ATTACHMENTS_LIMIT
from desktop.gui.actions.templates.template_calls import UnfitFile, lay_ready, sentence_of
from desktop.gui.jobs import Job, LatestRequest

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.gui.jobs import Jobs
    from desktop.gui.template.template_sheet import TemplateSheet


class _Wanted(NamedTuple):
    template: str
    edit: str
    path: str


class Attaching(QObject):
    """Uploads the files chosen for a template, one after the other.

    A file without an answer is sent again once the backend is back, or with the next file.
    """

    def __init__(self, sheet: TemplateSheet, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._files = sheet.form.attachments
        self._send = LatestRequest(source, jobs, self._on_failed)
        self._line: deque[_Wanted] = deque()
        self._is_sending = False
        self._files.wanted.connect(self._on_file_wanted)

    def _on_file_wanted(self, edit: str, path: str) -> None:
        if self._sheet.editor.saved is None:
            return
        self._line.append(_Wanted(str(self._sheet.editor.saved["name"]), edit, path))
        if not self._is_sending:
            self._send_next()

    def _send_next(self) -> None:
        """Send the first file that is still wanted."""
        while self._line and not self._is_wanted(self._line[0]):
            self._line.popleft()
        self._is_sending = bool(self._line)
        if self._line:
            name, edit, path = self._line[0]
            lay = partial(lay_ready, name=name, path=Path(path), edit=edit)
            self._send.ask(lambda api: Job(lay, api).then(self._on_laid))

    def _is_wanted(self, wanted: _Wanted) -> bool:
        return wanted.edit == self._files.edit and wanted.path in self._files.coming

    def _on_laid(self, file: dict[str, Any]) -> None:
        _, edit, path = self._line.popleft()
        self._files.take(edit, path, file)
        self._send_next()

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, BackendGone):
            self._is_sending = False
            words = self.tr("Sendoff does not answer right now. The file is attached once it does.")
            self._files.words.say_why(str(error) if isinstance(error, TooSlow) else words, error)
            return
        _, edit, path = self._line.popleft()
        self._files.refuse(edit, path, self._why(error))
        self._send_next()

    def _why(self, error: Exception) -> str:
        """Say why a file cannot be attached."""
        if not isinstance(error, UnfitFile):
            return sentence_of(error)
        if error.size == 0:
            return self.tr("The file is empty.")
        limit = ATTACHMENTS_LIMIT // 2**20
        return self.tr("All attachments together can have {} MiB at most.").format(limit)
