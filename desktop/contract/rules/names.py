"""Names of people: which words of a name are titles, and which are the first and the last name.

The words are in ``names.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from sendoff_tasks.model.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE: Final = tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


def _words(kind: str) -> frozenset[str]:
    return frozenset(_joined(word) for text in _TABLE[kind] for word in text.split())


@lru_cache(4096)
def _joined(word: str) -> str:
    return plain(word).replace(" ", "")


TITLES: Final = _words("titles")
"""Words before a name, without their dots: Dr., Frau, Mme, Dipl.-Ing."""
SUFFIXES: Final = _words("suffixes")
"""Words after a name: Jr., PhD, MD."""
_FACULTIES: Final = _words("faculties")
"""Words behind a title, which nobody says: *med.* of *Dr. med.*."""
_USUAL: Final = _words("usual")
_LEAD_IN: Final = _words("lead_in")
"""Words that lead in a title or stand between two."""
PARTICLES: Final = _words("particles")
"""Words with which a last name begins, in small letters."""
_COMPANIES: Final = _words("companies")
"""Words of the names of companies, clubs and offices, without their dots: GmbH, Inc., Söhne."""
_COMPOUNDS: Final = (
    "verein", "verband", "verlag", "kanzlei", "praxis", "schule", "gesellschaft", "stiftung",
    "institut", "zentrum", "bäckerei", "museum", "klinik", "amt",
    "apotheke", "genossenschaft", "gemeinschaft",
)  # fmt: skip
"""How German names of companies and clubs end: Turnverein."""
_EITHER: Final = TITLES | SUFFIXES
_OTHER_WORDS: Final = _COMPANIES | _EITHER | _LEAD_IN | PARTICLES
_BESIDE: Final = {
    part: frozenset(map(plain, text.split(","))) for part, text in _TABLE["beside"].items()
}
IN_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
"""What is added to a name in brackets: *(Extern)*, *[Kasse]*."""
_LETTERS: Final = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\u0300-\u036f"
_PLAIN: Final = re.compile(
    rf"[{_LETTERS}]{{2,}}(?:-[{_LETTERS}]{{2,}})*|[DO]['’][{_LETTERS}]{{3,}}"
)
"""One Latin word: *Hans-Peter*, *O'Brien*."""


class WholeName(str):
    """A name of which it is not certain what its first and its last name are."""

    __slots__ = ()


class TitledName(str):
    """A name with the ``titles`` before it that another field has, and the ``bare`` one without."""

    __slots__ = ("bare", "titles")
    bare: str
    titles: str

    def __new__(cls, name: str, titles: str) -> Self:
        """Put the titles before a name, unless they are there or it is empty."""
        is_titled = not name or name.startswith(titles)
        made = super().__new__(cls, name if is_titled else f"{titles} {name}")
        made.titles = titles
        made.bare = name.removeprefix(f"{titles} ") if titles else name
        return made

    def is_behind(self, text: str) -> bool:
        """Tell whether a text before it is its titles."""
        return f"{text.strip()} {self.bare}" == self


def is_title(text: str) -> bool:
    """Tell whether a text is only titles of people: *Dr. med.*, *Mr & Mrs*, *Dipl.-Ing.*."""
    words = text.replace("h. c.", "h.c.").split()
    is_known = all(_is_either(word) or _joined(word) in _LEAD_IN for word in words)
    return is_known and any(map(_is_either, words))


def is_suffix(word: str) -> bool:
    """Tell whether a word stands behind names only: *MBA*."""
    return _joined(word) in SUFFIXES - TITLES


def titles_in(text: str) -> str:
    """Return the titles that are said of those of a text: *Prof. Dr.* of *Prof. Dr. med., MBA*.

    Nothing is returned of a text with other words.
    """
    words = text.replace(",", " ").split()
    if not is_title(" ".join(words)):
        return ""
    said = (word for word in words if _joined(word) not in SUFFIXES | _FACULTIES)
    return " ".join(word for word in said if _is_either(word))


