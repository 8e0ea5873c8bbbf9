"""Finds the encoding of a text file."""

from __future__ import annotations

import codecs
import math
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.sheets.faults import SheetError, SheetFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

_TABLE: Final = tomllib.loads(Path(__file__).with_name("encodings.toml").read_text("utf-8"))
"""The encodings that are guessed, with the letters of their languages."""
_CHOICES: Final = ("euc_jp", "cp932", "gb18030", "big5", "euc_kr")
"""Encodings of East Asia, among which a person chooses if no guessed one has likely words."""
_BEFORE: Final = 3
"""In another script, the frequencies of letters fall as if so many came before the first."""
_BEYOND: Final = 0.1
"""The chance that a letter of a Latin word is beyond ASCII."""
_SIGNS: Final = frozenset("€£§°ªº·«»„“”‘’–—…¿¡²½©®™•\u00a0")
"""Characters that people type besides letters."""
_QUOTES: Final = "«»„“”"
"""Signs at the ends of a word in any script."""
_BETWEEN: Final = frozenset("’·–—\u00a0")
"""Signs that stand between letters."""
_BEFORE_LETTERS: Final = _BETWEEN | frozenset("„“‘«¿¡€£§")
"""Signs that stand before letters."""
_SIGN: Final = 0.2
_FOREIGN: Final = 0.002
"""The chance of a letter of another language that the encoding has."""
_ODD: Final = 0.01
"""The chance of a capital within a word, of a sign between letters, or of a letter alone."""
_SMALL: Final = 0.2
"""The chance of a word that begins with a small letter, or is written in capitals."""
_NONE: Final = 0.0001
"""The chance of a character that no language has."""
_POOR: Final = 0.03
"""Words whose characters have this chance on average are of no language that is known here."""
_ENOUGH: Final = 300
"""Words that tell an encoding."""
_LIKELY: Final = 0.005
"""A reading whose chance is this share of the best one's or more is likely, too."""
_OLD_MAC: Final = 0.01
"""How usual other encodings are in files whose lines end with a carriage return."""
_MOST: Final = 6
"""Readings among which a person chooses."""
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_RUN: Final = re.compile(rb"[A-Za-z@\[-`{}~\x80-\xff]+")
"""A word with all that may be the second byte of a character, except a separator."""


@cache
def _shares(alphabet: str, before: int = 0) -> dict[str, float]:
    """Return the share of each letter; the second is half as frequent as the first, and so on.

    With some ``before`` the first, it falls more slowly.
    """
    parts = {each: 1 / (before + place) for place, each in enumerate(alphabet, 1)}
    shares = {each: part / sum(parts.values()) for each, part in parts.items()}
    return shares | {each.upper(): share for each, share in shares.items() if each != "ß"}


def _other_chances(words: Sequence[bytes]) -> dict[str, float]:
    """Return the logarithm of the chance that each encoding of another script has these words.

    Only those are there in which each word is whole: letters of that script alone, small ones
    after a capital or all of one size.
    """
    chances: dict[str, float] = {}
    for name, about in _TABLE["other"].items():
        shares = _shares(about["alphabets"][0], _BEFORE)
        read = [word.decode(name, errors="replace").strip(_QUOTES) for word in words]
        read = [word for word in read if not word.isascii()]
        if any(len(word) > 1 for word in read) and all(_is_whole(word, shares) for word in read):
            chance = sum(math.log(shares[each]) for word in read for each in word)
            alone = sum(len(word) == 1 for word in read) * math.log(_ODD)
            small = sum(word.islower() or word.isupper() for word in read) * math.log(_SMALL)
            chances[name] = math.log(about["usual"]) + chance + alone + small
    return chances


def _is_whole(word: str, shares: Mapping[str, float]) -> bool:
    return shares.keys() >= {*word} and (word[1:] == word[1:].lower() or word == word.upper())


def _latin_chances(words: Sequence[bytes]) -> dict[str, float]:
    """Return the logarithm of the chance that a language of each Latin encoding has these words."""
    chances: dict[str, float] = {}
    for name, about in _TABLE["latin"].items():
        read = [word.decode(name, errors="replace") for word in words]
        known = frozenset().union(*(_shares(each) for each in about["alphabets"]))
        chances[name] = math.log(about["usual"]) + max(
            sum(_chance_of_word(word, _shares(each), known) for word in read)
            for each in about["alphabets"]
        )
    return chances


