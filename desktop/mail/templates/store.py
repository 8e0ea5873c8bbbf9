"""Writes templates: saves and deletes them with their attachments."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.templates import ATTACHMENTS_LIMIT, DEFAULT, NAME_RULE, is_template_name
from desktop.mail.attached import Attachment, check_file_name
from desktop.mail.errors import BadName, BadTemplate
from desktop.mail.templates.folder import ATTACHMENTS, TemplateFolder, UnknownTemplate, file_of
from desktop.mail.templates.source import BadPart, TemplateParts, parts_of, with_parts
from desktop.mail.templates.template import Template

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from desktop.mail.files import Files
    from desktop.mail.templates.replaced import ReplacedTemplates

TOO_MUCH: Final = (
    f"The attachments are more than the {ATTACHMENTS_LIMIT // 2**20} MiB that a message can carry."
)


class Templates(TemplateFolder):
    """The templates in the one process that writes them; thread-safe."""

    def __init__(
        self, own: Files, built_in: Sequence[Path], replaced: ReplacedTemplates | None = None
    ) -> None:
        super().__init__(own, built_in, replaced)
        self._lock = threading.RLock()

    def save(self, name: str, source: str) -> None:
        """Save a template as the person's own; its former text becomes a version.

        Raises:
            BadTemplate: if it does not compile or the name cannot be used; nothing is written.
            OSError: if it cannot be written.
        """
        with self._lock:
            self._check_new(name)
            self._keep(name, source)

    def save_parts(
        self,
        name: str,
        parts: TemplateParts,
        copy_of: str | None = None,
        attached: Collection[str] | None = None,
    ) -> None:
        """Save a template by its parts; raises as :meth:`save`, and ``BadPart``.

        A new template starts with the attachments of ``copy_of``. With ``attached``, it has exactly
        these, each an attachment until now or a stored file. Other files are deleted once no kept
        version names them.
        """
        with self._lock:
            self._check_new(name)
            is_new = not self._found(name)
            if is_new:  # a deleted template of this name has left its files
                self._own.remove(f"{ATTACHMENTS}/{name}")
            before = copy_of or (DEFAULT if is_new else name)
            there = [] if is_new and not copy_of else self.attachments(before)
            files = self._chosen(before, there, attached)
            made = with_parts(self.source(before), replace(parts, attachments=files))
            Template(name, made)
            if copy_of and files:
                self._own.copy(self._files(copy_of), self._files(name), files)
            self._keep(name, made)
            self._forget_files(name, files)

    def _chosen(
        self, name: str, there: Sequence[Attachment], attached: Collection[str] | None
    ) -> tuple[str, ...]:
        """Return the attachments of a save, first those that are ``there`` now.

        Raises ``BadPart`` if one of them is no file of the template, or if they are too large.
        """
        sizes = {each.file: each.size for each in there}
        if attached is None:
            return tuple(sizes)
        here = self._files(name)
        stored = [file for file in self._own.names(here) if file in attached and file[0] != "."]
        sizes |= {file: self._own.size(f"{here}/{file}") for file in stored}
        lost = [file for file in attached if file not in sizes]
        if lost:
            raise BadPart("attachments", f"“{lost[0]}” is not there any more. Attach it again.")
        chosen = tuple(file for file in sizes if file in attached)
        if sum(sizes[file] or 0 for file in chosen) > ATTACHMENTS_LIMIT:
            raise BadPart("attachments", TOO_MUCH)
        return chosen

    def delete(self, name: str) -> None:
        """Delete a template of the person's own; raises ``UnknownTemplate``.

        Its versions and files stay: saving its last version restores it.
        """
        with self._lock:
            if not self.is_own(name) and not self.is_lost(name):
                raise UnknownTemplate(name)
            self._keep_version(name)
            self._own.remove(file_of(name))
            self._replaced.put(name, is_replaced=False)

    def place_for(self, name: str, file: str) -> Path:
        """Return the path at which to store an attachment; raises ``BadName``."""
        if name not in self:
            raise UnknownTemplate(name)
        return self._own.place(self._attached(name, file))

    def store(self, name: str, file: str, upload: Path) -> None:
        """Move an upload to its path; a later save may attach it. Raises ``OSError``."""
        self._own.take_in(upload, self._attached(name, file))

    def _attached(self, name: str, file: str) -> str:
        return f"{self._files(name)}/{check_file_name(file)}"

    def _keep(self, name: str, source: str) -> None:
        """Write a template, unless it is unchanged."""
        Template(name, source)
        if self.is_own(name) and self.source(name) == source:
            return
        self._keep_version(name)
        self._own.write(file_of(name), source.encode())

    def _forget_files(self, name: str, files: Collection[str]) -> None:
        """Delete files that neither the template nor a kept version names."""
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
        """Refuse an unusable name for a new template.

        That is an invalid one, and one that differs from another only by capitals: people confuse
        such names, and so do the disks of Windows and macOS.
        """
        names = self.names()
        if name in names:
            return
        if not is_template_name(name):
            raise BadName(NAME_RULE)
        same = [each for each in names if each.casefold() == name.casefold()]
        if same:
            raise BadName(f"There is a template “{same[0]}” already. Choose another name.")
