"""The templates there are, as files: the person's own, the built-in ones, versions, attachments.

::

    templates/renewal.jinja                     a template of the person's own
    templates/names.json                        what renamed ones were called before
    templates/versions/renewal/<ms>.jinja       what it was before, the last 20 saves
    templates/attachments/renewal/statutes.pdf  what goes along with its messages
"""

from __future__ import annotations

import shutil
import threading
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from desktop.contract.rules.templates import DEFAULT, NAME_RULE, is_template_name
from desktop.mail.attached import ATTACHMENTS_LIMIT, Attachment, check_file_name
from desktop.mail.errors import BadName, BadTemplate
from desktop.mail.templates.files import ATTACHMENTS, is_same, leave, others, size_of, sweep_uploads
from desktop.mail.templates.names import TemplateNames
from desktop.mail.templates.source import TemplateParts, parts_of, with_parts
from desktop.mail.templates.template import Template
from desktop.mail.templates.versions import (
    SUFFIX,
    TemplateVersion,
    UnknownTemplate,
    Versions,
    read_template,
)
from desktop.settings.atomic import flush_folder, write_atomic

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path


class TooMuch(BadTemplate):
    """A template's files together are more than a message can carry."""


class MissingAttachment(BadTemplate):
    """A template names a file that is not there."""


