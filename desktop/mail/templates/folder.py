"""Reads templates: the person's own and the built-in ones, with their attachments.

::

    templates/renewal.jinja                     a template of the person's own
    templates/names.json                        the earlier names of renamed templates
    templates/versions/renewal/<ms>.jinja       its earlier versions, the last 20
    templates/attachments/renewal/statutes.pdf  an attachment of its messages
    templates/staged/<edit>/plan.pdf            an attachment once the edit is saved
"""

from __future__ import annotations

import json
import locale
import os
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.templates import ATTACHMENTS_LIMIT, is_template_name
from desktop.mail.attached import Attachment, check_file_name
from desktop.mail.errors import BadTemplate, MissingAttachment
from desktop.mail.files import FolderFiles
from desktop.mail.templates.source import BadPart, parts_of
from desktop.mail.templates.template import Template
from desktop.settings.paths import resources

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
    from pathlib import Path

    from desktop.mail.files import Files


FALLBACK: Final = "en"


def built_in_templates() -> list[Path]:
    """Return the folders of built-in templates, the system's language first."""
    folder = resources() / "templates"
    wanted = dict.fromkeys([system_language(os.environ), FALLBACK])
    return [folder / language for language in wanted if (folder / language).is_dir()]


def system_language(environment: Mapping[str, str]) -> str:
    """Return the two-letter code of the system's language, from ``LC_ALL`` and its like."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return environment[variable][:2].lower()
    return _of_the_desktop()[:2].lower()


def _of_the_desktop() -> str:
    """Ask the system if no variable is set: on Windows, and on macOS from the Finder."""
    if sys.platform == "win32":
        import ctypes

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(number, FALLBACK)
    if sys.platform == "darwin":
        import subprocess

        command = ["/usr/bin/defaults", "read", "-g", "AppleLocale"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return found.stdout.strip() or FALLBACK
    return FALLBACK


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


SUFFIX: Final = ".jinja"
VERSIONS_KEPT: Final = 20
_VERSION: Final = re.compile(r"\d{1,14}")  # milliseconds; no date has more


class UnknownTemplate(BadTemplate):
    """There is no template of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no template “{name}”.")


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """An earlier version of a template; ``at`` is the time at which it was replaced."""

    version: str
    at: datetime


class Versions:
    """The versions, in one folder for each template."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def keep(self, name: str, source: bytes) -> None:
        """Store a version, and delete all but the last ``VERSIONS_KEPT``."""
        newest = self.of(name)[:1]
        ms = max(time.time_ns() // 1_000_000, int(newest[0].version) + 1 if newest else 0)
        self._files.write(f"{name}/{ms}{SUFFIX}", source)
        for old in self.of(name)[VERSIONS_KEPT:]:
            self._files.remove(f"{name}/{old.version}{SUFFIX}")

    def move(self, before: str, now: str) -> None:
        """Move the versions of a template to another name."""
        self._files.merge(before, now)

    def of(self, name: str) -> list[KeptVersion]:
        """List the versions of a template, the newest first."""
        if not is_template_name(name):
            return []
        files = [file for file in self._files.names(name) if file.endswith(SUFFIX)]
        stems = filter(_VERSION.fullmatch, (file.removesuffix(SUFFIX) for file in files))
        return [
            KeptVersion(stem, datetime.fromtimestamp(int(stem) / 1000, UTC))
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
    """Read a template; raises ``UnknownTemplate``, or ``BadTemplate`` if it is not text."""
    file = f"{name}{SUFFIX}"
    try:
        return StringIO(files.read(file).decode(), newline=None).read()
    except FileNotFoundError as error:
        raise UnknownTemplate(name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadTemplate(f"{files.where(file)} cannot be read: {error}.") from error


FILE: Final = "names.json"
Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The content of the file; ``moving`` has the two names of a rename under way."""

    earlier: Names = field(default_factory=dict)
    letters: Names = field(default_factory=dict)
    moving: tuple[str, str] | None = None

    def letter(self, name: str) -> str:
        now = self.earlier.get(name, name)
        return self.letters.get(now, now)

    def renamed(self, before: str, now: str) -> _Kept:
        """Return the content after a rename."""
        letter = self.letter(before)
        earlier = {old: now if name == before else name for old, name in self.earlier.items()}
        earlier[before] = now
        earlier.pop(now, None)
        letters = {name: kept for name, kept in self.letters.items() if name not in {before, now}}
        if letter != now:
            letters[now] = letter
        return _Kept(earlier, letters)