class NameColumns(NamedTuple):
    """What columns of their own have of a name: *Prof. Dr. med.*, *van der*, the second surname."""

    title: str = ""
    before_last: str = ""
    after_last: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> NameColumns:
        """Find it among the values of columns, by their headings."""
        found: dict[str, str] = {}
        told = ((part_told(heading), value) for heading, value in values.items())
        for part, text in ((part, " ".join(str(value).split())) for part, value in told if part):
            has_titles = is_title(text) and len(plain(text)) > 1  # not d'
            if text and has_titles is (part == "title"):
                found.setdefault(part, text)
        return cls(**found)

    def last_of(self, last: str) -> str:
        """Return the whole last name."""
        blank = "" if self.before_last.endswith(("'", "’")) else " "
        return f"{self.before_last}{blank}{last} {self.after_last}".strip() if last else last

    def own_last_of(self, whole: str) -> str:
        """Return the last name without what other columns have of it."""
        own = whole.removeprefix(self.before_last).removesuffix(self.after_last).strip()
        return own if own and own != whole == self.last_of(own) else whole


@lru_cache(1024)
def part_told(heading: str) -> str:
    """Return the part of a name that a heading tells, as ``NameColumns`` calls it; else nothing."""
    text = plain(heading)
    names = (text, text.rstrip("0123456789 "))  # the field of a second *Title* is *Title 2*
    return next((part for each in names for part, known in _BESIDE.items() if each in known), "")


def parts_of(name: str, last: str | None = None) -> tuple[str, str]:
    """Return the first and the last name; both are the ``WholeName`` where it is not certain.

    It is if ``last`` is known and ends the name, or if the name is two plain words, with nothing
    but titles beside them: *Dr. Fay Moreau*, *Moreau, Fay*, *Fay Moreau, PhD*. Companies, initials,
    couples and other scripts are not told apart.
    """
    if last is not None and f" {name}".endswith(f" {last}" if last else ""):
        return name.removesuffix(last).strip(), last
    if (spoken := spoken_name(name)) != name:
        return parts_of(spoken, name.partition(",")[0].strip())
    before, _, after = name.partition(",")
    has_suffix = bool(after) and all(_joined(word) in SUFFIXES for word in after.split())
    words = (before if has_suffix else name).split()
    while words and _is_clear_title(words[0]):
        words.pop(0)
    is_western = len(words) == _TWO or (has_suffix and len(words) > _TWO)
    if is_western and _are_plain(words) and len({word.isupper() for word in words}) == 1:
        return words[0], " ".join(words[1:])
    return WholeName(name), WholeName(name)


def spoken_name(name: str) -> str:
    """Return a name as it is spoken: *Eva Maria von Ahn* of *von Ahn, Eva Maria*.

    Any other name stays as it is, such as those of companies: *Meier, Huber & Co. KG*.
    """
    last, _, first = (part.strip() for part in name.partition(","))
    words, given = last.split(), first.split()
    family = [word for word in words if _joined(word) not in PARTICLES or word is words[-1]]
    is_turned = len(family) == 1 and 0 < len(given) <= _TWO and _are_plain([*family, *given])
    return f"{first} {last}" if is_turned else name


_TWO: Final = 2


def _are_plain(words: list[str]) -> bool:
    """Tell whether words are Latin and none is another one than of a person's name."""
    return all(
        _PLAIN.fullmatch(word)
        and _joined(word) not in _OTHER_WORDS
        and not word.casefold().endswith(_COMPOUNDS)
        for word in words
    )


def _is_clear_title(word: str) -> bool:
    """Tell whether a word is a title and no name: it has a dot, or is one of the most usual."""
    said = _joined(word)
    return said in _USUAL or ("." in word and said != "fam" and _is_either(word))


def _is_either(word: str) -> bool:
    """Tell whether a word is a title or a suffix; *Dipl.-Ing.* is a title of two parts."""
    parts = plain(word).split()
    return _joined(word) in _EITHER or (bool(parts) and TITLES.issuperset(parts))
