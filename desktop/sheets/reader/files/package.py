"""The parts of workbooks: those of Open XML, which relations lead to, and those of ``.ods``."""

from __future__ import annotations

import re
import zipfile
import zlib
from html import unescape
from posixpath import basename, dirname, join, normpath
from typing import IO, TYPE_CHECKING, Final, NamedTuple
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

ERRORS: Final = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, LookupError, ValueError,
    NotImplementedError, EOFError, OSError,
)  # fmt: skip
"""The errors of reading parts that are not as they should be."""
_INDEX_BYTES: Final = 4 << 20
"""Bytes of a list of sheets or relations that are read."""
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE: Final = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_INDENT: Final = re.compile(rb">\s+</?table:")
_USUAL_BOOK: Final = "xl/workbook.xml"


class Relation(NamedTuple):
    """A relation: its id, the last word of its type, and the name of the part it leads to."""

    id: str
    kind: str
    part: str


class Package:
    """The parts of a zipped workbook.

    Names are compared as Excel does: without case, and a backslash is a slash.
    """

    def __init__(self, parts: zipfile.ZipFile) -> None:
        self._parts = parts
        self._infos = {_plain(each.filename): each for each in parts.infolist()}
        self.workbook = self._workbook()
        self.relations = () if self.workbook is None else tuple(self._relations(self.workbook))

    def open(self, part: str) -> IO[bytes]:
        """Open a part; raises ``KeyError`` if it is missing."""
        return self._parts.open(self._infos[_plain(part)])

    def related(self, kind: str) -> str | None:
        """Return the part of a kind that the workbook is related to, such as its styles."""
        found = (each.part for each in self.relations if each.kind == kind)
        return next((part for part in found if _plain(part) in self._infos), None)

    def sheet(self, name: str) -> str | None:
        """Return the part of a sheet."""
        if self.workbook is None:
            return None
        ids = {
            unescape(given.get("name", "")): value
            for given in self._elements(self.workbook, _SHEET)
            for attribute, value in given.items()
            if attribute.endswith(":id")
        }
        return next((each.part for each in self.relations if each.id == ids.get(name)), None)

    @property
    def has_usual_styles(self) -> bool:
        """Whether the styles have the name by which calamine finds which numbers are dates."""
        styles, usual = self.related("styles"), join(dirname(self.workbook or ""), "styles.xml")
        return styles is None or _plain(styles) == _plain(usual)

    def _workbook(self) -> str | None:
        found = [each.part for each in self._relations("") if each.kind == "officeDocument"]
        books = [each for each in (_USUAL_BOOK, *found) if _plain(each) in self._infos]
        return books[0] if books else None

    def _relations(self, part: str) -> Iterator[Relation]:
        base = dirname(part)
        for given in self._elements(join(base, "_rels", f"{basename(part)}.rels"), _RELATION):
            target = unescape(given.get("Target", "")).replace("\\", "/")
            whole = target if target.startswith("/") else join(base, target)
            kind = given.get("Type", "").rpartition("/")[2]
            yield Relation(given.get("Id", ""), kind, normpath(whole).lstrip("/"))

    def _elements(self, part: str, element: re.Pattern[str]) -> Iterator[dict[str, str]]:
        if _plain(part) not in self._infos:
            return
        with self.open(part) as content:
            text = content.read(_INDEX_BYTES).decode(errors="replace")
        for found in element.finditer(text):
            yield {name: one or other for name, one, other in _ATTRIBUTE.findall(found[1])}


def is_indented(file: IO[bytes]) -> bool:
    """Tell whether an ``.ods`` has blanks between its cells; calamine 0.9 stops at them.

    SheetJS indents its files, and so does LibreOffice if it is told to.
    """
    file.seek(0)
    with zipfile.ZipFile(file) as parts, parts.open("content.xml") as content:
        return _INDENT.search(content.read(_INDEX_BYTES)) is not None


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
