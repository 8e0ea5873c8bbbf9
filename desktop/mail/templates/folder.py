"""Reads templates: the person's own and the built-in ones, with their attachments.

::

    templates/renewal.jinja                     a template of the person's own
    templates/names.json                        the earlier names of renamed templates
    templates/versions/renewal/<ms>.jinja       its earlier versions, the last 20
    templates/attachments/renewal/statutes.pdf  an attachment of its messages
    templates/staged/<edit>/plan.pdf            an attachment once the edit is saved
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.contract.rules.templates import ATTACHMENTS_LIMIT, is_template_name
from desktop.mail.attached import Attachment, check_file_name
from desktop.mail.errors import MissingAttachment
from desktop.mail.files import FolderFiles
from desktop.mail.templates.names import FormerNames
from desktop.mail.templates.source import BadPart, parts_of
from desktop.mail.templates.staged import Staged
from desktop.mail.templates.template import Template
from desktop.mail.templates.versions import (
    SUFFIX,
    KeptVersion,
    UnknownTemplate,
    Versions,
    read_template,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Sequence
    from pathlib import Path

    from desktop.mail.files import Files

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
