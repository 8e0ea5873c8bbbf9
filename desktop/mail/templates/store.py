"""The templates there are, as files: the person's own, the built-in ones, versions, attachments.

::

    templates/renewal.jinja                     a template of the person's own
    templates/versions/renewal/<ms>.jinja       what it was before, the last 20 saves
    templates/attachments/renewal/statutes.pdf  what goes along with its messages
"""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from desktop.contract.rules.templates import DEFAULT, NAME_RULE, is_template_name
from desktop.mail.attached import ATTACHMENTS_LIMIT, Attachment, check_file_name
from desktop.mail.errors import BadName, BadTemplate
from desktop.mail.templates.source import parts_of, with_parts
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

from desktop.mail.templates.source import TemplateParts

UPLOAD: Final = ".upload-"
"""How the name of a file begins that is still being received."""
UPLOAD_TAKES: Final = 3600.0
"""Seconds after which such a file belongs to no upload any more."""


class TooMuch(BadTemplate):
    """A template's files together are more than a message can carry."""


class MissingAttachment(BadTemplate):
    """A template names a file that is not there."""


class TemplateStore(Protocol):
    """Where templates and attachments are kept; files today, the interface of any other place."""

    def names(self) -> list[str]:
        """List all names, sorted."""

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a template of this name."""

    def get(self, name: str) -> Template:
        """Give a template ready to render; raises ``BadTemplate``."""

    def source(self, name: str) -> str:
        """Read a template's source; raises ``BadTemplate``."""

    def attachments(self, name: str) -> list[Attachment]:
        """List the files a template names, with their sizes; raises ``BadTemplate``."""

    def attachment(self, name: str, file: str) -> bytes:
        """Read an attachment; raises ``MissingAttachment``."""


class Templates:
    """Templates in a folder; the person's own go before the built-in ones of the same name."""

    def __init__(self, own: Path, built_in: Sequence[Path]) -> None:
        """``built_in`` are folders; the first that has a template gives it."""
        self._own = own
        self._built_in = tuple(built_in)
        self._ready: dict[Path, tuple[int, Template]] = {}
        self.versions = Versions(own / "versions")
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
        """Tell whether there is one of this name, without a look at the others."""
        return is_template_name(name) and self._path(name).exists()

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
        except FileNotFoundError as error:
            raise UnknownTemplate(name) from error
        ready = self._ready.get(path)
        if ready is None or ready[0] != changed:
            ready = self._ready[path] = (changed, Template(name, read_template(path)))
        return ready[1]

    def save(self, name: str, source: str) -> None:
        """Keep a template as the person's own, if it is one; what was there becomes a version.

        Raises:
            BadTemplate: when it does not compile or its name cannot be used; nothing is written.
            OSError: when it cannot be written.
        """
        with self._lock:
            self._check_name(name)
            self._keep(name, source)

    def _keep(self, name: str, source: str) -> None:
        Template(name, source)
        with self._lock:
            self.versions.keep(self._file(name))
            write_atomic(self._file(name), source.encode())

    def save_parts(
        self,
        name: str,
        parts: TemplateParts,
        copy_of: str | None = None,
        staying: Collection[str] | None = None,
    ) -> None:
        """Keep a template by its parts; raises as :meth:`save` does, ``BadPart`` names the part.

        Its attachments stay; with ``copy_of`` those of another one come along. Where ``staying`` is
        given, only the files it names do. A copy may differ from that one by capitals only: so a
        template is spelt another way.
        """
        with self._lock:
            self._check_name(name, copy_of)
            if name not in self:  # a deleted one of this name leaves its files to be brought back
                shutil.rmtree(self._files(name), ignore_errors=True)
            before = copy_of or (name if name in self else DEFAULT)
            like = self.source(before)
            named = parts_of(like).attachments if copy_of or name in self else ()
            files = tuple(each for each in named if staying is None or each in staying)
            made = with_parts(like, replace(parts, attachments=files))
            Template(name, made)
            if copy_of and copy_of != name and files:
                there, here = self._files(copy_of), self._files(name)
                others = partial(_others, files)
                shutil.copytree(there, here, dirs_exist_ok=True, ignore=others)
            self._keep(name, made)
            for file in set(named) - set(files):
                with suppress(BadName):  # written into the head by hand
                    (self._files(name) / check_file_name(file)).unlink(missing_ok=True)

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
            Attachment(file, _size(self._files(name) / file))
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
        self._keep(name, with_parts(self.source(name), replace(parts, attachments=files)))

    def _check_name(self, name: str, like: str | None = None) -> None:
        """Refuse what is no name, and one that differs from another but ``like`` by capitals only.

        Readers take the two for one, and so do the disks of Windows and macOS.
        """
        if not is_template_name(name):
            raise BadName(NAME_RULE)
        names = self.names()
        same = [each for each in names if each.casefold() == name.casefold() and each != like]
        if same and name not in names:
            raise BadName(f"There is a template “{same[0]}” already. Choose another name.")

    def _path(self, name: str) -> Path:
        if not is_template_name(name):
            raise UnknownTemplate(name)
        places = [folder / f"{name}{SUFFIX}" for folder in (self._own, *self._built_in)]
        return next((path for path in places if path.exists()), places[0])

    def _file(self, name: str) -> Path:
        if not is_template_name(name):
            raise UnknownTemplate(name)
        return self._own / f"{name}{SUFFIX}"

    def _files(self, name: str) -> Path:
        return self._own / "attachments" / name


def _others(files: Sequence[str], _folder: str, found: Sequence[str]) -> set[str]:
    """Tell :func:`shutil.copytree` to leave out what is not among ``files``."""
    return set(found) - set(files)


def sweep_uploads(folder: Path) -> None:
    """Remove what uploads have left that were killed long ago."""
    for path in folder.glob(f"{UPLOAD}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - UPLOAD_TAKES:
                path.unlink()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
