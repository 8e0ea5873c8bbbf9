"""Templates in their files: read, saved and deleted, with versions, attachments and editions.

::

    templates/renewal.jinja                     a template of the person's own
    templates/versions/renewal/<ms>.jinja       its earlier versions, the last 20
    templates/attachments/renewal/statutes.pdf  an attachment of its messages
    templates/letterhead.toml, letterhead.png   what all letters share
    templates/editions/renewal@<hash>/          what planned messages are made of, by content
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.letters import MARKDOWN
from desktop.contract.rules.templates import (
    ATTACHMENTS_LIMIT,
    DEFAULT,
    FilesLimit,
    is_template_name,
    template_name_problem,
)
from desktop.mail.errors import BadName, BadTemplate, MissingAttachment, unread
from desktop.mail.files import FolderFiles, ReplacedTemplates, check_file_name, content_of
from desktop.mail.message import Attachment
from desktop.mail.templates.letterhead import PLACES, read_letterhead, write_letterhead
from desktop.mail.templates.office import FALLBACK, Office, office_here, system_language
from desktop.mail.templates.source import BadPart, TemplateParts, parts_of, with_parts
from desktop.mail.templates.template import Template
from desktop.settings.resources import resources
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Sequence
    from pathlib import Path

    from desktop.contract.items import Item, NewItem
    from desktop.mail.files import Files
    from desktop.mail.templates.letter import Letterhead


def built_in_templates(language: str = "") -> list[Path]:
    """Return the folders of built-in templates, first those of a language, else the system's."""
    folder = resources() / "templates"
    wanted = dict.fromkeys([language or system_language(os.environ), FALLBACK])
    return [folder / each for each in wanted if (folder / each).is_dir()]


SUFFIX: Final = ".jinja"
VERSIONS_RETAINED: Final = 20
_VERSION: Final = re.compile(r"\d{1,14}")  # milliseconds; no date has more


class UnknownTemplate(BadTemplate):
    """There is no template of this name."""

    subject = "template"

    def __init__(self, name: str) -> None:
        super().__init__("missing", name=name)


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """An earlier version of a template; ``at`` is the time at which it was replaced."""

    version: str
    at: datetime