def _chance_of_word(word: str, shares: Mapping[str, float], known: frozenset[str]) -> float:
    chance = 0.0
    has_small = any(each.islower() for each in word)
    for at, each in enumerate(word):
        if each.isascii():
            continue
        if each in _SIGNS:
            usual = _BETWEEN if at else _BEFORE_LETTERS
            is_within = at < len(word) - 1 and each not in usual
            chance += math.log(_ODD if is_within else _SIGN)
            continue
        chance += math.log(shares.get(each) or (_FOREIGN if each in known else _NONE))
        is_inner = each.isupper() and at > 0 and has_small
        is_before = each.islower() and each != "ß" and word[at + 1 : at + 2].isupper()
        if is_inner or is_before or len(word) == 1:
            chance += math.log(_ODD)
        elif at == 0 and each.islower():
            chance += math.log(_SMALL)
    return chance


_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_USUAL: Final = "cp1252"
_HOLES: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")
"""Bytes that are not characters in cp1252."""
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a\x1b")
_FEW: Final = 8
"""Control characters that are tolerated even in a short text."""
_BLOCK: Final = 1 << 16
_TELLING: Final = 1 << 15
"""Bytes of non-ASCII lines that are enough to find the encoding."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding: the name of a Python codec, and the byte order mark of the file.

    If others are as likely, ``readings`` has a word as each of them reads it, by encoding.
    """

    name: str
    bom: bytes = b""
    readings: Mapping[str, str] = field(default_factory=dict)


def encoding_of(file: IO[bytes], chosen: str | None = None) -> Encoding:
    """Find a file's encoding: the chosen one, or by its bytes.

    Raises:
        SheetError: ``NOT_TEXT``, or ``WRONG_ENCODING`` for UTF-8 with a few invalid bytes.
    """
    file.seek(0)
    start = file.read(_BLOCK)
    bom, marked = next((each for each in _BOMS if start.startswith(each[0])), (b"", None))
    if chosen is not None:
        name = _known(chosen)
        return Encoding(marked if marked and marked.startswith(name) else name, bom)
    if marked is not None:
        return Encoding(marked, bom)
    if b"\0" in start:
        return Encoding(_wide(start))
    if sum(byte in _CONTROLS for byte in start) > max(_FEW, len(start) // 1000):
        raise SheetError(SheetFault.NOT_TEXT)
    return Encoding("utf-8") if _is_utf8(file) else _guessed(_telling_lines(file))


def _known(chosen: str) -> str:
    try:
        "a".encode(chosen)  # some codecs are not for text
        return codecs.lookup(chosen).name
    except (LookupError, ValueError) as error:
        raise SheetError(SheetFault.WRONG_ENCODING, encoding=chosen) from error


def _wide(start: bytes) -> str:
    """Find the byte order of UTF-16: of Latin text, one of each two bytes is mostly null."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if most * 5 < len(start) // 2 or least * 10 > most:
        raise SheetError(SheetFault.NOT_TEXT)
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _telling_lines(file: IO[bytes]) -> bytes:
    file.seek(0)
    found = bytearray()
    while len(found) < _TELLING and (line := file.readline(_BLOCK)):
        if not line.isascii():
            found += line
    return bytes(found)


def _guessed(lines: bytes) -> Encoding:
    """Guess the encoding of lines that are not UTF-8."""
    read = lines.decode(errors="replace")
    wrong = read.count("\N{REPLACEMENT CHARACTER}")
    if wrong * 10 < sum(character > "\x7f" for character in read) - wrong:
        raise SheetError(SheetFault.WRONG_ENCODING, encoding="utf-8")
    readings = _readings(lines)
    name = next(iter(readings))
    if len(readings) == 1:
        return Encoding("latin-1" if name == _USUAL and not _HOLES.isdisjoint(lines) else name)
    telling = max(zip(*readings.values(), strict=True), key=lambda word: len({*word}))
    return Encoding(name, readings=dict(zip(readings, telling, strict=True)))


def _readings(lines: bytes) -> dict[str, list[str]]:
    """Return the words beyond ASCII as each likely encoding reads them, the likeliest first."""
    words, runs = (
        [*dict.fromkeys(word for word in each.findall(lines) if not word.isascii())][:_ENOUGH]
        for each in (_WORD, _RUN)
    )
    beyond = sum(byte > 0x7F for word in words for byte in word)
    latin, other = _latin_chances(words), _other_chances(runs)
    chances = {name: chance + beyond * math.log(_BEYOND) for name, chance in latin.items()} | other
    if b"\n" not in lines:  # lines end as those of old Macs
        chances["mac_roman"] -= math.log(_OLD_MAC)
    best = max(chances.values())
    likely = [name for name in chances if chances[name] >= best + math.log(_LIKELY)]
    likely.sort(key=lambda name: -chances[name])
    if not other and max(latin.values()) < beyond * math.log(_POOR):
        likely, words = [*likely[:3], *_CHOICES], runs
    readings: dict[str, list[str]] = {}
    for name in likely:
        try:
            read = [
                word.decode(name, "strict" if name in _CHOICES else "replace") for word in words
            ]
        except UnicodeDecodeError:
            continue
        if len(readings) < _MOST and read not in readings.values():
            readings[name] = read
    return readings
