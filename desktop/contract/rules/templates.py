"""The rules for templates: their names, and the fields of a message."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sendoff_tasks.words.table import ENGLISH, WordTable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


DEFAULT: Final = "confirmation"
"""The template of an item without one."""
NAME_LIMIT: Final = 100
"""Characters of a template's name."""
ATTACHMENTS_LIMIT: Final = 25 * 1024 * 1024
"""Bytes of all attachments of a message together; most servers take no more."""


class FilesLimit(NamedTuple):
    """How many bytes of attachments an e-mail can carry; ``megabytes`` if ``server`` limits it."""

    size: int = ATTACHMENTS_LIMIT
    server: str = ""
    megabytes: int = 0

    def too_much(self, words: WordTable = ENGLISH) -> str:
        """Say that attachments are larger."""
        if self.server:
            about = {"server": self.server, "limit": self.megabytes}
            return words.fill("attachment", "too_large_for", fields=about)
        return words.say("attachment", "too_large", limit=self.size // 2**20)


RESERVED: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\..*)?", re.IGNORECASE
)
"""Names that Windows reserves for devices."""
ALL_FIELDS: Final = "all_fields"
"""The standard field that lists all fields of the item, each on a line of its own."""
FIELD: Final = "fields."
"""The prefix of the path of an item's own field, and of the target of a column that becomes one."""
FIELD_LIMIT: Final = 100
"""Characters of a field name."""
_MARKS: Final = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u06d6-\u06ed\u0900-\u109f\u1780-\u17d3"
    r"\u200c\u200d"
)
"""Accents, vowels and joiners, which belong to the letter before them: Hebrew, Hindi, Thai …"""
FIELD_NAME: Final = re.compile(rf"\w[\w{_MARKS} \-/.'’&°]*")
"""The characters of a field name with several words."""
RESERVED_WORDS: Final = frozenset({
    "and", "or", "not", "if", "else", "is", "in",
    "true", "false", "none", "True", "False", "None",
})  # fmt: skip
"""Words with another meaning in a template; a field name cannot have one of them."""
STANDARD: Final = (
    *("number", "title", "name", "first_name", "last_name", "salutation", "email", "note"),
    ALL_FIELDS,
)
"""Fields that every item has; they take precedence over fields of the item."""


@lru_cache(maxsize=1024)
def field_key(name: str) -> str:
    """Return the form in which field names are compared: no case, ``_`` and ``-`` as blanks."""
    name = unicodedata.normalize("NFC", name)
    key = " ".join(name.replace("_", " ").replace("-", " ").split()).casefold()
    return _ALSO_CALLED.get(key, key)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known field name that was probably meant, or ``None``."""
    from difflib import get_close_matches  # 2 ms that the window's start can save

    names = {field_key(each): each for each in (*STANDARD, *known)}
    close = get_close_matches(field_key(name), names, 1, _NEAR)
    return names[close[0]] if close else None


def is_field_name(name: str) -> bool:
    """Tell whether a template can use a field by this name: ``{{ Seat row }}``."""
    if len(name) > FIELD_LIMIT or name in _OWN_WORDS:
        return False
    if not RESERVED_WORDS.isdisjoint(name.split()):
        return False
    is_phrase = FIELD_NAME.fullmatch(name) and not _EXPRESSION.search(name)
    return name.isidentifier() or bool(is_phrase)


def if_calculated(name: str, words: WordTable = ENGLISH) -> str:
    """Say how to write a missing name that may be a calculation, *Fee - Paid*; else nothing."""
    if not _CALCULATION.search(name):
        return ""
    return words.say("row_problem", "calculated", name=name)


def field_name(heading: str, number: int = 1) -> str:
    """Return the field name of a column's heading: the heading itself, if templates can use it.

    A long one is shortened between words. The second field of one name is ``number`` 2.
    """
    end = f" {number}" if number > 1 else ""
    name = " ".join(_NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", heading)).split())
    if not is_field_name(_shortened(name, end)):
        name = re.sub(rf"[^\w{_MARKS}]+", "_", name).strip("_")
    if not is_field_name(_shortened(name, end)):
        name = f"column_{name}".rstrip("_")
    return f"{_shortened(name, end)}{end}"


def free_field_name(heading: str, taken: Collection[str]) -> str:
    """Return the first field name of a heading whose key is not ``taken``: *Fee*, *Fee 2*."""
    name, number = field_name(heading), 2
    while field_key(name) in taken:
        name, number = field_name(heading, number), number + 1
    return name


def _shortened(name: str, end: str) -> str:
    room = FIELD_LIMIT - len(end)
    if len(name) <= room:
        return name
    words = name[: room + 1]
    last = max(words.rfind(" "), words.rfind("_"))
    return (words[:last] if last > 0 else words[:room]).rstrip(" _")


def heading(name: str) -> str:
    """Return a field's name as a heading for readers: ``seat_row`` is *Seat row*."""
    words = " ".join(name.replace("_", " ").split()) or name
    return words[:1].upper() + words[1:] if words.islower() else words