class Versions:
    """The versions, in one folder for each template."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def store(self, name: str, source: bytes) -> None:
        """Store a version, and delete all but the last ``VERSIONS_RETAINED``."""
        newest = self.of(name)[:1]
        ms = max(time.time_ns() // 1_000_000, int(newest[0].version) + 1 if newest else 0)
        self._files.write(f"{name}/{ms}{SUFFIX}", source)
        for old in self.of(name)[VERSIONS_RETAINED:]:
            self._files.remove(f"{name}/{old.version}{SUFFIX}")

    def of(self, name: str) -> list[StoredVersion]:
        """List the versions of a template, the newest first."""
        if not is_template_name(name):
            return []
        files = [file for file in self._files.names(name) if file.endswith(SUFFIX)]
        stems = filter(_VERSION.fullmatch, (file.removesuffix(SUFFIX) for file in files))
        return [
            StoredVersion(stem, datetime.fromtimestamp(int(stem) / 1000, UTC))
            for stem in sorted(stems, key=int, reverse=True)
        ]

    def names(self) -> list[str]:
        """List the templates with versions, also deleted ones."""
        return list(filter(is_template_name, self._files.folders()))

    def read(self, name: str, version: str) -> str:
        """Read the source of a version; raises ``UnknownTemplate``."""
        if not _VERSION.fullmatch(version) or not is_template_name(name):
            raise UnknownTemplate(name)
        return read_template(self._files.below(name), version)


def read_template(files: Files, name: str) -> str:
    """Read a template; raises ``UnknownTemplate``, ``Unread``, or ``BadTemplate`` for no text."""
    content = _content(files, name)
    try:
        return StringIO(content.decode("utf-8-sig"), newline=None).read()
    except UnicodeDecodeError as error:
        raise BadTemplate("no_utf8", file=files.where(f"{name}{SUFFIX}")) from error


def _content(files: Files, name: str) -> bytes:
    file = f"{name}{SUFFIX}"
    try:
        return files.read(file)
    except FileNotFoundError as error:
        raise UnknownTemplate(name) from error
    except OSError as error:
        raise unread(files.where(file), error) from error


EDITIONS: Final = "editions"
_HASH_DIGITS: Final = 24
_AT: Final = "@"  # no template's name has one
ATTACHMENTS: Final = "attachments"
"""The folder of attachments, with one folder for each template."""


class Templates:
    """The current templates; the person's own replace built-in ones of the same name.

    Capitals in names count, even on a disk that ignores them. Thread-safe; only one process writes.

    An edition is a template as it was at one time, with its attachments and the letterhead, under
    the hash of all. A planned message names its edition, and is made of it however the template
    is changed since.
    """

    def __init__(
        self,
        own: Files,
        built_in: Sequence[Path],
        replaced: ReplacedTemplates | None = None,
        office: Office | None = None,
    ) -> None:
        """Take the folders of ``built_in`` templates; the first with a template counts.

        Letters are written as in the ``office``, or as in one that begins here.
        """
        self.office = office or office_here()
        self._own = own
        self._writing = threading.RLock()
        self._replaced = replaced or ReplacedTemplates()
        self._built_in = _places(built_in)
        self._ready: dict[tuple[Files, str], tuple[Hashable, Template]] = {}
        self.versions = Versions(own.below("versions"))
        self._saved: dict[tuple[Files, str], Hashable] = {}  # stamps of what is whole: written here
        self._newest: dict[str, tuple[object, str]] = {}  # stamps, and the edition with them
        self._editions: dict[str, Templates] = {}
        self._named: set[str] = set()  # editions that may not be in the database yet

    def names(self) -> list[str]:
        """List all names, sorted."""
        found = {
            file.removesuffix(SUFFIX)
            for file in (*self._own.names(), *self._built_in)
            if file.endswith(SUFFIX) and is_template_name(file.removesuffix(SUFFIX))
        }
        return sorted(found, key=str.casefold)

    def __contains__(self, name: str) -> bool:
        """Tell whether a template has this name."""
        return self._found(name) is not None

    def deleted(self) -> dict[str, StoredVersion]:
        """Return the last versions of deleted templates, by name, the newest first."""
        there = {name.casefold() for name in self.names()}  # a used name cannot be restored
        names = [name for name in self.versions.names() if name.casefold() not in there]
        gone = {name: self.versions.of(name)[:1] for name in names}
        last = {name: found[0] for name, found in gone.items() if found}
        return dict(sorted(last.items(), key=lambda each: each[1].at, reverse=True))

    def is_own(self, name: str) -> bool:
        """Tell whether the person has a template of this name.

        Raises ``BadTemplate`` if that cannot be read: no built-in one may take its place.
        """
        file = file_of(name)
        try:
            return self._own.has(file)
        except OSError as error:
            raise unread(self._own.where(file), error) from error

    def is_built_in(self, name: str) -> bool:
        """Tell whether a template of this name comes with the program."""
        return file_of(name) in self._built_in

    def is_lost(self, name: str) -> bool:
        """Tell whether the file is gone that messages were made of; no built-in one replaces it."""
        return name in self._replaced.names and not self.is_own(name)

    def source(self, name: str) -> str:
        """Read a template's source; raises ``BadTemplate`` if there is none."""
        return read_template(self._place(name), name)

    def get(self, name: str) -> Template:
        """Return a compiled template; a changed file counts at once.

        Raises:
            BadTemplate: if there is none or it does not compile.
        """
        files = self._place(name)
        stamp, ready = files.stamp(file_of(name)), self._ready.get((files, name))
        if ready is None or ready[0] != self._stamped(stamp, ready[1].parts):
            source = read_template(files, name)
            stamped = self._stamped(stamp, parts_of(source))
            ready = (stamped, self.made(name, source))
            self._ready[files, name] = ready
        return ready[1]

    def _stamped(self, stamp: Hashable, parts: TemplateParts) -> Hashable:
        """Return the stamp of a template, with those of the letterhead for a letter."""
        heads = PLACES if parts.format == MARKDOWN else ()
        return stamp, *(self._own.stamp(file) for file in heads)

    def made(self, name: str, source: str, head: Letterhead | None = None) -> Template:
        """Compile a template that may not be saved; a letter is in ``head``, or the saved one.

        Raises ``BadTemplate``.
        """
        if parts_of(source).format != MARKDOWN:
            return Template(name, source)
        return Template(name, source, head or self.letterhead())

    def letterhead(self) -> Letterhead:
        """Read the letterhead; raises ``BadTemplate``."""
        return read_letterhead(self._own)

    def save_letterhead(self, head: Letterhead) -> None:
        """Write the letterhead; raises ``BadTemplate`` or ``OSError``."""
        with self._writing:
            write_letterhead(self._own, head)
            self._saved |= {(self._own, file): self._own.stamp(file) for file in PLACES}

    def letters(self) -> list[str]:
        """List the templates that are written in the letterhead; unusable ones are left out."""
        found = []
        for name in self.names():
            with suppress(BadTemplate):
                if self.get(name).is_letter:
                    found.append(name)
        return found

    def attachments(self, name: str) -> list[Attachment]:
        """List the attachments of a template, in its order; raises ``BadTemplate``."""
        folder, listed = self._folder_of(name), []
        for file in parts_of(self.source(name)).attachments:
            try:
                listed.append(Attachment(file, self._own.size(f"{folder}/{file}")))
            except OSError as error:
                raise unread(_attached(file, name), error, MissingAttachment) from error
        return listed

    def attachment(self, name: str, file: str) -> bytes:
        """Read an attachment of a template; raises ``MissingAttachment`` or ``Unread``."""
        path = f"{self._folder_of(name)}/{check_file_name(file)}"
        content = content_of(self._own, path, _attached(file, name), MissingAttachment)
        if not content:
            raise MissingAttachment("lost_of_template", file=file, name=name)
        return content

    def made_of(self, name: str) -> Iterator[tuple[Files, str]]:
        """Yield where the files of a template are: its source, which is then read for the others.

        Raises ``BadTemplate``; if there is no such template, or the person's own is lost, after the
        place where it would be.
        """
        yield self._own, file_of(name)
        if self.is_lost(name):
            raise BadTemplate("lost", name=name, file=self._own.where(file_of(name)))
        files = self._place(name)
        if files is self._own:
            self._replaced.put(name, is_replaced=self.is_built_in(name))
        else:
            yield files, file_of(name)
        template = self.get(name)
        for file in template.files:
            yield self._own, self._attached(name, file)
        if template.is_letter:
            yield from ((self._own, file) for file in PLACES if self._own.has(file))

    def edition(self, name: str) -> str | None:
        """Return the edition of what a template is now, which is stored for messages to come.

        ``None`` while another program may be writing it, and if it cannot be used: its messages are
        then made of what it is when they are sent.
        """
        with self._writing, suppress(BadTemplate, OSError):
            places = [place for place in self.made_of(name) if place[0].has(place[1])]
            stamps = {place: place[0].stamp(place[1]) for place in places}
            known, edition = self._newest.get(name, (None, ""))
            if known != stamps:
                others = [each for each in places if self._saved.get(each) != stamps[each]]
                if not all(files.is_whole(path) for files, path in others):
                    return None
                edition = self._store_edition(name)
                self._newest[name] = (stamps, edition)
            self._named.add(edition)
            return edition
        return None

    def _store_edition(self, name: str) -> str:
        """Store a template and what belongs to it under their hash, the template last."""
        source = _content(self._place(name), name)
        template = self.get(name)
        files = {self._attached(name, each): self.attachment(name, each) for each in template.files}
        if template.is_letter:
            files |= {each: self._own.read(each) for each in PLACES if self._own.has(each)}
        of = hashlib.sha256(source)
        for file, content in files.items():
            of.update(f"\0{file}\0".encode() + hashlib.sha256(content).digest())
        edition = f"{name}{_AT}{of.hexdigest()[:_HASH_DIGITS]}"
        place = self._own.below(f"{EDITIONS}/{edition}")
        if not place.has(file_of(name)):
            for file, content in files.items():
                place.write(file, content)
            place.write(file_of(name), source)
        return edition

    def for_item(self, item: Item | NewItem) -> Templates:
        """Return the templates of which an item's message is made: its edition, or the current.

        An item that has another template by now has no edition of it. Raises ``BadTemplate`` if the
        edition is not there.
        """
        edition, name = item.get("edition"), item.get("template") or DEFAULT
        if edition is None or edition.rpartition(_AT)[0] != name:
            return self
        found = self._editions.get(edition)
        if found is None:
            found = Templates(self._own.below(f"{EDITIONS}/{edition}"), (), office=self.office)
            if name not in found:
                raise BadTemplate("gone", name=name)
            self._editions[edition] = found
        return found

    def forget_editions(self, needed: Collection[str]) -> None:
        """Delete the editions that are not ``needed``, nor current, nor were just named."""
        with self._writing:
            stay = {*needed, *self._named, *(edition for _, edition in self._newest.values())}
            self._named.clear()
            for edition in set(self._own.folders(EDITIONS)) - stay:
                self._editions.pop(edition, None)
                self._own.remove(f"{EDITIONS}/{edition}")

    def _note_whole(self, name: str) -> None:
        """Note that a template and its attachments are as they were written here."""
        with suppress(BadTemplate):
            places = [place for place in self.made_of(name) if place[0].has(place[1])]
            self._saved |= {place: place[0].stamp(place[1]) for place in places}

    def _place(self, name: str) -> Files:
        """Find the files of a template; raises ``UnknownTemplate``."""
        found = self._found(name)
        if found is None:
            raise UnknownTemplate(name)
        return found

    def _found(self, name: str) -> Files | None:
        if not is_template_name(name):
            return None
        return self._own if self.is_own(name) else self._built_in.get(file_of(name))

    def _folder_of(self, name: str) -> str:
        """Return the folder of a template's attachments."""
        return f"{ATTACHMENTS}/{name}"

    def save(self, name: str, source: str) -> None:
        """Save a template as the person's own; its former text becomes a version.

        Raises:
            BadTemplate: if it does not compile or the name cannot be used; nothing is written.
            OSError: if it cannot be written.
        """
        with self._writing:
            self._check_new(name)
            self._keep(name, source)
            self._note_whole(name)

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
        with self._writing:
            self._check_new(name)
            is_new = not self._found(name)
            before = copy_of or name
            is_empty = is_new and not copy_of
            there = [] if is_empty else self.attachments(before)
            files = self._chosen(copy_of or name, there, attached)
            made = with_parts(
                "" if is_empty else self.source(before), replace(parts, attachments=files)
            )
            Template(name, made)
            if copy_of and files:
                self._own.copy(self._folder_of(copy_of), self._folder_of(name), files)
            self._keep(name, made)
            self._forget_files(name, files)
            self._note_whole(name)

    def _chosen(
        self, name: str, there: Sequence[Attachment], attached: Collection[str] | None
    ) -> tuple[str, ...]:
        """Return the attachments of a save, first those that are ``there`` now.

        Raises ``BadPart`` if one of them is no file of the template, or if they are too large.
        """
        sizes = {each.file: each.size for each in there}
        if attached is None:
            return tuple(sizes)
        here = self._folder_of(name)
        stored = [file for file in self._own.names(here) if file in attached and file[0] != "."]
        sizes |= {file: self._own.size(f"{here}/{file}") for file in stored}
        lost = [file for file in attached if file not in sizes]
        if lost:
            raise BadPart("attachments", ENGLISH.say("attachment", "lost", file=lost[0]))
        chosen = tuple(file for file in sizes if file in attached)
        if sum(sizes[file] or 0 for file in chosen) > ATTACHMENTS_LIMIT:
            raise BadPart("attachments", FilesLimit().too_much())
        return chosen

    def delete(self, name: str) -> None:
        """Delete a template of the person's own; raises ``BadTemplate`` if that cannot be done.

        Its versions and files stay: saving its last version restores it.
        """
        with self._writing:
            if not self.is_own(name) and not self.is_lost(name):
                raise UnknownTemplate(name)
            self._store_version(name)
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
        self._note_whole(name)

    def _attached(self, name: str, file: str) -> str:
        return f"{self._folder_of(name)}/{check_file_name(file)}"

    def _keep(self, name: str, source: str) -> None:
        """Write a template, unless it is unchanged."""
        Template(name, source)
        content = source.encode()
        if not self.is_own(name) or _content(self._own, name) != content:
            self._store_version(name)
            self._own.write(file_of(name), content)
        self._replaced.put(name, is_replaced=self.is_built_in(name))

    def _forget_files(self, name: str, files: Collection[str]) -> None:
        """Delete files that neither the template nor a kept version names."""
        here = self._folder_of(name)
        others = {each for each in self._own.names(here) if not each.startswith(".")} - set(files)
        for version in self.versions.of(name) if others else ():
            with suppress(BadTemplate):  # written by hand
                others -= set(parts_of(self.versions.read(name, version.version)).attachments)
        for file in others:
            self._own.remove(f"{here}/{file}")

    def _store_version(self, name: str) -> None:
        if self.is_own(name):
            self.versions.store(name, _content(self._own, name))

    def _check_new(self, name: str) -> None:
        """Refuse an unusable name for a new template.

        That is an invalid one, and one that differs from another only by capitals: people confuse
        such names, and so do the disks of Windows and macOS.
        """
        names = self.names()
        if name in names:
            return
        problem = template_name_problem(name, names)
        if problem:
            raise BadName(problem)


def _places(folders: Sequence[Path]) -> dict[str, Files]:
    """Map the built-in files to their folders, which do not change while the program runs."""
    places: dict[str, Files] = {}
    for files in map(FolderFiles, reversed(folders)):
        places |= dict.fromkeys(files.names(), files)
    return places


def _attached(file: str, name: str) -> str:
    return ENGLISH.say("attachment", "of_template", file=file, name=name)


def file_of(name: str) -> str:
    """Return the file name of a template; raises ``UnknownTemplate`` for an invalid name."""
    if not is_template_name(name):
        raise UnknownTemplate(name)
    return f"{name}{SUFFIX}"
