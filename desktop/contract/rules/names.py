"""Names of people: which words of a name are titles, and which are the first and the last name.

The words are in ``names.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

from sendoff_tasks.model.text import plain

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


def is_title(text: str) -> bool:
    """Tell whether a text is only titles of people: *Dr. med.*, *Mr & Mrs*, *Dipl.-Ing.*."""
    words = text.split()
    is_known = all(_is_either(word) or _joined(word) in _LEAD_IN for word in words)
    return is_known and any(map(_is_either, words))


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