class FormerNames:
    """The earlier names of templates, and the letter of each; reading is thread-safe.

    A *letter* identifies a template across renames: it is the template's first name. Rows that were
    sent before are compared by it. The content is one file::

        {"earlier": {"fees": "fees 2026"}, "letters": {"fees 2026": "fees"}}

    During a rename, the file also has ``"moving": ["fees", "fees 2026"]``. The template's file is
    renamed in one step, and this step alone decides which name counts, even if the process is
    killed.
    """

    def __init__(self, own: Files) -> None:
        """Take the files of the person's own templates."""
        self._own = own
        self._read: tuple[Hashable, _Kept] = (None, _Kept())

    def now(self, name: str) -> str:
        """Return the current name of the template that had this name, or the name itself."""
        return self._names().earlier.get(name, name)

    def before(self, name: str) -> list[str]:
        """List the earlier names of a template."""
        return sorted(old for old, now in self._names().earlier.items() if now == name)

    def all(self) -> dict[str, str]:
        """Map all earlier names to current ones."""
        return dict(self._names().earlier)

    def letter(self, name: str) -> str:
        """Return the letter of a template, by its current name or an earlier one."""
        return self._names().letter(name)

    def moved(self) -> tuple[str, str] | None:
        """Return the names of an unfinished rename whose file has the new name."""
        moving = self._kept().moving
        return moving if moving and self._has_moved(moving) else None

    def begin_rename(self, before: str, now: str) -> None:
        """Record that a template's file is about to be renamed."""
        names = self._names()
        self._write(_Kept(names.earlier, names.letters, (before, now)))

    def end_rename(self) -> None:
        """Record the current names after a rename, if one was under way."""
        if self._kept().moving:
            self._write(self._names())

    def begin(self, name: str) -> None:
        """Record that a new template has this name, which a deleted one had before."""
        names = self._names()
        if name in names.earlier:
            earlier = {old: now for old, now in names.earlier.items() if old != name}
            self._write(_Kept(earlier, names.letters))

    def _write(self, kept: _Kept) -> None:
        written = {"earlier": kept.earlier, "letters": kept.letters}
        moving = {"moving": kept.moving} if kept.moving else {}
        text = json.dumps({**written, **moving}, ensure_ascii=False, indent=1)
        self._own.write(FILE, text.encode())

    def _names(self) -> _Kept:
        """Return the names that count now."""
        kept = self._kept()
        if kept.moving is None:
            return kept
        if self._has_moved(kept.moving):
            return kept.renamed(*kept.moving)
        return _Kept(kept.earlier, kept.letters)

    def _has_moved(self, moving: tuple[str, str]) -> bool:
        return self._own.has(f"{moving[1]}{SUFFIX}")

    def _kept(self) -> _Kept:
        """Read the file if it has changed."""
        stamp = self._own.stamp(FILE)
        if stamp is None:
            return _Kept()
        if self._read[0] != stamp:
            self._read = (stamp, _kept_in(self._own.read(FILE)))
        return self._read[1]


def _kept_in(content: bytes) -> _Kept:
    """Parse the file; an invalid one counts as empty."""
    try:
        kept = json.loads(content)
        before, now = kept.get("moving") or ("", "")
        moving = (before, now) if is_template_name(before) and is_template_name(now) else None
        return _Kept(_names(kept["earlier"]), _names(kept["letters"]), moving)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _Kept()


def _names(kept: Names) -> Names:
    return {name: other for name, other in kept.items() if isinstance(other, str)}


ATTACHMENTS: Final = "attachments"
"""The folder of attachments, with one folder for each template."""
TOO_MUCH: Final = (
    f"The attachments are more than the {ATTACHMENTS_LIMIT // 2**20} MiB that a message can carry."
)


