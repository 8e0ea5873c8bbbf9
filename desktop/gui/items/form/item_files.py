"""The files of one item's e-mail: dropped on its form or chosen, and stored at once."""

from __future__ import annotations

import unicodedata
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.contract.rules.file_names import shown_name
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.files import AttachmentRow, choose_files
from desktop.gui.kit.widgets.surfaces import clear
from desktop.gui.kit.widgets.texts import Feedback
from desktop.gui.kit.words.plurals import size_words
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Job, LatestRequest
from sendoff_tasks.client.errors import BackendGone
from sendoff_tasks.model.text import whole_characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desktop.contract.items import ItemFile
    from desktop.gui.link.jobs import ApiSource


class FormFile(TypedDict):
    """A file of the form; its ``id`` is empty until the backend has stored it from ``path``.

    ``size`` is in bytes, or ``None`` if it is not known.
    """

    id: str
    path: str
    size: int | None


class ItemFiles(QWidget):
    """Lists files; ``link`` adds some.

    A file is stored by the backend of ``source`` as soon as it is added, or once that answers;
    until then the form cannot be submitted. ``edited`` is emitted when the person adds or removes a
    file, and when one is stored.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.source: ApiSource | None = None
        self._files: list[FormFile] = []
        self._requests: dict[str, LatestRequest] = {}
        self.link = Link(self.tr("Attach…"))
        self.link.setToolTip(self.tr("Send files with this e-mail; you can also drop them here"))
        self.link.clicked.connect(self._on_link)
        self.words = Feedback()
        self._rows = sized(QVBoxLayout(), spacing=0)
        column = sized(QVBoxLayout(self), margins=0, spacing=0)
        column.addLayout(self._rows)
        column.addWidget(self.words)
        self.hide()

    def files(self) -> list[FormFile]:
        """Return the files, as :meth:`show_files` takes them."""
        return [*self._files]

    def ids(self) -> list[str]:
        """Return the ids of the stored files, as an item names them."""
        return [each["id"] for each in self._files if each["id"]]

    def show_files(self, files: Sequence[FormFile]) -> None:
        """Show other files, and have those stored that are not, without emitting ``edited``."""
        for path in [*self._requests]:
            self._forget(path)
        self._files = [*files]
        self.words.say("")
        self._show_rows()
        for each in files:
            if not each["id"]:
                self._store(each["path"])

    def show_ids(self, ids: Iterable[str]) -> None:
        """Show the files that an item names."""
        self.show_files([FormFile(id=each, path="", size=None) for each in ids])

    def add(self, paths: Sequence[str]) -> None:
        """Add files of this computer."""
        self.words.say("")
        there = {each["path"] for each in self._files}
        for path in dict.fromkeys(paths):
            if path not in there:
                self._files.append(FormFile(id="", path=path, size=None))
                self._store(path)
        self._show_rows()
        self.edited.emit()

    def check(self) -> bool:
        """Tell whether all files are stored; if not, say so."""
        waiting = next((each for each in self._files if not each["id"]), None)
        if waiting is not None:
            self.words.say(say("form", "file_not_stored", name=_name_of(waiting)), "error")
        return waiting is None

    def show_error(self, message: str) -> None:
        """Show an error of the API."""
        self.words.say(message, "error")
        self.show()

    def _store(self, path: str) -> None:
        if self.source is None:
            return
        request = LatestRequest(self.source, partial(self._on_failed, path))
        self._requests[path] = request
        stored = partial(self._on_stored, path)
        request.ask(lambda api: Job(api.items.attach, Path(path)).then(stored))

    def _on_stored(self, path: str, stored: ItemFile) -> None:
        self._forget(path)
        self.words.say("")
        at = next(at for at, each in enumerate(self._files) if each["path"] == path)
        is_there = stored["id"] in self.ids()  # the same file in another folder
        self._files[at : at + 1] = [] if is_there else [FormFile(path=path, **stored)]
        self._show_rows()
        self.edited.emit()

    def _on_failed(self, path: str, error: Exception) -> None:
        """Take away a file that cannot be stored; one that waits for the backend stays."""
        if isinstance(error, BackendGone):
            return
        # This imports the reader of spreadsheets, which the first picture does not need.
        from desktop.gui.kit.words.file_faults import error_sentence

        self._remove(next(each for each in self._files if each["path"] == path))
        name, why = Path(path).name, error_sentence(error)
        self.show_error(say("form", "file_not_attached", name=name, why=why))

    def _forget(self, path: str) -> None:
        request = self._requests.pop(path, None)
        if request is not None:
            request.drop()

    def _remove(self, file: FormFile) -> None:
        self._forget(file["path"])
        self._files.remove(file)
        self.words.say("")
        self._show_rows()
        self.edited.emit()

    def _show_rows(self) -> None:
        clear(self._rows)
        for each in self._files:
            size = each["size"]
            said = "" if size is None else size_words(size)
            row = AttachmentRow(_name_of(each), said if each["id"] else self.tr("is being stored"))
            remove = self.tr("Remove {}").format(_name_of(each))
            row.offer("x", remove, remove)
            row.button.clicked.connect(partial(self._on_remove, each))
            self._rows.addWidget(row)
            row.show()
        self.setVisible(bool(self._files) or bool(self.words.text()))

    def _on_remove(self, file: FormFile) -> None:
        self.link.setFocus(Qt.FocusReason.OtherFocusReason)  # its row goes
        self._remove(file)

    def _on_link(self) -> None:
        choose_files(self, self.tr("Attach files"), self.add)


def _name_of(file: FormFile) -> str:
    """Return the name of a file as an attachment."""
    name = shown_name(file["id"]) or Path(file["path"]).name
    return unicodedata.normalize("NFC", whole_characters(name))
