"""Templates as a person writes them: saved, renamed, deleted, and the files that go along."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.contract.rules.templates import ATTACHMENTS_LIMIT, DEFAULT, NAME_RULE, is_template_name
from desktop.mail.attached import check_file_name
from desktop.mail.errors import BadName, BadTemplate, TooMuch
from desktop.mail.templates.folder import ATTACHMENTS, TemplateFolder, file_of
from desktop.mail.templates.source import TemplateParts, parts_of, with_parts
from desktop.mail.templates.template import Template
from desktop.mail.templates.versions import UnknownTemplate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from desktop.mail.files import Files


class Templates(TemplateFolder):
    """The templates in the one process that writes them; thread-safe."""

    def __init__(self, own: Files, built_in: Sequence[Path]) -> None:
        super().__init__(own, built_in)
        self._lock = threading.RLock()

    def save(self, name: str, source: str) -> None:
        """Keep a template as the person's own, if it is one; what was there becomes a version.

        Raises:
            BadTemplate: when it does not compile or its name cannot be used; nothing is written.
            OSError: when it cannot be written.
        """
        with self._writing():
            self._check_new(name)
            self._keep(name, source)

    def save_parts(
        self,
        name: str,
        parts: TemplateParts,
        copy_of: str | None = None,
        staying: Collection[str] | None = None,
        edit: str | None = None,
    ) -> None:
        """Keep a template by its parts; raises as :meth:`save` does, ``BadPart`` names the part.

        Its attachments stay; with ``copy_of`` those of another one come along. Where ``staying`` is
        given, only the files it names do, and those of them that were laid ready for the ``edit``;
        others are removed once no version that can be brought back names them.
        """
        with self._writing():
            self._check_new(name)
            is_new = not self._found(name)
            if is_new:  # a deleted one of this name leaves its files to be brought back
                self._own.remove(f"{ATTACHMENTS}/{name}")
            before = copy_of or (DEFAULT if is_new else name)
            like = self.source(before)
            there = [] if is_new and not copy_of else self.attachments(copy_of or name)
            if copy_of and edit is not None and not is_new:  # the same save once more
                there += self.attachments(name)
            files = tuple(each.file for each in self.going_along(there, staying, edit))
            made = with_parts(like, replace(parts, attachments=files))
            Template(name, made)
            here = f"{ATTACHMENTS}/{name}"
            if copy_of and files:
                self._own.copy(self._files(copy_of), here, files)
            ready = self.staged.sizes(edit) if edit is not None else {}
            for file in ready.keys() & set(files):
                self._own.write(f"{here}/{file}", self.staged.read(edit or "", file))
            self._keep(name, made)
            self._forget_files(name, files)
            if edit is not None:
                self.staged.forget(edit)

    def rename(
        self,
        before: str,
        name: str,
        parts: TemplateParts,
        staying: Collection[str] | None = None,
        edit: str | None = None,
    ) -> None:
        """Keep a template by its parts under another name; raises as :meth:`save_parts` does.

        Its files and versions come along, and its earlier name leads to it, so the same rename once
        more is a save. ``UnknownTemplate`` where a built-in one has that name, since messages
        without a template would go by this.
        """
        with self._writing():
            before = self.current(before)
            if not self.is_own(before) or self.is_built_in(before):
                raise UnknownTemplate(before)
            if name != before:
                self._check_name(name, before)
                self._check_free(name, before)
            self.save_parts(before, parts, staying=staying, edit=edit)
            if name != before:
                self.called.begin_rename(before, name)
                self._own.move(file_of(before), file_of(name))
                self.end_rename()

    def end_rename(self) -> None:
        """End what a rename has begun, also in a process that was killed."""
        with self._lock:
            moved = self.called.moved()
            if moved is not None:
                before, now = (f"{ATTACHMENTS}/{name}" for name in moved)
                self._own.move(before, now)
                self.versions.move(*moved)
            self.called.end_rename()

    def delete(self, name: str) -> None:
        """Delete a template of the person's own; raises ``UnknownTemplate``.

        Its versions and its files stay: saved from there, it is back as it was.
        """
        with self._writing():
            if not self.is_own(name):
                raise UnknownTemplate(name)
            self._keep_version(name)
            self._own.remove(file_of(name))

    def place_for(self, name: str, file: str) -> Path:
        """Return where an upload of an attachment belongs; raises ``BadName``."""
        if name not in self:
            raise UnknownTemplate(name)
        return self._own.place(self._attached(name, file))

    def room_for(self, name: str, file: str) -> int:
        """Return how many bytes this file of a template can have beside the others."""
        others = (each.size or 0 for each in self.attachments(name) if each.file != file)
        return ATTACHMENTS_LIMIT - sum(others)

    def attach(self, name: str, file: str, upload: Path) -> None:
        """Move an upload that is on the disk into its place, and have the template name it.

        Raises:
            TooMuch: when other files came meanwhile and there is no room left; nothing changed.
            OSError: when it cannot be written.
        """
        with self._writing():
            if upload.stat().st_size > self.room_for(name, file):
                raise TooMuch(f"There is no room left for “{file}”.")
            self._own.take_in(upload, self._attached(name, file))
            parts = parts_of(self.source(name))
            if file not in parts.attachments:
                self._save_attachments(name, parts, (*parts.attachments, file))

    def detach(self, name: str, file: str) -> None:
        """Take a file away from a template; raises ``UnknownTemplate`` where it has none such."""
        with self._writing():
            parts = parts_of(self.source(name))
            if file not in parts.attachments:
                raise UnknownTemplate(file)
            rest = tuple(each for each in parts.attachments if each != file)
            self._save_attachments(name, parts, rest)
            self._own.remove(self._attached(name, file))

    def _attached(self, name: str, file: str) -> str:
        return f"{self._files(name)}/{check_file_name(file)}"

    def _save_attachments(self, name: str, parts: TemplateParts, files: tuple[str, ...]) -> None:
        source = with_parts(self.source(name), replace(parts, attachments=files))
        self._keep(self.current(name), source)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Have what is read, changed and written be one step, after what was left undone."""
        with self._lock:
            self.end_rename()
            yield

    def _keep(self, name: str, source: str) -> None:
        """Write a template, unless it is as it was."""
        Template(name, source)
        if self.is_own(name) and self.source(name) == source:
            return
        if not self._found(name):
            self.called.begin(name)
        self._keep_version(name)
        self._own.write(file_of(name), source.encode())

    def _forget_files(self, name: str, files: Collection[str]) -> None:
        """Remove those that neither the template nor a kept version names: that can come back."""
        here = f"{ATTACHMENTS}/{name}"
        others = {each for each in self._own.names(here) if not each.startswith(".")} - set(files)
        for version in self.versions.of(name) if others else ():
            with suppress(BadTemplate):  # written by hand
                others -= set(parts_of(self.versions.read(name, version.version)).attachments)
        for file in others:
            self._own.remove(f"{here}/{file}")

    def _keep_version(self, name: str) -> None:
        if self.is_own(name):
            self.versions.keep(name, self._own.read(file_of(name)))

    def _check_new(self, name: str) -> None:
        """Refuse what cannot be the name of a template, unless there is one of that name."""
        if name not in self.names():
            self._check_name(name)
            self._check_free(name)

    def _check_name(self, name: str, renamed: str | None = None) -> None:
        """Refuse what is no name, and that of another one, also with other capitals.

        Readers take the two for one, and so do the disks of Windows and macOS.
        """
        if not is_template_name(name):
            raise BadName(NAME_RULE)
        others = [each for each in self.names() if each != renamed]
        same = [each for each in others if each.casefold() == name.casefold()]
        if same:
            raise BadName(f"There is a template “{same[0]}” already. Choose another name.")

    def _check_free(self, name: str, renamed: str | None = None) -> None:
        """Refuse the name that another template had: messages were sent by it, and may wait."""
        now = self.called.now(name)
        if now not in {name, renamed} and self._found(now):
            raise BadName(f"“{now}” was called “{name}” before. Choose another name.")