class TemplateFolder:
    """The current templates; the person's own replace built-in ones of the same name.

    Another process may rename templates meanwhile. Capitals in names count, even on a disk that
    ignores them.
    """

    def __init__(self, own: Files, built_in: Sequence[Path]) -> None:
        """Take the folders of ``built_in`` templates; the first with a template counts."""
        self._own = own
        self._built_in = _places(built_in)
        self._ready: dict[tuple[Files, str], tuple[Hashable, Template]] = {}
        self.versions = Versions(own.below("versions"))
        self.called = FormerNames(own)
        self.staged = Staged(own.below("staged"))

    def names(self) -> list[str]:
        """List all names, sorted."""
        found = {
            file.removesuffix(SUFFIX)
            for file in (*self._own.names(), *self._built_in)
            if file.endswith(SUFFIX) and is_template_name(file.removesuffix(SUFFIX))
        }
        return sorted(found, key=str.casefold)

    def __contains__(self, name: str) -> bool:
        """Tell whether a template has this name, or had it before a rename."""
        try:
            self._place(name)
        except UnknownTemplate:
            return False
        return True

    def current(self, name: str) -> str:
        """Return the current name of a template; raises ``UnknownTemplate`` for an invalid name."""
        return name if self._found(name) else self.called.now(name)

    def deleted(self) -> dict[str, KeptVersion]:
        """Return the last versions of deleted templates, by name, the newest first."""
        there = {name.casefold() for name in self.names()}  # a used name cannot be restored
        names = [name for name in self.versions.names() if name.casefold() not in there]
        gone = {name: self.versions.of(name)[:1] for name in names}
        last = {name: found[0] for name, found in gone.items() if found and name not in self}
        return dict(sorted(last.items(), key=lambda each: each[1].at, reverse=True))

    def is_own(self, name: str) -> bool:
        """Tell whether the person has a template of this name."""
        return self._own.has(file_of(name))

    def is_built_in(self, name: str) -> bool:
        """Tell whether a template of this name comes with the program."""
        return file_of(name) in self._built_in

    def source(self, name: str) -> str:
        """Read a template's source; raises ``BadTemplate`` if there is none."""
        return read_template(*self._place(name))

    def get(self, name: str) -> Template:
        """Return a compiled template; a changed file counts at once.

        Raises:
            BadTemplate: if there is none or it does not compile.
        """
        place = files, now = self._place(name)
        stamp, ready = files.stamp(file_of(now)), self._ready.get(place)
        try:
            if ready is None or ready[0] != stamp:
                made = Template(now, read_template(files, now))
                ready = self._ready[place] = (stamp, made)
        except UnknownTemplate as error:
            if self._place(name) != place:  # it was renamed meanwhile
                return self.get(name)
            raise UnknownTemplate(name) from error
        return ready[1]

    def attachments(self, name: str) -> list[Attachment]:
        """List the attachments of a template, in its order."""
        folder = self._files(name)
        return [
            Attachment(file, self._own.size(f"{folder}/{file}"))
            for file in parts_of(self.source(name)).attachments
        ]

    def going_along(
        self, there: Sequence[Attachment], staying: Collection[str] | None, edit: str | None
    ) -> list[Attachment]:
        """List the attachments after an edit: those that stay, then the staged ones.

        Raises ``BadPart`` if one of them is missing, or if they are too large together.
        """
        ready = self.staged.sizes(edit) if edit is not None else {}
        found = {each.file: each.size for each in there} | ready
        lost = [] if edit is None else [each for each in staying or () if each not in found]
        if lost:
            raise BadPart("attachments", f"“{lost[0]}” is not there any more. Attach it again.")
        stay = [
            Attachment(*each) for each in found.items() if staying is None or each[0] in staying
        ]
        if ready and sum(each.size or 0 for each in stay) > ATTACHMENTS_LIMIT:
            raise BadPart("attachments", TOO_MUCH)
        return stay

    def attachment(self, name: str, file: str, edit: str | None = None) -> bytes:
        """Read an attachment of a template, or of its ``edit``; raises ``MissingAttachment``."""
        if edit is not None and file in self.staged.sizes(edit):
            return self.staged.read(edit, file)
        folder = self._files(name)
        try:
            return self._own.read(f"{folder}/{check_file_name(file)}")
        except OSError as error:
            if self._files(name) != folder:  # it was renamed meanwhile
                return self.attachment(name, file, edit)
            raise MissingAttachment(
                f"The attachment “{file}” of the template “{name}” is missing. Attach it again."
            ) from error

    def made_of(self, name: str) -> Iterator[tuple[Files, str]]:
        """Yield where the files of a template are: its source, which is then read for the others.

        Raises ``BadTemplate``; if there is no such template, after the place where it would be.
        """
        try:
            files, now = self._place(name)
        except UnknownTemplate:
            yield self._own, file_of(name)
            raise
        yield files, file_of(now)
        attached = self.get(name).files
        folder = self._files(name) if attached else ""
        for file in attached:
            yield self._own, f"{folder}/{check_file_name(file)}"

    def _place(self, name: str) -> tuple[Files, str]:
        """Find the files of a template, and its current name."""
        found = self._found(name) or self._found(self.called.now(name))
        if found is None:
            raise UnknownTemplate(name)
        return found

    def _found(self, name: str) -> tuple[Files, str] | None:
        """Find the template with this current name."""
        file = file_of(name)
        files = self._own if self._own.has(file) else self._built_in.get(file)
        return None if files is None else (files, name)

    def _files(self, name: str) -> str:
        """Return the folder of a template's attachments, also during a rename."""
        moved, now = self.called.moved(), self.current(name)
        before = f"{ATTACHMENTS}/{moved[0] if moved and moved[1] == now else now}"
        return before if self._own.has(before) else f"{ATTACHMENTS}/{now}"


def _places(folders: Sequence[Path]) -> dict[str, Files]:
    """Map the built-in files to their folders, which do not change while the program runs."""
    places: dict[str, Files] = {}
    for files in map(FolderFiles, reversed(folders)):
        places |= dict.fromkeys(files.names(), files)
    return places


def file_of(name: str) -> str:
    """Return the file name of a template; raises ``UnknownTemplate`` for an invalid name."""
    if not is_template_name(name):
        raise UnknownTemplate(name)
    return f"{name}{SUFFIX}"