class Templates:
    """Templates in a folder; the person's own go before the built-in ones of the same name."""

    def __init__(self, own: Path, built_in: Sequence[Path]) -> None:
        """``built_in`` are folders; the first that has a template gives it."""
        self._own = own
        self._built_in = tuple(built_in)
        self._ready: dict[Path, tuple[int, Template]] = {}
        self.versions = Versions(own / "versions")
        self.called = TemplateNames(own)
        self._lock = threading.RLock()  # what is read, changed and written is one step

    def names(self) -> list[str]:
        """List all names, sorted."""
        found = {
            path.stem
            for folder in (self._own, *self._built_in)
            for path in folder.glob(f"*{SUFFIX}")
            if is_template_name(path.stem)
        }
        return sorted(found, key=str.casefold)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is one of this name, or was before it was renamed."""
        return is_template_name(name) and self._path(name).exists()

    def current(self, name: str) -> str:
        """Return what the template is called now; raises ``UnknownTemplate`` for no name."""
        return self._path(name).stem

    def deleted(self) -> dict[str, TemplateVersion]:
        """Give what deleted templates were last, by their names, the newest first."""
        gone = {name: self.versions.of(name)[:1] for name in self.versions.names()}
        last = {name: found[0] for name, found in gone.items() if found and name not in self}
        return dict(sorted(last.items(), key=lambda each: each[1].at, reverse=True))

    def is_own(self, name: str) -> bool:
        """Tell whether the person has written one of this name."""
        return self._file(name).exists()

    def is_built_in(self, name: str) -> bool:
        """Tell whether one of this name comes with the program."""
        return any((folder / f"{name}{SUFFIX}").exists() for folder in self._built_in)

    def source(self, name: str) -> str:
        """Read a template's source; raises ``BadTemplate`` when there is none."""
        return read_template(self._path(name))

    def get(self, name: str) -> Template:
        """Give a template ready to render; a changed file counts at once.

        Raises:
            BadTemplate: when there is none or it does not compile.
        """
        path = self._path(name)
        try:
            changed = path.stat().st_mtime_ns
            ready = self._ready.get(path)
            if ready is None or ready[0] != changed:
                ready = self._ready[path] = (changed, Template(path.stem, read_template(path)))
        except (FileNotFoundError, UnknownTemplate) as error:
            if self._path(name) != path:  # it was renamed in this moment
                return self.get(name)
            raise UnknownTemplate(name) from error
        return ready[1]

    def save(self, name: str, source: str) -> None:
        """Keep a template as the person's own, if it is one; what was there becomes a version.

        Raises:
            BadTemplate: when it does not compile or its name cannot be used; nothing is written.
            OSError: when it cannot be written.
        """
        with self._lock:
            self._check_name(name)
            self._check_free(name)
            self._keep(name, source)

    def _keep(self, name: str, source: str) -> None:
        Template(name, source)
        with self._lock:
            if not self._is_there(name):
                self.called.begin(name)
            self.versions.keep(self._file(name))
            write_atomic(self._file(name), source.encode())

    def save_parts(
        self,
        name: str,
        parts: TemplateParts,
        copy_of: str | None = None,
        staying: Collection[str] | None = None,
        *,
        renames: bool = False,
    ) -> None:
        """Keep a template by its parts; raises as :meth:`save` does, ``BadPart`` names the part.

        Its attachments stay; with ``copy_of`` those of another one come along. Where ``staying`` is
        given, only the files it names do. A copy may differ from that one by capitals only; if it
        ``renames`` that one, it may also have an earlier name of it.
        """
        with self._lock:
            self._check_name(name, copy_of, renames=renames)
            self._check_free(name, copy_of if renames else None)
            is_new = not self._is_there(name)
            if is_new:  # a deleted one of this name leaves its files to be brought back
                shutil.rmtree(self._own / ATTACHMENTS / name, ignore_errors=True)
            before = copy_of or (DEFAULT if is_new else name)
            like = self.source(before)
            named = () if is_new and not copy_of else parts_of(like).attachments
            files = tuple(each for each in named if staying is None or each in staying)
            made = with_parts(like, replace(parts, attachments=files))
            Template(name, made)
            here = self._own / ATTACHMENTS / name
            if copy_of and files and not is_same(self._files(copy_of), here):
                ignore = partial(others, files)
                shutil.copytree(self._files(copy_of), here, dirs_exist_ok=True, ignore=ignore)
            self._keep(name, made)
            for file in set(named) - set(files):
                with suppress(BadName):  # written into the head by hand
                    (here / check_file_name(file)).unlink(missing_ok=True)

    def rename(
        self, before: str, name: str, parts: TemplateParts, staying: Collection[str] | None = None
    ) -> None:
        """Keep a template by its parts under another name; raises as :meth:`save_parts` does.

        Its files and versions come along, and its earlier name leads to it. ``UnknownTemplate``
        where a built-in one has that name, since messages without a template would go by this.
        """
        with self._lock:
            if not self.is_own(before) or self.is_built_in(before):
                raise UnknownTemplate(before)
            self.save_parts(name, parts, before, staying, renames=True)
            if name == before:
                return
            if self.source(name) != self.source(before):
                self.versions.keep(self._file(before))
            self.versions.copy(before, name)
            self.called.rename(before, name)
            leave(self._file(before), self._file(name))
            leave(self._own / ATTACHMENTS / before, self._own / ATTACHMENTS / name)
            leave(self.versions.place(before), self.versions.place(name))

    def delete(self, name: str) -> None:
        """Delete a template of the person's own; raises ``UnknownTemplate``.

        Its versions and its files stay: saved from there, it is back as it was.
        """
        if not self.is_own(name):
            raise UnknownTemplate(name)
        with self._lock:
            self.versions.keep(self._file(name))
            self._file(name).unlink(missing_ok=True)

    def attachments(self, name: str) -> list[Attachment]:
        """List the files a template names, in its order."""
        return [
            Attachment(file, size_of(self._files(name) / file))
            for file in parts_of(self.source(name)).attachments
        ]

    def attachment(self, name: str, file: str) -> bytes:
        """Read a file that a template names; raises ``MissingAttachment``."""
        try:
            return (self._files(name) / check_file_name(file)).read_bytes()
        except OSError as error:
            raise MissingAttachment(
                f"The attachment “{file}” of the template “{name}” is missing. Attach it again."
            ) from error

    def place_for(self, name: str, file: str) -> Path:
        """Return where an attachment belongs, its folder made; raises ``BadName``."""
        if name not in self:
            raise UnknownTemplate(name)
        folder = self._files(name)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sweep_uploads(folder)
        return folder / check_file_name(file)

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
        with self._lock:
            if upload.stat().st_size > self.room_for(name, file):
                raise TooMuch(f"There is no room left for “{file}”.")
            upload.replace(self.place_for(name, file))
            flush_folder(self._files(name))
            parts = parts_of(self.source(name))
            if file not in parts.attachments:
                self._save_attachments(name, parts, (*parts.attachments, file))

    def detach(self, name: str, file: str) -> None:
        """Take a file away from a template; raises ``UnknownTemplate`` where it has none such."""
        with self._lock:
            parts = parts_of(self.source(name))
            if file not in parts.attachments:
                raise UnknownTemplate(file)
            rest = tuple(each for each in parts.attachments if each != file)
            self._save_attachments(name, parts, rest)
            (self._files(name) / check_file_name(file)).unlink(missing_ok=True)

    def _save_attachments(self, name: str, parts: TemplateParts, files: tuple[str, ...]) -> None:
        source = with_parts(self.source(name), replace(parts, attachments=files))
        self._keep(self.current(name), source)

    def _check_name(self, name: str, like: str | None = None, *, renames: bool = False) -> None:
        """Refuse what is no name, and one that differs from another but ``like`` by capitals only.

        Readers take the two for one, and so do the disks of Windows and macOS. One that ``renames``
        takes no other's place either: it would be that letter, too.
        """
        if not is_template_name(name):
            raise BadName(NAME_RULE)
        names = self.names()
        same = [each for each in names if each.casefold() == name.casefold() and each != like]
        if same and (renames or name not in names):
            raise BadName(f"There is a template “{same[0]}” already. Choose another name.")

    def _check_free(self, name: str, renamed: str | None = None) -> None:
        """Refuse the name that another template had: messages were sent by it, and may wait."""
        now = self.called.now(name)
        if now != name and now != renamed and self._is_there(now) and not self._is_there(name):
            raise BadName(f"“{now}” was called “{name}” before. Choose another name.")

    def _path(self, name: str) -> Path:
        if not is_template_name(name):
            raise UnknownTemplate(name)
        places = [folder / f"{name}{SUFFIX}" for folder in (self._own, *self._built_in)]
        found = next((path for path in places if path.exists()), None)
        now = name if found else self.called.now(name)
        return (found or places[0]) if now == name else self._path(now)

    def _file(self, name: str) -> Path:
        if not is_template_name(name):
            raise UnknownTemplate(name)
        return self._own / f"{name}{SUFFIX}"

    def _is_there(self, name: str) -> bool:
        return self.is_own(name) or self.is_built_in(name)

    def _files(self, name: str) -> Path:
        return self._own / ATTACHMENTS / self.current(name)