def is_template_name(name: str) -> bool:
    """Tell whether a template can have this name: it has to be a file name on every system."""
    return (
        len(name) <= NAME_LIMIT
        and _NAME.fullmatch(name) is not None
        and RESERVED.fullmatch(name) is None
        and unicodedata.normalize("NFC", name) == name
    )


def template_name_problem(
    name: str, taken: Iterable[str] = (), words: WordTable = ENGLISH
) -> str | None:
    """Return a sentence about why a new template cannot have a name, or ``None``.

    Names that differ only by capitals are one: people confuse them, and so do the disks of Windows
    and macOS.
    """
    same = next((each for each in taken if each.casefold() == name.casefold()), None)
    if not name:
        return words.say("template_name", "missing")
    if RESERVED.fullmatch(name):
        return words.say("template_name", "reserved")
    if not is_template_name(name):
        return words.say("template_name", "characters", n=NAME_LIMIT)
    return None if same is None else words.say("template_name", "taken", name=same)


_NOT_IN_NAMES: Final = re.compile(rf"[^\w{_MARKS} \-/.'’&°]+")
_NEAR: Final = 0.75
"""The similarity (difflib's ratio) from which a name counts as a misspelt known one."""
_ALSO_CALLED: Final = {
    "e mail": "email",
    **dict.fromkeys(("vorname", "given name", "forename", "firstname"), "first name"),
    **dict.fromkeys(
        ("nachname", "familienname", "surname", "family name", "lastname"), "last name"
    ),
}
"""Other names of standard fields in spreadsheets; both names lead to the field."""
_OWN_WORDS: Final = frozenset({"fields", "loop", "range", "self", "super"})
"""Names that a template already has."""
_EXPRESSION: Final = re.compile(r"^\d|\.\w|//")
"""A number, an attribute or a division, no field name; “Mitgliedsnr.”, “No. of seats” are names."""
_CALCULATION: Final = re.compile(r" [-/] ")
_NAME: Final = re.compile(r"[\w-](?:[\w ()+&,'’.-]*[\w)'’-])?")


_TARGETS: Final = frozenset({"number", "title", "name", "first_name", "email", "note"})
_KNOWN: Final = {field_key(name): name for name in STANDARD}


def headings_of(columns: Mapping[str, str | None]) -> dict[str, str]:
    """Map the headings of a batch's ``columns`` to what they became, where its name differs.

    That is a standard field, or ``fields.NAME``: the name of a field lacks some characters of its
    heading. A heading that is exactly the name of a standard field leads to no other one.
    """
    became = set(columns.values())
    parts = {"name": "last_name" if "first_name" in became else "name"}
    if "name" not in became:
        parts["first_name"] = "name"  # the only column with a name
    return {
        header: parts.get(target, target)
        for header, target in columns.items()
        if (target in _TARGETS and _is_other(header, parts.get(target, target)))
        or (target and _is_renamed(header, target))
    }


def labels_in(headings: Mapping[str, str]) -> dict[str, str]:
    """Map the fields of an item to their headings in its spreadsheet, from ``headings_of``."""
    return {
        target.removeprefix(FIELD): header
        for header, target in headings.items()
        if target.startswith(FIELD)
    }


_LEFT_OVER: Final = re.compile(
    r"«[^«»\n]+»|<<[^<>\n]+>>|\[+[^][\n]+\]+|%[^%\n]+%|｛+[^｛｝\n]+｝+|\{+[^{}\n]+\}+|\*\|[^|\n]+\|\*"
)
_BRACKETS: Final = "«»<>[]%｛｝{}*| \t\u00a0\u3000"


def left_over(text: str) -> list[str]:
    """List what is in brackets in a template's text, as other programs write fields: «Name»."""
    found = _LEFT_OVER.finditer(re.sub(r"\{\{[^{}]*\}\}(?!\})", "", text))
    return list(dict.fromkeys(each[0] for each in found if len(each[0]) <= FIELD_LIMIT))


def left_fields(left: Iterable[str], columns: Iterable[str]) -> list[str]:
    """Return those of a template's ``left_over`` texts that name a column or a standard field."""
    known = {field_key(name) for name in (*STANDARD, *columns)}
    return [each for each in left if field_key(each.strip(_BRACKETS)) in known]


def _is_other(header: str, name: str) -> bool:
    """Tell whether a heading leads to another standard field than its words do by themselves."""
    return header not in STANDARD and _KNOWN.get(field_key(header)) != name


def _is_renamed(header: str, target: str) -> bool:
    """Tell whether readers see another heading than the spreadsheet's by the field's name."""
    return target.startswith(FIELD) and heading(target.removeprefix(FIELD)) != heading(header)


def unfilled(fields: Iterable[str], columns: Mapping[str, str | None]) -> list[str]:
    """List the fields of a template that no column of a batch fills."""
    became = (target.removeprefix(FIELD) for target in columns.values() if target)
    filled = {field_key(name) for name in (*became, *headings_of(columns))}
    return [name for name in fields if field_key(name) not in filled]
