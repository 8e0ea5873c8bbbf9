"""Files on their way to a template; one that did not arrive is named until the person decides."""

from __future__ import annotations

import unicodedata
from collections import deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal

from desktop.client.errors import Refused
from desktop.gui.actions.backend.connection import Asker
from desktop.gui.actions.templates.template_calls import attach_file, sentence_of
from desktop.gui.jobs import Job, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import ApiSource
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.jobs import Jobs
    from desktop.gui.template.template_sheet import TemplateSheet


class Attaching(QObject):
    """Sends the files chosen for a template, one after the other.

    Until it has arrived, or the person leaves it out, each is in ``drafts`` by its template: a
    window or a backend that is killed forgets none. ``told`` carries a sentence for the person,
    where the template is not in sight; ``attached`` a template with the file that it has now.
    """

    told = Signal(str)
    attached = Signal(object)

    def __init__(
        self, sheet: TemplateSheet, source: ApiSource, jobs: Jobs, drafts: TypedDrafts
    ) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._files = sheet.form.attachments
        self._ask = Asker(source, jobs, lambda _: None)
        self._looked_up = Question(source, jobs, lambda _: None)
        self._drafts = drafts
        self._lines: dict[str, deque[str]] = {}
        self._files.left_out.connect(self._on_left_out)

    def attach(self, name: str, paths: Sequence[str], *, is_new: bool) -> None:
        """Send files to the template of this name, which may have been saved for them."""
        self._drafts.read(lambda: self._attach(name, paths, is_new))

    def show(self, template: dict[str, Any]) -> None:
        """Name the files that were to be added to a template and are not there."""
        self._drafts.read(partial(self._show_template, template))

    def forget(self, name: str) -> None:
        """Name no files of a template: it is deleted."""
        self._drafts.keep(name, None)

    def _attach(self, name: str, paths: Sequence[str], is_new: bool) -> None:
        names = {Path(path).name for path in paths}
        others = [each for each in self._kept(name) if Path(each["path"]).name not in names]
        self._keep(name, [*others, *({"path": path, "size": _size(path)} for path in paths)])
        line = self._lines.setdefault(name, deque())
        is_first = not line
        line.extend(paths)
        self._show(name)
        if self._is_shown(name):
            self._files.words.say(self.tr("Attaching…"))
        if is_first:
            self._drafts.when_kept(partial(self._send_next, name, is_new))

    def _show_template(self, template: dict[str, Any]) -> None:
        name = str(template["name"])
        there = {(each["file"], each["size"]) for each in template["attachments"]}
        for each in self._kept(name):
            if (_file_name(each["path"]), each["size"]) in there:
                self._settle(name, each["path"])
        if self._kept(name):
            self._drafts.take_up(name)
        self._show(name)

    def _send_next(self, name: str, is_new: bool) -> None:
        path = Path(self._lines[name][0])
        attached = partial(self._on_attached, name, is_new)
        failed = partial(self._on_not_attached, name)
        attach = partial(attach_file, name=name, path=path)
        about = self._sheet.preview.subject
        self._ask(lambda api: Job(attach, api, about).then(attached), failed)

    def _on_attached(self, name: str, is_new: bool, template: dict[str, Any]) -> None:
        line = self._lines[name]
        self._settle(name, line.popleft())
        if self._is_shown(name):
            self._sheet.show_attachments(template["attachments"])
        self.attached.emit(template)
        if line:
            self._send_next(name, is_new)
            return
        del self._lines[name]
        words = self.tr("Attached and saved.")
        if is_new:
            words = self.tr("Attached. The new template is saved with it.")
        elif self._sheet.has_changes():
            words = self.tr("Attached and saved. Press Save to save the rest, too.")
        if self._is_shown(name):
            self._files.words.say(words)

    def _on_not_attached(self, name: str, error: Exception) -> None:
        """Say why one did not arrive; those behind it wait for the person, too."""
        line = self._lines.pop(name)
        if isinstance(error, Refused):  # it would be once more
            self._settle(name, line[0])
        if self._is_shown(name):
            self._files.words.say_why(sentence_of(error), error)
        else:
            words = self.tr("{} was not added to the template “{}”: {}")
            self.told.emit(words.format(Path(line[0]).name, name, sentence_of(error)))
        self._show(name)
        # Its answer may have been lost, and others were attached before it.
        self._looked_up.ask(lambda api: Job(api.templates.one, name).then(self._on_looked_up))

    def _on_looked_up(self, template: dict[str, Any]) -> None:
        if self._is_shown(str(template["name"])):
            self._files.show_files(template["attachments"])
        self._show_template(template)

    def _on_left_out(self, path: str) -> None:
        if self._sheet.editor.saved is not None:
            name = str(self._sheet.editor.saved["name"])
            self._settle(name, path)
            self._show(name)

    def _kept(self, name: str) -> list[dict[str, Any]]:
        return cast("list[dict[str, Any]]", (self._drafts.of(name) or {}).get("files", []))

    def _keep(self, name: str, files: list[dict[str, Any]]) -> None:
        self._drafts.keep(name, {"files": files} if files else None)

    def _settle(self, name: str, path: str) -> None:
        """Take note that a file has arrived, or is not to be added any more."""
        self._keep(name, [each for each in self._kept(name) if each["path"] != path])

    def _is_shown(self, name: str) -> bool:
        return self._sheet.isVisible() and self._is_in_editor(name)

    def _is_in_editor(self, name: str) -> bool:
        return (self._sheet.editor.saved or {}).get("name") == name

    def _show(self, name: str) -> None:
        if self._is_in_editor(name):
            under_way = self._lines.get(name, ())
            paths = [each["path"] for each in self._kept(name)]
            self._files.show_missing([path for path in paths if path not in under_way])


def _size(path: str) -> int | None:
    """Return the bytes of a file; ``None`` where it cannot be looked at."""
    try:
        return Path(path).stat().st_size
    except OSError:
        return None


def _file_name(path: str) -> str:
    """Return what a file is called as an attachment."""
    return unicodedata.normalize("NFC", Path(path).name)
